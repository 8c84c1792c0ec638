"""Taking in what players send: proof, limit, a bounded queue, and batches to the database.

A request is answered when its lines are in the queue. A task writes them every two seconds, with
the sums that they belong to, in one transaction: what is written twice counts once, because a
session's row has the number of its last line. While the database is away the queue keeps what fits
and counts what it has to leave out.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog
from redis.asyncio import Redis
from sqlmodel import Session

from portal.services import background
from portal.services.catalog import Catalog
from portal.services.clock import utc_now
from portal.services.db import Clash, Database
from portal.services.errors import Gone, MovieNotFound, Unavailable
from portal.services.previews import Previews
from portal.services.qoe import absorbing
from portal.services.qoe.absorbing import Received
from portal.services.qoe.beats import BadBeat, Beat, parse_beats
from portal.services.qoe.rollups import News, Sums, hour_of
from portal.services.qoe.watching import NowWatching
from portal.services.rate_limits import Policy, RateLimiter
from portal.services.redis_client import answer, resume_key
from portal.services.repositories import qoe as rows
from portal.services.telemetry import metrics, traces
from portal.services.viewers import ViewerIds

log = structlog.get_logger(__name__)

FLUSH_EVERY_S = 2.0
MAX_QUEUE = 20_000
"""Lines that wait: at 5,000 viewers about two minutes without a database, some 20 MB."""
BATCH = 1000
MAX_BODY = 16 * 1024
MAX_AGE = timedelta(hours=24)
"""A session's lines are taken this long after it was opened."""
LATEST_LINE = 2 * MAX_AGE
"""After so long no player tells anything more of what it played."""
_CLOCKS_AGREE = timedelta(minutes=1)
SETTLE_AFTER = timedelta(hours=1)
PRUNE_EVERY_S = 900.0
_PRUNE_ROWS = 5000
KEEP_HOURS_DAYS = 15
"""Sums by hour are kept for this long; those by day go on."""
LIMIT = Policy("qoe", 60)
"""A session's own bucket: about 8 a minute are normal. It is nobody else's."""


class SessionOver(Gone):
    """Lines of a session that this portal did not open for this viewer, or long ago."""

    default_detail = "Nothing is taken for this session any more."


@dataclass
class Counts:
    """What became of the lines, since the process began."""

    received: int = 0
    refused: int = 0
    dropped: int = 0
    stored: int = 0
    failed_writes: int = 0


