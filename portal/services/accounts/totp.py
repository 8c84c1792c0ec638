"""Codes of authenticator apps: TOTP (RFC 6238) with SHA-1, six digits, 30 seconds. Pure.

These are the only parameters that every app in use understands.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import struct
from datetime import datetime
from urllib.parse import quote, urlencode

DIGITS = 6
STEP_S = 30
SECRET_BYTES = 20  # RFC 4226 4, R6: as long as the hash
# One step before and after: the clocks of phones, and the time to type (RFC 6238 5.2).
_WINDOW = 1


def new_secret() -> str:
    """160 random bits in Base32, as apps take it."""
    return base64.b32encode(secrets.token_bytes(SECRET_BYTES)).decode()


def step_at(now: datetime) -> int:
    """The number of the time step (RFC 6238 4.2, T)."""
    return int(now.timestamp()) // STEP_S


def code_at(secret: str, step: int, *, digits: int = DIGITS) -> str:
    """The code of a time step (RFC 4226 5.3)."""
    key = base64.b32decode(secret)
    digest = hmac.new(key, struct.pack(">Q", step), hashlib.sha1).digest()
    offset = digest[-1] & 0x0F
    number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFFFFFF
    return str(number % 10**digits).zfill(digits)


def matching_step(secret: str, code: str, now: datetime, *, after: int = 0) -> int | None:
    """The time step that a code belongs to, or None.

    Args:
        secret: In Base32.
        code: As it was typed; blanks are ignored.
        now: The present instant.
        after: Step of the last code that was taken; that one and older ones are not taken again
            (RFC 6238 5.2).
    """
    given = "".join(code.split())
    if len(given) != DIGITS or not (given.isascii() and given.isdecimal()):
        return None
    present = step_at(now)
    found = None
    for step in range(present - _WINDOW, present + _WINDOW + 1):
        # All are compared, so that the time taken tells nothing.
        if hmac.compare_digest(code_at(secret, step), given) and step > after:
            found = step
    return found


def app_uri(secret: str, *, account: str, issuer: str) -> str:
    """`otpauth://` address for the QR code (Key URI format)."""
    label = quote(f"{issuer}:{account}")
    fields = {"secret": secret, "issuer": issuer, "digits": DIGITS, "period": STEP_S}
    return f"otpauth://totp/{label}?{urlencode(fields, quote_via=quote)}"
