"""Rate limits counted in Redis by a sliding window, one round trip each.

A window begins with somebody's first request. What they did in the window before counts by the part
of it that still lies within the last `window_s` seconds. So 120 in 60 s means that 120 pass and the
121st waits, without the double burst at the edge of fixed windows, without the second helping that
a token bucket (or GCRA) gives within the first minute, and in three numbers per caller instead of a
log of all requests.
"""

from __future__ import annotations

import asyncio
import hashlib
import ipaddress
import math
from collections.abc import Callable
from dataclasses import dataclass

from redis.asyncio import Redis
from redis.exceptions import NoScriptError

from portal.services import qa_bypass
from portal.services.errors import RateLimited
from portal.services.redis_client import DEADLINE_S, answer, limit_key

# KEYS[1] the caller; ARGV: window us, quota, cost.
# Answers {allowed, remaining, retry_after_us, reset_after_us}. Redis's clock is one for all.
_COUNT = """
local t = redis.call('TIME')
local now = t[1] * 1000000 + t[2]
local window, quota, cost = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local stored = redis.call('HMGET', KEYS[1], 's', 'p', 'c')
local start, before, count = tonumber(stored[1]), tonumber(stored[2]), tonumber(stored[3])
if not start or now - start >= 2 * window or now < start then
  start, before, count = now, 0, 0
elseif now - start >= window then
  start, before, count = start + window, count, 0
end
local passed = now - start
local used = before * (window - passed) / window + count
if used + cost > quota then
  local wait
  if count + cost <= quota then
    wait = window - passed - (quota - count - cost) * window / before
  else
    wait = window - passed + math.max(0, window - (quota - cost) * window / count)
  end
  return {0, 0, math.ceil(wait), count > 0 and 2 * window - passed or window - passed}
end
count = count + cost
redis.call('HSET', KEYS[1], 's', string.format('%.0f', start), 'p', before, 'c', count)
redis.call('PEXPIRE', KEYS[1], math.ceil((start + 2 * window - now) / 1000))
return {1, math.floor(quota - used - cost), 0, 2 * window - passed}
"""

# Takes one request back: KEYS[1] the caller.
_GIVE_BACK = """
local count = tonumber(redis.call('HGET', KEYS[1], 'c'))
if count and count > 0 then redis.call('HINCRBY', KEYS[1], 'c', -1) end
return 1
"""


@dataclass(frozen=True, slots=True)
class Policy:
    """`quota` requests in `window_s` seconds; `name` is the bucket."""

    name: str
    quota: int
    window_s: int = 60


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the limiter says of one request.

    Attributes:
        policy: The policy that was asked.
        allowed: Whether the request may go on.
        remaining: How many more may follow at once.
        retry_after_s: Seconds until the next one is allowed; 0 if it is now.
        reset_after_s: Seconds until the whole quota is free again.
    """

    policy: Policy
    allowed: bool
    remaining: int
    retry_after_s: float
    reset_after_s: float

    def headers(self) -> dict[str, str]:
        """`RateLimit` and `RateLimit-Policy` (IETF draft 11), and `Retry-After` on refusal."""
        name, quota, window = self.policy.name, self.policy.quota, self.policy.window_s
        fields = {
            "RateLimit-Policy": f'"{name}";q={quota};w={window}',
            "RateLimit": f'"{name}";r={self.remaining};t={math.ceil(self.reset_after_s)}',
        }
        if not self.allowed:
            fields["Retry-After"] = str(max(1, math.ceil(self.retry_after_s)))
        return fields


class RateLimiter:
    """Asks Redis whether a caller may go on."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        # Redis's name of a script.
        self._sha = hashlib.sha1(_COUNT.encode(), usedforsecurity=False).hexdigest()
        self._waiting: list[_Question] = []
        self._asking: set[asyncio.Task[None]] = set()
        self._give_back = redis.register_script(_GIVE_BACK)
        self.on_refused: Callable[[str], None] | None = None  # told the name of the limit

    async def check(
        self, policy: Policy, who: str, *, cost: int = 1, spares_qa: bool = True
    ) -> Verdict:
        """Count one request of `who`; one under a QA token passes uncounted.

        Args:
            policy: How many in how long.
            who: Whose bucket.
            cost: How many requests it stands for.
            spares_qa: Whether a QA token goes past it; not where passwords are guessed.

        Raises:
            Unavailable: Redis is away; the caller decides whether to fail open or closed.
        """
        if spares_qa and qa_bypass.in_use():
            return Verdict(policy, True, policy.quota, 0.0, 0.0)
        allowed, remaining, retry_us, reset_us = await answer(
            self._ask(
                (limit_key(policy.name, who), policy.window_s * 1_000_000, policy.quota, cost)
            )
        )
        if not allowed and self.on_refused is not None:
            self.on_refused(policy.name)
        return Verdict(policy, bool(allowed), int(remaining), retry_us / 1e6, reset_us / 1e6)

    async def give_back(self, policy: Policy, who: str) -> None:
        """Take one request of `who` back, as if it had not been.

        Raises:
            Unavailable: Redis is away.
        """
        await answer(self._give_back(keys=[limit_key(policy.name, who)]))

    async def require(self, policy: Policy, who: str, *, cost: int = 1) -> Verdict:
        """Like `check`, but a refusal is raised.

        Raises:
            RateLimited: With the seconds to wait.
            Unavailable: Redis is away.
        """
        verdict = await self.check(policy, who, cost=cost)
        if not verdict.allowed:
            raise RateLimited(verdict.retry_after_s)
        return verdict

    def _ask(self, arguments: tuple[str, int, int, int]) -> asyncio.Future[list[int]]:
        """Ask with all others that ask in this turn of the event loop: one round trip for all."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[list[int]] = loop.create_future()
        self._waiting.append((arguments, future))
        if len(self._waiting) == 1:
            loop.call_soon(self._send)
        return future

    def _send(self) -> None:
        waiting, self._waiting = self._waiting, []
        task = asyncio.ensure_future(self._answer(waiting))
        self._asking.add(task)
        task.add_done_callback(self._asking.discard)

    async def _answer(self, waiting: list[_Question]) -> None:
        try:
            async with asyncio.timeout(DEADLINE_S):
                answers = await self._pipelined(waiting)
                if any(isinstance(each, NoScriptError) for each in answers):  # Redis was restarted
                    await self._redis.script_load(_COUNT)
                    answers = await self._pipelined(waiting)
        except Exception as error:
            answers = [error] * len(waiting)
        for (_, future), each in zip(waiting, answers, strict=True):
            if future.done():  # whoever asked has gone
                continue
            if isinstance(each, Exception):
                future.set_exception(each)
            else:
                future.set_result(each)

    async def _pipelined(self, waiting: list[_Question]) -> list[list[int] | Exception]:
        pipeline = self._redis.pipeline(transaction=False)
        for arguments, _ in waiting:
            pipeline.evalsha(self._sha, 1, *map(str, arguments))
        return await pipeline.execute(raise_on_error=False)


_Question = tuple[tuple[str, int, int, int], "asyncio.Future[list[int]]"]


def address_key(address: str) -> str:
    """Who an address is for counting: IPv4 whole, IPv6 by its /64 (one household's network)."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped:
            return str(ip.ipv4_mapped)
        return str(ipaddress.ip_network((ip, 64), strict=False).network_address)
    return str(ip)
