"""Running viewing sessions: in Redis while they run, written behind to the database.

A session is opened and renewed a thousand times a second at peak; the database gets them in one
batch a second. What a killed worker loses is at most that second of positions.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog
from redis.asyncio import Redis
from sqlalchemy import insert, select, update
from sqlmodel import Session, col

from portal.services.db import Database
from portal.services.errors import TooManyStreams, Unavailable
from portal.services.models import Movie, ViewingSession
from portal.services.redis_client import (
    RESUME_LIFE_S,
    SESSION_LIFE_S,
    STREAMS_LIFE_S,
    answer,
    resume_key,
    session_key,
    streams_key,
)
from portal.services.watching import is_finished

log = structlog.get_logger(__name__)

FLUSH_EVERY_S = 1.0

# KEYS[1] the viewer's running sessions; ARGV: session id, now, oldest heartbeat, most at once.
_CLAIM_STREAM = """
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', '(' .. ARGV[3])
local known = redis.call('ZSCORE', KEYS[1], ARGV[1])
if not known and redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[4]) then return 0 end
redis.call('ZADD', KEYS[1], ARGV[2], ARGV[1])
redis.call('EXPIRE', KEYS[1], ARGV[5])
return 1
"""


@dataclass(frozen=True, slots=True)
class LiveSession:
    """A session as this worker last saw it."""

    id: str
    movie_id: str
    viewer_id: str
    started_at: datetime
    last_seen_at: datetime
    position_s: float | None  # None: not known here, keep what is stored


class ViewingSessions:
    """Opens, renews, revokes and remembers sessions."""

    def __init__(self, redis: Redis, db: Database, *, max_streams: int, token_ttl_s: int) -> None:
        self._redis = redis
        self._db = db
        self._max_streams = max_streams
        # A stream counts while its token can live; a closed tab gives its place back by then.
        self._heartbeat_s = token_ttl_s
        self._claim = redis.register_script(_CLAIM_STREAM)
        self._dirty: dict[str, LiveSession] = {}

    async def open(self, session_id: str, movie_id: str, viewer_id: str, now: datetime) -> None:
        """Record a new session.

        Raises:
            TooManyStreams: The viewer already plays as many films as allowed.
            Unavailable: Redis is away: a new session is not opened blindly.
        """
        await self._claim_stream(session_id, viewer_id, now)
        key = session_key(session_id)
        await answer(
            self._redis.hset(  # type: ignore[arg-type]
                key,
                mapping={"movie": movie_id, "viewer": viewer_id, "started": now.isoformat()},
            )
        )
        await answer(self._redis.expire(key, SESSION_LIFE_S))
        self._remember(LiveSession(session_id, movie_id, viewer_id, now, now, None))

    async def renew(self, session_id: str, movie_id: str, viewer_id: str, now: datetime) -> bool:
        """Keep a running session alive.

        Returns:
            False when the session was revoked. A session that Redis forgot (flushed, or away) goes
            on: its id proves that it is ours.

        Raises:
            TooManyStreams: It was away for long and others took its place.
        """
        try:
            if await answer(self._redis.hget(session_key(session_id), "revoked")):  # type: ignore[arg-type]
                return False
            await self._claim_stream(session_id, viewer_id, now)
            await answer(self._redis.expire(session_key(session_id), SESSION_LIFE_S))
        except Unavailable:
            log.warning("session.renewed_without_redis")
        self._remember(LiveSession(session_id, movie_id, viewer_id, now, now, None))
        return True

    async def revoke(self, session_id: str) -> None:
        """End a session: its next request and renewal are refused."""
        key = session_key(session_id)
        await answer(self._redis.hset(key, "revoked", "1"))  # type: ignore[arg-type]
        await answer(self._redis.expire(key, SESSION_LIFE_S))

    async def is_revoked(self, session_id: str) -> bool:
        """Whether a session was ended.

        Raises:
            Unavailable: Redis is away.
        """
        return bool(await answer(self._redis.hget(session_key(session_id), "revoked")))  # type: ignore[arg-type]

    async def movie_of(self, session_id: str) -> str:
        """The movie of a session, or "" when it is not known.

        Raises:
            Unavailable: Redis is away.
        """
        return await answer(self._redis.hget(session_key(session_id), "movie")) or ""  # type: ignore[arg-type]

    async def known(self, session_id: str) -> dict[str, str]:
        """What Redis has of a session: movie, viewer, started, revoked; empty when it forgot it.

        Raises:
            Unavailable: Redis is away.
        """
        return await answer(self._redis.hgetall(session_key(session_id)))  # type: ignore[arg-type]

    async def streams_of(self, viewer_id: str, now: datetime) -> tuple[set[str], int]:
        """Sessions that count as a viewer's streams at `now`, and how many may.

        Raises:
            Unavailable: Redis is away.
        """
        oldest = now.timestamp() - self._heartbeat_s
        found = await answer(self._redis.zrangebyscore(streams_key(viewer_id), oldest, "+inf"))
        return set(found), self._max_streams

    def token_ends(self, last_seen_at: datetime) -> datetime:
        """When the token of a session that was seen last at an instant ends."""
        return last_seen_at + timedelta(seconds=self._heartbeat_s)

    async def close(self, session_id: str, viewer_id: str) -> None:
        """Give the viewer's place back when a player leaves."""
        with contextlib.suppress(Unavailable):
            await answer(self._redis.zrem(streams_key(viewer_id), session_id))

    async def report_position(
        self,
        session_id: str,
        movie_id: str,
        viewer_id: str,
        position_s: float,
        duration_s: float,
        now: datetime,
    ) -> None:
        """Remember where a viewer is in a film."""
        # Who left at its end saw the film: the next start is from its beginning.
        kept = 0.0 if is_finished(position_s, duration_s) else position_s
        with contextlib.suppress(Unavailable):
            key = resume_key(viewer_id)
            await answer(self._redis.hset(key, movie_id, f"{kept:.1f}"))  # type: ignore[arg-type]
            await answer(self._redis.expire(key, RESUME_LIFE_S))
        self._remember(LiveSession(session_id, movie_id, viewer_id, now, now, position_s))

    async def resume_position(self, viewer_id: str, movie_id: str) -> float:
        """Where the viewer left the movie, in seconds; 0 when not known or Redis is away."""
        try:
            stored = await answer(self._redis.hget(resume_key(viewer_id), movie_id))  # type: ignore[arg-type]
        except Unavailable:
            return 0.0
        return float(stored) if stored else 0.0

    async def _claim_stream(self, session_id: str, viewer_id: str, now: datetime) -> None:
        at = now.timestamp()
        granted = await answer(
            self._claim(
                keys=[streams_key(viewer_id)],
                args=[session_id, at, at - self._heartbeat_s, self._max_streams, STREAMS_LIFE_S],
            )
        )
        if not granted:
            raise TooManyStreams

    # -- write-behind ---------------------------------------------------------------------------

    def _remember(self, seen: LiveSession) -> None:
        before = self._dirty.get(seen.id)
        if before is not None:
            position = before.position_s if seen.position_s is None else seen.position_s
            seen = replace(seen, started_at=before.started_at, position_s=position)
        self._dirty[seen.id] = seen

    @contextlib.asynccontextmanager
    async def writing(self) -> AsyncIterator[None]:
        """Write sessions to the database while the block runs, and the rest at its end."""
        task = asyncio.create_task(self._write_for_ever())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            with contextlib.suppress(Unavailable):
                await self.flush()

    async def _write_for_ever(self) -> None:
        while True:
            await asyncio.sleep(FLUSH_EVERY_S)
            try:
                await self.flush()
            except Exception as error:  # they stay in memory for the next second
                log.warning("sessions.flush_failed", error=type(error).__name__)

    async def flush(self) -> int:
        """Write what changed since the last time; returns the number of sessions."""
        batch, self._dirty = self._dirty, {}
        if not batch:
            return 0
        try:
            await self._db.run(lambda session: _write(session, list(batch.values())))
        except Exception:
            self._dirty = {**batch, **self._dirty}
            raise
        return len(batch)


def _write(session: Session, batch: list[LiveSession]) -> None:
    ids = [seen.id[:32] for seen in batch]
    known = set(
        session.scalars(select(col(ViewingSession.id)).where(col(ViewingSession.id).in_(ids)))
    )
    movies = {seen.movie_id for seen in batch}
    there = set(session.scalars(select(col(Movie.id)).where(col(Movie.id).in_(movies))))
    new = [
        {
            "id": seen.id[:32],
            "movie_id": seen.movie_id,
            "viewer_id": seen.viewer_id,
            "started_at": seen.started_at,
            "last_seen_at": seen.last_seen_at,
            "position_s": seen.position_s or 0.0,
        }
        for seen in batch
        if seen.id[:32] not in known and seen.movie_id in there  # a movie may be deleted meanwhile
    ]
    if new:
        session.execute(insert(ViewingSession), new)
    for seen in batch:
        if seen.id[:32] in known:
            values: dict[str, object] = {"last_seen_at": seen.last_seen_at}
            if seen.position_s is not None:
                values["position_s"] = seen.position_s
            session.execute(
                update(ViewingSession)
                .where(col(ViewingSession.id) == seen.id[:32])
                .values(**values)
            )
