"""One page for one request: found, rendered or made anew."""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from urllib.parse import quote, unquote

import structlog
from reflex.state import BaseState
from reflex_base.event import EventHandler

from portal.api.documents import Document
from portal.api.wording import wording
from portal.first_paint.documents import finish
from portal.first_paint.page_cache import PageCache, Rendered
from portal.first_paint.page_heads import extras_of
from portal.first_paint.renderer import NotRendered, Renderer
from portal.first_paint.seeds import seed_of
from portal.services.container import services
from portal.services.errors import Unavailable
from portal.services.translation import language

log = structlog.get_logger(__name__)

MAX_QUERY = 300
_ORIGIN = re.compile(r"https?://[A-Za-z0-9.\-\[\]:]{1,255}")


class FirstPaint:
    """Pages that are the same for every viewer, rendered with their content.

    Args:
        loads: Load events by route pattern.
        renderer: Runs the build's server bundle.
    """

    def __init__(self, loads: Mapping[str, EventHandler], renderer: Renderer) -> None:
        self._loads = [(_pattern(route), load) for route, load in loads.items()]
        self._renderer = renderer
        self._cache = PageCache()
        self._improving: set[asyncio.Task[None]] = set()

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Keep the renderer going while the block runs."""
        async with self._renderer.running():
            try:
                yield
            finally:
                await self._cache.close()
                for task in self._improving:
                    task.cancel()

    async def page(self, path: str, query: str, origin: str, now: datetime) -> Document | None:
        """See `portal.api.documents.FirstPaint`."""
        load = self._load_of(path)
        if load is None or len(query) > MAX_QUERY or not _ORIGIN.fullmatch(origin):
            return None
        address = quote(unquote(path), safe="/") + (f"?{query}" if query else "")

        async def make(before: Rendered | None) -> Rendered:
            return await self._make(load, address, origin, before)

        try:
            edition = await services().catalog.edition(now)
            return await self._cache.get(origin + language().prefix + address, edition, now, make)
        except (NotRendered, Unavailable) as error:
            log.info("page.static", path=path, reason=str(error)[:500])
        except Exception as error:  # the static template still works
            log.error("page.static", path=path, exc_info=error)
        return None

    def _load_of(self, path: str) -> EventHandler | None:
        return next((load for pattern, load in self._loads if pattern.fullmatch(path)), None)

    async def _make(
        self, load: EventHandler, address: str, origin: str, before: Rendered | None
    ) -> Rendered:
        seed = await seed_of(load, origin + address)
        if has_failed(seed.page):
            raise NotRendered("the page could not be loaded")
        text = seed.json()
        if before is not None and before.seed == text:
            return before
        spoken = language()
        words = wording(spoken).script
        rendered = await self._renderer.render(address, text, spoken.prefix, words)
        extras = extras_of(seed.page, origin)
        page = Document.of(finish(rendered, text, extras, origin, spoken))
        task = asyncio.create_task(asyncio.to_thread(page.compress_best))
        self._improving.add(task)
        task.add_done_callback(self._improving.discard)
        return Rendered(page, text)


def has_failed(page: BaseState) -> bool:
    """Whether a load event met trouble of ours; what is not there is no trouble."""
    return bool(getattr(page, "problem", "")) and getattr(page, "outcome", "failed") == "failed"


def _pattern(route: str) -> re.Pattern[str]:
    """`/movie/[movie_slug]` as a regular expression of paths."""
    parts = re.split(r"\[\w+\]", route)
    return re.compile("[^/]+".join(re.escape(part) for part in parts))
