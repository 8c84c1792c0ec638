"""Lists for viewers as they are sent, kept as long as the catalog stays the same.

What was asked before, byte for byte, is answered before the framework parses anything: that is the
difference between some hundred and some thousand answers a second of one core.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from portal import routes
from portal.api.callers import viewer_of
from portal.api.errors import problem
from portal.api.versions import matches
from portal.languages import COOKIE as LANGUAGE_COOKIE
from portal.services.catalog_snapshot import CatalogSnapshot, PublicCatalog
from portal.services.clock import utc_now
from portal.services.container import Services, services
from portal.services.errors import PortalError, RateLimited, Unavailable
from portal.services.viewers import COOKIE

KEPT = 256
LONGEST_QUERY = 512
_COUNT_S = 0.3  # a Redis that hangs holds up no list
HEADERS = {"Vary": "Cookie, Authorization", "Cache-Control": "private, no-cache"}


class KeptPages:
    """Bodies with their ETags, by the query string that asked for them."""

    def __init__(self) -> None:
        self._of: tuple[CatalogSnapshot | None, PublicCatalog | None] = (None, None)
        self._pages: OrderedDict[bytes, tuple[bytes, str]] = OrderedDict()

    def get(
        self, snapshot: CatalogSnapshot, public: PublicCatalog, query: bytes
    ) -> tuple[bytes, str] | None:
        """A page, if it was made from just this catalog."""
        if self._of[0] is not snapshot or self._of[1] is not public:
            self._of = (snapshot, public)
            self._pages.clear()
        found = self._pages.get(query)
        if found is not None:
            self._pages.move_to_end(query)
        return found

    def put(
        self,
        snapshot: CatalogSnapshot,
        public: PublicCatalog,
        query: bytes,
        page: tuple[bytes, str],
    ) -> None:
        """Keep a page, unless the catalog changed while it was made."""
        if self._of[0] is not snapshot or self._of[1] is not public or len(query) > LONGEST_QUERY:
            return
        self._pages[query] = page
        while len(self._pages) > KEPT:
            self._pages.popitem(last=False)


kept_pages = KeptPages()


async def count(request: HTTPConnection, running: Services) -> dict[str, str]:
    """Count a viewer's request, and give the headers that tell of it; with Redis away reads go on.

    Raises:
        RateLimited: It is one too many.
    """
    try:
        async with asyncio.timeout(_COUNT_S):
            verdict = await running.limiter.check(
                running.viewer_policy, viewer_of(request, running).limit_key
            )
    except (Unavailable, TimeoutError):
        return {}
    if not verdict.allowed:
        raise RateLimited(verdict.retry_after_s)
    return verdict.headers()


class KeptFirst:
    """Answers `GET /api/movies` of viewers from what is kept; all else goes on to the API."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["path"] != routes.MOVIES or scope["method"] != "GET" or not _is_viewer(scope):
            await self.app(scope, receive, send)
            return
        try:
            running = services()
            snapshot = await running.catalog.snapshot()
        except PortalError as error:
            await problem(error)(scope, receive, send)
            return
        page = kept_pages.get(snapshot, snapshot.as_of(utc_now()), scope["query_string"])
        if page is None:
            await self.app(scope, receive, send)
            return
        try:
            headers = HEADERS | await count(HTTPConnection(scope), running)
        except RateLimited as error:
            await problem(error)(scope, receive, send)
            return
        await answer(page, Headers(scope=scope).get("if-none-match"), headers)(scope, receive, send)


def answer(page: tuple[bytes, str], if_none_match: str | None, headers: dict[str, str]) -> Response:
    """A page, or that the caller has it."""
    body, tag = page
    headers["ETag"] = tag
    if matches(if_none_match, tag):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type="application/json", headers=headers)


def _is_viewer(scope: Scope) -> bool:
    """Whether the request carries nothing that somebody could be signed in by."""
    for name, value in scope["headers"]:
        if name == b"authorization":
            return False
        if name == b"cookie" and not all(
            cookie.strip().startswith(_HARMLESS) for cookie in value.split(b";")
        ):
            return False
    return True


_HARMLESS = (f"{COOKIE}=".encode(), f"{LANGUAGE_COOKIE}=".encode())
