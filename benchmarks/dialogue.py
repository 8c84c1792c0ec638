"""`python -m benchmarks.dialogue [CUES] [TITLES]`: search as one types, in titles and in dialogue.

A hundred thousand titles with five million lines, on SQLite and on MariaDB; words as often as in a
language (Zipf's law). Each keystroke asks for films and for lines, as the pages do.
"""

from __future__ import annotations

import asyncio
import os
import random
import sys
import tempfile
import time
from itertools import accumulate
from pathlib import Path

from sqlalchemy import create_engine, text
from sqlmodel import Session

from benchmarks.many_titles import fill, vocabulary
from portal.embedded.migrations import upgrade
from portal.embedded.redis_server import private_redis
from portal.services.captions.dialogue import DialogueLine
from portal.services.clock import utc_now
from portal.services.container import Services, running
from portal.services.dialogue_search import open_lines
from portal.services.repositories import dialogue_lines
from portal.settings import Settings
from tests.support.mariadb import mariadb_server

CUES = 5_000_000
TITLES = 100_000
BATCH = 1_000
QUERIES = 60


def spoken(cues: int) -> tuple[list[str], list[float]]:
    """Words with how often they are said, added up."""
    words = vocabulary(40_000, random.Random(3))
    # The very first ranks of a language are its stop words, which nobody looks for.
    return words, list(accumulate(1 / (rank + 30) for rank in range(len(words))))


def fill_lines(catalog_url: str, folder: Path, cues: int) -> None:
    """Give each title's first track its share of the lines, all tracks counting as read."""
    random_ = random.Random(5)
    words, weights = spoken(cues)
    with create_engine(catalog_url).connect() as connection:
        rows = connection.execute(text("SELECT id, movie_id FROM caption_track")).fetchall()
    tracks = {movie_id: track_id for track_id, movie_id in rows}
    each = max(1, cues // len(tracks))
    stored = open_lines(folder / "search")

    def put(session: Session, some: list[tuple[str, str]]) -> None:
        for movie_id, track_id in some:
            said = (" ".join(random_.choices(words, cum_weights=weights, k=7)) for _ in range(each))
            told = [DialogueLine(at * 4.0, at * 4.0 + 3, line) for at, line in enumerate(said)]
            dialogue_lines.put(session, track_id, movie_id, 1, told)

    def rest(session: Session) -> None:
        known = set(tracks.values())
        for track_id, movie_id in rows:
            if track_id not in known:
                dialogue_lines.put(session, track_id, movie_id, 1, ())

    listed = list(tracks.items())
    for at in range(0, len(listed), BATCH):
        some = listed[at : at + BATCH]
        stored.run_sync(lambda session, some=some: put(session, some))  # type: ignore[misc]
    stored.run_sync(rest)
    stored.close()


def typed(random_: random.Random) -> list[str]:
    """What is in the field after each key, of one or two words as often said as they are."""
    words, weights = spoken(0)
    whole = " ".join(random_.choices(words, cum_weights=weights, k=random_.randint(1, 2)))
    return [whole[:end] for end in range(3, len(whole) + 1)]


async def measure(services: Services) -> None:
    """Ask for films and lines, key by key."""
    random_ = random.Random(11)
    films, lines, found = [], [], 0
    now = utc_now()
    index = (await services.catalog.snapshot()).as_of(now).index
    for _ in range(QUERIES):
        for each in typed(random_):
            began = time.perf_counter()
            index.page(index.search(each), "new", 0, 12)
            middle = time.perf_counter()
            hits = await services.dialogue.search(each, now)
            films.append((middle - began) * 1000)
            lines.append((time.perf_counter() - middle) * 1000)
            found += bool(hits)
    print(f"  {len(lines)} keystrokes, {found} with lines")
    for name, times in (("films", films), ("lines", lines)):
        times.sort()
        p50, p95, p99 = (times[int(len(times) * share)] for share in (0.5, 0.95, 0.99))
        print(f"  {name}: p50 {p50:.1f} ms, p95 {p95:.1f} ms, p99 {p99:.1f} ms")


async def run(url: str, redis: str, folder: Path) -> None:
    """Measure on one database."""
    async with running(Settings(database_url=url, redis_url=redis, data_dir=folder)) as services:
        began = time.monotonic()
        await services.catalog.snapshot()
        print(f"  catalog in memory after {time.monotonic() - began:.1f} s")
        await measure(services)


def main() -> None:
    """Fill both and measure."""
    cues = int(sys.argv[1]) if len(sys.argv) > 1 else CUES
    titles = int(sys.argv[2]) if len(sys.argv) > 2 else TITLES
    print(f"cores: {os.cpu_count()}, load: {os.getloadavg()[0]:.1f}")
    print(f"{titles:,} titles, {cues:,} lines")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with private_redis(folder / "r.sock", folder / "redis"):
            redis = f"unix://{folder / 'r.sock'}"
            for database in ("SQLite", "MariaDB"):
                if database == "SQLite":
                    _one(database, f"sqlite:///{folder / 'x.sqlite3'}", redis, folder, titles, cues)
                    continue
                with mariadb_server(folder) as server:
                    _one(database, server.new_database(), redis, folder, titles, cues)


def _one(name: str, url: str, redis: str, folder: Path, titles: int, cues: int) -> None:
    began = time.monotonic()
    upgrade(url)
    fill(url, titles)
    fill_lines(url, folder / name, cues)
    print(f"{name}: filled in {time.monotonic() - began:.0f} s")
    asyncio.run(run(url, redis, folder / name))


if __name__ == "__main__":
    main()
