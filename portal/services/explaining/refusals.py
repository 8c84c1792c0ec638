"""What playback refused lately: in a Redis stream of bounded length, found by its reference.

The reference is the id that the answer had, and so what the viewer's error says:
`X-Correlation-Id`, which is the trace's id where there is one.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime

from redis.asyncio import Redis
from structlog.contextvars import get_contextvars

from portal.services.errors import (
    CaptionMissing,
    MovieNotAvailable,
    MovieNotFound,
    PortalError,
    RateLimited,
    SessionRevoked,
    TokenExpired,
    TooManyStreams,
    Unavailable,
)
from portal.services.redis_client import REFUSALS, answer

KEPT = 20_000
"""About so many, some 5 MB; the oldest go first."""
KEPT_DAYS = 30
_MOST_A_MINUTE = 1200
"""By one worker: who asks without end neither loads Redis nor pushes out what others met."""
_BATCH = 500
"""So many are read at once: a worker that searches goes on answering."""
_FOUND = 20
_RULES = (
    MovieNotFound, MovieNotAvailable, CaptionMissing, RateLimited, TooManyStreams, SessionRevoked,
    TokenExpired, Unavailable,
)  # fmt: skip
"""What a rule decided. A token that is no token of ours proves nothing of anybody."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """One refusal.

    Attributes:
        at: When.
        reference: The id of the request.
        step: `start`, `renewal` or `media`.
        code: Of the error.
        movie: What was asked for, an id or a slug.
        session_id: The viewing session; "" before there was one.
        viewer_id: The viewer's pseudonym; "" for a browser that had none yet.
    """

    at: datetime
    reference: str
    step: str
    code: str
    movie: str
    session_id: str
    viewer_id: str


class Refusals:
    """Notes and finds them."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._minute, self._noted = 0, 0

    @contextlib.asynccontextmanager
    async def noting(
        self, step: str, *, movie: str, session_id: str, viewer_id: str
    ) -> AsyncIterator[None]:
        """Note what the block refuses; the refusal goes on to whoever asked."""
        try:
            yield
        except _RULES as error:
            await self._note(error, step, movie, session_id, viewer_id)
            raise

    async def _note(
        self, error: PortalError, step: str, movie: str, session_id: str, viewer_id: str
    ) -> None:
        minute = int(time.monotonic() // 60)
        if minute != self._minute:
            self._minute, self._noted = minute, 0
            await self._forget_old()
        self._noted += 1
        if self._noted > _MOST_A_MINUTE:
            return
        fields = {
            "reference": str(get_contextvars().get("correlation_id", "")),
            "step": step,
            "code": error.code,
            "movie": movie[:120],
            "session_id": session_id[:64],
            "viewer_id": viewer_id,
        }
        with contextlib.suppress(Unavailable):  # it is in the log as well
            await answer(self._redis.xadd(REFUSALS, fields, maxlen=KEPT, approximate=True))  # type: ignore[arg-type]

    async def _forget_old(self) -> None:
        oldest = int((time.time() - KEPT_DAYS * 86400) * 1000)
        with contextlib.suppress(Unavailable):
            await answer(self._redis.xtrim(REFUSALS, minid=oldest, approximate=True))

    async def forget(self, viewer_id: str) -> int:
        """Delete what is noted of a viewer; returns how many.

        Raises:
            Unavailable: Redis is away.
        """
        found, newest = [], "+"
        while batch := await answer(self._redis.xrevrange(REFUSALS, max=newest, count=_BATCH)):
            found += [number for number, fields in batch if fields["viewer_id"] == viewer_id]
            newest = f"({batch[-1][0]}"
        return int(await answer(self._redis.xdel(REFUSALS, *found))) if found else 0

    async def find(self, *, reference: str = "", session_id: str = "") -> list[Refusal]:
        """The newest ones with this reference, or the begin of it, or of this session; at most 20.

        Raises:
            Unavailable: Redis is away.
        """
        found: list[Refusal] = []
        newest = "+"
        while len(found) < _FOUND:
            batch = await answer(self._redis.xrevrange(REFUSALS, max=newest, count=_BATCH))
            for number, fields in batch:
                is_it = (
                    fields["reference"].lower().startswith(reference)
                    if reference
                    else fields["session_id"] == session_id
                )
                if is_it:
                    at = datetime.fromtimestamp(int(number.partition("-")[0]) / 1000, UTC)
                    found.append(Refusal(at=at, **fields))
            if len(batch) < _BATCH:
                break
            newest = f"({batch[-1][0]}"
        return found[:_FOUND]
