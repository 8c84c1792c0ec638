"""The audit trail: append-only, each event sealed with the hash of the one before.

`record` is called inside the transaction of the change it tells of: there is no change without its
event and no event without its change.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlmodel import Session, col

from portal.services.actors import Actor
from portal.services.models import AuditEvent, AuditHead

MASK = "[secret]"
_SECRET_FIELDS = frozenset(
    {"url", "url_ciphertext", "password", "password_hash", "token", "token_hash", "totp_secret"}
)
GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class Verification:
    """What `verify` found.

    Attributes:
        checked: Number of events.
        broken_at: `seq` of the first event that does not fit, or None.
    """

    checked: int
    broken_at: int | None


def masked(state: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """A state as it may be stored: secrets replaced, instants as ISO 8601."""
    if state is None:
        return None
    return {
        name: MASK if name in _SECRET_FIELDS and value else _plain(value)
        for name, value in state.items()
    }


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[dict[str, Any], ...]:
    """Both states, reduced to what differs."""
    names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    return {n: before.get(n) for n in names}, {n: after.get(n) for n in names}


def record(
    session: Session,
    actor: Actor,
    action: str,
    *,
    entity: str,
    entity_id: str,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    now: datetime,
) -> AuditEvent:
    """Append an event in the caller's transaction.

    Args:
        session: The transaction of the change.
        actor: Who did it.
        action: Dotted verb: `movie.update`, `account.disable`.
        entity: The kind of thing: `movie`, `account`.
        entity_id: Which one.
        before: Its state before, or what of it changed; secrets are masked here.
        after: Its state after.
        now: When.
    """
    previous_hash = _hold_end(session)
    event = AuditEvent(
        at=now,
        actor_id=actor.id,
        actor_label=actor.label,
        address=actor.address,
        action=action,
        entity=entity,
        entity_id=entity_id,
        before=masked(before),
        after=masked(after),
        correlation_id=actor.correlation_id,
        previous_hash=previous_hash,
    )
    event.hash = _seal(event)
    session.add(event)
    session.execute(update(AuditHead).values(hash=event.hash))
    session.flush()
    return event


def _hold_end(session: Session) -> str:
    """The hash of the last event; until this transaction ends nobody else adds one.

    Locking the last event itself does not do: on MySQL whoever waited for it gets that same event,
    although another one follows it by then.
    """
    session.execute(update(AuditHead).values(id=AuditHead.id))
    return session.scalars(select(col(AuditHead.hash))).one()


def verify(session: Session) -> Verification:
    """Walk the whole chain and find the first event that was changed, removed or put in."""
    previous = GENESIS
    checked = 0
    last_seq: int | None = 0
    for event in session.scalars(
        select(AuditEvent).order_by(col(AuditEvent.seq)).execution_options(yield_per=1000)
    ):
        if event.previous_hash != previous or event.hash != _seal(event):
            return Verification(checked, event.seq)
        previous = event.hash
        checked += 1
        last_seq = event.seq
    if session.scalars(select(col(AuditHead.hash))).one() != previous:
        return Verification(checked, (last_seq or 0) + 1)  # events were cut off from the end
    return Verification(checked, None)


def _seal(event: AuditEvent) -> str:
    content = [
        event.previous_hash,
        event.at.isoformat(timespec="microseconds"),
        event.actor_id,
        event.actor_label,
        event.address,
        event.action,
        event.entity,
        event.entity_id,
        event.before,
        event.after,
        event.correlation_id,
    ]
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return masked(value)
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_plain(item) for item in value]
    return value
