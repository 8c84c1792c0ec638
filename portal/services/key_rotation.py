"""Give what is stored encrypted another key, and prove that nothing uses the old one.

In batches and by compare-and-swap: the portal may serve meanwhile, and what somebody stores in the
same moment is not overwritten. Running it again goes on where it was interrupted.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlmodel import Session

from portal.services import audit
from portal.services.actors import Actor
from portal.services.db import Database
from portal.services.keyring import PURPOSES, SOURCE_INDEX, Keyring, KeyringError
from portal.services.repositories import sealed
from portal.services.repositories.sealed import SEALED_COLUMNS, SealedColumn
from portal.services.secrets_box import Place, SecretsBox, SecretUnreadable

BATCH: Final = 200


@dataclass(frozen=True, slots=True)
class KeyUse:
    """One key of the ring.

    Attributes:
        purpose: What it is for.
        key_id: Its id.
        is_active: New values use it.
        is_pending: It was added after the active one and waits for `rotate`.
        rows: Stored values that need it; None where nothing is stored under this purpose.
    """

    purpose: str
    key_id: str
    is_active: bool
    is_pending: bool
    rows: int | None


@dataclass(frozen=True, slots=True)
class Rotation:
    """What a rotation did.

    Attributes:
        purpose: What for.
        key_id: The active key now.
        moved: Rows that were given the active key.
        left: Rows that use another key still: they cannot be read, or were changed just now.
        unreadable: How many of those cannot be read with any key of the ring.
    """

    purpose: str
    key_id: str
    moved: int
    left: int
    unreadable: int


def status(db: Database, keyring: Keyring) -> list[KeyUse]:
    """Every key with the number of rows that need it.

    Raises:
        Unavailable: The database is away.
    """

    def count(session: Session) -> list[KeyUse]:
        found = []
        for purpose in PURPOSES:
            keyset = keyring[purpose]
            newer = False
            for kid in keyset.keys:
                found.append(
                    KeyUse(purpose, kid, kid == keyset.active, newer, _rows(session, purpose, kid))
                )
                newer = newer or kid == keyset.active
        return found

    return db.run_sync(count)


def rotate(
    db: Database, keyring: Keyring, purpose: str, *, actor: Actor, now: datetime
) -> Rotation:
    """Make the newest key the active one and move all that is stored to it.

    Args:
        db: Where it is stored.
        keyring: The ring, which is written back.
        purpose: One of `PURPOSES`.
        actor: Who asks, for the audit.
        now: The present instant.

    Raises:
        KeyringError: There is no such purpose, or the ring cannot be written.
        Unavailable: The database is away; run it again.
    """
    before = keyring[purpose].active
    kid = keyring.rotate(purpose)
    db.run_sync(
        lambda session: audit.record(
            session,
            actor,
            "keys.rotate",
            entity="key",
            entity_id=purpose,
            before={"active": before},
            after={"active": kid},
            now=now,
        )
    )
    return reencrypt(db, keyring, purpose)


def reencrypt(db: Database, keyring: Keyring, purpose: str) -> Rotation:
    """Move all that is stored under a purpose to its active key; also after an interruption.

    Raises:
        KeyringError, Unavailable: As they say.
    """
    moved = unreadable = left = 0
    if purpose == SOURCE_INDEX:
        moved, unreadable = _reindex(db, SecretsBox.of(keyring))
    for column in SEALED_COLUMNS:
        if column.purpose == purpose:
            now_moved, now_unreadable = _move(db, SecretsBox.of(keyring, purpose), column)
            moved, unreadable = moved + now_moved, unreadable + now_unreadable
    others = [kid for kid in keyring[purpose].keys if kid != keyring[purpose].active]
    left = sum(db.run_sync(lambda s, kid=kid: _rows(s, purpose, kid)) or 0 for kid in others)  # type: ignore[misc]
    return Rotation(purpose, keyring[purpose].active, moved, max(left, unreadable), unreadable)


def retire(
    db: Database, keyring: Keyring, purpose: str, kid: str, *, actor: Actor, now: datetime
) -> int:
    """Forget a key, after proving that no stored value needs it; the number of rows looked at.

    Raises:
        KeyringError: It is active or unknown, some row needs it, or the ring cannot be written.
        Unavailable: The database is away.
    """
    keyset = keyring[purpose]
    if kid not in keyset.keys or kid == keyset.active:
        reason = "is active" if kid == keyset.active else "is not known"
        message = f"Key {kid!r} of {purpose!r} {reason}; it cannot be retired."
        raise KeyringError(message)
    uses = db.run_sync(lambda session: _rows(session, purpose, kid)) or 0
    if uses:
        message = (
            f"{uses:,} stored value{'s'[: uses != 1]} need key {kid!r} of {purpose!r} still. Run:"
            f" portal keys rotate {purpose} --again"
        )
        raise KeyringError(message)
    looked_at = db.run_sync(lambda session: _rows(session, purpose, keyset.active)) or 0
    keyring.retire(purpose, kid)
    db.run_sync(
        lambda session: audit.record(
            session,
            actor,
            "keys.retire",
            entity="key",
            entity_id=purpose,
            before={"key_id": kid, "rows": 0},
            now=now,
        )
    )
    return looked_at


def _rows(session: Session, purpose: str, kid: str) -> int | None:
    columns = [column for column in SEALED_COLUMNS if column.purpose == purpose]
    if not columns:
        return None
    return sum(sealed.uses_of_key(session, column, kid) for column in columns)


def _move(db: Database, box: SecretsBox, column: SealedColumn) -> tuple[int, int]:
    moved = unreadable = 0
    after = ""
    while True:

        def batch(session: Session, after: str = after) -> tuple[int, int, str]:
            done = bad = 0
            rows = sealed.rows_of_other_keys(
                session, column, box.active_key_id, after=after, limit=BATCH
            )
            for row_id, old in rows:
                place = Place(column.table, column.column, row_id)
                try:
                    new = box.seal(box.open(old, place), place)
                except SecretUnreadable:
                    bad += 1
                    continue
                kid = box.active_key_id
                done += sealed.swap(session, column, row_id, old=old, new=new, kid=kid)
            return done, bad, rows[-1][0] if rows else ""

        done, bad, after = db.run_sync(batch)
        moved, unreadable = moved + done, unreadable + bad
        if not after:
            return moved, unreadable


def _reindex(db: Database, box: SecretsBox) -> tuple[int, int]:
    """Compute every blind index anew; it holds no key id, so all of them are looked at."""
    column = SEALED_COLUMNS[0]
    moved = unreadable = 0
    after = ""
    while True:

        def batch(session: Session, after: str = after) -> tuple[int, int, str]:
            done = bad = 0
            rows = sealed.sources_after(session, after, BATCH)
            for row_id, ciphertext, old in rows:
                try:
                    url = box.open(ciphertext, Place(column.table, column.column, row_id))
                except SecretUnreadable:
                    bad += 1
                    continue
                new = box.fingerprint(url)
                if new != old:
                    done += sealed.swap_fingerprint(session, row_id, old, new)
            return done, bad, rows[-1][0] if rows else ""

        done, bad, after = db.run_sync(batch)
        moved, unreadable = moved + done, unreadable + bad
        if not after:
            return moved, unreadable
