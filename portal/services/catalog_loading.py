"""Reading the catalog from the database: all of it, or only what changed since a snapshot.

Every change of a movie, its source, captions or artwork has an event in the audit, written in the
same transaction and numbered in the order of the commits: so the audit tells what to read again.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session

from portal.services.catalog_snapshot import CatalogSnapshot
from portal.services.movie_record import MovieRecord
from portal.services.repositories import movies, shelves
from portal.services.shelves import ShelfRecord

MANY_CHANGES = 500
"""From so many on everything is read."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """Movies as they were when `change` was the newest change."""

    change: int
    records: list[MovieRecord]
    former_slugs: dict[str, str]
    shelves: tuple[ShelfRecord, ...]


@dataclass(frozen=True, slots=True)
class Changes(Loaded):
    """Only what changed since a snapshot; a movie without a record is gone."""

    movie_ids: list[str]


def everything(session: Session) -> Loaded:
    """All movies."""
    # The number first: what is committed meanwhile is read once more, and not missed.
    change = movies.last_change(session)
    return Loaded(
        change, movies.load_records(session), movies.former_slugs(session), shelves.records(session)
    )


def changes(session: Session, current: CatalogSnapshot | None) -> Changes | None:
    """What changed; None where that is most of it, or where the audit does not tell."""
    if current is None or not current.change:
        return None
    change = movies.last_change(session)
    movie_ids = movies.changed_since(session, current.change, limit=MANY_CHANGES + 1)
    if len(movie_ids) > MANY_CHANGES:
        return None
    records = movies.load_records(session, movie_ids) if movie_ids else []
    before = sum(movie_id in current.movies for movie_id in movie_ids)
    if movies.count(session) != len(current.movies) - before + len(records):
        return None  # somebody wrote past the services
    former = movies.former_slugs(session)
    return Changes(change, records, former, shelves.records(session), movie_ids)
