"""Signed stream tokens: HS256 JWTs that live at most 300 s and ride in the HLS path.

Claims map one to one to a Common Access Token (CTA-5007-B): iss, aud, exp, nbf, iat, jti (`cti`),
sub (viewer pseudonym), sid (viewing session) and mid (movie; with the path prefix it is `catu`).
`kid` in the header names the key, so that two keys can live during a rotation.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import jwt

from portal.services.errors import TokenExpired, TokenInvalid
from portal.services.keyring import Keyset

ISSUER = "portal"
AUDIENCE = "hls"
MAX_TTL_S = 300
# Clocks of two portals may differ a little; `nbf` is set back by as much.
SKEW_S = 5
_ALGORITHM = "HS256"
_REQUIRED = ["iss", "aud", "exp", "nbf", "iat", "jti", "sub", "sid", "mid"]
_CACHE_SIZE = 20_000


@dataclass(frozen=True, slots=True)
class StreamClaims:
    """What a verified token says."""

    session_id: str
    movie_id: str
    viewer_id: str
    not_before_s: float  # seconds since the epoch
    expires_at_s: float


class StreamTokenSigner:
    """Issues and verifies stream tokens with the keys of one purpose."""

    def __init__(self, keyset: Keyset, *, ttl_s: int) -> None:
        if not 0 < ttl_s <= MAX_TTL_S:
            message = f"a stream token lives 1 to {MAX_TTL_S} seconds, not {ttl_s}"
            raise ValueError(message)
        self._keyset = keyset
        self.ttl_s = ttl_s
        # A film asks for some hundred segments with each token: verify the signature once.
        self._verified: dict[str, StreamClaims] = {}

    def sign(
        self, *, session_id: str, movie_id: str, viewer_id: str, now: datetime, ttl_s: int = 0
    ) -> tuple[str, datetime]:
        """A new token and when it expires. `ttl_s` may only shorten the life (0: the usual)."""
        life_s = min(ttl_s or self.ttl_s, self.ttl_s)
        expires_at = now + timedelta(seconds=life_s)
        claims: dict[str, Any] = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": viewer_id,
            "sid": session_id,
            "mid": movie_id,
            "iat": int(now.timestamp()),
            "nbf": int(now.timestamp()) - SKEW_S,
            "exp": int(expires_at.timestamp()),
            "jti": secrets.token_urlsafe(9),
        }
        token = jwt.encode(
            claims,
            self._keyset.active_key,
            algorithm=_ALGORITHM,
            headers={"kid": self._keyset.active},
        )
        return token, expires_at

    def verify(self, token: str, *, movie_id: str, now: datetime) -> StreamClaims:
        """Check signature, times and movie.

        Raises:
            TokenExpired: It was good and has run out: renew it.
            TokenInvalid: Anything else; says no more than that.
        """
        claims = self._verified.get(token)
        if claims is None:
            claims = self._decode(token)
            if len(self._verified) >= _CACHE_SIZE:
                self._verified.clear()
            self._verified[token] = claims
        if claims.movie_id != movie_id:
            raise TokenInvalid
        # Our own signature, and from the future: a clock was put back. A new token helps, and this
        # one must not live longer for it.
        if not claims.not_before_s <= now.timestamp() < claims.expires_at_s:
            self._verified.pop(token, None)
            raise TokenExpired
        return claims

    def _decode(self, token: str) -> StreamClaims:
        try:
            kid = jwt.get_unverified_header(token).get("kid", "")
            data = jwt.decode(
                token,
                self._keyset.keys.get(str(kid), b""),
                algorithms=[_ALGORITHM],
                audience=AUDIENCE,
                issuer=ISSUER,
                # Times are compared in `verify`, with the `now` that the caller gives.
                options={
                    "require": _REQUIRED,
                    "verify_exp": False,
                    "verify_nbf": False,
                    "verify_iat": False,
                },
            )
            return StreamClaims(
                session_id=str(data["sid"]),
                movie_id=str(data["mid"]),
                viewer_id=str(data["sub"]),
                not_before_s=float(data["nbf"]),
                expires_at_s=float(data["exp"]),
            )
        except (jwt.PyJWTError, ValueError, TypeError):
            raise TokenInvalid from None
