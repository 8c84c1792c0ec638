"""Background tasks that end when they are told to."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Coroutine
from typing import Any

_ASK_AGAIN_S = 0.5


async def stop(*tasks: asyncio.Task[Any]) -> None:
    """Cancel tasks and wait until they have ended.

    Once is not enough: a library that times out in the same moment takes the cancellation for its
    own, and the task goes on.
    """
    pending = {task for task in tasks if not task.done()}
    while pending:
        for task in pending:
            task.cancel()
        _, pending = await asyncio.wait(pending, timeout=_ASK_AGAIN_S)


@contextlib.asynccontextmanager
async def running(*work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Run coroutines beside a block, and end them with it."""
    tasks = [asyncio.create_task(each) for each in work]
    try:
        yield
    finally:
        await stop(*tasks)
