"""Segments of origins on disk, the least recently used ones dropped first.

Many viewers of a film ask for the same segments: the origin is asked once. Files are complete and
renamed into place, so a killed portal leaves nothing half-made under a name that is read.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import threading
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path

import structlog

from portal.services.segment_fill import PART, Reader, SegmentFill, Source

log = structlog.get_logger(__name__)


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
        self._filling: dict[str, SegmentFill] = {}

    @property
    def enabled(self) -> bool:
        """Whether anything is kept at all."""
        return self._max_bytes > 0

    def open(self) -> None:
        """Take stock of what a run before this one left; removes its unfinished files."""
        self._folder.mkdir(parents=True, exist_ok=True)
        found = []
        for entry in os.scandir(self._folder):
            if entry.name.startswith(PART):
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
            if size is not None:
                self._entries.move_to_end(key)
                return CachedSegment(self._folder / key, size)
        with contextlib.suppress(OSError):  # another worker may have fetched it
            size = (self._folder / key).stat().st_size
            self._add(key, size)
            return CachedSegment(self._folder / key, size)
        return None

    def fill(self, key: str, source: Source) -> Reader:
        """Read a segment from its origin while it is kept; the origin is asked once for many.

        Args:
            key: From `key`.
            source: Opens the origin's answer; not called when the segment is on its way already.
        """
        running = self._filling.get(key)
        if running is None or running.is_abandoned:
            running = SegmentFill(self._folder, source, lambda *end: self._end(key, *end))
            self._filling[key] = running
        return running.join()

    def _end(self, key: str, fill: SegmentFill, path: Path | None, size: int) -> None:
        if self._filling.get(key) is fill:
            del self._filling[key]
        if path is None:
            return
        try:
            path.replace(self._folder / key)
        except OSError as error:
            log.warning("segments.disk", error=error.strerror)
            path.unlink(missing_ok=True)
        else:
            self._add(key, size)

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
