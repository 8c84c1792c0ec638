"""Queries on what people sign in with beside a password."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, func, select
from sqlmodel import Session, col

from portal.services.account_models import ExternalIdentity, Passkey, RecoveryCode, TotpSecret
from portal.services.models import Account


def totp_of(session: Session, account_id: str) -> TotpSecret | None:
    """What an account's authenticator app shares with us."""
    return session.scalars(
        select(TotpSecret).where(col(TotpSecret.account_id) == account_id)
    ).one_or_none()


def accounts_with_totp(session: Session) -> Sequence[str]:
    """Ids of all accounts that sign in with a code, too."""
    return session.scalars(
        select(col(TotpSecret.account_id)).where(col(TotpSecret.confirmed_at).is_not(None))
    ).all()


def unused_code(session: Session, account_id: str, code_hash: str) -> RecoveryCode | None:
    """A recovery code that was not used yet."""
    return session.scalars(
        select(RecoveryCode).where(
            col(RecoveryCode.account_id) == account_id,
            col(RecoveryCode.code_hash) == code_hash,
            col(RecoveryCode.used_at).is_(None),
        )
    ).first()


def unused_codes(session: Session, account_id: str) -> int:
    """How many recovery codes are left."""
    statement = (
        select(func.count())
        .select_from(RecoveryCode)
        .where(col(RecoveryCode.account_id) == account_id, col(RecoveryCode.used_at).is_(None))
    )
    return session.scalar(statement) or 0


def delete_totp(session: Session, account_id: str) -> None:
    """Forget an account's authenticator app."""
    session.execute(delete(TotpSecret).where(col(TotpSecret.account_id) == account_id))


def delete_codes(session: Session, account_id: str) -> None:
    """Forget an account's recovery codes."""
    session.execute(delete(RecoveryCode).where(col(RecoveryCode.account_id) == account_id))


def passkeys_of(session: Session, account_id: str) -> Sequence[Passkey]:
    """An account's passkeys, the oldest first."""
    return session.scalars(
        select(Passkey)
        .where(col(Passkey.account_id) == account_id)
        .order_by(col(Passkey.created_at), col(Passkey.id))
    ).all()


def passkey_counts(session: Session) -> dict[str, int]:
    """Number of passkeys by account, of those that have any."""
    rows = session.execute(
        select(col(Passkey.account_id), func.count()).group_by(col(Passkey.account_id))
    )
    return {row[0]: row[1] for row in rows}


def passkey_with_account(session: Session, credential_hash: str) -> tuple[Passkey, Account] | None:
    """A passkey and whose it is."""
    found = session.execute(
        select(Passkey, Account)
        .join(Account, col(Account.id) == col(Passkey.account_id))
        .where(col(Passkey.credential_hash) == credential_hash)
    ).first()
    return (found[0], found[1]) if found else None


def delete_passkeys(session: Session, account_id: str) -> None:
    """Forget an account's passkeys."""
    session.execute(delete(Passkey).where(col(Passkey.account_id) == account_id))


def identity_with_account(
    session: Session, identity_hash: str
) -> tuple[ExternalIdentity, Account] | None:
    """Somebody a provider knows, and which account is theirs."""
    found = session.execute(
        select(ExternalIdentity, Account)
        .join(Account, col(Account.id) == col(ExternalIdentity.account_id))
        .where(col(ExternalIdentity.identity_hash) == identity_hash)
    ).first()
    return (found[0], found[1]) if found else None


def identities_of(session: Session, account_id: str) -> Sequence[ExternalIdentity]:
    """Who an account's person is at providers."""
    return session.scalars(
        select(ExternalIdentity).where(col(ExternalIdentity.account_id) == account_id)
    ).all()


def delete_identities(session: Session, account_id: str) -> None:
    """Forget who an account's person is at providers."""
    session.execute(delete(ExternalIdentity).where(col(ExternalIdentity.account_id) == account_id))
