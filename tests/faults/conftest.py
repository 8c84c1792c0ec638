"""Real servers that can be hurt: a portal with its own MariaDB and Redis, and films that play."""

from __future__ import annotations

import contextlib
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.support.live_portal import LivePortal, live_portal
from tests.support.mariadb import MariaDb, mariadb_server
from tests.support.ports import free_port


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """They need a built portal, and an event loop of their own: the browser tests have another."""
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker(pytest.mark.servers)


class OwnRedis:
    """A Redis on a port of its own that a test may kill, freeze and start again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.start()

    @property
    def url(self) -> str:
        """For PORTAL_REDIS_URL."""
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Start it, empty."""
        self.process = subprocess.Popen(
            [
                shutil.which("redis-server") or "redis-server", "--port", str(self.port),
                "--save", "", "--bind", "127.0.0.1", "--dir", str(self.folder),
                "--loglevel", "warning",
            ],
            stdout=subprocess.DEVNULL,
        )  # fmt: skip
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port)):
                return
            time.sleep(0.05)
        message = "redis-server did not start"
        raise RuntimeError(message)

    def kill(self) -> None:
        """End it without a word."""
        self.process.kill()
        self.process.wait()


@dataclass
class Site:
    """A portal with two workers, and the servers behind it."""

    portal: LivePortal
    redis: OwnRedis
    mariadb: MariaDb
    database: str
    slugs: list[str]
    settings: dict[str, str]

    def wait_until_ready(self, timeout_s: float = 30) -> float:
        """Wait for the readiness route; gives the seconds it took."""
        began = time.monotonic()
        while time.monotonic() - began < timeout_s:
            with contextlib.suppress(httpx.HTTPError):
                url = f"{self.portal.url}/api/health/ready"
                if httpx.get(url, timeout=3).status_code == 200:
                    return time.monotonic() - began
            time.sleep(0.1)
        message = f"the portal is not ready again:\n{self.portal.log()[-3000:]}"
        raise AssertionError(message)

    def hurt_database(self, how: str) -> None:
        """Kill it, freeze it, or let it refuse what would change something."""
        if how == "killed":
            self.mariadb.process.kill()
            self.mariadb.process.wait()
        elif how == "frozen":
            self.mariadb.process.send_signal(signal.SIGSTOP)
        else:
            self._set_read_only(on=True)

    def mend_database(self, how: str) -> None:
        """Undo `hurt_database`."""
        if how == "killed":
            self.mariadb.start()
        elif how == "frozen":
            self.mariadb.process.send_signal(signal.SIGCONT)
        else:
            self._set_read_only(on=False)

    def _set_read_only(self, *, on: bool) -> None:
        with self.mariadb.connect() as connection, connection.cursor() as cursor:
            cursor.execute(f"SET GLOBAL read_only={int(on)}")

    def open_film(self, slug: str) -> httpx.Response:
        """What a new viewer gets who presses play."""
        with httpx.Client(base_url=self.portal.url, timeout=15) as client:
            return client.post(f"/api/movies/{slug}/stream-token", json={})


@pytest.fixture(scope="session")
def site(
    tmp_path_factory: pytest.TempPathFactory, demo_data: Callable[..., Path]
) -> Iterator[Site]:
    """Two workers on MariaDB and Redis; tokens live 10 s."""
    folder = tmp_path_factory.mktemp("site")
    redis = OwnRedis(folder)
    try:
        with mariadb_server(folder) as mariadb:
            # As in production: a user of its own, whom a read-only server refuses.
            root_url = mariadb.new_database()
            database = root_url.rpartition("/")[2]
            with mariadb.connect() as connection, connection.cursor() as cursor:
                cursor.execute("CREATE USER portal@'127.0.0.1' IDENTIFIED BY 'quiet'")
                cursor.execute(f"GRANT ALL ON {database}.* TO portal@'127.0.0.1'")
            url = root_url.replace("root@", "portal:quiet@")
            settings = {
                "PORTAL_DATABASE_URL": url,
                "PORTAL_REDIS_URL": redis.url,
                "PORTAL_WORKERS": "2",
                "PORTAL_STREAM_TOKEN_TTL_S": "10",
                "PORTAL_VIEWER_REQUESTS_PER_MIN": "100000",
                "PORTAL_ADMIN_REQUESTS_PER_MIN": "100000",
            }
            data = demo_data("faults", **settings)
            with live_portal(data, **settings) as portal:
                connection = mariadb.connect(database=database)
                with connection, connection.cursor() as cursor:
                    cursor.execute(
                        "SELECT m.slug FROM movie m JOIN stream_source s ON s.movie_id = m.id"
                        " WHERE visibility = 'visible' AND available_from IS NULL"
                        " AND available_until IS NULL ORDER BY s.duration_s DESC, m.slug"
                    )
                    slugs = [row[0] for row in cursor.fetchall()]
                yield Site(portal, redis, mariadb, database, slugs, settings)
    finally:
        with contextlib.suppress(ProcessLookupError):
            redis.process.send_signal(signal.SIGCONT)
        redis.kill()
