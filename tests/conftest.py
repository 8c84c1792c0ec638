"""Fixtures with real servers. One Redis and one MariaDB a test process; a database a test."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest
from redis import Redis

from portal.embedded.migrations import upgrade
from portal.embedded.redis_server import private_redis
from portal.services.container import Services, running
from portal.services.flags import Flags, variable
from portal.settings import Settings
from tests.support import secret_grep
from tests.support.live_portal import make_demo
from tests.support.mariadb import MariaDb, mariadb_server

# Rendering takes minutes on a small machine: it is kept between runs beside the caches of tools.
DEMO_CACHE = Path(os.environ.get("PORTAL_TEST_DEMO", ".pytest_cache/portal-demo")).resolve()
DEMO_TITLES = 48


@pytest.fixture(scope="session", autouse=True)
def no_secret_in_any_log() -> Iterator[None]:
    """Reads all that portals wrote during the run, when it is over."""
    yield
    assert secret_grep.leaks_of(secret_grep.WRITTEN) == []


@pytest.fixture(scope="session")
def demo_data(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Makes data folders with a small demo catalog; the films are rendered once."""
    root = tmp_path_factory.mktemp("portal")

    def make(name: str, **settings: str) -> Path:
        folder = root / name
        folder.mkdir()
        DEMO_CACHE.mkdir(parents=True, exist_ok=True)
        (folder / "demo").symlink_to(DEMO_CACHE)
        make_demo(folder, titles=DEMO_TITLES, **settings)
        return folder

    return make


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """URL of a Redis of this test process."""
    folder = tmp_path_factory.mktemp("redis")
    socket = folder / "r.sock"
    with private_redis(socket, folder):
        yield f"unix://{socket}"


@pytest.fixture
def redis_url(redis_server: str) -> str:
    """URL of an empty Redis."""
    with Redis.from_url(redis_server) as client:
        client.flushall()
    return redis_server


@pytest.fixture(scope="session")
def mariadb(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MariaDb]:
    """A MariaDB of this test process."""
    with mariadb_server(tmp_path_factory.mktemp("mariadb")) as server:
        yield server


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite database to copy."""
    path = tmp_path_factory.mktemp("sqlite") / "template.sqlite3"
    upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """URL of an empty, migrated SQLite database."""
    path = tmp_path / "portal.sqlite3"
    shutil.copyfile(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture(params=["sqlite", pytest.param("mariadb", marks=pytest.mark.mariadb)])
def database_url(request: pytest.FixtureRequest) -> str:
    """URL of an empty, migrated database, on SQLite and on MariaDB."""
    if request.param == "sqlite":
        return str(request.getfixturevalue("sqlite_url"))
    server: MariaDb = request.getfixturevalue("mariadb")
    url = server.new_database()
    upgrade(url)
    return url


@pytest.fixture
def settings(database_url: str, redis_url: str, tmp_path: Path) -> Settings:
    """Settings for services on real servers."""
    return Settings(
        data_dir=tmp_path / "data",
        database_url=database_url,
        redis_url=redis_url,
        port=1,
    )


@pytest.fixture
async def running_services(settings: Settings) -> AsyncIterator[Services]:
    """All services, running, on an empty catalog."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    async with running(settings) as found:
        yield found


@pytest.fixture
def switch_off(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Switches a feature flag off for the test."""

    def turn(flag: str) -> None:
        monkeypatch.setenv(variable(flag), "off")
        Flags(None)

    yield turn
    monkeypatch.undo()
    Flags(None)
