"""A page for a request: what a publish, a start by itself and trouble do to it."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from portal.first_paint.first_paint import FirstPaint
from portal.first_paint.renderer import NotRendered, Renderer
from portal.pages import PAGES
from portal.services.container import Services
from tests.support.catalog import add_movie, now

ORIGIN = "https://films.example"
DOCUMENT = (
    '<!DOCTYPE html><html><head><meta charSet="utf-8"/>'
    '<meta content="width=device-width, initial-scale=1" name="viewport"/>'
    "</head><body></body></html>"
)


class Rendering(Renderer):
    """Counts what it is asked for; the seed in the document is what tests look at."""

    def __init__(self) -> None:
        super().__init__(Path(), None)
        self.asked: list[str] = []
        self.fails = False

    async def render(self, path: str, seed: str, prefix: str = "", words: str = "") -> str:
        """An empty document."""
        if self.fails:
            raise NotRendered("no process")
        self.asked.append(path)
        return DOCUMENT


@pytest.fixture
def renderer() -> Rendering:
    return Rendering()


@pytest.fixture
def first_paint(renderer: Rendering) -> FirstPaint:
    return FirstPaint({page.route: page.on_load for page in PAGES if page.is_rendered}, renderer)


async def text(first_paint: FirstPaint, path: str, query: str = "") -> str:
    page = await first_paint.page(path, query, ORIGIN, now())
    return page.text if page else ""


async def put(services: Services, slug: str, **values: object) -> None:
    await services.db.run(lambda s: add_movie(s, services.box, slug=slug, **values))  # type: ignore[arg-type]
    await services.catalog.announce_change()


@pytest.fixture(params=["/", "/browse", "/movie/the-film", "/watch/the-film"])
def path(request: pytest.FixtureRequest) -> str:
    return str(request.param)


async def test_a_change_is_in_the_next_answer(
    path: str, first_paint: FirstPaint, running_services: Services
) -> None:
    await put(running_services, "the-film")
    assert "The Film" in await text(first_paint, path)
    movie = (await running_services.catalog.snapshot()).by_slug["the-film"]

    def rename(session: object) -> None:
        from portal.services.models import Movie

        session.get(Movie, movie.id).title = "Another Name"  # type: ignore[attr-defined]

    await running_services.db.run(rename)
    await running_services.catalog.announce_change()
    after = await text(first_paint, path)
    assert "Another Name" in after
    assert "The Film" not in after


async def test_a_change_elsewhere_costs_no_rendering(
    first_paint: FirstPaint, renderer: Rendering, running_services: Services
) -> None:
    await put(running_services, "the-film", genres=["Drama"])
    first = await first_paint.page("/movie/the-film", "", ORIGIN, now())
    await put(running_services, "a-draft", visibility="draft")
    second = await first_paint.page("/movie/the-film", "", ORIGIN, now())
    assert first is second
    assert renderer.asked == ["/movie/the-film"]


async def test_a_film_that_starts_by_itself_is_on_the_next_page(
    first_paint: FirstPaint, running_services: Services
) -> None:
    await put(running_services, "the-film")
    starts = now() + timedelta(seconds=1)
    await put(running_services, "coming-film", available_from=starts)
    before = await first_paint.page("/browse", "", ORIGIN, now())
    await asyncio.sleep((starts - now()).total_seconds() + 0.01)
    after = await first_paint.page("/browse", "", ORIGIN, now())
    assert before is not None
    assert after is not None
    assert before is not after


async def test_trouble_of_the_renderer_gives_no_page_and_no_old_one(
    first_paint: FirstPaint, renderer: Rendering, running_services: Services
) -> None:
    await put(running_services, "the-film")
    assert await text(first_paint, "/")
    renderer.fails = True
    assert await text(first_paint, "/")  # it is in the cache
    await put(running_services, "second-film")
    assert await text(first_paint, "/") == ""
    renderer.fails = False
    assert "Second Film" in await text(first_paint, "/")


@pytest.mark.parametrize(
    ("path", "query", "origin"),
    [
        ("/admin", "", ORIGIN),
        ("/nowhere", "", ORIGIN),
        ("/movie/a/b", "", ORIGIN),
        ("/browse", "q=" + "x" * 400, ORIGIN),
        ("/", "", 'https://evil"><script>'),
    ],
)
async def test_what_is_not_rendered(
    path: str, query: str, origin: str, first_paint: FirstPaint, running_services: Services
) -> None:
    assert await first_paint.page(path, query, origin, now()) is None


async def test_nothing_of_the_visitor_is_in_a_page(
    first_paint: FirstPaint, running_services: Services
) -> None:
    await put(running_services, "the-film", source_url="https://origin.example/secret/main.m3u8")
    found = await text(first_paint, "/movie/the-film")
    for private in ("secret", "main.m3u8", "client_token", "cookie", "rx_router"):
        assert private not in found
