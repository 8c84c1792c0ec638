"""What we give out to be shown again: 256 random bits, of which we keep the SHA-256."""

from __future__ import annotations

import hashlib
import secrets

TOKEN_PREFIX = "portal_"  # noqa: S105  lets scanners of leaked secrets know ours


def new_session_secret() -> str:
    """For a browser's cookie."""
    return secrets.token_urlsafe(32)


def new_api_token() -> str:
    """For a program's Authorization header."""
    return TOKEN_PREFIX + secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    """What is stored. It needs no salt: nobody guesses 256 bits."""
    return hashlib.sha256(secret.encode()).hexdigest()


def new_password() -> str:
    """Twenty characters that are easy to tell apart, in four groups: 115 random bits."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789ABCDEFGHJKMNPQRSTUVWXYZ"
    return "-".join("".join(secrets.choice(letters) for _ in range(5)) for _ in range(4))
