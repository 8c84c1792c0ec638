"""Which route a request is counted and traced under: its pattern, never what somebody sent."""

from __future__ import annotations

import httpx
import pytest
from starlette.types import Receive, Scope, Send

from portal.api.application import in_front_of
from portal.api.measured import route_of
from portal.services.container import Services


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.mark.parametrize(
    ("method", "path", "route"),
    [
        ("GET", "/api/movies", "/api/movies"),
        ("GET", "/api/movies/some-film", "/api/movies/{movieId}"),
        ("POST", "/api/movies/some-film/stream-token", "/api/movies/{movieId}/stream-token"),
        ("GET", "/api/search?q=some", "/api/search"),
        ("PUT", "/api/my/list/some-film", "/api/my/list/{movieId}"),
        ("GET", "/api/health/ready", "/api/health/ready"),
        ("GET", "/hls/a.token/some-film/main.m3u8", "/hls/multivariant"),
        ("GET", "/hls/a.token/some-film/s/some.m4s", "/hls/segment"),
        ("GET", "/api/nothing/some-film", "/api/other"),
        ("GET", "/movie/some-film", "/movie/[movie_slug]"),
        ("GET", "/some-file.js", "file"),
    ],
)
async def test_a_request_is_known_by_its_pattern(
    running_services: Services, method: str, path: str, route: str
) -> None:
    del running_services

    async def no_pages(scope: Scope, receive: Receive, send: Send) -> None:
        del scope, receive
        await send({"type": "http.response.start", "status": 404, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    seen: list[str] = []
    portal = in_front_of(no_pages)

    async def outside(scope: Scope, receive: Receive, send: Send) -> None:
        # As a server and Reflex call it: the scope has a route already, the mount at "".
        mount = type("Mount", (), {"path": ""})()
        scope = {**scope, "route": mount, "state": {}}
        await portal(scope, receive, send)
        seen.append(route_of(scope))

    transport = httpx.ASGITransport(outside)
    async with httpx.AsyncClient(transport=transport, base_url="http://films.example") as client:
        await client.request(method, path)
    assert seen == [route]
