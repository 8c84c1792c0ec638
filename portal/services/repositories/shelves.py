"""Queries on shelves, and on which films are watched most."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select, update
from sqlmodel import Session, col

from portal.services.models import ViewingSession
from portal.services.shelf_models import Shelf
from portal.services.shelves import ShelfRecord


def all_shelves(session: Session) -> list[Shelf]:
    """All of them, in the home page's order."""
    return list(session.scalars(select(Shelf).order_by(col(Shelf.place), col(Shelf.id))))


def records(session: Session) -> tuple[ShelfRecord, ...]:
    """All of them as the catalog's snapshot keeps them."""
    return tuple(
        ShelfRecord(
            shelf.id, shelf.title, shelf.kind, shelf.value, tuple(shelf.movie_ids), shelf.size,
            shelf.is_visible, shelf.starts_at, shelf.ends_at,
        )
        for shelf in all_shelves(session)
    )  # fmt: skip


def hold_all(session: Session) -> list[Shelf]:
    """The same, held by this transaction: an order is one thing."""
    # Taking the write lock first works on every database, also where there is no FOR UPDATE.
    session.execute(update(Shelf).values(place=Shelf.place))
    return all_shelves(session)


def most_watched(session: Session, since: datetime, *, least_viewers: int, limit: int) -> list[str]:
    """Ids of the movies that most browsers watched, the most watched first."""
    viewers = func.count(func.distinct(col(ViewingSession.viewer_id)))
    rows = session.execute(
        select(col(ViewingSession.movie_id), viewers)
        .where(col(ViewingSession.started_at) >= since)
        .group_by(col(ViewingSession.movie_id))
        .having(viewers >= least_viewers)
        .order_by(viewers.desc(), col(ViewingSession.movie_id))
        .limit(limit)
    )
    return [str(row[0]) for row in rows]
