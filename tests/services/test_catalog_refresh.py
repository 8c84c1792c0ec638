"""A worker reads only what changed since its snapshot, and everything where that cannot be told."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlmodel import delete

from portal.services.actors import Actor, Role
from portal.services.catalog import Catalog
from portal.services.catalog_loading import MANY_CHANGES
from portal.services.container import Services
from portal.services.errors import MovieNotFound
from portal.services.models import Movie
from portal.services.redis_client import CATALOG_VERSION

NOW = datetime(2026, 5, 1, tzinfo=UTC)
EDITOR = Actor("e1", "e@films.example", Role.MANAGER)


async def make(services: Services, title: str) -> str:
    made = await services.editing.movies.create(EDITOR, {"title": title}, NOW)
    return made.movie_id


async def test_what_did_not_change_is_not_read_again(running_services: Services) -> None:
    editing = running_services.editing.movies
    ids = [await make(running_services, title) for title in ("One", "Two", "Three")]
    other = Catalog(running_services.db, running_services.redis)
    before = (await other.snapshot()).movies
    await editing.update(EDITOR, ids[0], {"slug": "uno", "year": 1990}, version=None, now=NOW)
    await editing.delete(EDITOR, ids[1], now=NOW)
    new = await make(running_services, "Four")
    await other.refresh()
    after = await other.snapshot()
    assert set(after.movies) == {ids[0], ids[2], new}
    assert after.movies[ids[2]] is before[ids[2]]  # the very same object: it was not read
    assert after.movies[ids[0]].year == 1990
    found = after.find("uno")
    assert found is not None
    assert found.id == ids[0]
    assert after.find("one") is None
    with pytest.raises(MovieNotFound):
        await other.record(ids[1])


async def test_what_was_written_past_the_services_is_found(running_services: Services) -> None:
    ids = [await make(running_services, title) for title in ("One", "Two")]
    other = Catalog(running_services.db, running_services.redis)
    await other.snapshot()
    statement = delete(Movie).where(Movie.id == ids[0])  # type: ignore[arg-type]
    await running_services.db.run(lambda session: session.execute(statement))
    await running_services.redis.incr(CATALOG_VERSION)
    await other.refresh()
    assert set((await other.snapshot()).movies) == {ids[1]}


async def test_where_most_changed_all_is_read(
    running_services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert MANY_CHANGES > 100
    monkeypatch.setattr("portal.services.catalog_loading.MANY_CHANGES", 1)
    ids = [await make(running_services, title) for title in ("One", "Two", "Three")]
    other = Catalog(running_services.db, running_services.redis)
    before = (await other.snapshot()).movies
    for movie_id in ids[:2]:
        await running_services.editing.movies.update(
            EDITOR, movie_id, {"year": 1990}, version=None, now=NOW
        )
    await other.refresh()
    after = (await other.snapshot()).movies
    assert [after[i].year for i in ids[:2]] == [1990, 1990]
    assert after[ids[2]] is not before[ids[2]]
