"""Showing, hiding and scheduling, one and many, and taking it back."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlmodel import col

from portal.services import audit
from portal.services.container import Services
from portal.services.editing import Editing
from portal.services.errors import (
    CaptionMissing,
    EditConflict,
    Forbidden,
    InvalidInput,
    MovieNotAvailable,
    MovieNotFound,
    PublishingBlocked,
)
from portal.services.models import StreamSource
from tests.services.editing.conftest import EDITOR, MANAGER, NOW
from tests.support.catalog import add_movie

HOUR = timedelta(hours=1)


async def put(services: Services, slug: str, **values: object) -> str:
    values = {"visibility": "draft", **values}
    movie = await services.db.run(lambda s: add_movie(s, services.box, slug=slug, **values))  # type: ignore[arg-type]
    await services.catalog.announce_change()
    return movie.id


async def test_a_movie_is_shown_and_hidden(editing: Editing, running_services: Services) -> None:
    movie_id = await put(running_services, "film")
    shown = await editing.publishing.set_visibility(MANAGER, movie_id, "visible", now=NOW)
    assert (shown.visibility, shown.state, shown.version) == ("visible", "live", 2)
    assert shown.added_at == NOW
    await running_services.catalog.playable(movie_id, NOW)
    await editing.publishing.set_visibility(MANAGER, movie_id, "hidden", now=NOW + HOUR)
    with pytest.raises(MovieNotFound):
        await running_services.catalog.playable(movie_id, NOW + HOUR)
    again = await editing.publishing.set_visibility(MANAGER, movie_id, "visible", now=NOW + HOUR)
    assert again.added_at == NOW  # it is not new a second time


async def test_only_managers_publish(editing: Editing, running_services: Services) -> None:
    movie_id = await put(running_services, "film")
    with pytest.raises(Forbidden):
        await editing.publishing.set_visibility(EDITOR, movie_id, "visible", now=NOW)
    with pytest.raises(Forbidden):
        await editing.publishing.set_visibility_of(EDITOR, [movie_id], "visible", NOW)
    with pytest.raises(Forbidden):
        await editing.publishing.schedule(EDITOR, [movie_id], None, None, NOW)
    with pytest.raises(Forbidden):
        await editing.publishing.undo(EDITOR, [], NOW)


async def test_what_is_missing_is_listed_with_the_place_to_mend_it(
    editing: Editing, running_services: Services
) -> None:
    movie_id = await put(running_services, "film", captions=(), source_url="")
    with pytest.raises(CaptionMissing) as caught:
        await editing.publishing.set_visibility(MANAGER, movie_id, "visible", now=NOW)
    assert [(b.code, b.href) for b in caught.value.blockers] == [
        ("source-missing", f"/admin/movies/{movie_id}#source"),
        ("caption-missing", f"/admin/movies/{movie_id}#captions"),
    ]
    no_source = await put(running_services, "other", source_url="")
    with pytest.raises(PublishingBlocked) as blocked:
        await editing.publishing.set_visibility(MANAGER, no_source, "visible", now=NOW)
    assert not isinstance(blocked.value, CaptionMissing)
    assert "Paste the address" in blocked.value.detail


async def test_a_source_whose_last_check_failed_is_not_published(
    editing: Editing, running_services: Services
) -> None:
    movie_id = await put(running_services, "film")
    await running_services.db.run(
        lambda s: s.execute(
            update(StreamSource)
            .where(col(StreamSource.movie_id) == movie_id)
            .values(status="failed")
        )
    )
    with pytest.raises(PublishingBlocked) as caught:
        await editing.publishing.set_visibility(MANAGER, movie_id, "visible", now=NOW)
    assert [b.code for b in caught.value.blockers] == ["source-failed"]


async def test_a_schedule_starts_and_ends_by_itself(
    editing: Editing, running_services: Services
) -> None:
    movie_id = await put(running_services, "film", visibility="visible")
    done = await editing.publishing.schedule(MANAGER, [movie_id], NOW + HOUR, NOW + 2 * HOUR, NOW)
    assert (done.changed, done.refused) == (1, ())
    catalog = running_services.catalog
    for at in (NOW, NOW + 2 * HOUR):
        with pytest.raises(MovieNotAvailable):
            await catalog.playable(movie_id, at)
    assert (await catalog.playable(movie_id, NOW + HOUR)).id == movie_id


async def test_a_stale_version_and_an_unknown_visibility(
    editing: Editing, running_services: Services
) -> None:
    movie_id = await put(running_services, "film")
    with pytest.raises(EditConflict):
        await editing.publishing.set_visibility(MANAGER, movie_id, "hidden", version=7, now=NOW)
    with pytest.raises(InvalidInput):
        await editing.publishing.set_visibility(MANAGER, movie_id, "public", now=NOW)


async def test_many_at_once_and_back(editing: Editing, running_services: Services) -> None:
    good = [await put(running_services, f"good-{n}") for n in range(3)]
    shown = await put(running_services, "shown", visibility="visible")
    bare = await put(running_services, "bare", captions=())
    done = await editing.publishing.set_visibility_of(
        MANAGER, [*good, shown, bare, "f" * 32], "visible", NOW
    )
    assert (done.changed, done.unchanged) == (3, 1)
    assert {(r.movie_id, r.title) for r in done.refused} == {(bare, "Bare"), ("f" * 32, "")}
    assert "no valid captions" in next(r.reason for r in done.refused if r.movie_id == bare)

    await editing.movies.update(MANAGER, good[0], {"year": 1990}, version=None, now=NOW)
    back = await editing.publishing.undo(MANAGER, done.undo, NOW)
    assert back.changed == 2
    assert [r.movie_id for r in back.refused] == [good[0]]
    assert "changed again since" in back.refused[0].reason
    snapshot = await running_services.catalog.snapshot()
    assert [snapshot.movies[i].visibility for i in good] == ["visible", "draft", "draft"]
    found = await running_services.db.run(audit.verify)
    assert found.broken_at is None


async def test_undo_of_a_schedule_gives_each_its_own_window_back(
    editing: Editing, running_services: Services
) -> None:
    one = await put(running_services, "one", available_from=NOW)
    two = await put(running_services, "two")
    done = await editing.publishing.schedule(MANAGER, [one, two], None, NOW + HOUR, NOW)
    await editing.publishing.undo(MANAGER, done.undo, NOW)
    snapshot = await running_services.catalog.snapshot()
    assert (snapshot.movies[one].available_from, snapshot.movies[one].available_until) == (
        NOW,
        None,
    )
    assert (snapshot.movies[two].available_from, snapshot.movies[two].available_until) == (
        None,
        None,
    )


async def test_undo_does_not_publish_what_lost_its_captions(
    editing: Editing, running_services: Services
) -> None:
    movie_id = await put(running_services, "film", visibility="visible")
    done = await editing.publishing.set_visibility_of(MANAGER, [movie_id], "hidden", NOW)
    await running_services.db.run(
        lambda s: s.connection().exec_driver_sql("DELETE FROM caption_track")
    )
    back = await editing.publishing.undo(MANAGER, done.undo, NOW)
    assert [r.movie_id for r in back.refused] == [movie_id]


async def test_too_many_at_once(editing: Editing) -> None:
    with pytest.raises(InvalidInput, match="up to 1,000 films"):
        await editing.publishing.set_visibility_of(
            MANAGER, [str(n) for n in range(1001)], "hidden", NOW
        )


async def test_bulk_changes_that_cross_each_other_both_succeed(
    editing: Editing, running_services: Services
) -> None:
    ids = [await put(running_services, f"film-{n}") for n in range(6)]
    results = await asyncio.gather(
        editing.publishing.set_visibility_of(MANAGER, ids, "visible", NOW),
        editing.publishing.set_visibility_of(MANAGER, ids[::-1], "hidden", NOW),
        *(editing.movies.update(MANAGER, i, {"year": 1980}, version=None, now=NOW) for i in ids),
    )
    assert results[0].changed == results[1].changed == 6
    assert (await running_services.db.run(audit.verify)).broken_at is None
