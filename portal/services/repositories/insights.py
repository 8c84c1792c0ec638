"""Queries that read sums of viewing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Executable, func, select
from sqlmodel import Session, col

from portal.services.qoe.models import SUMS, QoeRollup, QoeTally

Sums = dict[str, int]
Histogram = dict[int, int]
Piece = tuple[str, int, int]
"""Sums of a time: `h`, `d` or `m`, and hours from the first one to before the last one."""
_COLUMNS = [getattr(QoeRollup, name) for name in SUMS]


def _within(model: type[QoeRollup | QoeTally], piece: Piece) -> list[ColumnElement[bool]]:
    grain, first, end = piece
    return [col(model.grain) == grain, col(model.hour) >= first, col(model.hour) < end]


def _rollups(scope: str, piece: Piece, movie_id: str) -> list[Any]:
    found = [col(QoeRollup.scope) == scope, *_within(QoeRollup, piece)]
    return [*found, col(QoeRollup.movie_id) == movie_id] if movie_id else found


def _tallies(kind: str, piece: Piece, movie_id: str) -> list[Any]:
    return [
        col(QoeTally.kind) == kind,
        *_within(QoeTally, piece),
        col(QoeTally.movie_id) == movie_id,
    ]


def _together(
    session: Session, pieces: Sequence[Piece], of: Callable[[Piece], Executable], key: int
) -> dict[tuple[str, ...], list[int]]:
    """Sums of all pieces, by the first `key` columns; asked one by one.

    With `OR` between them SQLite reads twice as long, by an index that holds too little.
    """
    found: dict[tuple[str, ...], list[int]] = {}
    for piece in pieces:
        for row in session.execute(of(piece)):
            name, values = tuple(map(str, row[:key])), list(map(int, row[key:]))
            if before := found.get(name):
                values = [one + other for one, other in zip(before, values, strict=True)]
            found[name] = values
    return found


def by_time(session: Session, steps: Piece, movie_id: str) -> dict[int, Sums]:
    """Sums of each step, of a film or of all."""
    scope = "film" if movie_id else "all"
    statement = select(col(QoeRollup.hour), *_COLUMNS).where(*_rollups(scope, steps, movie_id))
    return {
        int(hour): dict(zip(SUMS, map(int, values), strict=True))
        for hour, *values in session.execute(statement)
    }


def by_part(session: Session, what: str, pieces: Sequence[Piece], movie_id: str) -> dict[str, Sums]:
    """Sums of each rendition or browser."""
    scope = f"film-{what}" if movie_id else what

    def of(piece: Piece) -> Executable:
        return (
            select(col(QoeRollup.part), *[func.sum(column) for column in _COLUMNS])
            .where(*_rollups(scope, piece, movie_id))
            .group_by(col(QoeRollup.part))
        )

    found = _together(session, pieces, of, 1)
    return {part: dict(zip(SUMS, values, strict=True)) for (part,), values in found.items()}


def by_film(session: Session, pieces: Sequence[Piece], *, limit: int) -> list[tuple[str, Sums]]:
    """Sums of the films that were played most."""
    wanted = ("attempts", "starts", "start_failures", "play_ms", "stall_ms", "tenth_10")

    def of(piece: Piece) -> Executable:
        return (
            select(
                col(QoeRollup.movie_id), *[func.sum(getattr(QoeRollup, name)) for name in wanted]
            )
            .where(*_rollups("film", piece, ""))
            .group_by(col(QoeRollup.movie_id))
        )

    found = [
        (movie_id, dict(zip(wanted, values, strict=True)))
        for (movie_id,), values in _together(session, pieces, of, 1).items()
    ]
    return sorted(found, key=lambda each: (-each[1]["starts"], each[0]))[:limit]


def start_times(session: Session, steps: Piece, movie_id: str) -> dict[int, Histogram]:
    """Histograms of start times, of each step."""
    statement = select(col(QoeTally.hour), col(QoeTally.name), col(QoeTally.total)).where(
        *_tallies("start", steps, movie_id), col(QoeTally.part) == ""
    )
    found: dict[int, Histogram] = defaultdict(dict)
    for hour, name, total in session.execute(statement):
        found[int(hour)][int(name)] = int(total)
    return found


def start_times_by_browser(session: Session, pieces: Sequence[Piece]) -> dict[str, Histogram]:
    """Histograms of start times, of each browser."""

    def of(piece: Piece) -> Executable:
        return (
            select(col(QoeTally.part), col(QoeTally.name), func.sum(col(QoeTally.total)))
            .where(*_tallies("start", piece, ""), col(QoeTally.part) != "")
            .group_by(col(QoeTally.part), col(QoeTally.name))
        )

    return _histograms(_together(session, pieces, of, 2))


def start_times_by_film(
    session: Session, pieces: Sequence[Piece], movie_ids: Sequence[str]
) -> dict[str, Histogram]:
    """Histograms of start times, of some films."""

    def of(piece: Piece) -> Executable:
        return (
            select(col(QoeTally.movie_id), col(QoeTally.name), func.sum(col(QoeTally.total)))
            .where(
                col(QoeTally.movie_id).in_(movie_ids),
                col(QoeTally.kind) == "start",
                *_within(QoeTally, piece),
            )
            .group_by(col(QoeTally.movie_id), col(QoeTally.name))
        )

    return _histograms(_together(session, pieces, of, 2))


def _histograms(found: dict[tuple[str, ...], list[int]]) -> dict[str, Histogram]:
    histograms: dict[str, Histogram] = defaultdict(dict)
    for (of, bucket), (total,) in found.items():
        histograms[of][int(bucket)] = total
    return histograms


def by_name(
    session: Session, kind: str, pieces: Sequence[Piece], movie_id: str
) -> list[tuple[str, int]]:
    """What was counted by name, the most first."""

    def of(piece: Piece) -> Executable:
        return (
            select(col(QoeTally.name), func.sum(col(QoeTally.total)))
            .where(*_tallies(kind, piece, movie_id))
            .group_by(col(QoeTally.name))
        )

    found = [(name, total) for (name,), (total,) in _together(session, pieces, of, 1).items()]
    return sorted(found, key=lambda each: (-each[1], each[0]))


def counted_by_time(session: Session, kind: str, steps: Piece, movie_id: str) -> dict[int, int]:
    """How much was counted in each step."""
    statement = (
        select(col(QoeTally.hour), func.sum(col(QoeTally.total)))
        .where(*_tallies(kind, steps, movie_id))
        .group_by(col(QoeTally.hour))
    )
    return {int(hour): int(total) for hour, total in session.execute(statement)}
