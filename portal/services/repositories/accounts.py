"""Queries on accounts, their sessions and their tokens."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlmodel import Session, col

from portal.services.account_models import ApiToken, LoginSession
from portal.services.models import Account


def by_email(session: Session, email: str) -> Account | None:
    """The account of an address in its normal form."""
    return session.scalars(select(Account).where(col(Account.email) == email)).one_or_none()


def lock(session: Session, account_id: str) -> Account | None:
    """An account, held until the transaction ends."""
    session.execute(
        update(Account).where(col(Account.id) == account_id).values(role=col(Account.role))
    )
    return session.get(Account, account_id, populate_existing=True)


def lock_owners(session: Session) -> Sequence[str]:
    """Ids of the owners who can sign in, held: two of them cannot remove each other at once."""
    session.execute(
        update(Account).where(col(Account.role) == "owner").values(role=col(Account.role))
    )
    return session.scalars(
        select(col(Account.id)).where(
            col(Account.role) == "owner", col(Account.disabled_at).is_(None)
        )
    ).all()


def all_accounts(session: Session) -> Sequence[Account]:
    """All, by address."""
    return session.scalars(select(Account).order_by(col(Account.email))).all()


def count(session: Session) -> int:
    """How many there are."""
    return session.scalar(select(func.count()).select_from(Account)) or 0


def session_with_account(session: Session, token_hash: str) -> tuple[LoginSession, Account] | None:
    """A browser's session and whose it is."""
    found = session.execute(
        select(LoginSession, Account)
        .join(Account, col(Account.id) == col(LoginSession.account_id))
        .where(col(LoginSession.token_hash) == token_hash)
    ).first()
    return (found[0], found[1]) if found else None


def token_with_account(session: Session, token_hash: str) -> tuple[ApiToken, Account] | None:
    """A personal token and whose it is."""
    found = session.execute(
        select(ApiToken, Account)
        .join(Account, col(Account.id) == col(ApiToken.account_id))
        .where(col(ApiToken.token_hash) == token_hash)
    ).first()
    return (found[0], found[1]) if found else None


def live_sessions(session: Session, account_id: str, now: datetime) -> Sequence[LoginSession]:
    """Sessions of an account that are not over, the one used last first."""
    return session.scalars(
        select(LoginSession)
        .where(
            col(LoginSession.account_id) == account_id,
            col(LoginSession.revoked_at).is_(None),
            col(LoginSession.expires_at) > now,
        )
        .order_by(col(LoginSession.last_seen_at).desc())
    ).all()


def delete_old_sessions(session: Session, account_id: str, before: datetime) -> None:
    """Forget sessions of an account that were over before an instant."""
    session.execute(
        delete(LoginSession)
        .where(col(LoginSession.account_id) == account_id, col(LoginSession.expires_at) < before)
        .execution_options(synchronize_session=False)
    )


def last_seen(session: Session) -> dict[str, datetime]:
    """When each account's browsers asked for something last."""
    found = session.execute(
        select(col(LoginSession.account_id), func.max(col(LoginSession.last_seen_at))).group_by(
            col(LoginSession.account_id)
        )
    )
    return {row[0]: row[1] for row in found}


def live_tokens(session: Session, account_id: str, now: datetime) -> Sequence[ApiToken]:
    """Tokens of an account that can be used, the newest first."""
    return session.scalars(
        select(ApiToken)
        .where(
            col(ApiToken.account_id) == account_id,
            col(ApiToken.revoked_at).is_(None),
            col(ApiToken.expires_at) > now,
        )
        .order_by(col(ApiToken.created_at).desc())
    ).all()


def revoke_all(
    session: Session, model: type[Any], account_id: str, now: datetime, *, but: str = ""
) -> None:
    """End all sessions (or tokens) of an account, except one."""
    session.execute(
        update(model)
        .where(model.account_id == account_id, model.revoked_at.is_(None), model.id != but)
        .values(revoked_at=now)
        .execution_options(synchronize_session=False)
    )
