"""Managers write while the database is hurt: what was acknowledged is there, nothing half done."""

from __future__ import annotations

import asyncio
import json
import subprocess
from collections import Counter
from dataclasses import dataclass, field

import httpx
import pytest

from tests.faults.conftest import Site
from tests.support.live_portal import ROOT, environment, personal_token, portal_command


@dataclass
class Written:
    """What a manager's program was told of its writes; each puts a number into the synopsis."""

    acknowledged: list[int] = field(default_factory=list)
    refused: Counter[int] = field(default_factory=Counter)
    unknown: list[int] = field(default_factory=list)


@pytest.mark.parametrize("how", ["killed", "frozen", "read-only"])
async def test_no_write_is_lost_or_half_done(site: Site, how: str) -> None:
    slug = site.slugs[1]
    token = personal_token(site.portal.data_dir, "owner@demo.example", **site.settings)
    # The tests' MariaDB may forget the last second when it is killed; a real one must not.
    _execute(site, "SET GLOBAL innodb_flush_log_at_trx_commit = 1")
    first_event = _execute(site, "SELECT coalesce(max(seq), 0) FROM audit_event")[0][0]
    written = Written()
    ended = asyncio.Event()
    writing = asyncio.create_task(_keep_writing(site, slug, token, written, ended))
    await _acknowledged(written, 10)

    site.hurt_database(how)
    await asyncio.sleep(12 if how == "frozen" else 4)  # longer than the deadline of a write
    before = len(written.acknowledged)
    await asyncio.to_thread(site.mend_database, how)
    await asyncio.to_thread(site.wait_until_ready)
    await _acknowledged(written, before + 10)
    ended.set()
    await writing

    told = _execute(
        site,
        "SELECT action, after_state FROM audit_event"
        f" WHERE seq > {first_event} AND entity = 'movie' ORDER BY seq",
    )
    stored = [int(json.loads(after)["synopsis"].rsplit(" ", 1)[1]) for _, after in told]
    print(
        f"\ndatabase {how}: {len(written.acknowledged)} writes acknowledged,"
        f" {sum(written.refused.values())} refused ({dict(written.refused)}),"
        f" {len(written.unknown)} not known, {len(stored)} stored"
    )
    assert written.refused, "nothing was hurt"
    assert set(written.refused) <= {503, 412}
    # Each acknowledged write is stored once, with its event; the others wholly or not at all.
    assert len(set(stored)) == len(stored)
    assert set(written.acknowledged) <= set(stored)
    assert set(stored) - set(written.acknowledged) <= set(written.unknown)
    last = _execute(site, f"SELECT synopsis FROM movie WHERE slug = '{slug}'")[0][0]
    assert last == f"Edition {stored[-1]}"
    assert "whole" in _portal(site, "audit", "verify").lower()


async def _keep_writing(
    site: Site, slug: str, token: str, written: Written, ended: asyncio.Event
) -> None:
    """Change a film again and again, as a program that reads before it writes."""
    headers = {"Authorization": f"Bearer {token}"}
    path = f"/api/movies/{slug}"
    number = 0
    async with httpx.AsyncClient(base_url=site.portal.url, timeout=15, headers=headers) as client:
        while not ended.is_set():
            try:
                etag = (await client.get(path)).headers.get("etag", "")
            except httpx.HTTPError:
                continue
            number += 1
            body = {"synopsis": f"Edition {number}"}
            try:
                answer = await client.patch(path, json=body, headers={"If-Match": etag})
            except httpx.HTTPError:
                written.unknown.append(number)
                continue
            if answer.status_code == 200:
                written.acknowledged.append(number)
            else:
                written.refused[answer.status_code] += 1
                # "It may have been done": only where the portal cannot know, and it says so.
                written.unknown.append(number)
                await asyncio.sleep(0.1)


def _portal(site: Site, *arguments: str) -> str:
    """What a command of the portal prints."""
    done = subprocess.run(
        portal_command(*arguments),
        env=environment(site.portal.data_dir, site.portal.port, **site.settings),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout + done.stderr


def _execute(site: Site, statement: str) -> list[tuple]:  # type: ignore[type-arg]
    with (
        site.mariadb.connect(database=site.database) as connection,
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
        return list(cursor.fetchall())


async def _acknowledged(written: Written, count: int) -> None:
    async with asyncio.timeout(60):
        while len(written.acknowledged) < count:  # noqa: ASYNC110  filled by another task
            await asyncio.sleep(0.05)
