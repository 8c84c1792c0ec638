"""Home, frame and not-found states."""

from __future__ import annotations

from datetime import timedelta

import pytest
import reflex as rx

from portal.services.container import Services
from portal.services.errors import Unavailable
from portal.state.browse_state import BrowseState
from portal.state.home_state import SHELVES_FIRST, HomeState
from portal.state.movie_state import MovieState
from portal.state.not_found_state import NotFoundState
from portal.state.site_state import SiteState
from tests.state.conftest import Adder, Opener
from tests.support.catalog import now


async def load(state: HomeState) -> None:
    await state.load()
    await state.show_more()


async def test_home_has_a_hero_and_shelves(open_page: Opener[HomeState], add_films: Adder) -> None:
    await add_films(
        {"slug": "low-water", "featured": 1, "genres": ["Drama"]},
        {"slug": "soon", "available_from": now() + timedelta(days=3)},
        {"slug": "late", "available_until": now() + timedelta(days=3)},
        *({"slug": f"film-{n}", "genres": [f"Genre {n}"]} for n in range(6)),
    )
    state = await open_page(HomeState, "/")
    await load(state)
    assert [film.slug for film in state.hero] == ["low-water"]
    assert len(state.shelves) == SHELVES_FIRST
    rows = {row.key: row for row in [*state.shelves, *state.more_shelves]}
    assert {"new", "leaving", "coming"} <= set(rows)
    assert [card.is_coming for card in rows["coming"].cards] == [True]
    assert [card.is_coming for card in rows["leaving"].cards] == [False]


async def test_what_is_seen_first_is_sent_first(
    open_page: Opener[HomeState], add_films: Adder
) -> None:
    await add_films(*({"slug": f"film-{n}", "genres": [f"Genre {n}"]} for n in range(6)))
    state = await open_page(HomeState, "/")
    await state.load()
    assert state.is_loaded
    assert len(state.shelves) == SHELVES_FIRST
    assert not state.more_shelves
    await state.show_more()
    assert state.more_shelves
    shown = [row.key for row in (*state.shelves, *state.more_shelves)]
    assert len(shown) == len(set(shown))


async def test_an_empty_catalog_is_not_an_error(open_page: Opener[HomeState]) -> None:
    state = await open_page(HomeState, "/")
    await load(state)
    assert (state.is_loaded, state.problem, list(state.hero)) == (True, "", [])


async def test_trouble_at_home_is_told(
    open_page: Opener[HomeState], running_services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: object) -> None:
        raise Unavailable

    monkeypatch.setattr(running_services.catalog, "home", away)
    state = await open_page(HomeState, "/")
    await load(state)
    assert (state.problem, state.is_loaded) == (Unavailable.default_detail, False)


@pytest.mark.parametrize("page", [HomeState, BrowseState, MovieState, NotFoundState])
async def test_every_page_fills_its_frame(
    open_page: Opener[rx.State], add_films: Adder, page: type[rx.State]
) -> None:
    await add_films({"slug": "low-water", "genres": ["Drama"], "captions": ("en", "pt")})
    state = await open_page(page, "/movie/low-water")
    await state.load()
    site = await state.get_state(SiteState)
    assert site.site_name == "Lumen"
    assert [(genre.value, genre.count) for genre in site.menu_genres] == [("Drama", 1)]
    assert [language.label for language in site.languages] == ["English", "Português"]


async def test_the_frame_keeps_its_menu_when_the_catalog_is_away(
    open_page: Opener[NotFoundState],
    add_films: Adder,
    running_services: Services,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await add_films({"slug": "low-water", "genres": ["Drama"]})
    state = await open_page(NotFoundState, "/")
    await state.load()

    async def away(*_: object, **__: object) -> None:
        raise Unavailable

    monkeypatch.setattr(running_services.catalog, "menu", away)
    await state.load()
    site = await state.get_state(SiteState)
    assert [genre.value for genre in site.menu_genres] == ["Drama"]


async def test_an_unknown_address_offers_the_newest(
    open_page: Opener[NotFoundState], add_films: Adder
) -> None:
    await add_films({"slug": "low-water"})
    state = await open_page(NotFoundState, "/nowhere")
    await state.load()
    assert [card.slug for card in state.suggestions] == ["low-water"]
