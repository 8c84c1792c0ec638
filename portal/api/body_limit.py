"""Bounds how much a request may send, before anything of it is parsed."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from portal.api.errors import problem
from portal.services.errors import PortalError, TooLarge

JSON_BYTES = 1 * 2**20
UPLOAD_BYTES = 26 * 2**20
"""The largest picture, 20 MiB, with room for the form around it."""
READ_PAST_BYTES = 128 * 2**20
"""Of a body that is refused; none of it is kept."""


class BodyLimit:
    """Answers 413 to larger bodies, of which nothing is kept."""

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
        announced = headers.get(b"content-length", b"0")
        refusal: PortalError | None = None
        if headers.get(b"content-encoding", b"identity") != b"identity":
            refusal = _Compressed()
        elif announced.isdigit() and int(announced) > limit:
            refusal = _error(limit)
        if refusal is not None:
            if b"expect" not in headers:  # who waits for "100 Continue" has not begun to send
                await _read_past(receive)
            await problem(refusal)(scope, receive, send)
            return
        received = 0

        async def counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > limit:  # no length was announced, or a false one
                if message.get("more_body"):
                    await _read_past(receive)
                raise HTTPException(413, _error(limit).detail)
            return message

        await self.app(scope, counted, send)


async def _read_past(receive: Receive) -> None:
    """Let the caller finish: one that still sends when it is answered sees a broken connection."""
    left = READ_PAST_BYTES
    while left > 0:
        message = await receive()
        left -= len(message.get("body", b""))
        if message["type"] == "http.disconnect" or not message.get("more_body"):
            return


class _Compressed(PortalError):
    code, status, title = "bad-request", 400, "The request cannot be read"
    default_detail = "The body is compressed (Content-Encoding). Send it as it is."


def _error(limit: int) -> TooLarge:
    return TooLarge(f"The request has more than {limit // 2**20} MiB, the most that is taken here.")
