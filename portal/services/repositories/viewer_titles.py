"""Queries on what viewers watch and keep."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col

from portal.services.models import ViewingSession
from portal.services.viewer_models import ViewerTitle

SESSIONS_READ = 400
"""Of one viewer's sessions the newest; older ones have left "continue watching" long ago."""


@dataclass(frozen=True, slots=True)
class Watched:
    """Where a viewer was in a movie when they last watched it."""

    movie_id: str
    position_s: float
    at: datetime


def watched(session: Session, viewer_id: str) -> list[Watched]:
    """Each movie once, the latest first. A session that never played says nothing."""
    rows = session.execute(
        select(
            col(ViewingSession.movie_id),
            col(ViewingSession.position_s),
            col(ViewingSession.last_seen_at),
        )
        .where(col(ViewingSession.viewer_id) == viewer_id, col(ViewingSession.position_s) > 0)
        .order_by(col(ViewingSession.last_seen_at).desc(), col(ViewingSession.id).desc())
        .limit(SESSIONS_READ)
    )
    found: dict[str, Watched] = {}
    for movie_id, position_s, at in rows:
        found.setdefault(movie_id, Watched(movie_id, position_s, at))
    return list(found.values())


def titles(session: Session, viewer_id: str) -> list[ViewerTitle]:
    """All that a viewer said of movies."""
    return list(session.scalars(select(ViewerTitle).where(col(ViewerTitle.viewer_id) == viewer_id)))


def title(session: Session, viewer_id: str, movie_id: str) -> ViewerTitle:
    """What a viewer said of a movie; a new row where they said nothing."""
    found = session.get(ViewerTitle, (viewer_id, movie_id))
    if found is not None:
        return found
    made = ViewerTitle(viewer_id=viewer_id, movie_id=movie_id)
    try:
        with session.begin_nested():
            session.add(made)
    except IntegrityError:  # another request of the same viewer was first
        return session.get_one(ViewerTitle, (viewer_id, movie_id), with_for_update=True)
    return made


def count_saved(session: Session, viewer_id: str) -> int:
    """How many movies are on a viewer's list."""
    return (
        session.scalar(
            select(func.count())
            .select_from(ViewerTitle)
            .where(col(ViewerTitle.viewer_id) == viewer_id, col(ViewerTitle.saved_at).is_not(None))
        )
        or 0
    )


def give_sessions(session: Session, of: str, to: str) -> None:
    """Make one viewer's sessions another's."""
    session.execute(
        update(ViewingSession).where(col(ViewingSession.viewer_id) == of).values(viewer_id=to)
    )


def forget_dismissals(session: Session, viewer_id: str) -> None:
    """Where nothing is watched any more, nothing was taken from it."""
    session.execute(
        update(ViewerTitle).where(col(ViewerTitle.viewer_id) == viewer_id).values(dismissed_at=None)
    )


def forget_titles(session: Session, viewer_id: str, movie_ids: Iterable[str]) -> None:
    """Take rows away."""
    session.execute(
        delete(ViewerTitle).where(
            col(ViewerTitle.viewer_id) == viewer_id, col(ViewerTitle.movie_id).in_(list(movie_ids))
        )
    )
