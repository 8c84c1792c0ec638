"""Redis away, frozen and flushed; the database away; the origin slow: what viewers get."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import psutil
import pytest
from redis import Redis

from portal.embedded.redis_server import private_redis
from portal.services.actors import Role
from portal.services.container import Services, running
from portal.services.db import Database
from portal.settings import Settings
from tests.support.api_people import bearer, put_people
from tests.support.api_server import api_server
from tests.support.catalog import add_movie
from tests.support.origin import Origin, http_origin

MULTIVARIANT = "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=800000\nlow.m3u8\n"
MEDIA = "#EXTM3U\n#EXT-X-TARGETDURATION:6\n#EXTINF:6,\nseg.m4s\n#EXT-X-ENDLIST\n"


class OwnRedis:
    """A Redis that a test may hurt."""

    def __init__(self, folder: Path) -> None:
        self.socket, self.folder = folder / "r.sock", folder
        self._stack = contextlib.ExitStack()

    @property
    def url(self) -> str:
        return f"unix://{self.socket}"

    def start(self) -> None:
        self._stack.enter_context(private_redis(self.socket, self.folder))

    def stop(self) -> None:
        self._stack.close()

    def pid(self) -> int:
        with Redis(unix_socket_path=str(self.socket)) as client:
            return int(client.info("server")["process_id"])  # type: ignore[index]


@pytest.fixture
def own_redis(tmp_path: Path) -> Iterator[OwnRedis]:
    found = OwnRedis(tmp_path / "redis")
    found.folder.mkdir()
    found.start()
    yield found
    found.stop()


@pytest.fixture
def origin() -> Iterator[Origin]:
    with http_origin() as found:
        found.put("/main.m3u8", MULTIVARIANT)
        found.put("/low.m3u8", MEDIA)
        found.put("/seg.m4s", b"segment" * 1000)
        yield found


@pytest.fixture
async def services(
    sqlite_url: str, own_redis: OwnRedis, tmp_path: Path, origin: Origin
) -> AsyncIterator[Services]:
    settings = Settings(
        data_dir=tmp_path / "data",
        database_url=sqlite_url,
        redis_url=own_redis.url,
        port=1,
        origin_allowed_hosts=origin.host,
    )
    settings.data_dir.mkdir()
    async with running(settings) as found:
        await found.db.run(lambda s: add_movie(s, found.box, source_url=origin.url("/main.m3u8")))
        await found.catalog.announce_change()
        yield found


@pytest.fixture
async def client(services: Services) -> AsyncIterator[httpx.AsyncClient]:
    async with api_server() as found:
        yield found


async def start(client: httpx.AsyncClient, session: str = "") -> httpx.Response:
    body = {"sessionId": session} if session else {}
    return await client.post("/api/movies/the-film/stream-token", json=body)


async def test_films_that_run_go_on_without_redis_and_new_ones_wait(
    client: httpx.AsyncClient, services: Services, own_redis: OwnRedis
) -> None:
    opened = (await start(client)).json()
    own_redis.stop()
    assert (await client.get(opened["url"])).status_code == 200
    renewed = await start(client, opened["sessionId"])
    assert renewed.status_code == 200
    assert (await client.get(renewed.json()["url"])).status_code == 200
    refused = await start(client)
    assert (refused.status_code, refused.json()["code"]) == (503, "unavailable")
    assert "retry-after" in refused.headers
    assert (await client.get("/api/health/ready")).json()["redis"] is False
    assert (await client.get("/api/health/live")).status_code == 200
    # A session id that we did not make does not profit from the trouble.
    forged = await start(client, "0" * 56)
    assert forged.status_code == 503
    own_redis.start()
    assert (await start(client)).status_code == 200
    assert (await client.get("/api/health/ready")).status_code == 200


async def test_a_frozen_redis_holds_nobody_up_for_long(
    client: httpx.AsyncClient, services: Services, own_redis: OwnRedis
) -> None:
    opened = (await start(client)).json()
    frozen = psutil.Process(own_redis.pid())
    os.kill(frozen.pid, signal.SIGSTOP)
    try:
        assert (await start(client, opened["sessionId"])).status_code == 200
        assert (await start(client)).status_code == 503
        assert (await client.get(opened["url"])).status_code == 200
    finally:
        os.kill(frozen.pid, signal.SIGCONT)
    assert (await start(client)).status_code == 200


async def test_a_flushed_redis_does_not_end_a_film(
    client: httpx.AsyncClient, services: Services, own_redis: OwnRedis
) -> None:
    opened = (await start(client)).json()
    with Redis(unix_socket_path=str(own_redis.socket)) as redis:
        redis.flushall()
    again = await start(client, opened["sessionId"])
    assert again.status_code == 200
    assert again.json()["sessionId"] == opened["sessionId"]


async def test_films_start_and_run_without_the_database(
    client: httpx.AsyncClient, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = (await start(client)).json()
    assert (await client.get(opened["url"])).status_code == 200
    gone = Database("mysql+pymysql://nobody@127.0.0.1:1/nothing", threads=1)
    monkeypatch.setattr(services.db, "engine", gone.engine)
    assert (await start(client)).status_code == 200
    assert (await client.get(opened["url"])).status_code == 200
    assert (await client.get("/api/health/ready")).json()["database"] is False
    gone.close()


async def test_the_catalog_is_listed_without_redis_and_database_and_changes_wait(
    client: httpx.AsyncClient, services: Services, own_redis: OwnRedis
) -> None:
    await put_people(services)
    manager = bearer(Role.MANAGER)
    assert (await client.get("/api/movies", headers=manager)).status_code == 200
    frozen = psutil.Process(own_redis.pid())
    os.kill(frozen.pid, signal.SIGSTOP)
    try:
        for query in ("", "?genre=drama"):  # one that is kept and one that is made
            listed = await client.get(f"/api/movies{query}")
            assert [movie["slug"] for movie in listed.json()["movies"]] == ["the-film"]
            assert "ratelimit" not in listed.headers
        assert (await client.get("/api/movies/the-film")).status_code == 200
        # Who may change the catalog is counted, or waits.
        refused = await client.patch(
            "/api/movies/the-film",
            json={"year": 1999},
            headers=manager | {"If-Match": "*"},
            timeout=30,
        )
        assert (refused.status_code, refused.json()["code"]) == (503, "unavailable")
        assert int(refused.headers["retry-after"]) > 0
    finally:
        os.kill(frozen.pid, signal.SIGCONT)
    services.db.engine.dispose()
    broken = Database("sqlite:////nowhere/at/all.sqlite3")
    services.db.engine, engine = broken.engine, services.db.engine
    try:
        assert (await client.get("/api/movies")).status_code == 200
        away = await client.post("/api/movies", json={"title": "x"}, headers=manager)
        assert (away.status_code, away.json()["code"]) == (503, "unavailable")
    finally:
        services.db.engine = engine
        broken.close()
