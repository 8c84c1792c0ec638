"""Insights of managers, from sums in a real database; and their files."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest

from portal.services.actors import Actor, Role
from portal.services.clock import utc_now
from portal.services.container import Services
from portal.services.errors import Forbidden, MovieNotFound
from portal.services.insights.ranges import span_of
from portal.services.qoe.beats import Counters
from portal.services.qoe.rollups import News, Sums, hour_of
from portal.services.repositories import qoe as rows
from tests.support.api_people import bearer, put_people
from tests.support.api_server import api_server
from tests.support.catalog import add_movie

MANAGER = Actor("m", "m@films.example", Role.MANAGER)


@pytest.fixture
async def movie_id(running_services: Services) -> str:
    """A film that was played three times, once a day; one start failed."""
    box, now = running_services.box, utc_now()
    movie_id = await running_services.db.run(
        lambda session: add_movie(session, box, title="=Formula").id
    )
    await running_services.catalog.announce_change()
    await running_services.catalog.refresh(force=True)
    sums = Sums()
    for days, start_ms in enumerate((200, 400, 3000)):
        sums.add(
            News(
                Counters(attempts=1, starts=1, play_ms=3_600_000, stall_ms=36_000 * days),
                height=720, new_tenths=0b11 if days else 0b1111111111, start_ms=start_ms,
                captions_began=not days, caption_rendered=not days, caption_language="en",
            ),
            movie_id=movie_id, browser="Firefox", hour=hour_of(now - timedelta(days=days)),
        )  # fmt: skip
    sums.add(
        News(Counters(attempts=1, start_failures=1), failure="origin-failed"),
        movie_id=movie_id, browser="Chrome", hour=hour_of(now),
    )  # fmt: skip
    sums.count("throttle", "viewer", hour_of(now))
    await running_services.db.run(lambda session: rows.add_sums(session, sums))
    return movie_id


async def test_a_page_says_what_was_stored(running_services: Services, movie_id: str) -> None:
    span = span_of("30d", "", "", utc_now())
    for movie in ("", movie_id):
        view = await running_services.insights.page(MANAGER, span, movie)
        told = {tile.label: tile.value for tile in view.tiles}
        assert told["Plays"] == "3"
        assert told["Watched"] == "3.0 h"
        assert told["Failed to start"] == "25 %"
        assert told["Captions on"] == "33 %"
        assert [bar.name for bar in view.failures] == ["Source did not answer"]
        assert [bar.name for bar in view.captions] == ["English"]
        assert [part.name for part in view.renditions] == ["720p"]
        assert view.completion.rows[-1] == ["90 to 100 %", "33 %"]
        assert len(view.plays.rows) == 30
    assert view.films == []
    everything = await running_services.insights.page(MANAGER, span)
    assert [(film.title, film.plays) for film in everything.films] == [("=Formula", "3")]
    assert [bar.name for bar in everything.limits] == ["Viewers' requests"]
    today = await running_services.insights.page(MANAGER, span_of("24h", "", "", utc_now()))
    assert today.tiles[0].value == "1"


async def test_only_managers_are_told(running_services: Services, movie_id: str) -> None:
    editor = Actor("e", "e@films.example", Role.EDITOR)
    span = span_of("30d", "", "", utc_now())
    with pytest.raises(Forbidden):
        await running_services.insights.page(editor, span)
    with pytest.raises(Forbidden):
        await running_services.insights.export(editor, span, "time")
    with pytest.raises(Forbidden):
        await running_services.insights.now_watching(editor, utc_now())
    with pytest.raises(MovieNotFound):
        await running_services.insights.page(MANAGER, span, "0" * 32)


@pytest.fixture
async def client(running_services: Services) -> AsyncIterator[httpx.AsyncClient]:
    await put_people(running_services)
    async with api_server() as found:
        yield found


async def test_files_have_the_numbers(
    client: httpx.AsyncClient, running_services: Services, movie_id: str
) -> None:
    headers = bearer(Role.MANAGER)

    async def file(**query: str) -> list[list[str]]:
        answer = await client.get("/api/insights/export", params=query, headers=headers)
        assert answer.status_code == 200, answer.text
        assert answer.headers["cache-control"] == "no-store"
        return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))

    films = await file(table="films")
    assert films[1][:3] == [movie_id, "'=Formula", "3"]
    assert len(await file(range="7d")) == 1 + 7 * 24
    assert (await file(table="failures", movieId=movie_id))[1] == ["origin-failed", "1"]
    for table in ("renditions", "browsers", "captions", "completion", "throttles"):
        assert len(await file(table=table)) > 1
    for query in ({"table": "nonsense"}, {"since": "yesterday"}, {"range": "2y"}):
        answer = await client.get("/api/insights/export", params=query, headers=headers)
        assert answer.status_code == 422


async def test_files_are_for_managers_only(
    client: httpx.AsyncClient, running_services: Services
) -> None:
    assert (await client.get("/api/insights/export")).status_code == 401
    editor = bearer(Role.EDITOR)
    assert (await client.get("/api/insights/export", headers=editor)).status_code == 403
