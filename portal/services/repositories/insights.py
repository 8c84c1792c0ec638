"""Queries that read sums of viewing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from portal.services.qoe.models import SUMS, QoeRollup, QoeTally

Sums = dict[str, int]
Histogram = dict[int, int]
_COLUMNS = [getattr(QoeRollup, name) for name in SUMS]


def _rollups(scope: str, grain: str, first: int, end: int, movie_id: str) -> list[Any]:
    found = [
        col(QoeRollup.scope) == scope,
        col(QoeRollup.grain) == grain,
        col(QoeRollup.hour) >= first,
        col(QoeRollup.hour) < end,
    ]
    return [*found, col(QoeRollup.movie_id) == movie_id] if movie_id else found


def _tallies(kind: str, grain: str, first: int, end: int, movie_id: str) -> list[Any]:
    return [
        col(QoeTally.kind) == kind,
        col(QoeTally.grain) == grain,
        col(QoeTally.hour) >= first,
        col(QoeTally.hour) < end,
        col(QoeTally.movie_id) == movie_id,
    ]


def by_time(session: Session, grain: str, first: int, end: int, movie_id: str) -> dict[int, Sums]:
    """Sums of each step, of a film or of all."""
    scope = "film" if movie_id else "all"
    statement = select(col(QoeRollup.hour), *_COLUMNS).where(
        *_rollups(scope, grain, first, end, movie_id)
    )
    return {
        int(hour): dict(zip(SUMS, map(int, values), strict=True))
        for hour, *values in session.execute(statement)
    }


def by_part(
    session: Session, what: str, grain: str, first: int, end: int, movie_id: str
) -> dict[str, Sums]:
    """Sums of each rendition or browser."""
    scope = f"film-{what}" if movie_id else what
    statement = (
        select(col(QoeRollup.part), *[func.sum(column) for column in _COLUMNS])
        .where(*_rollups(scope, grain, first, end, movie_id))
        .group_by(col(QoeRollup.part))
    )
    return {
        str(part): dict(zip(SUMS, map(int, values), strict=True))
        for part, *values in session.execute(statement)
    }


def by_film(
    session: Session, grain: str, first: int, end: int, *, limit: int
) -> list[tuple[str, Sums]]:
    """Sums of the films that were played most."""
    wanted = ("attempts", "starts", "start_failures", "play_ms", "stall_ms", "tenth_10")
    plays = func.sum(col(QoeRollup.starts)).label("plays")
    statement = (
        select(
            col(QoeRollup.movie_id),
            plays,
            *[func.sum(getattr(QoeRollup, name)) for name in wanted],
        )
        .where(*_rollups("film", grain, first, end, ""))
        .group_by(col(QoeRollup.movie_id))
        .order_by(plays.desc(), col(QoeRollup.movie_id))
        .limit(limit)
    )
    return [
        (str(movie_id), dict(zip(wanted, map(int, values), strict=True)))
        for movie_id, _plays, *values in session.execute(statement)
    ]


def start_times(
    session: Session, grain: str, first: int, end: int, movie_id: str
) -> dict[int, Histogram]:
    """Histograms of start times, of each step."""
    statement = select(col(QoeTally.hour), col(QoeTally.name), col(QoeTally.total)).where(
        *_tallies("start", grain, first, end, movie_id), col(QoeTally.part) == ""
    )
    found: dict[int, Histogram] = defaultdict(dict)
    for hour, name, total in session.execute(statement):
        found[int(hour)][int(name)] = int(total)
    return found


def start_times_by_browser(
    session: Session, grain: str, first: int, end: int
) -> dict[str, Histogram]:
    """Histograms of start times, of each browser."""
    statement = (
        select(col(QoeTally.part), col(QoeTally.name), func.sum(col(QoeTally.total)))
        .where(*_tallies("start", grain, first, end, ""), col(QoeTally.part) != "")
        .group_by(col(QoeTally.part), col(QoeTally.name))
    )
    found: dict[str, Histogram] = defaultdict(dict)
    for part, name, total in session.execute(statement):
        found[str(part)][int(name)] = int(total)
    return found


def start_times_by_film(
    session: Session, grain: str, first: int, end: int, movie_ids: Sequence[str]
) -> dict[str, Histogram]:
    """Histograms of start times, of some films."""
    statement = (
        select(col(QoeTally.movie_id), col(QoeTally.name), func.sum(col(QoeTally.total)))
        .where(
            col(QoeTally.movie_id).in_(movie_ids),
            col(QoeTally.kind) == "start",
            col(QoeTally.grain) == grain,
            col(QoeTally.hour) >= first,
            col(QoeTally.hour) < end,
        )
        .group_by(col(QoeTally.movie_id), col(QoeTally.name))
    )
    found: dict[str, Histogram] = defaultdict(dict)
    for movie_id, name, total in session.execute(statement):
        found[str(movie_id)][int(name)] = int(total)
    return found


def by_name(
    session: Session, kind: str, grain: str, first: int, end: int, movie_id: str
) -> list[tuple[str, int]]:
    """What was counted by name, the most first."""
    total = func.sum(col(QoeTally.total)).label("of_all")
    statement = (
        select(col(QoeTally.name), total)
        .where(*_tallies(kind, grain, first, end, movie_id))
        .group_by(col(QoeTally.name))
        .order_by(total.desc(), col(QoeTally.name))
    )
    return [(str(name), int(count)) for name, count in session.execute(statement)]


def counted_by_time(
    session: Session, kind: str, grain: str, first: int, end: int, movie_id: str
) -> dict[int, int]:
    """How much was counted in each step."""
    statement = (
        select(col(QoeTally.hour), func.sum(col(QoeTally.total)))
        .where(*_tallies(kind, grain, first, end, movie_id))
        .group_by(col(QoeTally.hour))
    )
    return {int(hour): int(total) for hour, total in session.execute(statement)}
