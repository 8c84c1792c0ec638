"""`POST /api/qoe` over HTTP, on a real server."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest
from sqlmodel import select

from portal.services.container import Services
from portal.services.qoe.models import QoeSession, QoeTally
from portal.services.qoe.reception import MAX_BODY
from tests.support.api_server import api_server
from tests.support.catalog import add_movie
from tests.support.qoe import line

CMCD = {"Content-Type": "application/cmcd", "User-Agent": "Mozilla/5.0 Firefox/140.0"}


@pytest.fixture
async def client(running_services: Services) -> AsyncIterator[httpx.AsyncClient]:
    async with api_server() as found:
        yield found


@pytest.fixture
async def session(client: httpx.AsyncClient, running_services: Services) -> tuple[str, str]:
    """Session and movie of a film that is being opened."""
    box = running_services.box
    movie_id = await running_services.db.run(lambda session: add_movie(session, box).id)
    await running_services.catalog.announce_change()
    grant = (await client.post("/api/movies/the-film/stream-token")).json()
    return grant["sessionId"], movie_id


async def send(client: httpx.AsyncClient, body: str | bytes, **headers: str) -> int:
    answer = await client.post("/api/qoe", content=body, headers={**CMCD, **headers})
    if answer.status_code != 204:
        assert answer.headers["content-type"].startswith("application/problem+json")
    return answer.status_code


async def test_lines_are_taken_and_stored_without_address_or_token(
    client: httpx.AsyncClient, running_services: Services, session: tuple[str, str]
) -> None:
    body = line(*session, 1, sta="s") + "\n" + line(*session, 2, ok=1, msd=420)
    assert await send(client, body) == 204
    await running_services.qoe.flush()
    [row] = await running_services.db.run(lambda s: list(s.exec(select(QoeSession))))
    assert (row.id, row.movie_id, row.browser) == (session[0][:32], session[1], "Firefox")
    assert (row.start_ms, row.last_number) == (420, 2)


async def test_strangers_and_nonsense_are_told_so(
    client: httpx.AsyncClient, running_services: Services, session: tuple[str, str]
) -> None:
    good = line(*session, 1)
    assert await send(client, "nonsense") == 400
    assert await send(client, good, **{"Content-Type": "application/json"}) == 400
    assert await send(client, good.encode() + b",x=\xff") == 400
    assert await send(client, "\n".join([good] * 2)) == 400
    assert await send(client, "x" * (MAX_BODY + 1)) == 413
    assert (await client.get("/api/qoe")).status_code == 405
    client.cookies.clear()
    assert await send(client, good) == 410
    assert await send(client, good, Cookie=f"portal_viewer={'0' * 32}.{'0' * 24}") == 410
    assert running_services.qoe.waiting()["queued"] == 0


async def test_what_a_player_says_too_often_does_not_stop_its_film(
    client: httpx.AsyncClient, session: tuple[str, str]
) -> None:
    answers = [await send(client, line(*session, number)) for number in range(1, 70)]
    assert 429 in answers
    renewed = await client.post("/api/movies/the-film/stream-token", json={"sessionId": session[0]})
    assert renewed.status_code == 200
    assert renewed.json()["sessionId"] == session[0]


async def test_limits_and_refused_starts_are_counted(
    client: httpx.AsyncClient, running_services: Services, session: tuple[str, str]
) -> None:
    for _ in range(5):
        last = await client.post("/api/movies/the-film/stream-token", json={})
    assert last.status_code == 429
    await running_services.qoe.flush()

    found = await running_services.db.run(
        lambda s: list(s.exec(select(QoeTally).where(QoeTally.kind == "throttle")))
    )
    assert {row.name: row.total for row in found if row.grain == "d"}["streams"] >= 1
