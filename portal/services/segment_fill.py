"""A segment on its way from the origin to the disk, read by many viewers while it grows.

The origin is read at its own speed by a task of its own: a viewer who reads slowly, or leaves,
holds up nobody. When the last reader leaves, the task ends too.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import tempfile
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path

import structlog

from portal.services.errors import OriginFailed
from portal.services.origin_fetcher import OriginResponse

log = structlog.get_logger(__name__)

PART = ".part-"
"""How names of files begin that are not complete."""
_PIECE_BYTES = 64 * 1024
# Only while the disk is full; segments are a few MiB.
_MOST_IN_MEMORY = 32 * 1024 * 1024


Source = Callable[[], AbstractAsyncContextManager[OriginResponse]]


@dataclass(frozen=True, slots=True)
class Head:
    """Status and headers of the origin's answer."""

    status: int
    headers: Mapping[str, str]


class SegmentFill:
    """One answer of an origin, written to a file and read from it at the same time.

    A disk that is full or read-only does not stop the film: what cannot be written is kept in
    memory until the readers have it.
    """

    def __init__(
        self,
        folder: Path,
        source: Source,
        on_end: Callable[[SegmentFill, Path | None, int], None],
    ) -> None:
        """Start to fill.

        Args:
            folder: Where the file grows.
            source: Opens the origin's answer.
            on_end: Gets the complete file, which it has to move, and its size in bytes; or None.
        """
        self._on_end = on_end
        self._written = 0
        self._in_memory: list[bytes] = []
        self._ended = False
        self._error: BaseException | None = None
        self._grown = asyncio.Event()
        self._readers = 0
        self._file = -1
        self._path: Path | None = None
        self.head: asyncio.Future[Head] = asyncio.get_running_loop().create_future()
        self.head.add_done_callback(lambda done: done.cancelled() or done.exception())
        with contextlib.suppress(OSError):
            self._file, name = tempfile.mkstemp(dir=folder, prefix=PART)
            self._path = Path(name)
        self._task = asyncio.create_task(self._run(source))

    def join(self) -> Reader:
        """A reader from the start; it has to be closed."""
        self._readers += 1
        return Reader(self)

    @property
    def is_abandoned(self) -> bool:
        """Whether everybody left, so that nobody can join any more."""
        return self._readers == 0

    def leave(self) -> None:
        """A reader is closed."""
        self._readers -= 1
        if self._readers == 0:
            if self._ended:
                self._close_file()
            else:
                self._task.cancel()

    async def read(self, offset: int) -> bytes:
        """What follows an offset, as soon as there is something; b"" at the end.

        Raises:
            OriginError: The origin broke off.
        """
        while True:
            if offset < self._written:
                return os.pread(self._file, min(_PIECE_BYTES, self._written - offset), offset)
            position = self._written
            for piece in self._in_memory:
                if offset < position + len(piece):
                    return piece[offset - position :]
                position += len(piece)
            if self._error is not None:
                raise self._error
            if self._ended:
                return b""
            await self._grown.wait()

    async def _run(self, source: Source) -> None:
        complete = False
        try:
            async with source() as answer:
                self.head.set_result(Head(answer.status, dict(answer.headers)))
                async for piece in answer.aiter_bytes():
                    self._take(piece)
                complete = answer.status == 200
        except BaseException as error:
            self._error = error if isinstance(error, Exception) else OriginFailed()
            if not self.head.done():
                self.head.set_exception(self._error)
            if not isinstance(error, Exception):
                raise
        finally:
            self._ended = True
            self._finish(complete=complete)
            self._wake()

    def _take(self, piece: bytes) -> None:
        if self._path is None or self._in_memory:
            self._in_memory.append(piece)
        else:
            done = 0
            try:
                while done < len(piece):
                    done += os.write(self._file, piece[done:])
            except OSError as error:
                log.warning("segments.disk", error=error.strerror)
                self._in_memory.append(piece[done:])
            self._written += done
        if sum(map(len, self._in_memory)) > _MOST_IN_MEMORY:
            raise OriginFailed
        self._wake()

    def _finish(self, *, complete: bool) -> None:
        kept = complete and self._path is not None and not self._in_memory
        self._on_end(self, self._path if kept else None, self._written)
        if self._path is not None and not kept:
            self._path.unlink(missing_ok=True)  # open readers keep reading
        if self._readers == 0:
            self._close_file()

    def _close_file(self) -> None:
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    def _wake(self) -> None:
        self._grown.set()
        self._grown = asyncio.Event()


class Reader:
    """One viewer's way through a segment that is being filled."""

    def __init__(self, fill: SegmentFill) -> None:
        self._fill = fill
        self._closed = False

    async def head(self) -> Head:
        """Status and headers, as soon as they are there.

        Raises:
            OriginError: The origin does not answer properly.
        """
        return await asyncio.shield(self._fill.head)

    async def pieces(self) -> AsyncIterator[bytes]:
        """The body.

        Raises:
            OriginError: The origin broke off.
        """
        offset = 0
        while piece := await self._fill.read(offset):
            offset += len(piece)
            yield piece

    def close(self) -> None:
        """Leave; may be called twice."""
        if not self._closed:
            self._closed = True
            self._fill.leave()
