"""Redis behind Sentinel: the master is killed while films play and pages are used."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from playwright.async_api import async_playwright, expect
from redis import Redis
from redis.exceptions import RedisError

from tests.e2e.conftest import CHROMIUM
from tests.support.film_viewer import FilmViewer
from tests.support.live_portal import LivePortal, live_portal
from tests.support.ports import free_port

MASTER = "films"
VIEWERS = 3


@dataclass
class Watched:
    """A master, a replica, and three Sentinels that watch them."""

    servers: dict[int, subprocess.Popen[bytes]]
    sentinels: list[int]

    @property
    def url(self) -> str:
        """For PORTAL_REDIS_URL."""
        hosts = ",".join(f"127.0.0.1:{port}" for port in self.sentinels)
        return f"redis+sentinel://:quiet@{hosts}/{MASTER}/1"

    def master(self) -> int:
        """Port of the master, as the Sentinels see it."""
        with Redis(port=self.sentinels[0], decode_responses=True) as client:
            return int(client.sentinel_get_master_addr_by_name(MASTER)[1])


@pytest.fixture(scope="module")
def watched_redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    """Sentinels that call a master dead after a second."""
    folder = tmp_path_factory.mktemp("sentinel")
    binary = shutil.which("redis-server") or "redis-server"
    master, replica = free_port(), free_port()
    common = "bind 127.0.0.1\nsave ''\nloglevel warning\n"
    login = "requirepass quiet\nmasterauth quiet\n"
    found = Watched({}, [])
    with contextlib.ExitStack() as stack:

        def start(name: str, port: int, text: str, *more: str) -> None:
            home = folder / name
            home.mkdir()
            file = home / "redis.conf"
            file.write_text(f"port {port}\ndir {home}\n{common}{text}")
            process = subprocess.Popen([binary, str(file), *more], stdout=subprocess.DEVNULL)
            stack.callback(process.wait)
            stack.callback(process.kill)
            if more:
                found.sentinels.append(port)
            else:
                found.servers[port] = process

        start("master", master, login)
        start("replica", replica, f"{login}replicaof 127.0.0.1 {master}\n")
        _until(lambda: _is_linked(replica), "the replica follows")
        watch = (
            f"sentinel monitor {MASTER} 127.0.0.1 {master} 2\n"
            f"sentinel auth-pass {MASTER} quiet\n"
            f"sentinel down-after-milliseconds {MASTER} 1000\n"
            f"sentinel failover-timeout {MASTER} 5000\n"
        )
        for number in range(3):
            start(f"sentinel-{number}", free_port(), watch, "--sentinel")
        _until(lambda: all(_knows_all(port) for port in found.sentinels), "the Sentinels agree")
        yield found


@pytest.fixture(scope="module")
def portal(watched_redis: Watched, demo_data: Callable[..., Path]) -> Iterator[LivePortal]:
    """A portal that keeps what is short-lived behind the Sentinels."""
    settings = {"PORTAL_REDIS_URL": watched_redis.url, "PORTAL_STREAM_TOKEN_TTL_S": "10"}
    data = demo_data("sentinel", **settings)
    with live_portal(data, **settings) as found:
        yield found


async def test_a_failover_is_not_noticed(portal: LivePortal, watched_redis: Watched) -> None:
    listed = portal.client().get("/api/movies?limit=3").json()["movies"]
    slugs = [film["slug"] for film in listed]
    films = [FilmViewer(portal.url, slug, speed=2) for slug in slugs[:VIEWERS]]
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = await browser.new_page()
        await page.goto(f"{portal.url}/browse")
        await expect(page.locator(".grid .card").first).to_be_visible()
        watching = [asyncio.create_task(film.watch(until_s=30)) for film in films]
        for film in films:
            await film.has_started.wait()

        former = watched_redis.master()
        began = time.monotonic()
        watched_redis.servers[former].kill()
        await asyncio.to_thread(_until, lambda: _starts(portal, slugs[0]), "a film starts again")
        away_s = time.monotonic() - began
        assert watched_redis.master() != former

        # The page's state lives in the same Redis: its events are answered through the relay.
        await page.get_by_label("Search films").fill(listed[0]["title"])
        await expect(page.locator(".grid a.card")).to_have_count(1, timeout=20_000)
        seen = await asyncio.gather(*watching)
        await browser.close()
    print(
        f"\nSentinel failover: {len(seen)} films, longest stall"
        f" {max(each.stalled_s for each in seen):.1f} s, new starts again after {away_s:.1f} s"
    )
    assert [each.lost for each in seen] == [[]] * VIEWERS


def _starts(portal: LivePortal, slug: str) -> bool:
    return portal.client().post(f"/api/movies/{slug}/stream-token", json={}).status_code == 200


def _is_linked(port: int) -> bool:
    with Redis(port=port, password="quiet", decode_responses=True) as client:
        return client.info("replication").get("master_link_status") == "up"


def _knows_all(port: int) -> bool:
    with Redis(port=port, decode_responses=True) as client:
        master = client.sentinel_master(MASTER)
        return master["num-other-sentinels"] == 2 and master["num-slaves"] == 1


def _until(is_so: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + 40
    while time.monotonic() < deadline:
        with contextlib.suppress(RedisError, httpx.HTTPError):
            if is_so():
                return
        time.sleep(0.1)
    message = f"waited in vain until {what}"
    raise AssertionError(message)
