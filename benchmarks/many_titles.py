"""`python -m benchmarks.many_titles`: what viewers wait for, with 500 titles and with 100,000.

Two workers on loopback; one viewer asks for the home page, filtered catalogs and searches, as HTML
and over the page's socket, each time with other words; then a manager changes a title, and the time
is taken until every worker shows it.
"""

from __future__ import annotations

import json
import os
import random
import statistics
import sys
import tempfile
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Any

import httpx
import websocket

from benchmarks.titles import put_titles
from tests.load.build import HASHES, HYDRATE, HYDRATED, ON_LOAD, SCHEMA
from tests.support.live_portal import live_portal, make_account, personal_token

EMAIL = "ana@films.example"
TITLES = 100_000
FEW = 500
ROUNDS = 150
CHANGES = 12
GENRES = ["Drama", "Comedy", "Documentary", "Thriller", "Music", "Animation", "Family", "History"]
LANGUAGES = [("en", "English"), ("pt", "Português"), ("ar", "العربية"), ("de", "Deutsch")]
_SYLLABLES = (
    *("ka", "ri", "mo", "ten", "al", "bo", "ver", "lis", "ha", "ner"),
    *("quo", "sta", "fen", "dra", "mi", "lo", "pe", "ur", "so", "gan"),
)


def vocabulary(size: int, random_: random.Random) -> list[str]:
    """Invented words."""
    return ["".join(random_.choices(_SYLLABLES, k=random_.randint(2, 4))) for _ in range(size)]


def fill(url: str, titles: int) -> list[str]:
    """Put live titles into a migrated database; gives words that occur."""
    random_ = random.Random(7)
    words = vocabulary(30_000, random_)
    people = [" ".join(random_.choices(words, k=2)).title() for _ in range(20_000)]
    now = datetime.now(UTC)

    def facts(number: int) -> dict[str, Any]:
        title = f"{' '.join(random_.choices(words, k=2)).title()} {number}"
        # One in fifty leaves some day of the year.
        leaves = now + timedelta(hours=random_.randint(24, 8760))
        return {
            "title": title,
            "synopsis": " ".join(random_.choices(words, k=25)),
            "year": random_.randint(1930, 2026),
            "runtime_s": random_.randint(900, 9000),
            "genres": random_.sample(GENRES, random_.randint(1, 2)),
            "director": random_.choice(people),
            "cast": random_.sample(people, 3),
            "featured": number < 5,
            "available_until": None if number % 50 else leaves,
        }

    put_titles(url, titles, facts, lambda _number: random_.sample(LANGUAGES, 2))
    return words


class PageSocket:
    """A page's socket that waits for each answer."""

    def __init__(self, url: str) -> None:
        self._socket = websocket.create_connection(
            f"{url.replace('http', 'ws', 1)}/_event/?token={uuid.uuid4()}"
            "&EIO=4&transport=websocket",
            subprotocols=[version("reflex")],
            origin=url,
            timeout=30,
        )
        self._socket.recv()
        event = {"name": HYDRATE, "payload": {"hashes": HASHES}, "router_data": _router("/", {})}
        self._socket.send("40/_event," + json.dumps({"event": event, "state_schema": SCHEMA}))
        self._wait()

    def go(self, path: str, query: dict[str, str]) -> None:
        """Navigate, and wait for the page's data."""
        event = {"name": ON_LOAD, "payload": {}, "router_data": _router(path, query)}
        self._socket.send("42/_event," + json.dumps(["event", event]))
        self._wait()

    def _wait(self) -> None:
        while HYDRATED not in (text := str(self._socket.recv())):
            if text == "2":
                self._socket.send("3")


def _router(path: str, query: dict[str, str]) -> dict[str, object]:
    return {"pathname": path, "asPath": str(httpx.URL(path, params=query)), "query": query}


def timed(ask: Callable[[], object]) -> list[float]:
    """Milliseconds of each of many."""
    times = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        ask()
        times.append((time.perf_counter() - began) * 1000)
    return times


