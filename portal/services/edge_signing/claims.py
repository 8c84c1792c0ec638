"""What is signed, and the interface of those who sign it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class EdgeClaims:
    """A viewer's right to fetch one film's media.

    Attributes:
        url_prefix: Absolute URL below which everything may be fetched, with its last slash.
        session_id: The viewing session, for logs and for revocation.
        not_before: From when on.
        expires_at: Until when: never beyond the stream token's end.
    """

    url_prefix: str
    session_id: str
    not_before: datetime
    expires_at: datetime


class EdgeSigner(Protocol):
    """Makes what the edge checks."""

    def cookies(self, claims: EdgeClaims) -> dict[str, str]:
        """Cookies for the viewer's browser, valid for the path of the prefix."""


class PathSigner:
    """Nothing besides the token in the path: the edge asks the portal about it."""

    def cookies(self, claims: EdgeClaims) -> dict[str, str]:
        """None."""
        del claims
        return {}
