"""One account for each role, with a token that tests of the API know before it is stored."""

from __future__ import annotations

from datetime import timedelta

from sqlmodel import Session

from portal.services.account_models import Account, ApiToken
from portal.services.accounts.secrets import digest, new_api_token
from portal.services.actors import Role
from portal.services.clock import utc_now
from portal.services.container import Services

TOKENS = {role: new_api_token() for role in Role}


def bearer(role: Role) -> dict[str, str]:
    """Headers of a program that acts as `role`."""
    return {"Authorization": f"Bearer {TOKENS[role]}"}


async def put_people(services: Services) -> None:
    """Store the accounts, past the audit: tests count its events from the first one."""
    await services.db.run(_put)


def _put(session: Session) -> None:
    now = utc_now()
    for role, token in TOKENS.items():
        account = Account(email=f"{role}@films.example", role=role, created_at=now)
        session.add(account)
        session.flush()
        session.add(
            ApiToken(
                account_id=account.id,
                token_hash=digest(token),
                name="tests",
                role=role,
                created_at=now,
                expires_at=now + timedelta(days=1),
            )
        )
