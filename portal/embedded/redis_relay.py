"""A Unix socket that always leads to the master that Redis Sentinel names.

Reflex keeps its state in a Redis that it reaches by a plain address. Behind Sentinel there is none
that stays, so `portal serve` runs this relay as a process of its own: a connection to its socket is
passed on, byte for byte, to whoever is the master at that moment, and is closed when another one
becomes it. The portal's own client asks the Sentinels itself (`services/redis_client.py`).

    python -m portal.embedded.redis_relay SOCKET      (reads PORTAL_REDIS_URL, as the portal does)
"""

from __future__ import annotations

import asyncio
import contextlib
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from redis.exceptions import RedisError

from portal.embedded.redis_server import RedisNotStarted, die_with_parent
from portal.services.redis_sentinel import SentinelAddress, parse_sentinel_url
from portal.settings import load_settings

_LOOK_EVERY_S = 1.0
_CONNECT_TIMEOUT_S = 0.5
_CHUNK = 64 * 1024
_START_TIMEOUT_S = 10.0


class MasterRelay:
    """Passes connections on to the master."""

    def __init__(self, address: SentinelAddress) -> None:
        """Args: the Sentinels, and the master's name."""
        self._address = address
        self._sentinel = address.sentinel()
        self._tls = ssl.create_default_context() if address.tls else None
        self._open: dict[asyncio.Task[None], tuple[str, int]] = {}

    async def run(self, path: str) -> None:
        """Listen until cancelled, and look each second who the master is."""
        server = await asyncio.start_unix_server(self._accepted, path, backlog=1024)
        Path(path).chmod(0o600)
        async with server:
            while True:
                await asyncio.sleep(_LOOK_EVERY_S)
                with contextlib.suppress(RedisError, OSError):
                    self._close_all_but(await self._master())

    async def _master(self) -> tuple[str, int]:
        found: tuple[str, int] = await self._sentinel.discover_master(self._address.master)
        return found

    def _close_all_but(self, master: tuple[str, int]) -> None:
        # A former master still answers reads, with what is no longer true.
        for task, to in self._open.items():
            if to != master:
                task.cancel()

    async def _accepted(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            host, port = master = await self._master()
            async with asyncio.timeout(_CONNECT_TIMEOUT_S):
                there, back = await asyncio.open_connection(host, port, ssl=self._tls)
        except (RedisError, OSError, TimeoutError):
            writer.close()
            return
        task = asyncio.ensure_future(_both(reader, back, there, writer))
        self._open[task] = master
        task.add_done_callback(lambda done: self._open.pop(done, None))
        with contextlib.suppress(asyncio.CancelledError):
            await task
        writer.close()
        back.close()


async def _both(
    reader: asyncio.StreamReader,
    back: asyncio.StreamWriter,
    there: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
) -> None:
    """Pass bytes on in both directions until one of them ends."""
    ways = [asyncio.ensure_future(_pass(reader, back)), asyncio.ensure_future(_pass(there, writer))]
    try:
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for way in ways:
            way.cancel()


async def _pass(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while chunk := await source.read(_CHUNK):
            sink.write(chunk)
            await sink.drain()


@contextlib.contextmanager
def relayed(url: str, socket: Path) -> Iterator[str]:
    """Run the relay while the block runs; gives the URL that leads through it.

    Raises:
        RedisNotStarted: It did not begin to listen.
    """
    address = parse_sentinel_url(url)
    socket.parent.mkdir(parents=True, exist_ok=True)
    socket.unlink(missing_ok=True)
    process = subprocess.Popen(  # noqa: S603  our own arguments
        [sys.executable, "-m", "portal.embedded.redis_relay", str(socket)],
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=die_with_parent if sys.platform == "linux" else None,  # noqa: PLW1509  no threads yet
    )
    try:
        deadline = time.monotonic() + _START_TIMEOUT_S
        while not socket.exists():
            if process.poll() is not None or time.monotonic() > deadline:
                message = "The relay to Redis behind Sentinel did not start."
                raise RedisNotStarted(message)
            time.sleep(0.02)
        yield address.by_socket(str(socket))
    finally:
        process.terminate()
        process.wait()
        socket.unlink(missing_ok=True)


def main() -> None:
    """Run the relay until told to stop."""
    address = parse_sentinel_url(load_settings().effective_redis_url())
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(MasterRelay(address).run(sys.argv[1]))


if __name__ == "__main__":
    main()
