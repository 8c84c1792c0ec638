"""Who watches right now: in Redis, written in batches, read once for all who look.

A session counts while its player says that it plays, and until `SILENT_S` after it said so last.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter, OrderedDict
from datetime import datetime

from redis.asyncio import Redis

from portal.services.errors import Unavailable
from portal.services.qoe.beats import Beat
from portal.services.redis_client import WATCHING, answer
from portal.services.telemetry import metrics

SILENT_S = 75
"""Players speak every 30 s while they play; one line may be lost."""
KEPT_S = 3.0
"""Pages that ask again meanwhile get the same answer."""
_LEFT = 5000
"""Sessions of which it is known that they stopped."""
_PLAYS = frozenset("prk")


class NowWatching:
    """How many sessions play each film."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._fresh: dict[str, float] = {}
        self._gone: set[str] = set()
        self._left: OrderedDict[str, int] = OrderedDict()  # the number of the line that said so
        self._kept: dict[str, int] = {}
        self._kept_at = -KEPT_S
        self._asking = asyncio.Lock()

    def note(self, beat: Beat, now: datetime) -> None:
        """What the newest line of a session says."""
        member = f"{beat.movie_id}:{beat.session_id[:32]}"
        if self._left.get(member, 0) > beat.number:
            return  # sent before the viewer left, and overtaken by what was said on leaving
        if beat.state in _PLAYS:
            self._fresh[member] = now.timestamp()
            self._gone.discard(member)
        else:
            self._fresh.pop(member, None)
            self._gone.add(member)
            self._left[member] = beat.number
            self._left.move_to_end(member)
            if len(self._left) > _LEFT:
                self._left.popitem(last=False)

    async def flush(self, now: datetime) -> None:
        """Put what is new into Redis; while it is away nothing is kept: players speak again."""
        fresh, self._fresh = self._fresh, {}
        gone, self._gone = self._gone, set()
        if not fresh and not gone and not metrics.is_on():
            return
        pipeline = self._redis.pipeline(transaction=False)
        if fresh:
            pipeline.zadd(WATCHING, fresh)
        if gone:
            pipeline.zrem(WATCHING, *gone)
        pipeline.zremrangebyscore(WATCHING, "-inf", now.timestamp() - SILENT_S)
        pipeline.expire(WATCHING, SILENT_S * 2)
        pipeline.zcard(WATCHING)
        try:
            metrics.watching((await answer(pipeline.execute()))[-1])
        except Unavailable:
            return

    async def by_movie(self, now: datetime) -> dict[str, int]:
        """Sessions that play, by film.

        Raises:
            Unavailable: Redis is away.
        """
        async with self._asking:
            if time.monotonic() - self._kept_at >= KEPT_S:
                oldest = now.timestamp() - SILENT_S
                members = await answer(self._redis.zrangebyscore(WATCHING, oldest, "+inf"))
                self._kept = dict(Counter(member.partition(":")[0] for member in members))
                self._kept_at = time.monotonic()
            return self._kept
