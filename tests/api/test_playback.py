"""Opening and renewing viewing sessions over HTTP, on SQLite and MariaDB with a real Redis."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import jwt
import pytest

from portal.services.container import Services
from portal.services.models import ViewingSession
from tests.support.api_server import api_server
from tests.support.catalog import add_movie, now


@pytest.fixture
async def client(running_services: Services) -> AsyncIterator[httpx.AsyncClient]:
    async with api_server() as found:
        yield found


async def put(services: Services, **values: object) -> str:
    movie = await services.db.run(lambda s: add_movie(s, services.box, **values))  # type: ignore[arg-type]
    await services.catalog.announce_change()
    return movie.id


async def test_a_session_opens_and_renews(
    client: httpx.AsyncClient, running_services: Services
) -> None:
    movie_id = await put(running_services, captions=("en", "pt"))
    first = await client.post("/api/movies/the-film/stream-token")
    assert first.status_code == 200, first.text
    opened = first.json()
    assert opened["url"] == f"/hls/{opened['token']}/{movie_id}/main.m3u8"
    assert opened["expiresIn"] == 300
    assert opened["renewAfter"] == 180
    assert [c["language"] for c in opened["captions"]] == ["en", "pt"]
    assert opened["resumeAt"] == 0
    claims = jwt.decode(opened["token"], options={"verify_signature": False})
    assert claims["exp"] - claims["iat"] <= 300

    again = await client.post(
        f"/api/movies/{movie_id}/stream-token", json={"sessionId": opened["sessionId"]}
    )
    assert again.json()["sessionId"] == opened["sessionId"]
    assert again.json()["token"] != opened["token"]


async def test_somebody_else_s_session_is_not_renewed(
    client: httpx.AsyncClient, running_services: Services
) -> None:
    await put(running_services)
    opened = (await client.post("/api/movies/the-film/stream-token")).json()
    client.cookies.clear()
    other = await client.post(
        "/api/movies/the-film/stream-token", json={"sessionId": opened["sessionId"]}
    )
    assert other.status_code == 200
    assert other.json()["sessionId"] != opened["sessionId"]


@pytest.mark.parametrize(
    ("values", "status", "code"),
    [
        ({"visibility": "hidden"}, 404, "movie-not-found"),
        ({"visibility": "draft"}, 404, "movie-not-found"),
        ({"captions": ()}, 404, "movie-not-found"),
        ({"source_url": ""}, 404, "movie-not-found"),
        ({"available_from": timedelta(hours=1)}, 410, "not-available"),
        ({"available_until": timedelta(hours=-1)}, 410, "not-available"),
    ],
)
async def test_what_may_not_be_watched_gets_no_token(
    client: httpx.AsyncClient,
    running_services: Services,
    values: dict[str, object],
    status: int,
    code: str,
) -> None:
    moments = {k: now() + v if isinstance(v, timedelta) else v for k, v in values.items()}
    await put(running_services, **moments)
    answer = await client.post("/api/movies/the-film/stream-token")
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["correlationId"] == answer.headers["x-correlation-id"]


async def test_an_unknown_movie_is_not_found(client: httpx.AsyncClient) -> None:
    answer = await client.post("/api/movies/nothing-of-the-kind/stream-token")
    assert (answer.status_code, answer.json()["code"]) == (404, "movie-not-found")


async def test_a_token_does_not_outlive_the_window(
    client: httpx.AsyncClient, running_services: Services
) -> None:
    await put(running_services, available_until=now() + timedelta(seconds=30))
    opened = (await client.post("/api/movies/the-film/stream-token")).json()
    assert 0 < opened["expiresIn"] <= 30


async def test_only_so_many_films_at_once(
    client: httpx.AsyncClient, running_services: Services
) -> None:
    await put(running_services)
    most = running_services.settings.max_streams_per_viewer
    sessions = [
        (await client.post("/api/movies/the-film/stream-token")).json() for _ in range(most)
    ]
    refused = await client.post("/api/movies/the-film/stream-token")
    assert (refused.status_code, refused.json()["code"]) == (429, "too-many-streams")
    left = await client.post(
        f"/api/viewing-sessions/{sessions[0]['sessionId']}/position",
        json={"positionS": 1, "ended": True},
    )
    assert left.status_code == 204
    assert (await client.post("/api/movies/the-film/stream-token")).status_code == 200


async def test_the_121st_request_of_a_viewer_is_refused_but_a_renewal_is_not(
    client: httpx.AsyncClient, running_services: Services
) -> None:
    await put(running_services)
    opened = (await client.post("/api/movies/the-film/stream-token")).json()
    statuses = [
        (await client.post("/api/movies/the-film/stream-token")).status_code for _ in range(125)
    ]
    assert statuses.count(429) >= 4
    refused = await client.post("/api/movies/the-film/stream-token")
    assert refused.json()["code"] == "rate-limited"
    assert int(refused.headers["retry-after"]) >= 1
    renewed = await client.post(
        "/api/movies/the-film/stream-token", json={"sessionId": opened["sessionId"]}
    )
    assert renewed.status_code == 200


async def test_where_a_viewer_left_is_where_they_go_on(
    client: httpx.AsyncClient, running_services: Services
) -> None:
    movie_id = await put(running_services, duration_s=100.0)
    opened = (await client.post("/api/movies/the-film/stream-token")).json()
    session = opened["sessionId"]
    await client.post(f"/api/viewing-sessions/{session}/position", json={"positionS": 42.5})
    assert (await client.post("/api/movies/the-film/stream-token")).json()["resumeAt"] == 42.5
    await running_services.sessions.flush()
    stored = await running_services.db.run(lambda s: s.get(ViewingSession, session[:32]))
    assert stored is not None
    assert (stored.movie_id, stored.position_s) == (movie_id, 42.5)
    # Seen to its end: the next time starts at the beginning.
    await client.post(f"/api/viewing-sessions/{session}/position", json={"positionS": 99})
    assert (await client.post("/api/movies/the-film/stream-token")).json()["resumeAt"] == 0


@pytest.mark.parametrize("body", [{"positionS": -1}, {"positionS": "x"}, {}, {"positionS": 1e12}])
async def test_a_bad_position_names_the_field(
    client: httpx.AsyncClient, body: dict[str, object]
) -> None:
    answer = await client.post("/api/viewing-sessions/x/position", json=body)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "positionS"


async def test_a_revoked_session_is_refused(
    client: httpx.AsyncClient, running_services: Services
) -> None:
    await put(running_services)
    opened = (await client.post("/api/movies/the-film/stream-token")).json()
    await running_services.sessions.revoke(opened["sessionId"])
    answer = await client.post(
        "/api/movies/the-film/stream-token", json={"sessionId": opened["sessionId"]}
    )
    assert (answer.status_code, answer.json()["code"]) == (403, "session-revoked")


async def test_a_position_of_another_viewer_is_left_alone(
    client: httpx.AsyncClient, running_services: Services
) -> None:
    await put(running_services, duration_s=100.0)
    opened = (await client.post("/api/movies/the-film/stream-token")).json()
    mine = dict(client.cookies)
    client.cookies.clear()
    await client.post("/api/movies/the-film/stream-token")
    await client.post(
        f"/api/viewing-sessions/{opened['sessionId']}/position", json={"positionS": 50}
    )
    client.cookies.clear()
    client.cookies.update(mine)
    assert (await client.post("/api/movies/the-film/stream-token")).json()["resumeAt"] == 0
