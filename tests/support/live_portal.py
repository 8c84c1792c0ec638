"""A whole portal in processes of its own, as `portal serve` starts it."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.support import secret_grep
from tests.support.people import PASSWORD
from tests.support.ports import free_port

ROOT = Path(__file__).resolve().parents[2]
_START_TIMEOUT_S = 120


@dataclass
class LivePortal:
    """A running portal."""

    port: int
    data_dir: Path
    process: subprocess.Popen[bytes]
    log_path: Path

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://localhost:{self.port}"

    def log(self) -> str:
        """All that it wrote so far."""
        return self.log_path.read_text(errors="replace")

    def client(self, **more: object) -> httpx.Client:
        """An HTTP client that keeps cookies."""
        return httpx.Client(base_url=self.url, timeout=20, **more)  # type: ignore[arg-type]


def environment(data_dir: Path, port: int, **more: str) -> dict[str, str]:
    """The environment of a portal's process: nothing of the caller's PORTAL_*."""
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(("PORTAL_", "REFLEX_"))}
    return {
        **inherited,
        "PYTHONPATH": str(ROOT),
        "PORTAL_DATA_DIR": str(data_dir),
        "PORTAL_PORT": str(port),
        "PORTAL_LOG_FORMAT": "json",
        **more,
    }


def portal_command(*arguments: str) -> list[str]:
    """How to call the command line."""
    return [sys.executable, "-m", "portal", *arguments]


def make_demo(
    data_dir: Path, *, titles: int, films: str = "", jobs: int = 2, **settings: str
) -> None:
    """Make a small demo in a data folder."""
    command = portal_command("demo", "--titles", str(titles), "--jobs", str(jobs))
    if films:
        command += ["--films", films]
    subprocess.run(command, env=environment(data_dir, 1, **settings), cwd=ROOT, check=True)


def make_account(data_dir: Path, email: str, role: str = "manager") -> None:
    """Somebody with `people.PASSWORD`, in a data folder that no portal runs on."""
    for arguments in (["migrate"], ["account", "create", email, "--role", role]):
        subprocess.run(
            portal_command(*arguments),
            env=environment(data_dir, 1),
            cwd=ROOT,
            input=f"{PASSWORD}\n".encode(),
            check=True,
            stdout=subprocess.DEVNULL,
        )


def personal_token(data_dir: Path, email: str, **settings: str) -> str:
    """A token for the HTTP API, of an account in a data folder."""
    done = subprocess.run(
        portal_command("account", "token", email),
        env=environment(data_dir, 1, **settings),
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout.strip()


@contextlib.contextmanager
def live_portal(data_dir: Path, **settings: str) -> Iterator[LivePortal]:
    """Run a portal while the block runs."""
    port = free_port()
    log_path = data_dir.parent / f"{data_dir.name}-{port}.log"
    secret_grep.WRITTEN.append(secret_grep.Log(log_path, data_dir))
    with log_path.open("wb") as log:
        process = subprocess.Popen(
            portal_command("serve"),
            env=environment(data_dir, port, **settings),
            cwd=ROOT,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    portal = LivePortal(port, data_dir, process, log_path)
    try:
        wait_until_ready(portal)
        yield portal
    finally:
        stop(portal)


def wait_until_ready(portal: LivePortal) -> None:
    """Wait for the readiness route."""
    deadline = time.monotonic() + _START_TIMEOUT_S
    while time.monotonic() < deadline:
        if portal.process.poll() is not None:
            message = f"the portal ended:\n{portal.log()}"
            raise RuntimeError(message)
        with contextlib.suppress(httpx.HTTPError):
            if httpx.get(f"{portal.url}/api/health/ready", timeout=2).status_code == 200:
                return
        time.sleep(0.1)
    message = f"the portal did not get ready:\n{portal.log()}"
    raise RuntimeError(message)


def stop(portal: LivePortal) -> None:
    """End it as Ctrl-C does."""
    if portal.process.poll() is None:
        portal.process.send_signal(signal.SIGINT)
        try:
            portal.process.wait(30)
        except subprocess.TimeoutExpired:
            portal.process.kill()
            portal.process.wait()


def settings_of(**values: str) -> Mapping[str, str]:
    """PORTAL_* variables from keyword arguments."""
    return {f"PORTAL_{name.upper()}": value for name, value in values.items()}
