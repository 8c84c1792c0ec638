"""What static pages lack: their content, real status codes, caching, security headers."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from urllib.parse import quote, unquote

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from portal.api.callers import remember_viewer, viewer_of
from portal.api.documents import Document, FirstPaint
from portal.api.feeds import site_origin
from portal.api.wording import in_language
from portal.languages import Language
from portal.services.clock import utc_now
from portal.services.container import services
from portal.services.errors import MovieNotFound, PortalError, Unavailable
from portal.services.translation import language

_MOVIE_PAGE = re.compile(r"/(movie|watch)/([^/]+)/?")
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
    """Wraps Reflex's ASGI application for plain HTTP requests.

    Args:
        app: Serves the static build.
        first_paint: Gives pages with their content; None: static templates only.
    """

    def __init__(self, app: ASGIApp, first_paint: FirstPaint | None = None) -> None:
        self.app = app
        self.first_paint = first_paint

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer an HTTP request."""
        path = unquote(scope["path"])
        status = 200
        if scope["method"] in {"GET", "HEAD"}:
            if match := _MOVIE_PAGE.fullmatch(path):
                kind, slug = match.groups()
                if moved := await _moved(kind, slug):
                    await self._send(scope, receive, send, _redirect(scope, moved))
                    return
                status = await _status_of(slug)
            if page := await self._page(scope, path, status):
                await self._send(scope, receive, send, page)
                return
        await self._static(scope, receive, send, path, status)

    async def _page(self, scope: Scope, path: str, status: int) -> Response | None:
        if self.first_paint is None:
            return None
        request = Request(scope)
        page = await self.first_paint.page(
            path.rstrip("/") or "/", request.url.query, site_origin(request), utc_now()
        )
        if page is None:
            return None
        return page.response(request.headers, status, head=scope["method"] == "HEAD")

    async def _send(self, scope: Scope, receive: Receive, send: Send, response: Response) -> None:
        response.headers.update(SECURITY_HEADERS)
        _greet(scope, response.headers)
        await response(scope, receive, send)

    async def _static(
        self, scope: Scope, receive: Receive, send: Send, path: str, status: int
    ) -> None:
        if _is_prerendered(path):
            # Reflex would answer 307 to the path with a slash, and lose the query on the way.
            scope = {**scope, "path": scope["path"] + "/", "raw_path": None}

        stand_in: Response | None = None

        async def edged(message: Message) -> None:
            nonlocal stand_in
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
                    stand_in = _template(scope, message["status"], headers)
                message["headers"] = headers.raw
            if stand_in is None:
                await send(message)
            elif not message.get("more_body", message["type"] == "http.response.start"):
                await stand_in(scope, receive, send)

        await self.app(scope, receive, edged)


def _template(scope: Scope, status: int, headers: MutableHeaders) -> Response | None:
    """The static template in the language spoken here; None in English, which the build is in.

    The build's templates have English words. The one without any fills itself in any language.
    """
    spoken = language()
    if not spoken.prefix:
        return None
    document = _fallback_in(spoken)
    if document is None:
        return None
    response = document.response(Request(scope).headers, status, head=scope["method"] == "HEAD")
    for name, value in headers.items():
        if name not in {"content-encoding", "content-length", "content-type", "etag", "vary"}:
            response.headers.append(name, value)
    return response


@lru_cache(maxsize=8)
def _fallback_in(spoken: Language) -> Document | None:
    try:
        text = (_CLIENT / "__spa-fallback.html").read_text()
    except OSError:
        return None
    return Document.of(in_language(text, spoken))


@lru_cache(maxsize=256)
def _is_prerendered(path: str) -> bool:
    """Whether the build has a folder with a page for this path."""
    inside = path.strip("/")
    if not inside or path.endswith("/") or "." in inside:
        return False
    return (_CLIENT / inside / "index.html").is_file()


async def _moved(kind: str, slug: str) -> str | None:
    """Where the page of a renamed movie stands now."""
    try:
        present = await services().catalog.present_slug(slug, utc_now())
    except (MovieNotFound, Unavailable):
        return None
    return None if present == slug else language().path(f"/{kind}/{quote(present)}")


def _redirect(scope: Scope, path: str) -> Response:
    query = scope.get("query_string", b"").decode("latin-1")
    target = f"{path}?{query}" if query else path
    return RedirectResponse(target, 301, {"cache-control": "public, max-age=3600"})


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
