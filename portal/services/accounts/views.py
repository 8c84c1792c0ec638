"""What leaves the account services: no hashes, no secrets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from portal.services.account_models import ApiToken, LoginSession
from portal.services.actors import Actor, Role
from portal.services.models import Account


@dataclass(frozen=True, slots=True)
class AccountView:
    """Somebody who may change the catalog.

    Attributes:
        has_authenticator: Whether signing in with the password takes a code, too.
        passkeys: How many there are.
        last_seen_at: When a browser of theirs asked for something last; None for never.
    """

    id: str
    email: str
    name: str
    role: Role
    is_disabled: bool
    has_password: bool
    created_at: datetime
    has_authenticator: bool = False
    passkeys: int = 0
    last_seen_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SessionView:
    """A browser that is signed in."""

    id: str
    method: str
    address: str
    user_agent: str
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    is_own: bool


@dataclass(frozen=True, slots=True)
class TokenView:
    """A personal token; its secret was shown once."""

    id: str
    name: str
    role: Role
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session that is good right now.

    Attributes:
        actor: Whose it is, with the role as stored now.
        session_id: Which one.
        name: How the person is called; the address if they gave no name.
        method: How they signed in.
        opened_at: When.
    """

    actor: Actor
    session_id: str
    name: str
    method: str
    opened_at: datetime


def account_view(account: Account) -> AccountView:
    """A row as it may be seen."""
    return AccountView(
        id=account.id,
        email=account.email,
        name=account.name,
        role=Role(account.role),
        is_disabled=account.disabled_at is not None,
        has_password=bool(account.password_hash),
        created_at=account.created_at,
    )


def session_view(row: LoginSession, own_id: str) -> SessionView:
    """A row as it may be seen."""
    return SessionView(
        id=row.id,
        method=row.method,
        address=row.address,
        user_agent=row.user_agent,
        created_at=row.created_at,
        last_seen_at=row.last_seen_at,
        expires_at=row.expires_at,
        is_own=row.id == own_id,
    )


def token_view(row: ApiToken) -> TokenView:
    """A row as it may be seen."""
    return TokenView(
        id=row.id,
        name=row.name,
        role=Role(row.role),
        created_at=row.created_at,
        expires_at=row.expires_at,
        last_used_at=row.last_used_at,
    )
