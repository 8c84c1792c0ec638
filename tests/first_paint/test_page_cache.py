"""Which page is served: of this edition, of this hour, made once for all who wait."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from portal.api.documents import Document
from portal.first_paint import page_cache as module
from portal.first_paint.page_cache import LOOK_AGAIN, PageCache, Rendered
from portal.first_paint.renderer import NotRendered
from portal.services.catalog import Edition

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
FIRST = Edition(1, None)


class Maker:
    """Makes numbered pages, and remembers what it was given."""

    def __init__(self) -> None:
        self.made = 0
        self.before: list[Rendered | None] = []
        self.fails = False

    async def __call__(self, before: Rendered | None) -> Rendered:
        self.made += 1
        self.before.append(before)
        await asyncio.sleep(0.01)
        if self.fails:
            raise NotRendered("no process")
        return Rendered(Document.of(f"page {self.made}"), f"seed {self.made}")


async def settle() -> None:
    await asyncio.sleep(0.05)


async def test_a_page_is_made_once_for_all_who_wait() -> None:
    cache, make = PageCache(), Maker()
    pages = await asyncio.gather(*(cache.get("/", FIRST, NOW, make) for _ in range(5)))
    assert {page.text for page in pages} == {"page 1"}
    assert make.made == 1


async def test_who_leaves_does_not_take_the_page_from_the_others() -> None:
    cache, make = PageCache(), Maker()
    leaving = asyncio.create_task(cache.get("/", FIRST, NOW, make))
    staying = asyncio.create_task(cache.get("/", FIRST, NOW, make))
    await asyncio.sleep(0)
    leaving.cancel()
    assert (await staying).text == "page 1"


async def test_another_edition_is_never_answered_with_the_old_page() -> None:
    cache, make = PageCache(), Maker()
    await cache.get("/", FIRST, NOW, make)
    assert (await cache.get("/", Edition(2, None), NOW, make)).text == "page 2"
    make.fails = True
    with pytest.raises(NotRendered):
        await cache.get("/", Edition(3, None), NOW, make)


async def test_a_film_that_starts_by_itself_ends_the_page() -> None:
    cache, make = PageCache(), Maker()
    start = NOW + timedelta(seconds=10)
    await cache.get("/", Edition(1, start), NOW, make)
    before = start - timedelta(microseconds=1)
    assert (await cache.get("/", Edition(1, start), before, make)).text == "page 1"
    assert (await cache.get("/", Edition(1, None), start, make)).text == "page 2"


async def test_an_old_page_is_served_while_it_is_looked_at_again() -> None:
    cache, make = PageCache(), Maker()
    await cache.get("/", FIRST, NOW, make)
    later = NOW + LOOK_AGAIN
    assert (await cache.get("/", FIRST, later, make)).text == "page 1"
    await settle()
    assert (await cache.get("/", FIRST, later, make)).text == "page 2"
    assert make.made == 2
    assert make.before[1] is not None
    assert make.before[1].seed == "seed 1"


async def test_a_page_that_cannot_be_renewed_stays() -> None:
    cache, make = PageCache(), Maker()
    await cache.get("/", FIRST, NOW, make)
    make.fails = True
    later = NOW + LOOK_AGAIN
    for _ in range(3):
        assert (await cache.get("/", FIRST, later, make)).text == "page 1"
        await settle()
    assert make.made == 2  # it is not tried with each request


async def test_the_least_asked_for_goes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_PAGES", 2)
    cache, make = PageCache(), Maker()
    for key in ("/a", "/b", "/a", "/c"):
        await cache.get(key, FIRST, NOW, make)
    assert (await cache.get("/a", FIRST, NOW, make)).text == "page 1"
    assert (await cache.get("/b", FIRST, NOW, make)).text == "page 4"
