"""How often somebody may try to sign in.

Counted by address, and by account and address together; never by account alone, so that nobody can
lock somebody else out by typing their address wrong on purpose. What an account meets from many
addresses at once is slowed by Argon2 and by the length of passwords, and told to the log.
"""

from __future__ import annotations

import contextlib
import hashlib
from dataclasses import dataclass

import structlog

from portal.services.errors import RateLimited, Unavailable
from portal.services.rate_limits import Policy, RateLimiter, Verdict, address_key
from portal.services.translation import later, later_n

log = structlog.get_logger(__name__)

# A whole office behind one address, and one person who tries the passwords they may have used.
BY_ADDRESS = Policy("login-address", 30, 600)
BY_PAIR = Policy("login-pair", 6, 360)
# Only observed: an account that is guessed at from many places.
BY_ACCOUNT = Policy("login-account", 50, 3600)
# Guesses at the second step: only somebody who has the password comes so far, so that nobody is
# locked out by a stranger. At 30 an hour a code is hit about once in a year and a half.
BY_CODE = Policy("login-code", 30, 3600)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt that was counted.

    Attributes:
        account: Hash of the e-mail address; nobody reads addresses in Redis.
        address: As limits count it.
    """

    account: str
    address: str

    @property
    def pair(self) -> str:
        """Account and address together."""
        return f"{self.account}:{self.address}"


class LoginThrottle:
    """Counts attempts; with Redis away nobody signs in."""

    def __init__(self, limiter: RateLimiter) -> None:
        self._limiter = limiter

    async def _count(self, policy: Policy, who: str) -> Verdict:
        return await self._limiter.check(policy, who, spares_qa=False)

    async def begin(self, email: str, address: str) -> Attempt:
        """Count an attempt before it is looked at: many at once do not slip through.

        Raises:
            RateLimited: Too many from here.
            Unavailable: Redis is away.
        """
        account = hashlib.sha256(email.encode()).hexdigest()[:24]
        attempt = Attempt(account, address_key(address))
        for policy, who in ((BY_PAIR, attempt.pair), (BY_ADDRESS, attempt.address)):
            verdict = await self._count(policy, who)
            if not verdict.allowed:
                log.info("login.throttled", policy=policy.name, account=account)
                raise too_many(verdict.retry_after_s)
        return attempt

    async def begin_from(self, address: str) -> None:
        """Count an attempt that names no account: a passkey, a return from a provider.

        Raises:
            RateLimited, Unavailable: As `begin`.
        """
        verdict = await self._count(BY_ADDRESS, address_key(address))
        if not verdict.allowed:
            raise too_many(verdict.retry_after_s)

    async def begin_code(self, account_id: str, address: str) -> Attempt:
        """Count an attempt at the second step; by account also, wherever it comes from.

        Raises:
            RateLimited, Unavailable: As `begin`.
        """
        verdict = await self._count(BY_CODE, account_id)
        if not verdict.allowed:
            log.warning("login.codes-guessed", account=account_id)
            raise too_many(verdict.retry_after_s)
        return await self.begin(f"code:{account_id}", address)

    async def succeeded_from(self, address: str) -> None:
        """Take an attempt of `begin_from` back from the count."""
        with contextlib.suppress(Unavailable):
            await self._limiter.give_back(BY_ADDRESS, address_key(address))

    async def failed(self, attempt: Attempt) -> None:
        """Notice that it was wrong; the log tells of an account that many guess at."""
        with contextlib.suppress(Unavailable):
            verdict = await self._count(BY_ACCOUNT, attempt.account)
            if not verdict.allowed:
                log.warning("login.account-under-attack", account=attempt.account)

    async def succeeded(self, attempt: Attempt) -> None:
        """Take it back from the count: who signs in often is no guesser.

        Only this one: whoever has an account of their own gains no further guesses by it.
        """
        with contextlib.suppress(Unavailable):
            await self._limiter.give_back(BY_PAIR, attempt.pair)
            await self._limiter.give_back(BY_ADDRESS, attempt.address)


def too_many(retry_after_s: float) -> RateLimited:
    """The refusal of an attempt that comes too soon."""
    seconds = max(1, round(retry_after_s))
    wait = (
        later_n("{n} minute", "{n} minutes", round(seconds / 60))
        if seconds >= 120
        else later_n("{n} second", "{n} seconds", seconds)
    )
    words = later("Too many attempts to sign in from here. Wait {time}.", time=wait)
    return RateLimited(retry_after_s, words)