def measure(titles: int) -> dict[str, float]:
    """Serve so many titles; gives the p95 of each kind of request in ms."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        data.mkdir()
        make_account(data, EMAIL)
        words = fill(f"sqlite:///{data / 'portal.sqlite3'}", titles)
        settings = {
            "PORTAL_ENVIRONMENT": "development",
            "PORTAL_WORKERS": "2",
            "PORTAL_VIEWER_REQUESTS_PER_MIN": "10000000",
            "PORTAL_ADMIN_REQUESTS_PER_MIN": "10000000",
            "PORTAL_LOG_LEVEL": "warning",
        }
        began = time.monotonic()
        with live_portal(data, **settings) as portal, portal.client() as client:
            print(f"\n{titles:,} titles: ready after {time.monotonic() - began:.1f} s")
            socket, random_ = PageSocket(portal.url), random.Random(1)

            def filters() -> dict[str, str]:
                return {
                    "genre": random_.choice(GENRES),
                    "sort": random_.choice(["new", "title", "year", "short"]),
                }

            def words_typed() -> dict[str, str]:
                word = random_.choice(words)
                return {"q": word[: random_.randint(2, len(word))]}

            long_words = [each for each in words if len(each) > 6]

            def slip() -> dict[str, str]:
                word = random_.choice(long_words)
                return {"q": word[:3] + word[4:]}

            kinds: dict[str, Callable[[], object]] = {
                "GET / (HTML)": lambda: client.get("/"),
                "GET /browse, filtered": lambda: client.get("/browse", params=filters()),
                "GET /browse, searched": lambda: client.get("/browse", params=words_typed()),
                "event: home": lambda: socket.go("/", {}),
                "event: browse, filtered": lambda: socket.go("/browse", filters()),
                "event: search, a keystroke": lambda: socket.go("/browse", words_typed()),
                "event: search, a slip": lambda: socket.go("/browse", slip()),
                "event: movie": lambda: socket.go(
                    f"/movie/film-{(n := random_.randrange(titles))}", {"movie_slug": f"film-{n}"}
                ),
            }
            p95 = {}
            for name, ask in kinds.items():
                ask()
                times = sorted(timed(ask))
                p95[name] = times[int(len(times) * 0.95)]
                print(f"{name:30} p50 {statistics.median(times):6.1f} ms   p95 {p95[name]:6.1f} ms")
            seen = published(portal.url, personal_token(data, EMAIL, **settings))
            print(f"{'changed until every worker shows':30} median {statistics.median(seen):.2f} s,"
                  f" longest {max(seen):.2f} s")  # fmt: skip
            return p95


def published(url: str, token: str) -> list[float]:
    """Seconds from the answer to a change until twenty new connections in a row show it."""
    seen = []
    with httpx.Client(base_url=url, headers={"Authorization": f"Bearer {token}"}) as manager:
        for number in range(CHANGES):
            path = f"/api/movies/film-{number}"
            etag = manager.get(path).headers["etag"]
            tagline = f"Changed {uuid.uuid4()}"
            done = manager.patch(path, json={"tagline": tagline}, headers={"If-Match": etag})
            done.raise_for_status()
            began, in_a_row = time.monotonic(), 0
            while in_a_row < 20:
                fresh = httpx.get(f"{url}{path}").json()["tagline"] == tagline
                if not fresh:
                    in_a_row = 0
                    continue
                if in_a_row == 0:
                    first = time.monotonic()
                in_a_row += 1
            seen.append(first - began)
    return seen


def main() -> None:
    """Measure few and many, and print the ratios."""
    titles = int(sys.argv[1]) if len(sys.argv) > 1 else TITLES
    print(f"cores: {os.cpu_count()}, load: {os.getloadavg()[0]:.1f}, {ROUNDS} of each kind")
    few, many = measure(FEW), measure(titles)
    print(f"\np95 with {titles:,} titles against {FEW}:")
    for name, ms in many.items():
        print(f"{name:30} {ms / few[name]:.2f}")


if __name__ == "__main__":
    main()
