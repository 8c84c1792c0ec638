"""The HTTP API on a real server in this process, without the pages."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

import httpx
import uvicorn
from starlette.types import Receive, Scope, Send

from portal.api.application import in_front_of
from portal.api.documents import FirstPaint
from tests.support.ports import free_port


async def _no_pages(scope: Scope, receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 404, "headers": []})
    await send({"type": "http.response.body", "body": b""})


@contextlib.asynccontextmanager
async def api_server(first_paint: FirstPaint | None = None) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the running API. The services run already, in the same loop."""
    config = uvicorn.Config(
        in_front_of(_no_pages, first_paint), port=free_port(), log_level="error", lifespan="off"
    )
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110  uvicorn has no event for it
        await asyncio.sleep(0.01)
    try:
        async with httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{config.port}", timeout=10
        ) as client:
            yield client
    finally:
        server.should_exit = True
        await task
