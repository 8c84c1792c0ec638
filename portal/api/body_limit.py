"""Bounds how much a request may send, before anything of it is parsed."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from portal.api.errors import problem
from portal.services.errors import PortalError, TooLarge

JSON_BYTES = 1 * 2**20
UPLOAD_BYTES = 26 * 2**20
"""The largest picture, 20 MiB, with room for the form around it."""


class BodyLimit:
    """Answers 413 to larger bodies: at once if they say so, else as soon as they are."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        is_form = headers.get(b"content-type", b"").startswith(b"multipart/form-data")
        limit = UPLOAD_BYTES if is_form else JSON_BYTES
        if headers.get(b"content-encoding", b"identity") != b"identity":
            await problem(_Compressed())(scope, receive, send)
            return
        announced = headers.get(b"content-length", b"0")
        if announced.isdigit() and int(announced) > limit:
            await problem(_error(limit))(scope, receive, send)
            return
        received = 0

        async def counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > limit:  # no length was announced, or a false one
                raise HTTPException(413, _error(limit).detail)
            return message

        await self.app(scope, counted, send)


class _Compressed(PortalError):
    code, status, title = "bad-request", 400, "The request cannot be read"
    default_detail = "The body is compressed (Content-Encoding). Send it as it is."


def _error(limit: int) -> TooLarge:
    return TooLarge(f"The request has more than {limit // 2**20} MiB, the most that is taken here.")
