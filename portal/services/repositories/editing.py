"""Queries of the editing services: rows to change, and what must be unique."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import QueryableAttribute, defer
from sqlmodel import Session, col

from portal.services.models import (
    AuditEvent,
    CaptionTrack,
    CaptionVersion,
    Movie,
    SlugHistory,
    StreamSource,
)


def _deferred(*columns: Any) -> list[Any]:
    return [defer(cast("QueryableAttribute[Any]", column)) for column in columns]


_WITHOUT_TEXT = _deferred(CaptionTrack.vtt, CaptionTrack.original)
_WITHOUT_FILE = _deferred(CaptionTrack.original)
_VERSION_WITHOUT_TEXT = _deferred(CaptionVersion.vtt, CaptionVersion.original)


def lock_movie(session: Session, movie_id: str) -> Movie | None:
    """The movie as it is stored, held until the transaction ends.

    It starts with an UPDATE that changes nothing: on SQLite only a write makes others wait,
    on MySQL it locks the row.
    """
    session.execute(
        update(Movie)
        .where(col(Movie.id) == movie_id)
        .values(version=col(Movie.version))
        .execution_options(synchronize_session=False)
    )
    return session.get(Movie, movie_id, populate_existing=True)


def advance_version(session: Session, movie: Movie, now: datetime) -> int:
    """Give a movie that this transaction holds its next version."""
    movie.version += 1
    movie.updated_at = now
    session.flush()
    return movie.version


def movie_by_title_key(session: Session, key: str, *, but: str = "") -> Movie | None:
    """Another movie with the same title."""
    return session.scalars(
        select(Movie).where(col(Movie.title_key) == key, col(Movie.id) != but)
    ).first()


def slug_owner(session: Session, slug: str) -> str | None:
    """Id of the movie that has this slug, or had it."""
    owner = session.scalars(select(col(Movie.id)).where(col(Movie.slug) == slug)).first()
    return (
        owner
        or session.scalars(
            select(col(SlugHistory.movie_id)).where(col(SlugHistory.slug) == slug)
        ).first()
    )


def present_slug(session: Session, old_slug: str) -> str | None:
    """The slug that a movie has now which had `old_slug` before."""
    return session.scalars(
        select(col(Movie.slug))
        .join(SlugHistory, col(SlugHistory.movie_id) == col(Movie.id))
        .where(col(SlugHistory.slug) == old_slug)
    ).first()


def forget_slug(session: Session, slug: str) -> None:
    """Take a slug out of the history: its movie uses it again."""
    session.execute(delete(SlugHistory).where(col(SlugHistory.slug) == slug))


def remember_slug(session: Session, slug: str, movie_id: str, now: datetime) -> None:
    """Put a slug into the history."""
    session.add(SlugHistory(slug=slug, movie_id=movie_id, created_at=now))


def edits_since(session: Session, movie_id: str, version: int) -> list[AuditEvent]:
    """Audit events of a movie that made a version after `version`, the oldest first."""
    events = session.scalars(
        select(AuditEvent)
        .where(col(AuditEvent.entity) == "movie", col(AuditEvent.entity_id) == movie_id)
        .order_by(col(AuditEvent.seq).desc())
        .limit(200)
    ).all()
    return [e for e in reversed(events) if int((e.after or {}).get("version") or 0) > version]


def tracks_of(
    session: Session, movie_id: str, *, with_text: bool = False
) -> Sequence[CaptionTrack]:
    """All caption tracks of a movie, the oldest first; what is left out is loaded when needed."""
    return session.scalars(
        select(CaptionTrack)
        .options(*(_WITHOUT_FILE if with_text else _WITHOUT_TEXT))
        .where(col(CaptionTrack.movie_id) == movie_id)
        .order_by(col(CaptionTrack.created_at), col(CaptionTrack.id))
    ).all()


def track_of(session: Session, movie_id: str, track_id: str) -> CaptionTrack | None:
    """One caption track of this movie, as it is stored now."""
    return session.scalars(
        select(CaptionTrack)
        .where(col(CaptionTrack.id) == track_id, col(CaptionTrack.movie_id) == movie_id)
        .execution_options(populate_existing=True)
    ).one_or_none()


def caption_versions(session: Session, track_id: str) -> Sequence[CaptionVersion]:
    """What a track was before, the newest first; text and file are loaded when asked for."""
    return session.scalars(
        select(CaptionVersion)
        .options(*_VERSION_WITHOUT_TEXT)
        .where(col(CaptionVersion.track_id) == track_id)
        .order_by(col(CaptionVersion.version).desc())
    ).all()


def caption_version(session: Session, track_id: str, version: int) -> CaptionVersion | None:
    """One earlier version of a track."""
    return session.scalars(
        select(CaptionVersion).where(
            col(CaptionVersion.track_id) == track_id, col(CaptionVersion.version) == version
        )
    ).one_or_none()


def prune_caption_versions(session: Session, track_id: str, *, uploads: int, edits: int) -> None:
    """Forget all but the newest versions that came as files, and the newest that were edits."""
    for is_upload, kept in ((True, uploads), (False, edits)):
        old = session.scalars(
            select(col(CaptionVersion.id))
            .where(
                col(CaptionVersion.track_id) == track_id,
                col(CaptionVersion.is_upload) == is_upload,
            )
            .order_by(col(CaptionVersion.version).desc())
            .offset(kept)
            .limit(1000)
        ).all()
        if old:
            session.execute(delete(CaptionVersion).where(col(CaptionVersion.id).in_(old)))


def source_of(session: Session, movie_id: str) -> StreamSource | None:
    """The stream source of a movie, its URL encrypted."""
    return session.scalars(
        select(StreamSource)
        .where(col(StreamSource.movie_id) == movie_id)
        .execution_options(populate_existing=True)
    ).one_or_none()


def movies_with_fingerprint(
    session: Session, fingerprint: str, *, but: str
) -> list[tuple[str, str]]:
    """Id and title of other movies that play the same URL; ten at most."""
    rows = session.execute(
        select(col(Movie.id), col(Movie.title))
        .join(StreamSource, col(StreamSource.movie_id) == col(Movie.id))
        .where(col(StreamSource.url_fingerprint) == fingerprint, col(Movie.id) != but)
        .order_by(col(Movie.title))
        .limit(10)
    )
    return [(str(row[0]), str(row[1])) for row in rows]


def sources_to_check(session: Session, before: datetime, limit: int) -> list[StreamSource]:
    """Sources that were not checked since `before`, the longest ago first, each address once."""
    checked_at = col(StreamSource.checked_at)
    oldest = (
        select(func.min(col(StreamSource.id)))
        .where(checked_at.is_(None) | (checked_at < before))
        .group_by(col(StreamSource.url_fingerprint))
    )
    return list(
        session.scalars(
            select(StreamSource)
            .where(col(StreamSource.id).in_(oldest))
            .order_by(checked_at.is_not(None), checked_at)
            .limit(limit)
        )
    )


def sources_with_fingerprint(session: Session, fingerprint: str) -> list[StreamSource]:
    """All sources with the same address, held until the transaction ends (as `lock_movie`)."""
    same = col(StreamSource.url_fingerprint) == fingerprint
    session.execute(
        update(StreamSource)
        .where(same)
        .values(status=col(StreamSource.status))
        .execution_options(synchronize_session=False)
    )
    return list(
        session.scalars(select(StreamSource).where(same).execution_options(populate_existing=True))
    )


def art_keys(session: Session) -> set[str]:
    """Names of all artwork folders that movies have."""
    return set(session.scalars(select(col(Movie.art_key)).where(col(Movie.art_key) != "")))
