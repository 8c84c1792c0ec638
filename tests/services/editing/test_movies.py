"""Creating, changing and deleting movies, on SQLite and MariaDB."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlmodel import col

from portal.services import audit
from portal.services.container import Services
from portal.services.editing import Editing
from portal.services.editing.views import MovieView
from portal.services.errors import (
    Conflict,
    EditConflict,
    Forbidden,
    InvalidInput,
    MovieNotFound,
    Unauthenticated,
)
from portal.services.models import AuditEvent
from tests.services.editing.conftest import EDITOR, MANAGER, NOW
from tests.support.catalog import add_movie

LATER = NOW + timedelta(minutes=5)


async def create(editing: Editing, **given: object) -> MovieView:
    return await editing.movies.create(EDITOR, {"title": "The Long Night", **given}, NOW)


async def put(services: Services, **values: object) -> str:
    movie = await services.db.run(lambda s: add_movie(s, services.box, **values))  # type: ignore[arg-type]
    await services.catalog.announce_change()
    return movie.id


async def events(services: Services) -> list[AuditEvent]:
    return await services.db.run(
        lambda s: list(s.scalars(select(AuditEvent).order_by(col(AuditEvent.seq))))
    )


async def test_a_new_movie_is_a_draft_that_everybody_hears_of(
    editing: Editing, running_services: Services
) -> None:
    made = await create(editing, genres=["Drama", "drama ", "Sci-Fi"], synopsis="One.\r\n\r\nTwo.")
    assert (made.visibility, made.state, made.version) == ("draft", "draft", 1)
    assert made.slug == "the-long-night"
    assert made.genres == ["Drama", "Sci-Fi"]
    assert made.synopsis == "One.\n\nTwo."
    assert [blocker.code for blocker in made.blockers] == ["source-missing", "caption-missing"]
    assert made.blockers[0].href == f"/admin/movies/{made.movie_id}#source"
    assert (await running_services.catalog.record(made.movie_id)).title == "The Long Night"
    event = (await events(running_services))[0]
    assert (event.action, event.actor_label, event.address) == (
        "movie.create",
        "eva@films.example",
        "203.0.113.7",
    )
    assert event.after is not None
    assert event.after["title"] == "The Long Night"


async def test_nobody_and_an_unknown_movie(editing: Editing) -> None:
    with pytest.raises(Unauthenticated):
        await editing.movies.create(None, {"title": "x"}, NOW)  # type: ignore[arg-type]
    with pytest.raises(MovieNotFound):
        await editing.movies.update(MANAGER, "0" * 32, {"year": 2001}, version=None, now=NOW)
    with pytest.raises(MovieNotFound):
        await editing.movies.view(MANAGER, "0" * 32, NOW)


@pytest.mark.parametrize(
    "title", ["the long  night", "ＴＨＥ ＬＯＮＧ ＮＩＧＨＴ", "The Long Night "]
)
async def test_titles_that_differ_in_case_or_unicode_form_are_one(
    editing: Editing, title: str
) -> None:
    await create(editing, year=1999)
    with pytest.raises(InvalidInput) as caught:
        await create(editing, title=title)
    assert "“The Long Night” (1999)" in caught.value.fields["title"]


async def test_equal_titles_at_the_same_instant(editing: Editing) -> None:
    results = await asyncio.gather(*(create(editing) for _ in range(8)), return_exceptions=True)
    made = [found for found in results if isinstance(found, MovieView)]
    refused = [found for found in results if isinstance(found, InvalidInput)]
    assert (len(made), len(refused)) == (1, 7), results


async def test_titles_with_the_same_slug_get_numbers(editing: Editing) -> None:
    slugs = [(await create(editing, title=title)).slug for title in ("Olé!", "Ole", "Olé?", "!!")]
    assert slugs[:3] == ["ole", "ole-2", "ole-3"]
    assert slugs[3].startswith("film-")


async def test_a_draft_s_slug_follows_its_title_and_a_chosen_one_stays(editing: Editing) -> None:
    made = await create(editing)
    renamed = await editing.movies.update(
        EDITOR, made.movie_id, {"title": "Dawn"}, version=1, now=LATER
    )
    assert (renamed.slug, renamed.version, renamed.updated_at) == ("dawn", 2, LATER)
    chosen = await editing.movies.update(
        EDITOR, made.movie_id, {"slug": "daybreak"}, version=2, now=LATER
    )
    again = await editing.movies.update(
        EDITOR, made.movie_id, {"title": "Noon"}, version=chosen.version, now=LATER
    )
    assert again.slug == "daybreak"
    assert await editing.movies.present_slug("dawn") is None  # no viewer ever saw it


async def test_an_old_address_of_a_published_movie_leads_to_the_new_one(
    editing: Editing, running_services: Services
) -> None:
    movie_id = await put(running_services)
    for slug in ("first", "second"):
        await editing.movies.update(MANAGER, movie_id, {"slug": slug}, version=None, now=NOW)
    assert await editing.movies.present_slug("the-film") == "second"
    assert await editing.movies.present_slug("first") == "second"
    with pytest.raises(InvalidInput) as caught:
        await create(editing, slug="first")
    assert "another film" in caught.value.fields["slug"]
    back = await editing.movies.update(MANAGER, movie_id, {"slug": "first"}, version=None, now=NOW)
    assert back.slug == "first"
    assert await editing.movies.present_slug("second") == "first"
    assert await editing.movies.present_slug("first") is None


async def test_a_lost_update_is_refused_with_what_changed(
    editing: Editing, running_services: Services
) -> None:
    made = await create(editing, year=1999)
    await editing.movies.update(
        MANAGER, made.movie_id, {"tagline": "Theirs", "director": "Ana"}, version=1, now=LATER
    )
    with pytest.raises(EditConflict) as caught:
        await editing.movies.update(
            EDITOR, made.movie_id, {"tagline": "Mine", "year": 2000}, version=1, now=LATER
        )
    conflict = caught.value
    found = {each.field: each for each in conflict.differences}
    assert set(found) == {"tagline", "director"}
    assert (found["tagline"].yours, found["tagline"].theirs) == ("Mine", "Theirs")
    assert found["tagline"].both_changed
    assert not found["director"].both_changed
    assert (conflict.current_version, conflict.changed_by) == (2, "mara@films.example")
    assert conflict.changed_at == LATER
    stored = await editing.movies.view(EDITOR, made.movie_id, NOW)
    assert (stored.tagline, stored.year) == ("Theirs", 1999)
    assert len(await events(running_services)) == 2


async def test_of_two_updates_at_once_one_wins(editing: Editing) -> None:
    made = await create(editing)
    results = await asyncio.gather(
        *(
            editing.movies.update(EDITOR, made.movie_id, {"year": 1990 + n}, version=1, now=LATER)
            for n in range(6)
        ),
        return_exceptions=True,
    )
    won = [found for found in results if isinstance(found, MovieView)]
    lost = [found for found in results if isinstance(found, EditConflict)]
    assert (len(won), len(lost)) == (1, 5), results
    assert (await editing.movies.view(EDITOR, made.movie_id, NOW)).year == won[0].year


async def test_the_audit_chain_holds_under_concurrent_changes(
    editing: Editing, running_services: Services
) -> None:
    await asyncio.gather(*(create(editing, title=f"Film {n}") for n in range(20)))
    found = await running_services.db.run(audit.verify)
    assert (found.checked, found.broken_at) == (20, None)


async def test_a_change_that_changes_nothing_leaves_no_trace(
    editing: Editing, running_services: Services
) -> None:
    made = await create(editing, year=1999, genres=["Drama"])
    same = await editing.movies.update(
        EDITOR,
        made.movie_id,
        {"year": 1999, "genres": ["Drama"], "title": "The Long Night"},
        version=1,
        now=LATER,
    )
    assert (same.version, same.updated_at) == (1, NOW)
    assert len(await events(running_services)) == 1


async def test_an_editor_changes_drafts_only(editing: Editing, running_services: Services) -> None:
    for visibility in ("visible", "hidden"):
        movie_id = await put(running_services, slug=f"film-{visibility}", visibility=visibility)
        with pytest.raises(Forbidden) as caught:
            await editing.movies.update(EDITOR, movie_id, {"year": 2000}, version=None, now=NOW)
        assert "only a manager" in caught.value.detail
        await editing.movies.update(MANAGER, movie_id, {"year": 2000}, version=None, now=NOW)


async def test_only_drafts_are_deleted(editing: Editing, running_services: Services) -> None:
    made = await create(editing)
    await editing.movies.delete(EDITOR, made.movie_id, now=LATER)
    with pytest.raises(MovieNotFound):
        await running_services.catalog.record(made.movie_id)
    assert [e.action for e in await events(running_services)] == ["movie.create", "movie.delete"]
    movie_id = await put(running_services)
    with pytest.raises(Conflict, match="Hide the film instead"):
        await editing.movies.delete(MANAGER, movie_id, now=LATER)


async def test_a_window_is_judged_with_what_is_stored(editing: Editing) -> None:
    made = await create(editing, available_from=NOW)
    with pytest.raises(InvalidInput) as caught:
        await editing.movies.update(
            EDITOR, made.movie_id, {"available_until": NOW}, version=1, now=NOW
        )
    assert "before it starts" in caught.value.fields["available_until"]
    good = await editing.movies.update(
        EDITOR, made.movie_id, {"available_until": LATER}, version=1, now=NOW
    )
    assert (good.available_from, good.available_until) == (NOW, LATER)
