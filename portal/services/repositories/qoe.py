"""Queries that store quality of experience."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import delete, func, insert, literal, select, text, update
from sqlmodel import Session, col

from portal.services.models import ViewingSession
from portal.services.qoe.models import KINDS, SCOPES, SUMS, QoeRollup, QoeSession, QoeTally
from portal.services.qoe.rollups import Sums, month_of, next_month

_BATCH = 500
_ROLLUP_KEY = ("scope", "grain", "hour", "movie_id", "part")
_TALLY_KEY = ("kind", "grain", "hour", "movie_id", "part", "name")


def sessions(session: Session, ids: Sequence[str]) -> dict[str, QoeSession]:
    """Rows of these sessions, held until the transaction ends."""
    found = {}
    for part in _parts(ids):
        statement = select(QoeSession).where(col(QoeSession.id).in_(part)).with_for_update()
        found.update({row.id: row for row in session.scalars(statement)})
    return found


def add_sums(session: Session, sums: Sums) -> None:
    """Add to the rows that are there, and make those that are not."""
    # In one order: two workers that add to the same rows then wait and do not lock each other.
    rollups = (
        dict(zip(_ROLLUP_KEY + SUMS, (*key, *values), strict=True))
        for key, values in sorted(sums.rollups.items())
    )
    tallies = (
        dict(zip((*_TALLY_KEY, "total"), (*key, total), strict=True))
        for key, total in sorted(sums.tallies.items())
    )
    _add(session, str(QoeRollup.__tablename__), _ROLLUP_KEY, SUMS, rollups)
    _add(session, str(QoeTally.__tablename__), _TALLY_KEY, ("total",), tallies)


def _add(
    session: Session,
    table: str,
    key: tuple[str, ...],
    values: tuple[str, ...],
    rows: Iterable[dict[str, Any]],
) -> None:
    names = key + values
    if session.get_bind().dialect.name == "sqlite":
        sums = ", ".join(f"{name} = {name} + excluded.{name}" for name in values)
        clause = f"ON CONFLICT ({', '.join(key)}) DO UPDATE SET {sums}"  # nosec B608  our names
    else:  # the same on MariaDB and MySQL 8.4
        sums = ", ".join(f"{name} = {name} + VALUES({name})" for name in values)
        clause = f"ON DUPLICATE KEY UPDATE {sums}"
    # Only names of columns from this module are put in.
    statement = text(
        f"INSERT INTO {table} ({', '.join(names)}) "  # noqa: S608  # nosec B608
        f"VALUES ({', '.join(':' + name for name in names)}) {clause}"
    )
    for part in _parts(rows):
        session.execute(statement, part)


def new_sessions(session: Session, rows: Sequence[QoeSession]) -> None:
    """Store sessions that were not known."""
    if rows:
        session.execute(insert(QoeSession), [row.model_dump() for row in rows])


def unsettled(session: Session, before: datetime, *, limit: int) -> Sequence[QoeSession]:
    """Sessions that wanted to start, never did, and said nothing since."""
    done = col(QoeSession.starts) + QoeSession.start_failures + QoeSession.early_exits
    return session.scalars(
        select(QoeSession)
        .where(col(QoeSession.attempts) > done, col(QoeSession.last_seen_at) < before)
        .order_by(col(QoeSession.id))
        .limit(limit)
        .with_for_update()
    ).all()


def sum_up_month(session: Session, until: int) -> int | None:
    """Add up the days of the oldest whole month that has no sums yet; returns its first hour.

    Args:
        session: Its transaction makes all sums of the month or none.
        until: Months that end after this hour may still change.
    """
    all_of = (col(QoeRollup.hour), col(QoeRollup.scope) == "all")
    done = months(session)
    days = session.scalars(
        select(all_of[0]).where(all_of[1], col(QoeRollup.grain) == "d").order_by(all_of[0])
    )
    waiting = (month for month in map(month_of, days) if month not in done)
    month = next(waiting, None)
    if month is None or next_month(month) > until:
        return None
    for scope in SCOPES:
        _sum_up(session, QoeRollup, QoeRollup.scope == scope, _ROLLUP_KEY, SUMS, month)
    for kind in KINDS:
        _sum_up(session, QoeTally, QoeTally.kind == kind, _TALLY_KEY, ("total",), month)
    return month


def months(session: Session) -> set[int]:
    """First hours of the months that have sums of their own."""
    of = select(col(QoeRollup.hour)).where(
        col(QoeRollup.scope) == "all", col(QoeRollup.grain) == "m"
    )
    return set(session.scalars(of))


def _sum_up(
    session: Session,
    model: type[QoeRollup | QoeTally],
    of: Any,
    key: tuple[str, ...],
    values: tuple[str, ...],
    month: int,
) -> None:
    kept = [name for name in key if name not in {"grain", "hour"}]
    columns = [getattr(model, name) for name in kept]
    of_days = (
        select(
            literal("m"),
            literal(month),
            *columns,
            *[func.sum(getattr(model, name)) for name in values],
        )
        .where(
            of,
            col(model.grain) == "d",
            col(model.hour) >= month,
            col(model.hour) < next_month(month),
        )
        .group_by(*columns)
    )
    session.execute(insert(model).from_select(["grain", "hour", *kept, *values], of_days))


def prune(
    session: Session, *, sessions_before: datetime, hours_before: int, days_before: int, limit: int
) -> int:
    """Delete what is older than kept, at most `limit` rows of a kind; returns how many."""
    old = (
        select(col(QoeSession.id))
        .where(col(QoeSession.last_seen_at) < sessions_before)
        .limit(limit)
    )
    ids = session.scalars(old).all()
    for part in _parts(ids):
        session.execute(delete(QoeSession).where(col(QoeSession.id).in_(part)))
    gone = len(ids)
    before_month = month_of(days_before)  # a month goes when all of its days went
    for grain, before in (("h", hours_before), ("d", days_before), ("m", before_month)):
        for scope in SCOPES:
            gone += _prune(session, QoeRollup, QoeRollup.scope == scope, grain, before)
        for kind in KINDS:
            gone += _prune(session, QoeTally, QoeTally.kind == kind, grain, before)
    return gone


def _prune(
    session: Session, model: type[QoeRollup | QoeTally], of: Any, grain: str, before: int
) -> int:
    """A day's worth at a time: no long transaction."""
    mine = (of, col(model.grain) == grain)
    oldest = session.scalar(select(func.min(col(model.hour))).where(*mine))
    if oldest is None or oldest >= before:
        return 0
    until = min(before, oldest + 24)
    result = session.execute(delete(model).where(*mine, col(model.hour) < until))
    return int(getattr(result, "rowcount", 0))


def erase_viewer(session: Session, viewer_id: str) -> int:
    """Delete all that is stored of a viewer's sessions; the sums name nobody and stay."""
    gone = 0
    for model in (QoeSession, ViewingSession):
        result = session.execute(delete(model).where(col(model.viewer_id) == viewer_id))
        gone += int(getattr(result, "rowcount", 0))
    return gone


def viewer_of(session: Session, session_id: str) -> str | None:
    """The viewer of a session, by the session's id or its first 32 digits."""
    for model in (QoeSession, ViewingSession):
        found = session.scalar(select(col(model.viewer_id)).where(col(model.id) == session_id[:32]))
        if found:
            return str(found)
    return None


def save(session: Session, rows: Iterable[QoeSession]) -> None:
    """Write changed rows, whole."""
    values = [row.model_dump() for row in rows]
    if values:
        session.execute(update(QoeSession), values)


def _parts(rows: Iterable[Any]) -> Iterator[list[Any]]:
    left = iter(rows)
    while part := list(islice(left, _BATCH)):
        yield part
