"""What Reflex's static pages lack: real status codes, caching of hashed files, security headers."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from urllib.parse import unquote

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from portal.api.callers import remember_viewer, viewer_of
from portal.services.clock import utc_now
from portal.services.container import services
from portal.services.errors import PortalError, Unavailable

_MOVIE_PAGE = re.compile(r"/(?:movie|watch)/([^/]+)/?")
_HASHED = re.compile(r"/assets/.+-[\w-]{8,}\.(?:js|css|woff2)$")
_STATIC = ("/fonts/", "/icons/")
_CLIENT = Path(__file__).resolve().parents[2] / ".web" / "build" / "client"

SECURITY_HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "strict-origin-when-cross-origin",
    "x-frame-options": "SAMEORIGIN",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}


class PageEdge:
    """Wraps Reflex's ASGI application for plain HTTP requests."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer an HTTP request."""
        path = unquote(scope["path"])
        status = 200
        if scope["method"] in {"GET", "HEAD"} and (match := _MOVIE_PAGE.fullmatch(path)):
            status = await _status_of(match[1])
        if _is_prerendered(path):
            # Reflex would answer 307 to the path with a slash, and lose the query on the way.
            scope = {**scope, "path": scope["path"] + "/", "raw_path": None}
        is_page = False

        async def edged(message: Message) -> None:
            nonlocal is_page
            if message["type"] == "http.response.start":
                headers = MutableHeaders(raw=list(message.get("headers", [])))
                is_page = headers.get("content-type", "").startswith("text/html")
                if status != 200 and message["status"] == 200:
                    message["status"] = status
                _cache(headers, path, is_page=is_page)
                for name, value in SECURITY_HEADERS.items():
                    headers.setdefault(name, value)
                if is_page:
                    _greet(scope, headers)
                message["headers"] = headers.raw
            await send(message)

        await self.app(scope, receive, edged)


@lru_cache(maxsize=256)
def _is_prerendered(path: str) -> bool:
    """Whether the build has a folder with a page for this path."""
    inside = path.strip("/")
    if not inside or path.endswith("/") or "." in inside:
        return False
    return (_CLIENT / inside / "index.html").is_file()


async def _status_of(slug: str) -> int:
    """404 and 410 for films that are not there; trouble of our own is told by the page itself."""
    try:
        await services().catalog.movie(slug, utc_now())
    except Unavailable:
        return 200
    except PortalError as error:
        return error.status
    return 200


def _cache(headers: MutableHeaders, path: str, *, is_page: bool) -> None:
    if _HASHED.search(path):
        headers["cache-control"] = "public, max-age=31536000, immutable"
    elif path.startswith(_STATIC):
        headers["cache-control"] = "public, max-age=86400"
    elif is_page:
        headers["cache-control"] = "private, no-cache"


def _greet(scope: Scope, headers: MutableHeaders) -> None:
    """A first page brings the viewer's cookie, so that limits count people and not addresses."""
    request = Request(scope)
    running = services()
    viewer = viewer_of(request, running)
    if viewer.is_new:
        response = Response()
        remember_viewer(response, viewer, running)
        headers.append("set-cookie", response.headers["set-cookie"])
