"""Rendered pages, true for one edition of the catalog, looked at again now and then."""

from __future__ import annotations

import asyncio
import contextlib
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from portal.api.documents import Document
from portal.first_paint.renderer import NotRendered
from portal.services.catalog import Edition

log = structlog.get_logger(__name__)

MAX_PAGES = 1000  # of 5-40 kB
# Words such as "leaves in 3 hours" change without anybody's doing.
LOOK_AGAIN = timedelta(seconds=60)
AFTER_TROUBLE = timedelta(seconds=5)


@dataclass(slots=True)
class Rendered:
    """A page and what it was made from.

    Attributes:
        page: The page.
        seed: The JSON that it shows; a page with the same seed is the same page.
    """

    page: Document
    seed: str


@dataclass(slots=True)
class _Entry:
    rendered: Rendered
    edition: Edition
    look_again_at: datetime


Make = Callable[[Rendered | None], Awaitable[Rendered]]
"""Makes a page; given the one that was there before, it may return that very one."""


class PageCache:
    """Pages by path, query and origin.

    A page of an older edition is not served any more: a publish is seen at once. One of the present
    edition is served while it is looked at again in the background (stale-while-revalidate).
    """

    def __init__(self) -> None:
        self._entries: OrderedDict[str, _Entry] = OrderedDict()
        self._making: dict[str, asyncio.Task[Document]] = {}

    async def get(self, key: str, edition: Edition, now: datetime, make: Make) -> Document:
        """The page of this edition.

        Raises:
            NotRendered: It could not be made.
        """
        entry = self._entries.get(key)
        if (
            entry is not None
            and entry.edition.number == edition.number
            and entry.edition.holds(now)
        ):
            self._entries.move_to_end(key)
            if now >= entry.look_again_at and key not in self._making:
                entry.look_again_at = now + AFTER_TROUBLE
                self._make(key, edition, now, make).add_done_callback(_forget_failure)
            return entry.rendered.page
        # Several who wait for the same page wait for one rendering of it.
        task = self._making.get(key) or self._make(key, edition, now, make)
        return await asyncio.shield(task)

    def _make(
        self, key: str, edition: Edition, now: datetime, make: Make
    ) -> asyncio.Task[Document]:
        task = asyncio.create_task(self._made(key, edition, now, make))
        self._making[key] = task
        task.add_done_callback(lambda _: self._making.pop(key, None))
        return task

    async def _made(self, key: str, edition: Edition, now: datetime, make: Make) -> Document:
        before = self._entries.get(key)
        rendered = await make(before.rendered if before else None)
        self._entries[key] = _Entry(rendered, edition, now + LOOK_AGAIN)
        self._entries.move_to_end(key)
        while len(self._entries) > MAX_PAGES:
            self._entries.popitem(last=False)
        return rendered.page

    async def close(self) -> None:
        """Give up what is being made."""
        for task in list(self._making.values()):
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError, NotRendered):
                await task


def _forget_failure(task: asyncio.Task[Document]) -> None:
    if not task.cancelled() and (error := task.exception()):
        log.info("page.not_renewed", reason=str(error)[:300])
