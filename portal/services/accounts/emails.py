"""E-mail addresses as they are stored and compared."""

from __future__ import annotations

import re
import unicodedata

from portal.services.errors import InvalidInput
from portal.services.translation import later

MAX_LENGTH = 254  # RFC 5321 4.5.3.1.3, less the angle brackets
_LOCAL = re.compile(r"[^\s@\"(),:;<>\[\\\]\x00-\x1f\x7f]{1,64}")
_DOMAIN = re.compile(
    r"(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*"
)


def normalise(text: str) -> str:
    """The one form of an address: NFKC, lower case, the domain as in DNS.

    Lower case also before the `@`: no provider in use tells people apart by it, and two accounts
    that differ only in case would be a trap.

    Raises:
        InvalidInput: It is not an address; `email` says why.
    """
    folded = unicodedata.normalize("NFKC", text).strip().lower()
    local, at, domain = folded.rpartition("@")
    if not at or not _LOCAL.fullmatch(local):
        raise InvalidInput({"email": later("Write an e-mail address such as name@example.org.")})
    try:
        ascii_domain = domain.encode("idna").decode()
    except UnicodeError:
        ascii_domain = ""
    address = f"{local}@{ascii_domain}"
    if not _DOMAIN.fullmatch(ascii_domain) or len(address) > MAX_LENGTH:
        raise InvalidInput(
            {"email": later("The part after the @ of the e-mail address is not a domain.")}
        )
    return address


def normalise_or_blank(text: str) -> str:
    """The same for somebody who signs in: what is no address is simply nobody's."""
    try:
        return normalise(text[: 4 * MAX_LENGTH])
    except InvalidInput:
        return ""
