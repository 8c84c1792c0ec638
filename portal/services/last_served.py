"""When a film's last segment went to a viewer: what tells a manager that hiding it worked.

Each worker notes it in memory, for free, and puts it into Redis once a second.
"""

from __future__ import annotations

import asyncio
import contextlib
from datetime import UTC, datetime

from redis.asyncio import Redis

from portal.services.errors import Unavailable
from portal.services.redis_client import LAST_SERVED, answer

FLUSH_EVERY_S = 1.0


class LastServed:
    """The last segment of each film."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._fresh: dict[str, float] = {}

    def note(self, movie_id: str, now: datetime) -> None:
        """A segment of this film is being served."""
        self._fresh[movie_id] = now.timestamp()

    async def at(self, movie_id: str) -> datetime | None:
        """When the last one was, to about a second; None if there was none, or it is not known."""
        stored: str | None = None
        with contextlib.suppress(Unavailable):
            stored = await answer(self._redis.hget(LAST_SERVED, movie_id))  # type: ignore[arg-type]
        known = [float(stored)] if stored else []
        if movie_id in self._fresh:
            known.append(self._fresh[movie_id])
        return datetime.fromtimestamp(max(known), UTC) if known else None

    async def flush_for_ever(self) -> None:
        """Put what is new into Redis, each second."""
        while True:
            await asyncio.sleep(FLUSH_EVERY_S)
            await self.flush()

    async def flush(self) -> None:
        """Put what is new into Redis; while it is away it is kept."""
        fresh, self._fresh = self._fresh, {}
        if not fresh:
            return
        try:
            await answer(
                self._redis.hset(  # type: ignore[arg-type]
                    LAST_SERVED, mapping={movie: str(at) for movie, at in fresh.items()}
                )
            )
        except Unavailable:
            self._fresh = {**fresh, **self._fresh}
