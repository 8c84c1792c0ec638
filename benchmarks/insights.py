"""`python -m benchmarks.insights`: what insights cost with a year of 5,000 viewers a day.

Each viewer plays one film a day out of 500, at the hours and on the days when people do. What their
players would have told is added up by the portal's own code and stored in SQLite and MariaDB; then
the queries of the pages are timed. `--into FOLDER` fills the database of a portal instead, with the
films that it has, to be looked at.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import statistics
import tempfile
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine, text
from sqlmodel import Session, col, select

from benchmarks.admin_table import fill as fill_catalog
from portal.embedded.migrations import upgrade
from portal.services.clock import utc_now
from portal.services.db_engine import make_engine
from portal.services.insights import FILMS, pages, read_all
from portal.services.insights.ranges import PRESETS, span_of
from portal.services.models import Movie
from portal.services.qoe.beats import Counters
from portal.services.qoe.reception import KEEP_HOURS_DAYS
from portal.services.qoe.rollups import News, Sums, day_of, hour_of, instant_of
from portal.services.repositories import qoe as rows
from tests.support.mariadb import mariadb_server

DAYS = 366
VIEWERS = 5000
TITLES = 500
ROUNDS = 15
BROWSERS = {
    "Chrome": 46,
    "Safari": 22,
    "Edge": 12,
    "Firefox": 11,
    "Samsung Internet": 6,
    "Other": 3,
}
HEIGHTS = {"360": 9, "540": 21, "720": 38, "1080": 32}
LANGUAGES = {"en": 55, "pt": 20, "de": 13, "fr": 12}
CAUSES = {
    "network": 52, "origin-failed": 18, "media": 12, "unavailable": 8, "session-revoked": 5,
    "unsupported": 3, "other": 2,
}  # fmt: skip
# How many of a day's plays begin in each hour, UTC.
BY_HOUR = [5, 3, 2, 1, 1, 1, 2, 3, 4, 5, 6, 7, 8, 8, 8, 9, 11, 14, 19, 24, 26, 22, 15, 9]
BY_WEEKDAY = [0.86, 0.84, 0.87, 0.93, 1.18, 1.3, 1.22]


class Audience:
    """Viewers by chance, the same ones each time."""

    def __init__(self, movies: list[str], seed: int = 5) -> None:
        self._chance = random.Random(seed)
        self._movies = movies
        # As catalogs go: a few films have most of the plays (Zipf).
        self._weights = [1 / (place + 3) ** 0.85 for place in range(len(movies))]

    def day(self, day: int, until: int, grains: str) -> tuple[Sums, int]:
        """What a day adds up to, and how many viewers it had."""
        sums, chance = Sums(), self._chance
        at = instant_of(day)
        growth = 0.8 + 0.4 * (at.timetuple().tm_yday / 365)
        count = round(VIEWERS * BY_WEEKDAY[at.weekday()] * growth * chance.uniform(0.93, 1.07))
        bad = chance.random() < 0.02  # a day on which an origin was slow
        hours = chance.choices(range(24), BY_HOUR, k=count)
        films = chance.choices(self._movies, self._weights, k=count)
        browsers = chance.choices(list(BROWSERS), list(BROWSERS.values()), k=count)
        for hour, film, browser in zip(hours, films, browsers, strict=True):
            if day + hour < until:
                news = self._session(bad=bad, browser=browser)
                sums.add(news, movie_id=film, browser=browser, hour=day + hour, grains=grains)
        for _ in range(chance.randrange(4, 18) * (6 if bad else 1)):
            limit = chance.choices(["viewer", "streams", "admin", "renewal"], [70, 20, 7, 3])[0]
            hour = chance.choices(range(24), BY_HOUR)[0]
            if day + hour < until:
                sums.count("throttle", limit, day + hour, grains=grains)
        return sums, count

    def _session(self, *, bad: bool, browser: str) -> News:
        chance = self._chance
        luck = chance.random()
        if luck < (0.02 if bad else 0.0035):
            cause = chance.choices(list(CAUSES), list(CAUSES.values()))[0]
            return News(Counters(attempts=1, start_failures=1), failure=cause)
        if luck < (0.05 if bad else 0.017):
            return News(Counters(attempts=1, early_exits=1))
        slow = 1.8 if bad else 1.15 if browser == "Safari" else 1.0
        start_ms = round(chance.lognormvariate(5.95, 0.52) * slow)
        seen = min(1.0, chance.betavariate(0.9, 0.55) + 0.02)
        play_ms = round(seen * chance.gauss(6_000_000, 700_000))
        stalls = int(chance.expovariate(0.6 if bad else 1.9))
        height = int(chance.choices(list(HEIGHTS), list(HEIGHTS.values()))[0])
        failed = chance.random() < 0.002
        captions = chance.random() < 0.31
        return News(
            Counters(
                attempts=1, starts=1, later_failures=int(failed), play_ms=play_ms,
                stall_ms=round(stalls * chance.lognormvariate(7.2, 0.7)), stalls=stalls,
                degraded_ms=round(play_ms * min(0.6, chance.expovariate(60))),
                switches=int(chance.expovariate(0.4)), errors=stalls // 2,
            ),
            height=height,
            new_tenths=(1 << max(1, round(seen * 10))) - 1,
            start_ms=start_ms,
            failure="network" if failed else "",
            captions_began=captions,
            caption_rendered=captions and chance.random() < 0.988,
            caption_language=chance.choices(list(LANGUAGES), list(LANGUAGES.values()))[0],
        )  # fmt: skip


def fill(engines: list[Engine], movies: list[str], now: datetime, days: int) -> int:
    """Store the sums of so many days; returns the number of plays."""
    audience, until, total = Audience(movies), hour_of(now), 0
    first = day_of(until) - (days - 1) * 24
    for day in range(first, until, 24):
        recent = day >= until - KEEP_HOURS_DAYS * 24
        sums, count = audience.day(day, until, "hd" if recent else "d")
        total += count
        for engine in engines:
            with Session(engine) as session, session.begin():
                rows.add_sums(session, sums)
    for engine in engines:
        while sum_up(engine, until):
            pass
    return total


def sum_up(engine: Engine, until: int) -> bool:
    """Add up a month that is over, as the portal does every quarter of an hour."""
    with Session(engine) as session, session.begin():
        return rows.sum_up_month(session, until) is not None


def report(name: str, engine: Engine, movies: list[str], now: datetime) -> None:
    """Time what a page reads, from the query to what is drawn."""
    with Session(engine) as session:
        counts = {
            table: session.connection().execute(text(f"SELECT count(*) FROM {table}")).scalar()  # noqa: S608
            for table in ("qoe_rollup", "qoe_tally")
        }
    print(f"{name}: {counts['qoe_rollup']:,} rows of sums, {counts['qoe_tally']:,} of tallies")
    for preset in PRESETS:
        for page, movie in (("all films", ""), ("one film", movies[0])):
            span = span_of(preset, "", "", now)
            times = []
            for _ in range(ROUNDS):
                began = time.perf_counter()
                with Session(engine) as session:
                    read = read_all(session, span, movie, films=FILMS)
                pages.build(read, title="", film=lambda each: (each, ""))
                times.append((time.perf_counter() - began) * 1000)
            times.sort()
            p95 = times[min(len(times) - 1, round(0.95 * len(times)))]
            print(
                f"  {preset:>4}, {page:<9}  p50 {statistics.median(times):6.0f} ms"
                f"  p95 {p95:6.0f} ms"
            )


@contextlib.contextmanager
def databases(folder: Path) -> Iterator[dict[str, Engine]]:
    """SQLite and MariaDB, migrated, with the same titles."""
    urls = {"SQLite": f"sqlite:///{folder / 'portal.sqlite3'}"}
    with mariadb_server(folder / "mariadb") as server:
        urls["MariaDB"] = server.new_database()
        for url in urls.values():
            upgrade(url)
        engines = {name: make_engine(url) for name, url in urls.items()}
        yield engines
        for engine in engines.values():
            engine.dispose()


def titles_of(engine: Engine) -> list[str]:
    """Films that viewers can watch."""
    with Session(engine) as session:
        statement = select(Movie.id).where(Movie.visibility == "visible")
        return list(session.exec(statement.order_by(col(Movie.featured).desc(), col(Movie.id))))


def main() -> None:
    """Fill and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--into", type=Path, help="data folder of a portal that does not run")
    parser.add_argument("--days", type=int, default=DAYS)
    given = parser.parse_args()
    now = utc_now().replace(minute=0) + timedelta(minutes=30)
    if given.into:
        url = f"sqlite:///{given.into / 'portal.sqlite3'}"
        upgrade(url)
        engine = make_engine(url)
        plays = fill([engine], titles_of(engine), now, given.days)
        print(f"{plays:,} plays in {given.days} days")
        return
    print(f"cores: {os.cpu_count()}, load: {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "mariadb").mkdir()
        with databases(folder) as engines:
            fill_catalog(folder, TITLES)
            movies = titles_of(engines["SQLite"])
            began = time.perf_counter()
            plays = fill(list(engines.values()), movies, now, given.days)
            print(f"{plays:,} plays in {given.days} days, in {time.perf_counter() - began:.0f} s")
            for database, engine in engines.items():
                report(database, engine, movies, now)


if __name__ == "__main__":
    main()
