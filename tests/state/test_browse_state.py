"""The browse page's state: what an address asks for is what the page shows."""

from __future__ import annotations

import pytest

from portal.services.container import Services
from portal.services.errors import Unavailable
from portal.state.browse_state import PAGE_SIZE, PAGES_AT_ONCE, ActiveFilter, BrowseState
from tests.state.conftest import Adder, Opener


async def test_the_address_filters(open_page: Opener[BrowseState], add_films: Adder) -> None:
    await add_films(
        {"slug": "low-water", "genres": ["Drama"], "year": 1994, "captions": ("en", "pt")},
        {"slug": "high-water", "genres": ["Drama"], "year": 2004},
        {"slug": "rope", "genres": ["Thriller"], "year": 1994},
    )
    state = await open_page(BrowseState, "/browse?q=water&genre=Drama&decade=1990&captions=pt")
    await state.load()
    assert [card.slug for card in state.cards] == ["low-water"]
    assert state.shown == "1 film"
    assert state.heading == "Results for “water”"
    assert list(state.active) == [
        ActiveFilter("q", "“water”"),
        ActiveFilter("genre", "Drama"),
        ActiveFilter("decade", "1990s"),
        ActiveFilter("captions", "Captions in Português"),
    ]
    assert [(o.label, o.count) for o in state.languages] == [
        ("Any language", 0),
        ("English", 1),
        ("Português", 1),
    ]


async def test_another_address_leaves_nothing_of_the_one_before(
    open_page: Opener[BrowseState], add_films: Adder
) -> None:
    await add_films({"slug": "rope", "genres": ["Thriller"]}, {"slug": "low-water"})
    state = await open_page(BrowseState, "/browse?genre=Thriller")
    await state.load()
    assert (state.heading, state.total) == ("Thriller", 1)
    again = await open_page(BrowseState, "/browse")
    await again.load()
    assert (again.heading, again.total, list(again.active)) == ("All films", 2, [])


async def test_nothing_found_is_said(open_page: Opener[BrowseState], add_films: Adder) -> None:
    await add_films({"slug": "rope"})
    state = await open_page(BrowseState, "/browse?q=zzzz")
    await state.load()
    assert (state.total, state.shown, state.is_loaded) == (0, "No film fits", True)


async def test_pages_stand_below_one_another_up_to_a_bound(
    open_page: Opener[BrowseState], add_films: Adder
) -> None:
    number = PAGE_SIZE * PAGES_AT_ONCE + 5
    await add_films(*({"slug": f"film-{n:04}"} for n in range(number)))
    first = await open_page(BrowseState, "/browse")
    await first.load()
    assert (len(first.cards), first.next_page, first.next_from) == (PAGE_SIZE, "2", "")
    assert first.shown == f"{PAGE_SIZE} of {number} films"

    second = await open_page(BrowseState, "/browse?page=2")
    await second.load()
    assert second.cards[:PAGE_SIZE] == first.cards
    assert (len(second.cards), second.next_page) == (2 * PAGE_SIZE, "3")

    # However many an address asks for, the list ends and the next one begins there.
    last = await open_page(BrowseState, "/browse?page=99999")
    await last.load()
    assert len(last.cards) == PAGE_SIZE * PAGES_AT_ONCE
    assert (last.next_page, last.next_from) == ("", str(PAGE_SIZE * PAGES_AT_ONCE))
    rest = await open_page(BrowseState, f"/browse?from={last.next_from}")
    await rest.load()
    assert len(rest.cards) == 5
    assert rest.is_continued
    assert not {card.slug for card in rest.cards} & {card.slug for card in last.cards}
    assert rest.shown == f"{number - 4} to {number} of {number} films"


@pytest.mark.parametrize(
    "query", ["page=-1", "page=x", "page=²", "from=x", "from=-5", "sort=nonsense", "decade=when"]
)
async def test_nonsense_in_the_address_breaks_nothing(
    open_page: Opener[BrowseState], add_films: Adder, query: str
) -> None:
    await add_films({"slug": "rope"})
    state = await open_page(BrowseState, f"/browse?{query}")
    await state.load()
    assert state.problem == ""
    assert state.is_loaded


async def test_trouble_is_told_and_gone_after_a_retry(
    open_page: Opener[BrowseState],
    add_films: Adder,
    running_services: Services,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await add_films({"slug": "rope"})
    state = await open_page(BrowseState, "/browse")

    async def away(*_: object, **__: object) -> None:
        raise Unavailable

    with monkeypatch.context() as patch:
        patch.setattr(running_services.catalog, "browse", away)
        await state.load()
    assert state.problem == Unavailable.default_detail
    await state.load()
    assert (state.problem, state.total) == ("", 1)
