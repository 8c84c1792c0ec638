"""The page of a film: saving, conflicts, publishing; nothing that was typed is lost."""

from __future__ import annotations

from typing import Any

import pytest

from portal.services.clock import utc_now
from portal.services.container import Services
from portal.services.errors import Forbidden, Unauthenticated
from portal.state.admin.editor_state import EditorState
from portal.state.admin.source_state import SourceState
from tests.support.people import Person


async def opened(open_as: Any, movie_id: str, who: Person) -> EditorState:
    state: EditorState = await open_as(EditorState, f"/admin/movies/{movie_id}", who)
    await state.load()
    return state


async def test_a_film_is_shown_with_all_that_belongs_to_it(
    open_as: Any, film: Any, manager: Person
) -> None:
    state = await opened(open_as, await film(slug="low-water"), manager)
    assert (state.outcome, state.head.title, state.head.state) == ("found", "Low Water", "live")
    assert state.form["genres"] == "Drama"
    assert [track.label for track in state.tracks] == ["English"]
    assert state.source.exists
    assert state.head.served == "No segment of it was served yet."


async def test_the_last_served_segment_is_told(
    open_as: Any, film: Any, manager: Person, running_services: Services
) -> None:
    movie_id = await film(slug="low-water")
    running_services.served.note(movie_id, utc_now())
    await running_services.served.flush()
    state = await opened(open_as, movie_id, manager)
    assert state.head.served.startswith("Last segment served ")


async def test_wrong_fields_are_named_and_nothing_is_stored(
    open_as: Any, film: Any, stored: Any, manager: Person
) -> None:
    movie_id = await film(slug="low-water")
    state = await opened(open_as, movie_id, manager)
    await state.save(state.head.version, {"title": "", "year": "1700", "tagline": "Fine"})
    assert state.problems["title"] == "The title is empty. Write one."
    assert "between 1888" in state.problems["year"]
    assert (await stored(movie_id)).tagline == ""


async def test_the_same_field_changed_twice_is_a_choice(
    open_as: Any, film: Any, stored: Any, manager: Person, editor: Person
) -> None:
    movie_id = await film(slug="low-water", visibility="draft")
    mine, theirs = [await opened(open_as, movie_id, who) for who in (manager, editor)]
    seen = mine.head.version
    await theirs.save(theirs.head.version, {"tagline": "Theirs", "country": "Peru"})
    await mine.save(seen, {"tagline": "Mine", "director": "Me"})
    assert [(d.name, d.is_choice) for d in mine.differences] == [
        ("tagline", True),
        ("country", False),
    ]
    assert (mine.differences[0].yours, mine.differences[0].theirs) == ("Mine", "Theirs")
    await mine.resolve({"tagline": "theirs"})
    row = await stored(movie_id)
    assert (row.tagline, row.country, row.director) == ("Theirs", "Peru", "Me")
    assert mine.conflict == ""


async def test_different_fields_are_both_kept_without_a_question(
    open_as: Any, film: Any, stored: Any, manager: Person, editor: Person
) -> None:
    movie_id = await film(slug="low-water", visibility="draft")
    mine, theirs = [await opened(open_as, movie_id, who) for who in (manager, editor)]
    seen = mine.head.version
    await theirs.save(theirs.head.version, {"country": "Peru"})
    await mine.save(seen, {"director": "Me"})
    assert "changed Country: that is kept too" in mine.notice
    row = await stored(movie_id)
    assert (row.country, row.director) == ("Peru", "Me")


async def test_publishing_says_what_is_missing(
    open_as: Any, film: Any, stored: Any, manager: Person
) -> None:
    movie_id = await film(slug="bare", visibility="draft", captions=())
    state = await opened(open_as, movie_id, manager)
    await state.set_visibility("visible")
    assert [each.section for each in state.blockers] == ["captions"]
    assert (await stored(movie_id)).visibility == "draft"


async def test_hiding_can_be_taken_back(
    open_as: Any, film: Any, stored: Any, manager: Person
) -> None:
    movie_id = await film(slug="low-water")
    state = await opened(open_as, movie_id, manager)
    await state.set_visibility("hidden")
    assert state.watches_serving
    assert (await stored(movie_id)).visibility == "hidden"
    await state.undo()
    assert (await stored(movie_id)).visibility == "visible"


async def test_an_editor_may_neither_publish_nor_change_what_is_published(
    open_as: Any, film: Any, stored: Any, editor: Person
) -> None:
    movie_id = await film(slug="low-water")
    state = await opened(open_as, movie_id, editor)
    with pytest.raises(Forbidden):
        await state.set_visibility("hidden")
    await state.save(state.head.version, {"tagline": "No"})
    assert "only a manager may change it" in state.failure
    assert (await stored(movie_id)).tagline == ""


async def test_nobody_sees_a_film(open_as: Any, film: Any) -> None:
    state = await open_as(EditorState, f"/admin/movies/{await film(slug='low-water')}", None)
    with pytest.raises(Unauthenticated):
        await state.load()
    assert state.head.title == ""


async def test_an_address_is_never_kept_in_a_state(
    open_as: Any, film: Any, manager: Person
) -> None:
    movie_id = await film(slug="low-water", source_url="https://origin.example/secret/main.m3u8")
    state = await opened(open_as, movie_id, manager)
    source = await state.get_state(SourceState)
    assert "secret" not in repr(state.dict()) + repr(source.dict())


async def test_another_film_s_refusal_is_not_shown(
    open_as: Any, film: Any, manager: Person
) -> None:
    movie_id = await film(slug="low-water")
    source = await open_as(SourceState, f"/admin/movies/{movie_id}", manager)
    source.busy, source.problem = "Fetching…", "It does not answer."
    await source.load()
    assert (source.busy, source.problem, source.refused) == ("", "", [])
