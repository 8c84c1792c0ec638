"""`GET /api/search`: what viewers get, and what they must not."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest

from portal.services.clock import utc_now
from portal.services.container import Services
from tests.services.test_dialogue_search import MANAGER, put
from tests.support.api_server import api_server


@pytest.fixture
async def client(running_services: Services) -> AsyncIterator[httpx.AsyncClient]:
    async with api_server() as found:
        yield found


async def test_films_and_lines(client: httpx.AsyncClient, running_services: Services) -> None:
    await put(running_services, "harbour-lights", synopsis="Boats.")
    await put(running_services, "the-film")
    found = (await client.get("/api/search?q=harbor")).json()
    assert [movie["slug"] for movie in found["movies"]] == ["harbour-lights"]  # a slip
    found = (await client.get("/api/search?q=quiet tonight")).json()
    assert found["movies"] == []
    line = found["lines"][0]
    assert (line["startS"], line["match"]) == (1.0, "quiet tonight")


async def test_a_hidden_film_is_in_no_answer(
    client: httpx.AsyncClient, running_services: Services
) -> None:
    movie_id = await put(running_services, "harbour-lights")
    before = (await client.get("/api/search?q=harbour")).json()
    assert before["total"] == 1
    assert before["lines"]
    await running_services.editing.publishing.set_visibility(
        MANAGER, movie_id, "hidden", version=None, now=utc_now()
    )
    after = await client.get("/api/search?q=harbour")
    assert after.json() == {"movies": [], "people": [], "total": 0, "lines": []}


async def test_it_is_counted_and_checked(
    client: httpx.AsyncClient, running_services: Services
) -> None:
    good = await client.get("/api/search?q=x")
    assert "ratelimit" in good.headers
    bad = await client.get("/api/search")
    assert bad.status_code == 422
    assert bad.json()["errors"][0]["field"] == "q"
