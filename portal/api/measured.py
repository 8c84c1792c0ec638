"""Each request is counted by its route, method and status, how long it took; and it is traced."""

from __future__ import annotations

import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from portal import routes
from portal.api.correlation import correlation_id
from portal.services.telemetry import metrics, traces

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_HLS_FOLDERS = {"s": "segment", "k": "key", "p": "playlist", "c": "captions"}
_HLS_DEPTH = routes.HLS.count("/") + 3  # below token and movie
_FIRST_OF = tuple((pattern.partition("[")[0], pattern) for pattern in (routes.MOVIE, routes.WATCH))


class Measured:
    """Measures what it wraps; costs one comparison while telemetry is off."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http" or not (metrics.is_on() or traces.is_on()):
            await self.app(scope, receive, send)
            return
        with traces.request(scope["headers"], correlation_id()) as answered:
            await self._measured(scope, receive, send, answered)

    async def _measured(
        self, scope: Scope, receive: Receive, send: Send, answered: traces.Answered
    ) -> None:
        began = time.monotonic()
        seen = False

        async def noted(message: Message) -> None:
            nonlocal seen
            if message["type"] == "http.response.start" and not seen:
                seen = True
                told(message["status"])
            await send(message)

        def told(status: int) -> None:
            method = scope["method"] if scope["method"] in _METHODS else "other"
            route = route_of(scope)
            metrics.answered(route, method, status, time.monotonic() - began)
            answered(route, method, status)

        try:
            await self.app(scope, receive, noted)
        except Exception:
            if not seen:
                told(500)
            raise


def route_of(scope: Scope) -> str:
    """The pattern that answered, never the path itself: paths hold tokens, and have no number."""
    path: str = scope["path"]
    if path.startswith(f"{routes.HLS}/"):
        parts = path.split("/")
        if len(parts) <= _HLS_DEPTH + 1:
            return f"{routes.HLS}/multivariant"
        return f"{routes.HLS}/{_HLS_FOLDERS.get(parts[_HLS_DEPTH], 'other')}"
    pattern = getattr(scope.get("route"), "path", None)
    # Reflex mounts all of this below "".
    return pattern if isinstance(pattern, str) and pattern else _by_beginning(path)


def _by_beginning(path: str) -> str:
    for root in (routes.ARTWORK, routes.DEMO_ORIGIN, routes.LOGIN, routes.ACCOUNT, routes.ADMIN):
        if path.startswith(root):
            return root
    if path.startswith(f"{routes.API}/"):
        known = path in (routes.MOVIES, routes.SEARCH, routes.QOE, routes.LIVE, routes.READY)
        return path if known else f"{routes.API}/other"
    if path in (routes.HOME, routes.BROWSE):
        return path
    return next((pattern for first, pattern in _FIRST_OF if path.startswith(first)), "file")
