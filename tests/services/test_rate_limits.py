"""The sliding window, against a real Redis."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from portal.services.errors import RateLimited
from portal.services.rate_limits import Policy, RateLimiter, address_key
from portal.services.redis_client import make_redis

VIEWER = Policy("viewer", 120)


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[Redis]:
    found = make_redis(redis_url)
    yield found
    await found.aclose()


async def test_120_pass_and_the_121st_waits(redis: Redis, redis_url: str) -> None:
    other_worker = make_redis(redis_url)
    workers = itertools.cycle([RateLimiter(redis), RateLimiter(other_worker)])
    verdicts = [await next(workers).check(VIEWER, "somebody") for _ in range(121)]
    await other_worker.aclose()
    assert [verdict.allowed for verdict in verdicts] == [True] * 120 + [False]
    assert [verdict.remaining for verdict in verdicts] == [*range(119, -1, -1), 0]
    assert 50 < verdicts[-1].retry_after_s <= 61
    headers = verdicts[-1].headers()
    assert headers["RateLimit-Policy"] == '"viewer";q=120;w=60'
    assert int(headers["Retry-After"]) >= verdicts[-1].retry_after_s


async def test_all_at_once_are_counted_one_by_one(redis: Redis) -> None:
    limiter = RateLimiter(redis)
    verdicts = await asyncio.gather(*(limiter.check(VIEWER, "herd") for _ in range(200)))
    assert sum(verdict.allowed for verdict in verdicts) == 120


async def test_buckets_and_people_are_apart(redis: Redis) -> None:
    limiter, small = RateLimiter(redis), Policy("small", 1)
    assert (await limiter.check(small, "a")).allowed
    assert not (await limiter.check(small, "a")).allowed
    assert (await limiter.check(small, "b")).allowed
    assert (await limiter.check(Policy("other", 1), "a")).allowed


async def test_who_waits_as_long_as_told_goes_on(redis: Redis) -> None:
    limiter, quick = RateLimiter(redis), Policy("quick", 4, window_s=1)
    for _ in range(3):
        while (verdict := await limiter.check(quick, "patient")).allowed:
            pass
        with pytest.raises(RateLimited) as caught:
            await limiter.require(quick, "patient")
        assert caught.value.retry_after_s <= verdict.retry_after_s
        await asyncio.sleep(caught.value.retry_after_s + 0.01)
        assert (await limiter.check(quick, "patient")).allowed


async def test_no_window_wherever_it_begins_has_many_more_than_the_quota(redis: Redis) -> None:
    limiter, quick = RateLimiter(redis), Policy("quick", 20, window_s=1)
    passed: list[float] = []
    end = time.monotonic() + 3.2
    while time.monotonic() < end:
        if (await limiter.check(quick, "eager")).allowed:
            passed.append(time.monotonic())
        await asyncio.sleep(0.004)
    fullest = max(sum(start <= at < start + 1 for at in passed) for start in passed)
    assert 20 <= fullest <= 26  # a fixed window would let 40 through


async def test_a_request_can_be_given_back(redis: Redis) -> None:
    limiter, small = RateLimiter(redis), Policy("small", 2)
    for _ in range(5):
        assert (await limiter.check(small, "a")).allowed
        await limiter.give_back(small, "a")
    await limiter.give_back(small, "nobody")


async def test_what_is_counted_is_forgotten(redis: Redis) -> None:
    await RateLimiter(redis).check(Policy("brief", 5, window_s=1), "a")
    assert 0 < await redis.pttl("portal:limit:brief:a") <= 2000


@pytest.mark.parametrize(
    ("address", "who"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("nonsense", "unknown"),
    ],
)
def test_addresses_are_counted_by_household(address: str, who: str) -> None:
    assert address_key(address) == who


async def test_a_qa_token_goes_past_the_limits_until_it_expires(redis: Redis) -> None:
    from datetime import timedelta

    from portal.services.clock import utc_now
    from portal.services.keyring import Keyset
    from portal.services.qa_bypass import QaBypass

    qa, forger = (
        QaBypass(Keyset("k1", {"k1": b"k" * 32})),
        QaBypass(Keyset("k1", {"k1": b"f" * 32})),
    )
    limiter, small, now = RateLimiter(redis), Policy("small", 1), utc_now()
    good = qa.issue("load test", now, minutes=1)
    with qa.under(good, now):
        assert all([(await limiter.check(small, "a")).allowed for _ in range(5)])
    assert (await limiter.check(small, "a")).allowed  # none of them was counted
    for bad, at in (
        (good, now + timedelta(minutes=2)),
        (forger.issue("x", now, minutes=1), now),
        ("nonsense", now),
    ):
        with qa.under(bad, at):
            assert not (await limiter.check(small, "a")).allowed
    assert qa.name_of(good, now) == "load test"