class Qoe:
    """Quality of experience: in by `accept`, out by `writing`."""

    def __init__(
        self,
        *,
        db: Database,
        catalog: Catalog,
        viewer_ids: ViewerIds,
        limiter: RateLimiter,
        previews: Previews,
        watching: NowWatching,
        redis: Redis,
        session_days: int,
        sum_days: int,
    ) -> None:
        self._db = db
        self._catalog = catalog
        self._viewer_ids = viewer_ids
        self._limiter = limiter
        self._previews = previews
        self.watching = watching
        self._redis = redis
        self._session_days = session_days
        self._sum_days = sum_days
        self._queue: deque[Received] = deque()
        self._side = Sums()  # what the portal itself counts: refusals and limits
        self._previewed: dict[str, bool] = {}
        self._storing = asyncio.Lock()
        self.counts = Counts()

    async def accept(self, body: str, viewer_id: str, browser: str, now: datetime) -> int:
        """Take lines of one session; returns how many are in the queue now.

        Args:
            body: CMCD v2 events, one dictionary a line.
            viewer_id: Who sends them, as their signed cookie says.
            browser: The browser's family.
            now: The present instant.

        Raises:
            BadBeat: Not understood; sending it again does not help.
            SessionOver: Not a session of this viewer, or one from long ago.
            RateLimited: More requests than a player makes.
        """
        try:
            beats = parse_beats(body)
        except BadBeat:
            self.counts.refused += 1
            raise
        first = beats[0]
        opened_at = opened(first.session_id)
        if now - opened_at > MAX_AGE or not self._viewer_ids.is_session_of(
            first.session_id, viewer_id, first.movie_id
        ):
            self.counts.refused += len(beats)
            raise SessionOver
        with contextlib.suppress(Unavailable):  # the queue is bounded without Redis, too
            await self._limiter.require(LIMIT, first.session_id[:32])
        languages = await self._languages(first.movie_id)
        self.counts.received += len(beats)
        for beat in beats:
            if len(self._queue) >= MAX_QUEUE:
                self.counts.dropped += 1
                continue
            language = beat.caption_language if beat.caption_language in languages else ""
            self._queue.append(Received(beat, viewer_id, browser, language, opened_at, now))
            if beat.traceparent and beat.start_ms is not None:
                traces.played(beat.traceparent, _heard(beat, now), beat.start_ms, beat.movie_id)
        self.watching.note(beats[-1], now)
        return len(beats)

    async def _languages(self, movie_id: str) -> frozenset[str]:
        """Languages that a film has: no other is counted."""
        try:
            record = await self._catalog.record(movie_id)
        except (MovieNotFound, Unavailable):
            return frozenset()
        return frozenset(track.language.lower() for track in record.tracks)

    def refused_start(self, movie_id: str, cause: str, now: datetime) -> None:
        """A film could not even be asked for: no session, so no player can tell."""
        news = absorbing.refused_start(cause)
        _observe(news)
        self._side.add(news, movie_id=movie_id, browser="", hour=hour_of(now))

    def throttled(self, limit: str, now: datetime) -> None:
        """Somebody met a rate limit."""
        metrics.throttled(limit)
        self._side.count("throttle", limit, hour_of(now))

    # -- to the database ------------------------------------------------------------------------

    @contextlib.asynccontextmanager
    async def writing(self) -> AsyncIterator[None]:
        """Write while the block runs, and the rest at its end."""
        async with background.running(self._write_for_ever(), self._prune_for_ever()):
            yield
        with contextlib.suppress(Unavailable, Clash):
            await self.flush()

    async def _write_for_ever(self) -> None:
        while True:
            await asyncio.sleep(FLUSH_EVERY_S)
            try:
                await self.flush()
            except Exception as error:  # it stays in the queue for the next time
                self.counts.failed_writes += 1
                log.warning("qoe.write_failed", error=type(error).__name__, **self.waiting())
            await self.watching.flush(utc_now())

    def waiting(self) -> dict[str, int]:
        """Lines in the queue, and those that it had no room for."""
        return {"queued": len(self._queue), "dropped": self.counts.dropped}

    async def flush(self) -> int:
        """Write everything that waits; returns the number of lines.

        Raises:
            Unavailable, Clash: The database is away, or another worker stored the same session in
                this very moment; nothing is lost.
        """
        async with self._storing:
            return await self._flush()

    async def _flush(self) -> int:
        done = 0
        while self._queue or self._side:
            batch = [self._queue[place] for place in range(min(BATCH, len(self._queue)))]
            previews = await self._previews_among(batch)
            beats = [each for each in batch if each.beat.session_id not in previews]
            side, self._side = self._side, Sums()
            told: list[News] = []
            try:
                await self._db.run(lambda session: absorbing.absorb(session, beats, side, told))  # noqa: B023  awaited here
            except (Unavailable, Clash, asyncio.CancelledError):
                self._side = merged(side, self._side)
                raise
            except Exception as error:  # it would fail again, and hold up all others
                self.counts.dropped += len(beats)
                log.error("qoe.not_stored", error=type(error).__name__, lines=len(beats))
            else:
                self.counts.stored += len(beats)
                for news in told:
                    _observe(news)
            for _ in batch:
                self._queue.popleft()
            done += len(batch)
        return done

    async def _previews_among(self, batch: list[Received]) -> set[str]:
        """Sessions in which content managers look at a film: they are not viewers."""
        found = set()
        for session_id in {each.beat.session_id for each in batch}:
            if session_id not in self._previewed:
                if len(self._previewed) > MAX_QUEUE:
                    self._previewed.clear()
                self._previewed[session_id] = await self._previews.holds(session_id)
            if self._previewed[session_id]:
                found.add(session_id)
        return found

    # -- keeping and forgetting -----------------------------------------------------------------

    async def _prune_for_ever(self) -> None:
        while True:
            await asyncio.sleep(PRUNE_EVERY_S)
            try:
                await self.settle(utc_now())
                await self.sum_up(utc_now())
                await self.prune(utc_now())
            except (Unavailable, Clash) as error:
                log.warning("qoe.prune_failed", error=type(error).__name__)

    async def settle(self, now: datetime) -> int:
        """Count sessions that never started and fell silent as exits; returns how many."""
        return await self._db.run(
            lambda session: absorbing.settle(session, now - SETTLE_AFTER, limit=_PRUNE_ROWS)
        )

    async def sum_up(self, now: datetime) -> int:
        """Add up the months that are over and have no sums; returns how many.

        Pages that show a year read them instead of each day's sums of each film.
        """
        until = hour_of(now - LATEST_LINE)
        total = 0
        while await self._db.run(lambda session: rows.sum_up_month(session, until)) is not None:
            total += 1
        return total

    async def prune(self, now: datetime) -> int:
        """Delete what is older than it is kept; returns the number of rows."""
        total = 0
        while True:
            gone = await self._db.run(
                lambda session: rows.prune(
                    session,
                    sessions_before=now - timedelta(days=self._session_days),
                    hours_before=hour_of(now) - KEEP_HOURS_DAYS * 24,
                    days_before=hour_of(now) - self._sum_days * 24,
                    limit=_PRUNE_ROWS,
                )
            )
            total += gone
            if not gone:
                return total

    async def erase(self, viewer_id: str) -> int:
        """Delete what is stored of a viewer, also where films were left; returns how many rows.

        Raises:
            Unavailable: One of the servers is away: do it again.
        """
        await answer(self._redis.delete(resume_key(viewer_id)))

        def work(session: Session) -> int:
            return rows.erase_viewer(session, viewer_id)

        async with self._storing:
            self._queue = deque(each for each in self._queue if each.viewer_id != viewer_id)
            return await self._db.run(work)


def _observe(news: News) -> None:
    metrics.observe_qoe(
        news.counters,
        start_ms=news.start_ms,
        failure=news.failure,
        captions_began=news.captions_began,
        caption_rendered=news.caption_rendered,
    )


def _heard(beat: Beat, now: datetime) -> datetime:
    """When a line was written, unless the client's clock is wrong: then when it came."""
    written = datetime.fromtimestamp(beat.client_ms / 1000, UTC)
    return written if abs(now - written) < _CLOCKS_AGREE else now


def merged(first: Sums, second: Sums) -> Sums:
    """Both together."""
    for key, values in second.rollups.items():
        row = first.rollups[key]
        for place, value in enumerate(values):
            row[place] += value
    for tally, total in second.tallies.items():
        first.tallies[tally] += total
    return first


def opened(session_id: str) -> datetime:
    """When a session was opened: its number is a UUIDv7 (RFC 9562), which begins with that."""
    return datetime.fromtimestamp(int(session_id[:12], 16) / 1000, UTC)


__all__ = ["BadBeat", "Qoe", "SessionOver"]
