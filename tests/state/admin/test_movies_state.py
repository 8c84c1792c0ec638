"""The table's state: what it shows, what it does to many films, and the way back."""

from __future__ import annotations

from typing import Any

import pytest

from portal.services.errors import Forbidden, Unauthenticated
from portal.state.admin.movies_state import PAGE_SIZE, MoviesState
from tests.support.people import Person


async def test_only_a_page_of_rows_is_kept_and_the_next_one_follows(
    open_as: Any, film: Any, manager: Person
) -> None:
    for number in range(PAGE_SIZE + 3):
        await film(slug=f"film-{number:03}")
    state = await open_as(MoviesState, "/admin?sort=title", manager)
    await state.load()
    assert len(state.rows) == PAGE_SIZE
    assert state.shown == f"{PAGE_SIZE} of {PAGE_SIZE + 3} films"
    again = await open_as(MoviesState, f"/admin?sort=title&from={state.next_from}", manager)
    await again.load()
    assert [row.title for row in again.rows] == ["Film 050", "Film 051", "Film 052"]
    assert again.next_from == ""


async def test_filters_and_counts(open_as: Any, film: Any, manager: Person) -> None:
    await film(slug="low-water")
    await film(slug="high-water", visibility="hidden")
    await film(slug="rope", visibility="draft", captions=())
    state = await open_as(MoviesState, "/admin?state=hidden&q=water", manager)
    await state.load()
    assert [row.slug for row in state.rows] == ["high-water"]
    assert {each.value: each.count for each in state.states} == {
        "live": 1, "scheduled": 0, "draft": 1, "hidden": 1, "expired": 0,
    }  # fmt: skip
    draft = await open_as(MoviesState, "/admin?state=draft", manager)
    await draft.load()
    assert draft.rows[0].state_words == "Needs work: no valid captions"


async def test_many_are_hidden_and_taken_back(
    open_as: Any, film: Any, stored: Any, manager: Person
) -> None:
    ids = [await film(slug="one"), await film(slug="two", visibility="hidden")]
    state = await open_as(MoviesState, "/admin", manager)
    await state.act("hide", ids, {})
    assert state.notice == "Hidden: 1 film. 1 film was so already."
    assert (await stored(ids[0])).visibility == "hidden"
    await state.undo()
    assert (await stored(ids[0])).visibility == "visible"
    assert (await stored(ids[1])).visibility == "hidden"
    assert not state.can_undo


async def test_what_lacks_captions_is_left_and_named(
    open_as: Any, film: Any, stored: Any, manager: Person
) -> None:
    bare = await film(slug="bare", visibility="draft", captions=())
    state = await open_as(MoviesState, "/admin", manager)
    await state.act("show", [bare], {})
    assert state.refused[0].title == "Bare"
    assert "captions" in state.refused[0].reason
    assert (await stored(bare)).visibility == "draft"


async def test_a_window_is_read_in_its_time_zone(
    open_as: Any, film: Any, stored: Any, manager: Person
) -> None:
    movie_id = await film(slug="one")
    state = await open_as(MoviesState, "/admin", manager)
    fields = {"zone": "America/New_York", "from_day": "2030-07-01", "from_clock": "20:00"}
    await state.act("schedule", [movie_id], fields)
    assert (await stored(movie_id)).available_from.isoformat()[:16] == "2030-07-02T00:00"
    await state.act("schedule", [movie_id], {**fields, "from_clock": ""})
    assert state.notice == "Add a time, or empty both for none."


async def test_nobody_and_editors_change_nothing(
    open_as: Any, film: Any, stored: Any, editor: Person
) -> None:
    movie_id = await film(slug="one")
    for who, error in ((None, Unauthenticated), (editor, Forbidden)):
        state = await open_as(MoviesState, "/admin", who)
        with pytest.raises(error):
            await state.act("hide", [movie_id], {})
    assert (await stored(movie_id)).visibility == "visible"


@pytest.mark.parametrize("action", ["", "delete", "__class__"])
async def test_unknown_actions_are_refused(
    open_as: Any, film: Any, manager: Person, action: str
) -> None:
    state = await open_as(MoviesState, "/admin", manager)
    await state.act(action, [await film(slug="one")], {})
    assert state.notice == "Choose show, hide or schedule."
