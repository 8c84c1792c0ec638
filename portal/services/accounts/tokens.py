"""Personal tokens: how programs use the API as somebody."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlmodel import Session

from portal.services import audit
from portal.services.account_models import ApiToken
from portal.services.accounts.secrets import TOKEN_PREFIX, digest, new_api_token
from portal.services.accounts.views import TokenView, token_view
from portal.services.actors import RANK, Actor, Role, require
from portal.services.db import Database
from portal.services.errors import Forbidden, InvalidInput, NotFound
from portal.services.repositories import accounts as rows
from portal.services.translation import later

MAX_DAYS = 366
MAX_TOKENS = 50
_MAX_NAME = 80
_USED_EVERY = timedelta(minutes=1)


class ApiTokens:
    """Makes, finds and revokes tokens. Each call asks the store."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def create(
        self, actor: Actor, name: str, role: Role, days: int, now: datetime, *, of: str = ""
    ) -> tuple[TokenView, str]:
        """A new token and its secret, which nobody sees again.

        Args:
            actor: Who asks.
            name: What it is for.
            role: What it may do: at most what its account may.
            days: How long it lives, 1 to 366.
            now: The present instant.
            of: Whose it is; "" for the actor's own. Another's takes an owner.

        Raises:
            InvalidInput, Forbidden, NotFound: As they say.
        """
        return await self._db.run(
            lambda session: _create(session, actor, name, role, days, now, of or actor.id)
        )

    async def find(
        self, secret: str, *, address: str, correlation_id: str, now: datetime
    ) -> Actor | None:
        """Whom a token speaks for at this instant; None if for nobody any more.

        Raises:
            Unavailable: The database is away.
        """
        if not secret.startswith(TOKEN_PREFIX):
            return None
        return await self._db.run(
            lambda session: _find(session, digest(secret), address, correlation_id, now)
        )

    async def list(self, actor: Actor, now: datetime) -> list[TokenView]:
        """The person's own tokens."""
        return await self._db.run(
            lambda session: [token_view(row) for row in rows.live_tokens(session, actor.id, now)]
        )

    async def revoke(self, actor: Actor, token_id: str, now: datetime) -> None:
        """End one of the person's own tokens.

        Raises:
            NotFound: It is not theirs, or over already.
        """
        await self._db.run(lambda session: _revoke(session, actor, token_id, now))


def _create(
    session: Session, actor: Actor, name: str, role: Role, days: int, now: datetime, of: str
) -> tuple[TokenView, str]:
    if of != actor.id:
        require(actor, Role.OWNER)
    problems = {}
    name = " ".join(name.split())
    if not name:
        problems["name"] = later("Say what the token is for, such as “nightly import”.")
    elif len(name) > _MAX_NAME:
        problems["name"] = later("Use at most {n} characters for the name.", n=_MAX_NAME)
    if not 1 <= days <= MAX_DAYS:
        problems["days"] = later("A token lives 1 to {n} days.", n=MAX_DAYS)
    if problems:
        raise InvalidInput(problems)
    account = rows.lock(session, of)
    if account is None or account.disabled_at is not None:
        raise NotFound("There is no such account, or it is disabled.")
    if RANK[role] > RANK[Role(account.role)]:
        raise Forbidden(f"A token of this account can be at most {account.role}.")
    if len(rows.live_tokens(session, of, now)) >= MAX_TOKENS:
        raise InvalidInput(
            {"name": later("There are {n} tokens already. Revoke one first.", n=MAX_TOKENS)}
        )
    secret = new_api_token()
    row = ApiToken(
        account_id=of,
        token_hash=digest(secret),
        name=name,
        role=role,
        created_at=now,
        expires_at=now + timedelta(days=days),
    )
    session.add(row)
    session.flush()
    audit.record(
        session,
        actor,
        "token.create",
        entity="account",
        entity_id=of,
        after={"name": name, "role": role.value, "days": days},
        now=now,
    )
    return token_view(row), secret


def _find(
    session: Session, token_hash: str, address: str, correlation_id: str, now: datetime
) -> Actor | None:
    found = rows.token_with_account(session, token_hash)
    if found is None:
        return None
    row, account = found
    if row.revoked_at is not None or row.expires_at <= now or account.disabled_at is not None:
        return None
    if row.last_used_at is None or row.last_used_at < now - _USED_EVERY:
        row.last_used_at = now
    # Somebody whose role was lowered has no token left that may do more.
    role = min(Role(row.role), Role(account.role), key=RANK.__getitem__)
    return Actor(account.id, account.email, role, address, correlation_id)


def _revoke(session: Session, actor: Actor, token_id: str, now: datetime) -> None:
    row = session.get(ApiToken, token_id)
    if row is None or row.account_id != actor.id or row.revoked_at is not None:
        raise NotFound("This token is revoked already.")
    row.revoked_at = now
    audit.record(
        session,
        actor,
        "token.revoke",
        entity="account",
        entity_id=actor.id,
        before={"name": row.name},
        now=now,
    )
