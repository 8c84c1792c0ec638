"""A real nginx before a real portal, on private ports."""

from __future__ import annotations

import contextlib
import os
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

from portal.edge_config import render
from tests.support.live_portal import LivePortal, live_portal
from tests.support.ports import free_port

MAIN = """
daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log warn; worker_processes 2;
{user}
events {{ worker_connections 1024; }}
http {{
    types {{ text/html html; }} default_type application/octet-stream;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
    include {folder}/portal.conf;
}}
"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """They need a built portal, and an event loop of their own: the browser tests have another."""
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker(pytest.mark.servers)


def nginx_path() -> str:
    """Where nginx is."""
    path = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"])
    found = shutil.which("nginx", path=path)
    assert found, "nginx is missing: apt-get install nginx-light (make test does it)"
    return found


@dataclass
class Edge:
    """An nginx, the portal behind it, and what it logged."""

    port: int
    folder: Path
    portal: LivePortal

    @property
    def url(self) -> str:
        """Where viewers go."""
        return f"http://localhost:{self.port}"

    def log(self) -> str:
        """The access log and the error log."""
        return "".join((self.folder / name).read_text() for name in ("access.log", "error.log"))

    def client(self, **more: object) -> httpx.Client:
        """A viewer's connection."""
        return httpx.Client(base_url=self.url, timeout=20, **more)  # type: ignore[arg-type]


@contextlib.contextmanager
def edge_before(portal: LivePortal, folder: Path) -> Iterator[Edge]:
    """Run nginx before a portal while the block runs."""
    port = free_port()
    (folder / "cache").mkdir(parents=True)
    text = render(
        upstream=f"127.0.0.1:{portal.port}",
        listen=f"127.0.0.1:{port}",
        cache=str(folder / "cache"),
        cache_gb=1,
        slice_size="64k",
        log=str(folder / "access.log"),
    )
    (folder / "portal.conf").write_text(text)
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(MAIN.format(folder=folder, user=user))
    command = [nginx_path(), "-p", str(folder), "-c", str(folder / "nginx.conf")]
    checked = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr
    process = subprocess.Popen(command)
    try:
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                break
            time.sleep(0.05)
        yield Edge(port, folder, portal)
    finally:
        process.send_signal(signal.SIGQUIT)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@pytest.fixture(scope="module")
def edge(
    tmp_path_factory: pytest.TempPathFactory, demo_data: Callable[..., Path]
) -> Iterator[Edge]:
    """An edge before a portal that believes one proxy."""
    data = demo_data("edge")
    with (
        live_portal(
            data,
            PORTAL_TRUSTED_PROXY_HOPS="1",
            PORTAL_STREAM_TOKEN_TTL_S="20",
            PORTAL_WORKERS="2",
            PORTAL_ADMIN_REQUESTS_PER_MIN="1000",
        ) as portal,
        edge_before(portal, tmp_path_factory.mktemp("edge")) as found,
    ):
        yield found
