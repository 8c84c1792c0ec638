"""The one place that asks what time it is; every rule takes `now` as a parameter."""

from __future__ import annotations

from datetime import UTC, datetime


def utc_now() -> datetime:
    """The present instant, aware, in UTC."""
    return datetime.now(UTC)


def as_utc(value: datetime) -> datetime:
    """Read a stored datetime as UTC: SQLite and MySQL give naive ones back."""
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
