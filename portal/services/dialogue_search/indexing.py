"""Keeps the lines in step with the caption tracks: one worker of a machine does it, bit by bit.

The catalog's snapshot tells versions of all tracks; what has another one than its lines, or none,
is read and stored again. So captions of every way into the catalog are found, and what was deleted
is forgotten.
"""

from __future__ import annotations

import asyncio
import fcntl
from collections.abc import Callable
from functools import partial
from pathlib import Path

import structlog
from sqlmodel import Session

from portal.services.captions.dialogue import DialogueLine, dialogue_lines
from portal.services.captions.webvtt import parse
from portal.services.catalog import Catalog
from portal.services.catalog_snapshot import CatalogSnapshot
from portal.services.db import Database
from portal.services.repositories import dialogue_lines as stored_lines

log = structlog.get_logger(__name__)

LOOK_EVERY_S = 1.0
_AT_ONCE = 50
"""Tracks of one transaction."""
_BREATH_S = 0.02


class DialogueIndexing:
    """The job."""

    def __init__(
        self,
        db: Database,
        lines: Database,
        catalog: Catalog,
        folder: Path,
        is_wanted: Callable[[], bool] = lambda: True,
    ) -> None:
        """Args: the catalog's database, the file of lines, the catalog, a folder, the flag."""
        self._is_wanted = is_wanted
        self._db = db
        self._lines = lines
        self._catalog = catalog
        self._lock = folder / "indexing.lock"
        self._done: CatalogSnapshot | None = None
        # Two runs with different snapshots would take from one another what they stored.
        self._one_at_a_time = asyncio.Lock()

    async def run_for_ever(self) -> None:
        """Look for work whenever the catalog changed."""
        while True:
            try:
                await self.run_if_changed()
            except Exception as error:  # a server is away: what is stored is still good
                log.warning("dialogue.indexing_failed", error=type(error).__name__)
            await asyncio.sleep(LOOK_EVERY_S)

    async def run_if_changed(self) -> int:
        """Index what changed, unless another worker does; gives how many tracks were touched."""
        snapshot = await self._catalog.snapshot()
        if snapshot is self._done or not self._is_wanted():
            return 0
        with self._lock.open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                return 0
            touched = await self.run()
        self._done = snapshot
        return touched

    async def run(self) -> int:
        """Index all that changed; gives how many tracks were touched.

        Raises:
            Unavailable: The catalog's database is away.
        """
        async with self._one_at_a_time:
            return await self._run()

    async def _run(self) -> int:
        snapshot = await self._catalog.snapshot()
        stored = await self._lines.run(stored_lines.indexed)
        # A hundred thousand films take a while to go through: viewers' requests go on meanwhile.
        gone, stale = await asyncio.to_thread(_differences, snapshot, stored)
        for some in _in_parts(gone):
            await self._lines.run(partial(_forget, track_ids=some))
        for some in _in_parts(stale):
            read = await self._db.run(partial(_read, track_ids=some))
            await self._lines.run(partial(_store, tracks=read))
            await asyncio.sleep(_BREATH_S)
        if gone or stale:
            log.info("dialogue.indexed", tracks=len(stale), forgotten=len(gone))
        return len(gone) + len(stale)


_Track = tuple[str, str, int, list[DialogueLine]]


def _differences(snapshot: CatalogSnapshot, stored: dict[str, int]) -> tuple[list[str], list[str]]:
    """Tracks to forget, and tracks to read."""
    wanted = {
        track.id: track.version
        for movie in snapshot.movies.values()
        for track in movie.tracks
        if track.is_valid
    }
    gone = [track_id for track_id in stored if track_id not in wanted]
    return gone, [track_id for track_id, of in wanted.items() if stored.get(track_id) != of]


def _in_parts(track_ids: list[str]) -> list[list[str]]:
    return [track_ids[at : at + _AT_ONCE] for at in range(0, len(track_ids), _AT_ONCE)]


def _read(session: Session, track_ids: list[str]) -> list[_Track]:
    found = []
    for track_id in track_ids:
        # A track that went away since the snapshot has no lines.
        movie_id, vtt, version = stored_lines.caption_text(session, track_id) or ("", "", 0)
        found.append((track_id, movie_id, version, dialogue_lines(parse(vtt)) if vtt else []))
    return found


def _store(session: Session, tracks: list[_Track]) -> None:
    for track_id, movie_id, version, lines in tracks:
        stored_lines.put(session, track_id, movie_id, version, lines)


def _forget(session: Session, track_ids: list[str]) -> None:
    for track_id in track_ids:
        stored_lines.remove(session, track_id)
