"""One id for all that a request causes: in its response, its problems and its log lines."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable
from contextvars import ContextVar

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADER = b"x-correlation-id"
_ACCEPTED = re.compile(rb"[A-Za-z0-9-]{8,64}")
_TRACEPARENT = re.compile(rb"00-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}")
_current: ContextVar[str] = ContextVar("correlation_id", default="")


def correlation_id() -> str:
    """The id of the request that is being answered, or ""."""
    return _current.get()


def _of_trace(headers: Iterable[tuple[bytes, bytes]]) -> str:
    """A trace's id is the id of all requests of it; without one, a new id."""
    for name, value in headers:
        if name == b"traceparent" and (match := _TRACEPARENT.fullmatch(value)):
            return match[1].decode()
    return secrets.token_hex(8)


class CorrelationMiddleware:
    """Takes the caller's id if it is harmless, else makes one."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request under its id."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        given = next((value for name, value in scope["headers"] if name == HEADER), b"")
        found = given.decode() if _ACCEPTED.fullmatch(given) else _of_trace(scope["headers"])
        token = _current.set(found)

        async def tagged(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], (HEADER, found.encode())]
            await send(message)

        with structlog.contextvars.bound_contextvars(correlation_id=found):
            try:
                await self.app(scope, receive, tagged)
            finally:
                _current.reset(token)
