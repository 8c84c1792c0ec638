"""Accounts of content managers: people, how they sign in, their sessions and tokens."""

from __future__ import annotations

from dataclasses import dataclass

from redis.asyncio import Redis

from portal.services.accounts.passwords import Passwords
from portal.services.accounts.people import People
from portal.services.accounts.sessions import LoginSessions
from portal.services.accounts.sign_in import Browser, Outcome, SignIn
from portal.services.accounts.throttle import LoginThrottle
from portal.services.accounts.tickets import Tickets
from portal.services.accounts.tokens import ApiTokens
from portal.services.db import Database
from portal.services.rate_limits import RateLimiter
from portal.services.secrets_box import SecretsBox

__all__ = ["Accounts", "Browser", "Outcome", "make_accounts"]


@dataclass(frozen=True, slots=True)
class Accounts:
    """The account services."""

    people: People
    sign_in: SignIn
    sessions: LoginSessions
    tokens: ApiTokens
    tickets: Tickets
    passwords: Passwords


def make_accounts(
    db: Database, redis: Redis, limiter: RateLimiter, totp_box: SecretsBox
) -> Accounts:
    """The account services on these servers."""
    passwords = Passwords()
    tickets = Tickets(redis)
    return Accounts(
        people=People(db, passwords),
        sign_in=SignIn(db, passwords, LoginThrottle(limiter), tickets, totp_box),
        sessions=LoginSessions(db),
        tokens=ApiTokens(db),
        tickets=tickets,
        passwords=passwords,
    )
