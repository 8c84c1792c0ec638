"""The Redis client and every key name. Redis holds what is shared and short-lived.

| key | type | life | what |
|---|---|---|---|
| `portal:catalog:version` | integer | for ever | goes up with each change of the catalog |
| `portal:catalog:changed` | channel | | the new version, to every worker |
| `portal:catalog:change` | integer | for ever | the audit's number: what a replica must have |
| `portal:session:<id>` | hash | 6 h after the last renewal | a viewing session |
| `portal:streams:<viewer>` | sorted set | 10 min | session ids by last renewal: streams at once |
| `portal:resume:<viewer>` | hash | 90 days | movie id to position in seconds |
| `portal:preview:<session>` | string | 1 h from a renewal | a content manager plays a draft |
| `portal:served` | hash | for ever | movie id to when its last segment was served |
| `portal:limit:<bucket>:<who>` | hash | two windows | requests in this window and the last |
| `portal:ticket:<kind>:<hash>` | string | minutes | between two steps of signing in |
| `portal:watching` | sorted set | 150 s | films and sessions that play, by their last word |
| `portal:refusals` | stream | the last 20,000, some 5 MB | what playback refused, and why |
| `portal:sources:sweep` | string | until the next one | the worker that checks all sources |
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Any, TypeVar

import structlog
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError
from redis.exceptions import TimeoutError as RedisTimeoutError

from portal.services.errors import Unavailable
from portal.services.redis_sentinel import is_sentinel, parse_sentinel_url
from portal.services.telemetry import metrics

T = TypeVar("T")
log = structlog.get_logger(__name__)

CATALOG_VERSION = "portal:catalog:version"
CATALOG_CHANGED = "portal:catalog:changed"
CATALOG_CHANGE = "portal:catalog:change"
PREVIEW_LIFE_S = 3600
LAST_SERVED = "portal:served"
REFUSALS = "portal:refusals"
SOURCE_SWEEP = "portal:sources:sweep"
WATCHING = "portal:watching"
SESSION_LIFE_S = 6 * 3600
STREAMS_LIFE_S = 600
RESUME_LIFE_S = 90 * 86400

# A viewer waits for these: better a clear 503 than a spinner.
_CONNECT_TIMEOUT_S = 0.5
_ANSWER_TIMEOUT_S = 1.0
# The client's own timeouts do not cover the greeting of a new connection, where a Redis that hangs
# would hold a request for ever.
DEADLINE_S = 2.0


def session_key(session_id: str) -> str:
    """Hash of a viewing session."""
    return f"portal:session:{session_id}"


def preview_key(session_id: str) -> str:
    """Mark of a session that may play what viewers may not."""
    return f"portal:preview:{session_id}"


def streams_key(viewer_id: str) -> str:
    """Sorted set of a viewer's running sessions."""
    return f"portal:streams:{viewer_id}"


def resume_key(viewer_id: str) -> str:
    """Hash of where a viewer left each movie."""
    return f"portal:resume:{viewer_id}"


def limit_key(bucket: str, who: str) -> str:
    """Rate limit of somebody in a bucket."""
    return f"portal:limit:{bucket}:{who}"


def ticket_key(kind: str, ticket_hash: str) -> str:
    """What a ticket between two steps of signing in stands for."""
    return f"portal:ticket:{kind}:{ticket_hash}"


def make_redis(url: str, *, max_connections: int = 256) -> Redis:
    """A client with short deadlines that reconnects, to the new master after a failover."""
    options: dict[str, Any] = {
        "decode_responses": True,
        "socket_connect_timeout": _CONNECT_TIMEOUT_S,
        "socket_timeout": _ANSWER_TIMEOUT_S,
        "max_connections": max_connections,
        "health_check_interval": 30,
        "retry": Retry(ExponentialBackoff(cap=0.1, base=0.02), retries=1),
        "retry_on_error": [RedisConnectionError],
    }
    if is_sentinel(url):
        address = parse_sentinel_url(url)
        sentinel = address.sentinel(db=address.db, **address.credentials(), **options)
        master: Redis = sentinel.master_for(address.master)
        return master
    return Redis.from_url(url, **options)


async def answer(call: Awaitable[T]) -> T:
    """Await a Redis call; its failure becomes our own error.

    Raises:
        Unavailable: Redis is away or too slow.
    """
    try:
        async with asyncio.timeout(DEADLINE_S):
            return await call
    except (RedisError, RedisConnectionError, RedisTimeoutError, OSError) as error:
        metrics.server_error("redis")
        log.warning("redis.unavailable", error=type(error).__name__)
        raise Unavailable from error
