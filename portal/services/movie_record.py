"""A movie as the catalog's snapshot keeps it: everything that rules and pages need, no secret."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class TrackRecord:
    """A caption track without its text."""

    id: str
    language: str
    label: str
    kind: str
    is_default: bool
    is_valid: bool
    version: int


@dataclass(frozen=True, slots=True)
class MovieRecord:
    """One movie, its tracks, and what is known of its source (never the URL)."""

    id: str
    slug: str
    title: str
    title_key: str
    tagline: str
    synopsis: str
    year: int
    runtime_s: int
    genres: tuple[str, ...]
    director: str
    cast: tuple[str, ...]
    country: str
    language: str
    content_rating: str
    art_key: str
    color: str
    has_storyboard: bool
    featured: int
    visibility: str
    available_from: datetime | None
    available_until: datetime | None
    added_at: datetime
    updated_at: datetime
    version: int
    source_id: str
    source_fingerprint: str  # changes with the URL and says nothing about it
    duration_s: float
    tracks: tuple[TrackRecord, ...]
    source_status: str = ""  # ok | warnings | failed | unchecked; "" without a source
    source_checked_at: datetime | None = None

    @property
    def has_source(self) -> bool:
        """An `.m3u8` is known."""
        return bool(self.source_id)

    @property
    def has_valid_captions(self) -> bool:
        """At least one valid track that is more than forced narrative."""
        return any(track.is_valid and track.kind != "forced" for track in self.tracks)

    @property
    def playable_tracks(self) -> tuple[TrackRecord, ...]:
        """The tracks a viewer may choose, the default one first."""
        valid = [track for track in self.tracks if track.is_valid]
        return tuple(sorted(valid, key=lambda t: (not t.is_default, t.kind == "forced", t.label)))
