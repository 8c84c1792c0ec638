"""Keeps the lines in step with the caption tracks: one worker of all does it, a track at a time.

The catalog's snapshot tells versions of all tracks; what has another one than its lines, or none,
is read and stored again. So captions of every way into the catalog are found, and what was deleted
is forgotten.
"""

from __future__ import annotations

import asyncio
from functools import partial

import structlog
from redis.asyncio import Redis
from sqlmodel import Session

from portal.services.captions.dialogue import dialogue_lines
from portal.services.captions.webvtt import parse
from portal.services.catalog import Catalog
from portal.services.db import Clash, Database
from portal.services.redis_client import DIALOGUE_INDEXING, answer
from portal.services.repositories import dialogue_lines as lines

log = structlog.get_logger(__name__)

LOOK_EVERY_S = 1.0
_LOCK_S = 30
_BREATH_S = 0.005


class DialogueIndexing:
    """The job."""

    def __init__(self, db: Database, catalog: Catalog, redis: Redis) -> None:
        self._db = db
        self._catalog = catalog
        self._redis = redis
        self._done: object = None

    async def run_for_ever(self) -> None:
        """Look for work whenever the catalog changed."""
        while True:
            try:
                await self.run_if_changed()
            except Exception as error:  # the servers are away: what is stored is still good
                log.warning("dialogue.indexing_failed", error=type(error).__name__)
            await asyncio.sleep(LOOK_EVERY_S)

    async def run_if_changed(self) -> int:
        """Index what changed, unless another worker does; gives how many tracks were touched."""
        snapshot = await self._catalog.snapshot()
        if snapshot is self._done:
            return 0
        if not await answer(self._redis.set(DIALOGUE_INDEXING, "1", nx=True, ex=_LOCK_S)):
            return 0
        try:
            touched = await self.run()
        finally:
            await answer(self._redis.delete(DIALOGUE_INDEXING))
        self._done = snapshot
        return touched

    async def run(self) -> int:
        """Index all that changed; gives how many tracks were touched."""
        snapshot = await self._catalog.snapshot()
        wanted = {
            track.id: track.version
            for movie in snapshot.movies.values()
            for track in movie.tracks
            if track.is_valid
        }
        stored = await self._db.run(lines.indexed)
        gone = [track_id for track_id in stored if track_id not in wanted]
        stale = [track_id for track_id, of in wanted.items() if stored.get(track_id) != of]
        for track_id in gone:
            await self._db.run(partial(lines.remove, track_id=track_id))
        for number, track_id in enumerate(stale):
            try:
                await self._db.run(partial(_index, track_id=track_id))
            except Clash:
                continue  # another worker was faster
            if number % 100 == 99:
                await answer(self._redis.expire(DIALOGUE_INDEXING, _LOCK_S))
            await asyncio.sleep(_BREATH_S)
        if gone or stale:
            log.info("dialogue.indexed", tracks=len(stale), forgotten=len(gone))
        return len(gone) + len(stale)


def _index(session: Session, track_id: str) -> None:
    found = lines.caption_text(session, track_id)
    if found is None:
        lines.remove(session, track_id)
        return
    movie_id, vtt, version = found
    lines.put(session, track_id, movie_id, version, dialogue_lines(parse(vtt)))
