"""Who watches, without an account: a random pseudonym in a signed cookie.

The signature keeps anybody from choosing a pseudonym and so from stepping out of a rate limit or
into somebody's list. The same key signs viewing session ids: with Redis away, a session that runs
can still prove that this portal opened it for this viewer and this movie.
"""

from __future__ import annotations

import hashlib
import hmac
import os

from portal.services.keyring import Keyset
from portal.services.models import new_id

COOKIE = "portal_viewer"
COOKIE_LIFE_S = 400 * 86400  # the longest that browsers keep one
_MAC_HEX = 24  # 96 bits


class ViewerIds:
    """Makes and checks pseudonyms and session ids."""

    def __init__(self, keyset: Keyset) -> None:
        self._keyset = keyset

    def new_viewer(self) -> str:
        """A new pseudonym: 32 hex digits."""
        return os.urandom(16).hex()

    def cookie(self, viewer_id: str) -> str:
        """The cookie's value for a pseudonym."""
        return f"{viewer_id}.{self._mac(self._keyset.active_key, 'viewer', viewer_id)}"

    def read_cookie(self, value: str) -> str | None:
        """The pseudonym, or None when the cookie is not one of ours."""
        viewer_id, _, mac = value.partition(".")
        return viewer_id if self._good(mac, "viewer", viewer_id) else None

    def new_session(self, viewer_id: str, movie_id: str) -> str:
        """A new viewing session's id, bound to viewer and movie."""
        number = new_id()
        mac = self._mac(self._keyset.active_key, "session", number, viewer_id, movie_id)
        return f"{number}{mac}"

    def is_session_of(self, session_id: str, viewer_id: str, movie_id: str) -> bool:
        """Whether this portal opened this session for this viewer and movie."""
        number, mac = session_id[:32], session_id[32:]
        return self._good(mac, "session", number, viewer_id, movie_id)

    def _good(self, mac: str, *parts: str) -> bool:
        return any(
            hmac.compare_digest(mac.encode(), self._mac(key, *parts).encode())
            for key in self._keyset.keys.values()
        )

    @staticmethod
    def _mac(key: bytes, *parts: str) -> str:
        digest = hmac.new(key, "|".join(parts).encode(), hashlib.sha256).hexdigest()
        return digest[:_MAC_HEX]
