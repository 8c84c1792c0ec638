"""Where somebody signs in, and how far they got."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Browser:
    """Where somebody signs in."""

    address: str
    user_agent: str
    correlation_id: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """How far somebody got: one of the two is set.

    Attributes:
        secret: Of the new session, for the cookie.
        ticket: For `with_code`: the password was right, a code is needed.
    """

    secret: str = ""
    ticket: str = ""
