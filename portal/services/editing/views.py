"""What editing services answer: everything a content manager may see, and no secret."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlmodel import Session

from portal import routes
from portal.services import availability
from portal.services.captions.languages import display_name
from portal.services.clock import as_utc
from portal.services.editing import publishing_rules
from portal.services.errors import Blocker, MovieNotFound
from portal.services.models import CaptionTrack, Movie, StreamSource
from portal.services.repositories import editing as rows
from portal.services.repositories import movies as movie_rows


@dataclass(frozen=True, slots=True)
class TrackView:
    """A caption track as a manager sees it in a list; its report is asked for by itself."""

    track_id: str = ""
    movie_id: str = ""
    language: str = ""
    language_name: str = ""
    label: str = ""
    kind: str = "subtitles"
    is_default: bool = False
    is_valid: bool = False
    version: int = 1
    cue_count: int = 0
    error_count: int = 0
    warning_count: int = 0
    original_format: str = ""
    original_name: str = ""
    has_original: bool = False
    created_at: datetime | None = None
    updated_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SourceView:
    """A stream source as a manager sees it. Of its address only a masked host is left.

    Attributes:
        status: `ok`, `warnings`, `failed` or `unchecked`.
        message: What the last check came to, in a sentence.
        host: Masked: `•••.example.com`.
        error_count, must_count, should_count: Findings of the last check by level.
        duration_s: Measured length of the film in seconds; 0 if unknown.
        report: Findings, renditions, captions and probes of the last check.
        key_id: Which key the address is encrypted with.
        same_as: Titles of other movies that play the same address.
    """

    source_id: str = ""
    movie_id: str = ""
    status: str = "unchecked"
    message: str = ""
    host: str = ""
    error_count: int = 0
    must_count: int = 0
    should_count: int = 0
    duration_s: float = 0.0
    report: dict[str, Any] = field(default_factory=dict)
    key_id: str = ""
    same_as: list[str] = field(default_factory=list)
    checked_at: datetime | None = None
    updated_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class MovieView:
    """A movie as a manager edits it."""

    movie_id: str = ""
    slug: str = ""
    title: str = ""
    tagline: str = ""
    synopsis: str = ""
    year: int = 0
    runtime_s: int = 0
    genres: list[str] = field(default_factory=list)
    director: str = ""
    cast: list[str] = field(default_factory=list)
    country: str = ""
    language: str = ""
    content_rating: str = ""
    color: str = "#1b1a20"
    featured: int = 0
    art: str = ""  # base path of its artwork, "" without
    has_storyboard: bool = False
    visibility: str = "draft"
    state: str = "draft"
    available_from: datetime | None = None
    available_until: datetime | None = None
    version: int = 1
    added_at: datetime | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
    blockers: list[Blocker] = field(default_factory=list)
    tracks: list[TrackView] = field(default_factory=list)
    source: SourceView | None = None


def movie_view(session: Session, movie_id: str, now: datetime) -> MovieView:
    """A movie as it is stored, with its tracks and source.

    Raises:
        MovieNotFound: There is none.
    """
    movie = session.get(Movie, movie_id)
    records = movie_rows.load_records(session, [movie_id])
    if movie is None or not records:
        raise MovieNotFound
    record = records[0]
    source = rows.source_of(session, movie_id)
    return MovieView(
        movie_id=movie.id,
        slug=movie.slug,
        title=movie.title,
        tagline=movie.tagline,
        synopsis=movie.synopsis,
        year=movie.year,
        runtime_s=movie.runtime_s,
        genres=list(movie.genres),
        director=movie.director,
        cast=list(movie.cast or ()),
        country=movie.country,
        language=movie.language,
        content_rating=movie.content_rating,
        color=movie.color,
        featured=movie.featured,
        art=routes.artwork(movie.art_key) if movie.art_key else "",
        has_storyboard=movie.has_storyboard,
        visibility=movie.visibility,
        state=availability.state_of(record, now),
        available_from=_utc(movie.available_from),
        available_until=_utc(movie.available_until),
        version=movie.version,
        added_at=_utc(movie.added_at),
        created_at=_utc(movie.created_at),
        updated_at=_utc(movie.updated_at),
        blockers=publishing_rules.blockers(record),
        tracks=[track_view(track) for track in rows.tracks_of(session, movie_id)],
        source=source_view(session, source) if source else None,
    )


def track_view(track: CaptionTrack) -> TrackView:
    """A caption track without its text and report."""
    report = track.report or {}
    return TrackView(
        track_id=track.id,
        movie_id=track.movie_id,
        language=track.language,
        language_name=display_name(track.language),
        label=track.label,
        kind=track.kind,
        is_default=track.is_default,
        is_valid=track.is_valid,
        version=track.version,
        cue_count=track.cue_count,
        error_count=int(report.get("errorCount", 0)),
        warning_count=int(report.get("warningCount", 0)),
        original_format=track.original_format,
        original_name=track.original_name,
        has_original=bool(track.original_name),
        created_at=_utc(track.created_at),
        updated_at=_utc(track.updated_at),
    )


def source_view(session: Session, source: StreamSource) -> SourceView:
    """A stream source with its last check."""
    same = rows.movies_with_fingerprint(session, source.url_fingerprint, but=source.movie_id)
    report = dict(source.report or {})
    counts = report.get("counts") or {}
    return SourceView(
        source_id=source.id,
        movie_id=source.movie_id,
        status=source.status,
        message=str(report.get("message", "")),
        host=str(report.get("host", "")),
        error_count=int(counts.get("error", 0)),
        must_count=int(counts.get("must", 0)),
        should_count=int(counts.get("should", 0)),
        duration_s=source.duration_s,
        report=report,
        key_id=source.url_key_id,
        same_as=[title for _, title in same],
        checked_at=_utc(source.checked_at),
        updated_at=_utc(source.updated_at),
    )


def _utc(at: datetime | None) -> datetime | None:
    return None if at is None else as_utc(at)
