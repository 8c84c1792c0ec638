"""Whom a passkey is for: the portal as this browser reaches it."""

from __future__ import annotations

import ipaddress
from typing import Literal, overload
from urllib.parse import urlsplit

from starlette.requests import Request

from portal.services.accounts import origins
from portal.services.accounts.passkeys import RelyingParty
from portal.services.container import services
from portal.services.errors import Conflict

_NONE = (
    "Passkeys need the portal to be reached by its name over https (or on localhost). Set"
    " PORTAL_PUBLIC_URL to that address."
)


@overload
def relying_party(request: Request) -> RelyingParty | None: ...
@overload
def relying_party(request: Request, *, required: Literal[True]) -> RelyingParty: ...
def relying_party(request: Request, *, required: bool = False) -> RelyingParty | None:
    """The party, or None where a browser makes no passkeys: plain HTTP, or a bare address.

    Raises:
        Conflict: There is none, and it is required.
    """
    settings = services().settings
    base = origins.own_base(request.headers.get("host", ""), settings)
    parts = urlsplit(base)
    host = parts.hostname or ""
    is_safe = parts.scheme == "https" or host == "localhost" or host.endswith(".localhost")
    if base and is_safe and not _is_address(host):
        return RelyingParty(host, f"{parts.scheme}://{parts.netloc}", settings.site_name)
    if required:
        raise Conflict(_NONE)
    return None


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
