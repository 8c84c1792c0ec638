"""Queries for explanations: what a film was, and what a session did."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from portal.services.models import AuditEvent, ViewingSession

_FIELDS = ("visibility", "available_from", "available_until")
_ID = 32
"""A session's row has the number that its id begins with."""


def values_before(session: Session, movie_id: str, at: datetime) -> dict[str, Any]:
    """What visibility and window were at an instant, as far as they changed after it."""
    later = session.scalars(
        select(AuditEvent)
        .where(
            col(AuditEvent.entity_id) == movie_id,
            col(AuditEvent.entity) == "movie",
            col(AuditEvent.at) > at,
        )
        .order_by(col(AuditEvent.seq).desc())
    )
    found: dict[str, Any] = {}
    for event in later:  # the oldest change after the instant has the last word
        before = event.before or {}
        found |= {name: _value(name, before[name]) for name in _FIELDS if name in before}
    return found


def _value(name: str, stored: Any) -> Any:
    if name == "visibility" or stored is None:
        return stored
    at = datetime.fromisoformat(stored)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def session_of(session: Session, session_id: str) -> ViewingSession | None:
    """A viewing session as it was stored last."""
    statement = select(ViewingSession).where(col(ViewingSession.id) == session_id[:_ID])
    return session.scalars(statement).one_or_none()
