"""Tells content managers, too, how much of their quota is left."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class RateHeaders:
    """Adds `RateLimit` and `RateLimit-Policy` where the guard has counted an account's request."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        # A server may give the same state to all requests. The scope stays the one of who asked:
        # the route that is found is written into it, and read from it when the answer is counted.
        state = scope["state"] = dict(scope.get("state", ()))

        async def telling(message: Message) -> None:
            verdict = state.get("rate_limit")
            if message["type"] == "http.response.start" and verdict is not None:
                headers = MutableHeaders(raw=message.setdefault("headers", []))
                for name, value in verdict.headers().items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, telling)
