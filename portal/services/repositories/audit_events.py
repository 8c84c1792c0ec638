"""Queries on the audit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlmodel import Session, col

from portal.services.models import AuditEvent


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which events; an empty field does not filter.

    Attributes:
        actor: Part of the actor's e-mail address, or their id.
        action: One action (`movie.update`) or, with a dot at its end, all of a kind (`movie.`).
        entity: movie, account, key ...
        entity_id: Which one.
        since: Not before this instant.
        until: Before this instant.
    """

    actor: str = ""
    action: str = ""
    entity: str = ""
    entity_id: str = ""
    since: datetime | None = None
    until: datetime | None = None


def events(
    session: Session, chosen: AuditFilter, *, before_seq: int | None, limit: int
) -> Sequence[AuditEvent]:
    """Events from the newest on, those before `before_seq` if it is given."""
    statement = select(AuditEvent).order_by(col(AuditEvent.seq).desc()).limit(limit)
    for condition in _conditions(chosen):
        statement = statement.where(condition)
    if before_seq is not None:
        statement = statement.where(col(AuditEvent.seq) < before_seq)
    return session.scalars(statement).all()


def _conditions(chosen: AuditFilter) -> list[Any]:
    found: list[Any] = []
    if chosen.actor:
        found.append(
            or_(
                col(AuditEvent.actor_id) == chosen.actor,
                col(AuditEvent.actor_label).icontains(chosen.actor, autoescape=True),
            )
        )
    if chosen.action.endswith("."):
        found.append(col(AuditEvent.action).startswith(chosen.action, autoescape=True))
    elif chosen.action:
        found.append(col(AuditEvent.action) == chosen.action)
    if chosen.entity:
        found.append(col(AuditEvent.entity) == chosen.entity)
    if chosen.entity_id:
        found.append(col(AuditEvent.entity_id) == chosen.entity_id)
    if chosen.since is not None:
        found.append(col(AuditEvent.at) >= chosen.since)
    if chosen.until is not None:
        found.append(col(AuditEvent.at) < chosen.until)
    return found
