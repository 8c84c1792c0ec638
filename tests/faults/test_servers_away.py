"""Servers are killed, frozen and read-only while films play: the films go on, starts are told."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Awaitable, Callable

import httpx
import psutil
import pytest
from redis import Redis

from tests.faults.conftest import Site
from tests.support.film_viewer import FilmViewer, Watched

SPEED = 2.0
VIEWERS = 4
# Two hundred on a machine that does nothing else: see docs/operations.md.
ROLLING_VIEWERS = int(os.environ.get("PORTAL_TEST_ROLLING_VIEWERS", "40"))


async def play_through(
    site: Site,
    hurt: Callable[[], Awaitable[None]],
    viewers: int = VIEWERS,
    speed: float = SPEED,
) -> list[Watched]:
    """Start films, hurt something while they play, and watch them to their end."""
    films = [
        FilmViewer(site.portal.url, site.slugs[number % len(site.slugs)], speed=speed)
        for number in range(viewers)
    ]
    watching = [asyncio.create_task(film.watch()) for film in films]
    for film in films:
        await film.has_started.wait()
    await hurt()
    return list(await asyncio.gather(*watching))


def report(name: str, seen: list[Watched], recovered_s: float) -> None:
    """A line of the table in docs/operations.md."""
    failed = sum(len(each.failures) for each in seen)
    asked = sum(each.requests for each in seen)
    again = sum(each.reconnects for each in seen)
    stalled = max(each.stalled_s for each in seen)
    print(
        f"\n{name}: {sum(each.ended for each in seen)} of {len(seen)} films to their end,"
        f" {failed} of {asked} requests failed at first ({again} sent again on a new connection),"
        f" longest stall {stalled:.1f} s,"
        f" ready again after {recovered_s:.1f} s"
    )


def is_told(answer: httpx.Response) -> bool:
    """Whether a refusal says what to do, without a word of our insides."""
    problem = answer.json()
    inside = ("redis", "mysql", "maria", "sql", "127.0.0.1", "traceback")
    return (
        answer.status_code == 503
        and int(answer.headers["retry-after"]) > 0
        and len(problem["detail"]) > 20
        and not any(word in answer.text.lower() for word in inside)
    )


@pytest.mark.parametrize("how", ["killed", "frozen", "flushed"])
async def test_redis(site: Site, how: str) -> None:
    recovered_s = 0.0

    async def hurt() -> None:
        nonlocal recovered_s
        if how == "flushed":
            with _redis_client(site) as client:
                client.flushall()
            return
        if how == "killed":
            site.redis.kill()
        else:
            site.redis.process.send_signal(signal.SIGSTOP)
        await asyncio.sleep(4)
        refused = await asyncio.to_thread(site.open_film, site.slugs[0])
        assert is_told(refused), refused.text
        assert await asyncio.to_thread(_sign_in, site) == 503  # attempts cannot be counted
        await asyncio.sleep(4)
        if how == "killed":
            site.redis.start()
        else:
            site.redis.process.send_signal(signal.SIGCONT)
        recovered_s = await asyncio.to_thread(site.wait_until_ready)

    seen = await play_through(site, hurt)
    report(f"Redis {how}", seen, recovered_s)
    assert [each.lost for each in seen] == [[]] * VIEWERS
    assert all(each.ended for each in seen)
    site.wait_until_ready()
    assert site.open_film(site.slugs[0]).status_code == 200


@pytest.mark.parametrize("how", ["killed", "frozen", "read-only"])
async def test_the_database(site: Site, how: str) -> None:
    recovered_s = 0.0
    before = _stored_sessions(site)

    async def hurt() -> None:
        nonlocal recovered_s
        site.hurt_database(how)
        await asyncio.sleep(8)
        # Films that were played before start from what is remembered.
        opened = await asyncio.to_thread(site.open_film, site.slugs[0])
        assert opened.status_code == 200
        site.mend_database(how)
        recovered_s = await asyncio.to_thread(site.wait_until_ready)

    seen = await play_through(site, hurt)
    report(f"database {how}", seen, recovered_s)
    assert [each.lost for each in seen] == [[]] * VIEWERS
    assert all(each.ended for each in seen)
    # What was watched meanwhile is written when the database is back.
    await asyncio.to_thread(_wait_until_stored, site, before + VIEWERS)


async def test_a_killed_worker(site: Site) -> None:
    recovered_s = 0.0

    async def hurt() -> None:
        nonlocal recovered_s
        _workers(site)[0].kill()
        recovered_s = await asyncio.to_thread(site.wait_until_ready)

    seen = await play_through(site, hurt)
    report("worker killed", seen, recovered_s)
    assert [each.lost for each in seen] == [[]] * VIEWERS
    assert all(each.ended for each in seen)


async def test_a_rolling_restart_is_not_noticed(site: Site) -> None:
    old = {worker.pid for worker in _workers(site)}

    async def hurt() -> None:
        site.portal.process.send_signal(signal.SIGHUP)

    # At their own speed: both workers are replaced while the films play.
    seen = await play_through(site, hurt, ROLLING_VIEWERS, speed=1.0)
    report("rolling restart", seen, await asyncio.to_thread(site.wait_until_ready))
    assert [each.failures for each in seen] == [[]] * ROLLING_VIEWERS
    assert all(each.ended for each in seen)
    assert old.isdisjoint(worker.pid for worker in _workers(site))


def _redis_client(site: Site) -> Redis:
    return Redis.from_url(site.redis.url)


def _sign_in(site: Site) -> int:
    with httpx.Client(base_url=site.portal.url, timeout=15) as client:
        form = {"email": "owner@demo.example", "password": "a guess of somebody"}
        own = {"Sec-Fetch-Site": "same-origin"}
        return client.post("/admin/login", data=form, headers=own).status_code


def _workers(site: Site) -> list[psutil.Process]:
    return psutil.Process(site.portal.process.pid).children()


def _wait_until_stored(site: Site, sessions: int) -> None:
    deadline = time.monotonic() + 15
    while _stored_sessions(site) < sessions:
        assert time.monotonic() < deadline, "what was watched meanwhile was not written"
        time.sleep(0.2)


def _stored_sessions(site: Site) -> int:
    with site.mariadb.connect(database=site.database) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM viewing_session")
        return int(cursor.fetchone()[0])
