"""People who are signed in, in a running portal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from portal.services.account_models import LoginSession
from portal.services.accounts import origins
from portal.services.accounts.secrets import digest, new_session_secret
from portal.services.accounts.views import AccountView
from portal.services.actors import SYSTEM, Actor, Role
from portal.services.clock import utc_now
from portal.services.container import Services

PASSWORD = "three plain words, no more"


@dataclass(frozen=True)
class Person:
    """An account with a token and a session.

    Attributes:
        account: As the services see it.
        bearer: Headers of a program.
        cookie: The value of a Cookie header of a browser.
    """

    account: AccountView
    bearer: dict[str, str]
    cookie: str

    @property
    def actor(self) -> Actor:
        """For calls of services."""
        return Actor(self.account.id, self.account.email, self.account.role)


async def person(services: Services, role: Role, *, name: str = "", password: str = "") -> Person:
    """Make somebody; without a password, which takes a while to hash, unless one is given."""
    now = utc_now()
    email = f"{name or role.value}@films.example"
    made = await services.accounts.people.create(
        SYSTEM, email, role, now, name=name, password=password
    )
    _, token = await services.accounts.tokens.create(SYSTEM, "tests", role, 1, now, of=made.id)
    secret = new_session_secret()
    row = LoginSession(
        account_id=made.id,
        token_hash=digest(secret),
        method="password",
        created_at=now,
        last_seen_at=now,
        expires_at=now + timedelta(days=1),
    )
    await services.db.run(lambda session: session.add(row))
    cookie = f"{origins.cookie_name(services.settings)}={secret}"
    return Person(made, {"Authorization": f"Bearer {token}"}, cookie)
