"""Accounts of content managers: people, how they sign in, their sessions and tokens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from redis.asyncio import Redis

from portal.services.accounts.authenticator import Authenticators
from portal.services.accounts.browsers import Browser, Outcome
from portal.services.accounts.oidc import ExternalSignIn, Provider
from portal.services.accounts.passkeys import Passkeys
from portal.services.accounts.passwords import Passwords
from portal.services.accounts.people import People
from portal.services.accounts.sessions import LoginSessions
from portal.services.accounts.sign_in import SignIn
from portal.services.accounts.throttle import LoginThrottle
from portal.services.accounts.tickets import Tickets
from portal.services.accounts.tokens import ApiTokens
from portal.services.db import Database
from portal.services.rate_limits import RateLimiter
from portal.services.secrets_box import SecretsBox

__all__ = ["Accounts", "Browser", "Outcome", "Provider", "make_accounts"]


@dataclass(frozen=True, slots=True)
class Accounts:
    """The account services.

    Attributes:
        external: Signing in at a provider; None unless the settings name one.
    """

    people: People
    sign_in: SignIn
    sessions: LoginSessions
    tokens: ApiTokens
    tickets: Tickets
    passwords: Passwords
    authenticators: Authenticators
    passkeys: Passkeys
    external: ExternalSignIn | None


def make_accounts(
    db: Database,
    redis: Redis,
    limiter: RateLimiter,
    totp_box: SecretsBox,
    *,
    provider: Provider | None = None,
    may_register: Callable[[], bool] = lambda: True,
) -> Accounts:
    """The account services on these servers.

    Args:
        db: The accounts.
        redis: Tickets of a sign-in that is under way.
        limiter: Counts attempts.
        totp_box: Seals authenticators' secrets.
        provider: The OpenID Connect provider, if there is one.
        may_register: Whether new people of the provider get an account now.
    """
    passwords = Passwords()
    tickets = Tickets(redis)
    throttle = LoginThrottle(limiter)
    return Accounts(
        people=People(db, passwords),
        sign_in=SignIn(db, passwords, throttle, tickets, totp_box),
        sessions=LoginSessions(db),
        tokens=ApiTokens(db),
        tickets=tickets,
        passwords=passwords,
        authenticators=Authenticators(db, totp_box),
        passkeys=Passkeys(db, tickets, throttle),
        external=(
            ExternalSignIn(db, tickets, throttle, provider, may_register) if provider else None
        ),
    )
