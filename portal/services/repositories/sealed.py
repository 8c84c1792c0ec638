"""Queries on what is stored encrypted, whatever table it is in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import CursorResult, func, or_, select, update
from sqlmodel import Session, SQLModel

from portal.services.account_models import TotpSecret
from portal.services.keyring import SOURCE_URL, TOTP_SECRET
from portal.services.models import StreamSource


@dataclass(frozen=True, slots=True)
class SealedColumn:
    """A column that holds what `SecretsBox` sealed.

    Attributes:
        purpose: Which keys seal it.
        model: Its table.
        column: Name of the column with the sealed text.
        key_column: Name of the column with the id of its key.
    """

    purpose: str
    model: type[SQLModel]
    column: str
    key_column: str

    @property
    def table(self) -> str:
        """The table's name, as it is in the associated data."""
        return str(self.model.__tablename__)


SEALED_COLUMNS = (
    SealedColumn(SOURCE_URL, StreamSource, "url_ciphertext", "url_key_id"),
    SealedColumn(TOTP_SECRET, TotpSecret, "secret_ciphertext", "secret_key_id"),
)
"""Every sealed column of the portal: a key is retired only when none of them uses it."""


def uses_of_key(session: Session, column: SealedColumn, kid: str) -> int:
    """Rows that need this key, by what they say and by the sealed text itself."""
    model: Any = column.model
    sealed, key = getattr(model, column.column), getattr(model, column.key_column)
    statement = (
        select(func.count())
        .select_from(model)
        .where(or_(key == kid, sealed.startswith(f"v1.{kid}.", autoescape=True)))
    )
    return session.scalar(statement) or 0


def rows_of_other_keys(
    session: Session, column: SealedColumn, active: str, *, after: str, limit: int
) -> Sequence[tuple[str, str]]:
    """Id and sealed text of rows that do not use the active key, in the order of their ids."""
    model: Any = column.model
    sealed, key = getattr(model, column.column), getattr(model, column.key_column)
    prefix = sealed.startswith(f"v1.{active}.", autoescape=True)
    found = session.execute(
        select(model.id, sealed)
        .where(or_(key != active, ~prefix), model.id > after)
        .order_by(model.id)
        .limit(limit)
    )
    return [(str(row[0]), str(row[1])) for row in found]


def swap(
    session: Session, column: SealedColumn, row_id: str, old: str, new: str, kid: str
) -> bool:  # each is one thing
    """Put a sealed text in another's place, unless somebody else did meanwhile."""
    model: Any = column.model
    result = session.execute(
        update(model)
        .where(model.id == row_id, getattr(model, column.column) == old)
        .values({column.column: new, column.key_column: kid})
        .execution_options(synchronize_session=False)
    )
    assert isinstance(result, CursorResult)  # noqa: S101  an UPDATE has a row count
    return result.rowcount == 1


def sources_after(session: Session, row_id: str, limit: int) -> Sequence[tuple[str, str, str]]:
    """Id, sealed URL and blind index of stream sources, in the order of their ids."""
    model: Any = StreamSource
    found = session.execute(
        select(model.id, model.url_ciphertext, model.url_fingerprint)
        .where(model.id > row_id)
        .order_by(model.id)
        .limit(limit)
    )
    return [(str(row[0]), str(row[1]), str(row[2])) for row in found]


def swap_fingerprint(session: Session, row_id: str, old: str, new: str) -> bool:
    """Put a blind index in another's place, unless the source was replaced meanwhile."""
    model: Any = StreamSource
    result = session.execute(
        update(model)
        .where(model.id == row_id, model.url_fingerprint == old)
        .values(url_fingerprint=new)
        .execution_options(synchronize_session=False)
    )
    assert isinstance(result, CursorResult)  # noqa: S101  an UPDATE has a row count
    return result.rowcount == 1
