"""Tests and probes past the rate limits: a signed token that expires, and is told to the log.

It goes past the limits and nothing else: who may see or do what stays as it is.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from contextvars import ContextVar
from datetime import datetime, timedelta
from typing import Final

import jwt
import structlog

from portal.services.keyring import Keyset

log = structlog.get_logger(__name__)

HEADER: Final = "x-portal-qa"
MAX_MINUTES: Final = 24 * 60
_AUDIENCE = "portal-qa"
_in_use: ContextVar[bool] = ContextVar("qa_bypass", default=False)


def in_use() -> bool:
    """Whether what runs right now was asked for with a good token."""
    return _in_use.get()


class QaBypass:
    """Makes and checks the tokens."""

    def __init__(self, keyset: Keyset) -> None:
        self._keyset = keyset

    def issue(self, name: str, now: datetime, *, minutes: int) -> str:
        """A token.

        Args:
            name: Whose test it is; it stands in the log.
            now: The present instant.
            minutes: How long it lives, at most a day.
        """
        life = timedelta(minutes=min(max(minutes, 1), MAX_MINUTES))
        claims = {"aud": _AUDIENCE, "sub": name[:80], "iat": now, "exp": now + life}
        headers = {"kid": self._keyset.active}
        return jwt.encode(claims, self._keyset.active_key, algorithm="HS256", headers=headers)

    def name_of(self, token: str, now: datetime) -> str | None:
        """Whose test a token is of; None if it is not good at `now`. A good one is logged."""
        try:
            kid = jwt.get_unverified_header(token).get("kid", "")
            claims = jwt.decode(
                token,
                self._keyset.keys.get(str(kid), b""),
                algorithms=["HS256"],
                audience=_AUDIENCE,
                options={"verify_exp": False, "verify_iat": False, "require": ["exp", "sub"]},
            )
            good = float(claims["exp"]) > now.timestamp()
        except (jwt.PyJWTError, ValueError, TypeError):
            good = False
        if not good:
            log.warning("limits.bypass-refused")
            return None
        log.info("limits.bypassed", name=claims["sub"])
        return str(claims["sub"])

    @contextlib.contextmanager
    def under(self, token: str, now: datetime) -> Iterator[None]:
        """Go past the limits while the block runs, if the token is good."""
        before = _in_use.set(self.name_of(token, now) is not None)
        try:
            yield
        finally:
            _in_use.reset(before)
