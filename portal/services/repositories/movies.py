"""Queries on movies, their sources and caption tracks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from portal.services.models import (
    AuditEvent,
    CaptionTrack,
    Movie,
    SlugHistory,
    StreamSource,
)
from portal.services.movie_record import MovieRecord, TrackRecord

# Columns, not entities: the ORM would cost four times as much for a hundred thousand rows.
_MOVIE_COLUMNS = [
    col(Movie.id), col(Movie.slug), col(Movie.title), col(Movie.title_key), col(Movie.tagline),
    col(Movie.synopsis), col(Movie.year), col(Movie.runtime_s), col(Movie.genres),
    col(Movie.director), col(Movie.cast), col(Movie.country), col(Movie.language),
    col(Movie.content_rating), col(Movie.art_key), col(Movie.color), col(Movie.has_storyboard),
    col(Movie.featured), col(Movie.visibility), col(Movie.available_from),
    col(Movie.available_until), col(Movie.added_at), col(Movie.updated_at), col(Movie.version),
]  # fmt: skip
_TRACK_COLUMNS = [
    col(CaptionTrack.movie_id), col(CaptionTrack.id), col(CaptionTrack.language),
    col(CaptionTrack.label), col(CaptionTrack.kind), col(CaptionTrack.is_default),
    col(CaptionTrack.is_valid), col(CaptionTrack.version),
]  # fmt: skip
_SOURCE_COLUMNS = [
    col(StreamSource.movie_id), col(StreamSource.id), col(StreamSource.url_fingerprint),
    col(StreamSource.duration_s), col(StreamSource.status), col(StreamSource.checked_at),
]  # fmt: skip


def load_records(session: Session, movie_ids: Iterable[str] | None = None) -> list[MovieRecord]:
    """All movies, or those of `movie_ids`, in three queries."""
    ids = None if movie_ids is None else list(movie_ids)
    movies: Any = select(*_MOVIE_COLUMNS)
    tracks: Any = select(*_TRACK_COLUMNS)
    sources: Any = select(*_SOURCE_COLUMNS)
    if ids is not None:
        movies = movies.where(col(Movie.id).in_(ids))
        tracks = tracks.where(col(CaptionTrack.movie_id).in_(ids))
        sources = sources.where(col(StreamSource.movie_id).in_(ids))
    by_movie: dict[str, list[TrackRecord]] = defaultdict(list)
    for movie_id, *rest in session.execute(tracks):
        by_movie[str(movie_id)].append(TrackRecord(*rest))
    source_of = {str(row[0]): row for row in session.execute(sources)}
    return [
        _record(row, source_of.get(str(row[0])), tuple(by_movie.get(str(row[0]), ())))
        for row in session.execute(movies)
    ]


def last_change(session: Session) -> int:
    """Number of the newest change in the audit: each change of the catalog has one."""
    return session.scalar(select(func.max(AuditEvent.seq))) or 0


def changed_since(session: Session, change: int, *, limit: int) -> list[str]:
    """Ids of at most `limit` movies that changed after a change, as `last_change` numbers them."""
    found = session.scalars(
        select(col(AuditEvent.entity_id))
        .where(col(AuditEvent.seq) > change, col(AuditEvent.entity) == "movie")
        .distinct()
        .limit(limit)
    )
    return [str(movie_id) for movie_id in found]


def _record(
    row: Any,
    source: Any | None,
    tracks: tuple[TrackRecord, ...],
) -> MovieRecord:
    values = row._asdict()
    values["cast"] = tuple(values.pop("cast_names", None) or values.pop("cast", None) or ())
    values["genres"] = tuple(values["genres"] or ())
    return MovieRecord(
        **values,
        source_id=str(source[1]) if source else "",
        source_fingerprint=str(source[2]) if source else "",
        duration_s=float(str(source[3])) if source else 0.0,
        tracks=tracks,
        source_status=str(source[4]) if source else "",
        source_checked_at=source[5] if source else None,
    )


def sealed_source(session: Session, movie_id: str) -> StreamSource | None:
    """The stored source of a movie, its URL still encrypted."""
    return session.scalars(
        select(StreamSource).where(col(StreamSource.movie_id) == movie_id)
    ).one_or_none()


def caption_text(session: Session, movie_id: str, track_id: str) -> str | None:
    """The WebVTT of a valid track of this movie."""
    return session.scalars(
        select(col(CaptionTrack.vtt)).where(
            col(CaptionTrack.id) == track_id,
            col(CaptionTrack.movie_id) == movie_id,
            col(CaptionTrack.is_valid),
        )
    ).one_or_none()


def former_slugs(session: Session) -> dict[str, str]:
    """Ids of movies by slugs that they had before."""
    rows = session.execute(select(col(SlugHistory.slug), col(SlugHistory.movie_id)))
    return {str(slug): str(movie_id) for slug, movie_id in rows}


def count(session: Session) -> int:
    """How many movies there are, in any state."""
    return session.scalar(select(func.count()).select_from(Movie)) or 0
