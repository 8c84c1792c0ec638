"""Sessions of content managers that play drafts, hidden and expired films."""

from __future__ import annotations

import time

from redis.asyncio import Redis

from portal.services.errors import Unavailable
from portal.services.redis_client import PREVIEW_LIFE_S, answer, preview_key

# As long as a worker trusts what Redis said of a session.
_CACHE_S = 2.0
_CACHE_SIZE = 1000


class Previews:
    """Which sessions are previews. A viewer's session never is."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._known: dict[str, float] = {}  # session id -> time.monotonic() it was asked

    async def allow(self, session_id: str) -> None:
        """Make a session a preview, or keep it one.

        Raises:
            Unavailable: Redis is away.
        """
        await answer(self._redis.set(preview_key(session_id), "1", ex=PREVIEW_LIFE_S))

    async def holds(self, session_id: str) -> bool:
        """Whether a session is one; False when that cannot be known."""
        asked_at = self._known.get(session_id)
        if asked_at is not None and time.monotonic() - asked_at < _CACHE_S:
            return True
        try:
            found = bool(await answer(self._redis.exists(preview_key(session_id))))
        except Unavailable:
            return False
        if found:
            if len(self._known) >= _CACHE_SIZE:
                self._known.clear()
            self._known[session_id] = time.monotonic()
        return found
