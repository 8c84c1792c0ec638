"""Many who ask the limiter at once share a round trip, and are counted each."""

from __future__ import annotations

import asyncio

import pytest

from portal.services.errors import RateLimited, Unavailable
from portal.services.rate_limits import Policy, RateLimiter
from portal.services.redis_client import make_redis

POLICY = Policy("test", quota=20, window_s=600)


async def test_who_asks_at_once_is_counted_each(redis_url: str) -> None:
    redis = make_redis(redis_url)
    limiter = RateLimiter(redis)
    verdicts = await asyncio.gather(
        *[limiter.check(POLICY, who) for who in ["ann"] * 50 + ["bob"] * 5]
    )
    assert [v.allowed for v in verdicts] == [True] * 20 + [False] * 30 + [True] * 5
    assert [v.remaining for v in verdicts[:20]] == list(range(19, -1, -1))
    assert verdicts[-1].remaining == 15
    with pytest.raises(RateLimited):
        await limiter.require(POLICY, "ann")
    await redis.aclose()


async def test_a_redis_that_was_restarted_learns_the_script_again(redis_url: str) -> None:
    redis = make_redis(redis_url)
    limiter = RateLimiter(redis)
    assert (await limiter.check(POLICY, "ann")).remaining == 19
    await redis.script_flush()
    first, second = await asyncio.gather(*[limiter.check(POLICY, "ann") for _ in range(2)])
    assert (first.remaining, second.remaining) == (18, 17)
    await redis.aclose()


async def test_redis_away_is_told_to_each_who_asks() -> None:
    redis = make_redis("redis://127.0.0.1:1")
    limiter = RateLimiter(redis)
    found = await asyncio.gather(
        *[limiter.check(POLICY, "ann") for _ in range(3)], return_exceptions=True
    )
    assert [type(each) for each in found] == [Unavailable] * 3
    await redis.aclose()


async def test_who_leaves_while_asking_disturbs_nobody(redis_url: str) -> None:
    redis = make_redis(redis_url)
    limiter = RateLimiter(redis)
    leaving = asyncio.ensure_future(limiter.check(POLICY, "ann"))
    staying = asyncio.ensure_future(limiter.check(POLICY, "bob"))
    await asyncio.sleep(0)
    leaving.cancel()
    assert (await staying).allowed
    await redis.aclose()
