"""Segments of origins on disk, the least recently used ones dropped first.

Many viewers of a film ask for the same segments: the origin is asked once. Files are complete and
renamed into place, so a killed portal leaves nothing half-made under a name that is read.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import os
import tempfile
import threading
from collections import OrderedDict
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import structlog

log = structlog.get_logger(__name__)

_TEMPORARY = ".part-"


@dataclass(frozen=True, slots=True)
class CachedSegment:
    """A complete segment on disk."""

    path: Path
    size: int

    @property
    def etag(self) -> str:
        """Strong ETag."""
        return etag(self.path.name, self.size)


def etag(key: str, size: int) -> str:
    """Strong ETag: the key is a hash of what a segment is, and content under it never changes."""
    return f'"{key}-{size:x}"'


class SegmentCache:
    """At most `max_bytes` of segments under one folder."""

    def __init__(self, folder: Path, *, max_bytes: int) -> None:
        self._folder = folder
        self._max_bytes = max_bytes
        self._entries: OrderedDict[str, int] = OrderedDict()
        self._size = 0
        self._lock = threading.Lock()
        self._filling: dict[str, asyncio.Future[None]] = {}

    @property
    def enabled(self) -> bool:
        """Whether anything is kept at all."""
        return self._max_bytes > 0

    def open(self) -> None:
        """Take stock of what a run before this one left; removes its unfinished files."""
        self._folder.mkdir(parents=True, exist_ok=True)
        found = []
        for entry in os.scandir(self._folder):
            if entry.name.startswith(_TEMPORARY):
                Path(entry.path).unlink(missing_ok=True)
            elif entry.is_file():
                stat = entry.stat()
                found.append((stat.st_atime, entry.name, stat.st_size))
        with self._lock:
            for _, name, size in sorted(found):
                self._entries[name] = size
                self._size += size
        self._evict()

    @staticmethod
    def key(*parts: str) -> str:
        """File name of a segment: a hash of what it is."""
        return hashlib.blake2b("\0".join(parts).encode(), digest_size=20).hexdigest()

    def get(self, key: str) -> CachedSegment | None:
        """The segment, if it is complete."""
        with self._lock:
            size = self._entries.get(key)
            if size is None:
                return None
            self._entries.move_to_end(key)
        return CachedSegment(self._folder / key, size)

    async def claim(self, key: str) -> bool:
        """One task fills a segment: True for that one, which must call `release` when it is done.

        Others wait here until it has ended, well or badly, and get False.
        """
        running = self._filling.get(key)
        if running is not None:
            await asyncio.shield(running)
            return False
        self._filling[key] = asyncio.get_running_loop().create_future()
        return True

    def release(self, key: str) -> None:
        """The task that claimed a segment is done with it."""
        done = self._filling.pop(key, None)
        if done is not None and not done.done():
            done.set_result(None)

    async def tee(self, key: str, chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        """Pass a segment on to the viewer who asked first while it is written.

        A disk that is full or read-only does not stop the film: the segment is passed on all the
        same. A segment that breaks off leaves nothing behind.
        """
        handle, name = -1, ""
        with contextlib.suppress(OSError):
            handle, name = tempfile.mkstemp(dir=self._folder, prefix=_TEMPORARY)
        size = 0
        keep = handle >= 0
        try:
            async for chunk in chunks:
                if keep:
                    try:
                        os.write(handle, chunk)
                        size += len(chunk)
                    except OSError as error:
                        keep = False
                        log.warning("segments.disk", error=error.strerror)
                yield chunk
            if keep:
                os.close(handle)
                handle = -1
                Path(name).replace(self._folder / key)
                name = ""
                self._add(key, size)
        finally:
            if handle >= 0:
                os.close(handle)
            if name:
                Path(name).unlink(missing_ok=True)

    def _add(self, key: str, size: int) -> None:
        with self._lock:
            self._size += size - self._entries.pop(key, 0)
            self._entries[key] = size
        self._evict()

    def _evict(self) -> None:
        with self._lock:
            doomed = []
            while self._size > self._max_bytes and self._entries:
                name, size = self._entries.popitem(last=False)
                self._size -= size
                doomed.append(name)
        for name in doomed:
            # A file that is being sent stays readable until it is closed.
            (self._folder / name).unlink(missing_ok=True)
