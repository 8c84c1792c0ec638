"""Rate limits counted in Redis: GCRA (the generic cell rate algorithm), one round trip.

GCRA keeps one number per caller, the theoretical arrival time, and so has neither the burst at a
window's edge of fixed windows nor the memory of a sliding log. A policy of 120 in 60 s lets 120
through at once and then one each half second.
"""

from __future__ import annotations

import ipaddress
import math
from dataclasses import dataclass

from redis.asyncio import Redis

from portal.services.errors import RateLimited
from portal.services.redis_client import answer, limit_key

# KEYS[1] the caller; ARGV: emission interval us, burst tolerance us, cost.
# Answers {allowed, remaining, retry_after_us, reset_after_us}. Redis's clock is one for all.
_GCRA = """
local t = redis.call('TIME')
local now = t[1] * 1000000 + t[2]
local interval, tolerance, cost = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local tat = tonumber(redis.call('GET', KEYS[1]) or now)
if tat < now then tat = now end
local new_tat = tat + interval * cost
local allow_at = new_tat - tolerance
if allow_at > now then
  return {0, 0, allow_at - now, tat - now}
end
redis.call('SET', KEYS[1], string.format('%.0f', new_tat), 'PX',
           math.ceil((new_tat - now) / 1000) + 1000)
return {1, math.floor((tolerance - (new_tat - now)) / interval), 0, new_tat - now}
"""

# Takes one request back: KEYS[1] the caller; ARGV: emission interval us.
_GIVE_BACK = """
local t = redis.call('TIME')
local now = t[1] * 1000000 + t[2]
local tat = tonumber(redis.call('GET', KEYS[1]) or 0)
local earlier = tat - tonumber(ARGV[1])
if earlier <= now then
  redis.call('DEL', KEYS[1])
else
  redis.call('SET', KEYS[1], string.format('%.0f', earlier), 'PX',
             math.ceil((earlier - now) / 1000) + 1000)
end
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
        self._script = redis.register_script(_GCRA)
        self._give_back = redis.register_script(_GIVE_BACK)

    async def check(self, policy: Policy, who: str, *, cost: int = 1) -> Verdict:
        """Count one request of `who`.

        Raises:
            Unavailable: Redis is away; the caller decides whether to fail open or closed.
        """
        interval_us = policy.window_s * 1_000_000 // policy.quota
        tolerance_us = interval_us * policy.quota
        allowed, remaining, retry_us, reset_us = await answer(
            self._script(keys=[limit_key(policy.name, who)], args=[interval_us, tolerance_us, cost])
        )
        return Verdict(policy, bool(allowed), int(remaining), retry_us / 1e6, reset_us / 1e6)

    async def give_back(self, policy: Policy, who: str) -> None:
        """Take one request of `who` back, as if it had not been.

        Raises:
            Unavailable: Redis is away.
        """
        interval_us = policy.window_s * 1_000_000 // policy.quota
        await answer(self._give_back(keys=[limit_key(policy.name, who)], args=[interval_us]))

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
