"""The state of a movie's page: found, missing, gone, coming, failed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal.services.container import Services
from portal.state.messages import UNEXPECTED
from portal.state.movie_state import MovieState
from tests.state.conftest import ORIGIN, Adder, Opener
from tests.support.catalog import now


async def test_a_film_is_shown_with_what_is_like_it(
    open_page: Opener[MovieState], add_films: Adder
) -> None:
    await add_films(
        {"slug": "low-water", "title": "Low Water", "genres": ["Drama"], "year": 1994},
        {"slug": "high-water", "genres": ["Drama"]},
        {"slug": "rope", "genres": ["Thriller"], "director": "B", "cast": []},
    )
    state = await open_page(MovieState, "/movie/low-water")
    await state.load()
    assert (state.outcome, state.shown_slug, state.film.title) == (
        "found",
        "low-water",
        "Low Water",
    )
    assert [card.slug for card in state.similar] == ["high-water"]
    assert state.page_title == "Low Water (1994) · Lumen"
    assert state.page_description == "Somebody looks for something."
    assert state.page_url == f"{ORIGIN}/movie/low-water"
    assert state.page_image.startswith(f"{ORIGIN}/artwork/")


async def test_an_unknown_film_is_missing_and_others_are_offered(
    open_page: Opener[MovieState], add_films: Adder
) -> None:
    await add_films({"slug": "rope"}, {"slug": "secret", "visibility": "hidden"})
    for slug in ("no-such-film", "secret", "caf%C3%A9"):
        state = await open_page(MovieState, f"/movie/{slug}")
        await state.load()
        assert state.outcome == "missing"
        assert state.page_title == "Film not found · Lumen"
        assert [card.slug for card in state.similar] == ["rope"]
        assert state.film.title == ""


async def test_a_film_that_left_says_so(open_page: Opener[MovieState], add_films: Adder) -> None:
    await add_films(
        {"slug": "rope", "available_until": now() - timedelta(days=1)}, {"slug": "low-water"}
    )
    state = await open_page(MovieState, "/movie/rope")
    await state.load()
    assert state.outcome == "gone"
    assert "left" in state.problem
    assert [card.slug for card in state.similar] == ["low-water"]


async def test_a_film_to_come_has_its_date(open_page: Opener[MovieState], add_films: Adder) -> None:
    await add_films({"slug": "rope", "available_from": now() + timedelta(days=3)})
    state = await open_page(MovieState, "/movie/rope/")
    await state.load()
    assert state.outcome == "found"
    assert state.film.coming.startswith("From ")


async def test_an_unexpected_error_tells_nothing_of_its_insides(
    open_page: Opener[MovieState],
    add_films: Adder,
    running_services: Services,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def broken(*_: object, **__: object) -> None:
        raise ValueError("secret detail")

    monkeypatch.setattr(running_services.catalog, "movie", broken)
    state = await open_page(MovieState, "/movie/rope")
    await state.load()
    assert (state.outcome, state.problem) == ("failed", UNEXPECTED)
