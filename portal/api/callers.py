"""Who calls: the viewer's pseudonym and the address that limits count by."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.requests import HTTPConnection
from starlette.responses import Response

from portal.services.container import Services
from portal.services.playback import Viewer
from portal.services.rate_limits import address_key
from portal.services.viewers import COOKIE, COOKIE_LIFE_S


def client_address(peer: str, headers: Mapping[str, str], hops: int) -> str:
    """The caller's address, believing only as many proxies as there are.

    Each trusted proxy appends the address it saw to X-Forwarded-For, so the caller's is the
    `hops`-th from the right; what stands left of it was written by the caller.
    """
    if hops <= 0:
        return peer
    entries = [part.strip() for part in headers.get("x-forwarded-for", "").split(",") if part]
    return entries[-hops] if len(entries) >= hops else peer


def viewer_of(request: HTTPConnection, services: Services) -> Viewer:
    """The viewer who calls; a new one if there is no good cookie."""
    peer = request.client.host if request.client else ""
    address = client_address(peer, request.headers, services.settings.trusted_proxy_hops)
    known = services.viewer_ids.read_cookie(request.cookies.get(COOKIE, ""))
    if known:
        return Viewer(known, is_new=False, limit_key=known)
    return Viewer(services.viewer_ids.new_viewer(), is_new=True, limit_key=address_key(address))


def remember_viewer(response: Response, viewer: Viewer, services: Services) -> None:
    """Give a new viewer the signed cookie."""
    if viewer.is_new:
        response.set_cookie(
            COOKIE,
            services.viewer_ids.cookie(viewer.id),
            max_age=COOKIE_LIFE_S,
            httponly=True,
            samesite="lax",
            secure=services.settings.public_url.startswith("https://"),
        )
