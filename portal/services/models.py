"""The tables. Rows never leave the services: `portal/services/views.py` has what does.

Kept to SQL that SQLite, MariaDB and MySQL 8.4 share. Instants are aware UTC with microseconds
(`DATETIME(6)` on MySQL). Text that people type is `utf8mb4`; lengths are in characters.
"""

from __future__ import annotations

import os
import time
import unicodedata
from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
)
from sqlmodel import Field, SQLModel

from portal.services.clock import utc_now
from portal.services.column_types import Instant, key_string, long_blob, long_text

TABLE = {"mysql_charset": "utf8mb4", "mysql_engine": "InnoDB"}


def new_id() -> str:
    """A UUIDv7 (RFC 9562) as 32 hex digits: unguessable enough, and in order of creation."""
    millis = int(time.time() * 1000).to_bytes(6, "big")
    tail = bytearray(os.urandom(10))
    tail[0] = 0x70 | (tail[0] & 0x0F)  # version 7
    tail[2] = 0x80 | (tail[2] & 0x3F)  # RFC variant
    return (millis + bytes(tail)).hex()


def new_art_key() -> str:
    """Name of a movie's artwork folder: 128 random bits, so that nobody guesses hidden ones."""
    return os.urandom(16).hex()


def title_key(title: str) -> str:
    """What makes a title unique: NFKC, case-folded, single spaces."""
    folded = unicodedata.normalize("NFKC", title).casefold()
    return " ".join(unicodedata.normalize("NFKC", folded).split())


def _instant(*, nullable: bool = False, index: bool = False) -> Column[datetime]:
    return Column(Instant(), nullable=nullable, index=index)


def _movie_ref(*, unique: bool = False, index: bool = True) -> Column[str]:
    return Column(
        key_string(32),
        ForeignKey("movie.id", ondelete="CASCADE"),
        nullable=False,
        unique=unique,
        index=index and not unique,
    )


class Movie(SQLModel, table=True):
    """A title of the catalog."""

    __tablename__ = "movie"
    __table_args__ = (Index("ix_movie_visibility_added", "visibility", "added_at"), TABLE)

    id: str = Field(default_factory=new_id, sa_column=Column(key_string(32), primary_key=True))
    slug: str = Field(sa_column=Column(key_string(120), unique=True, nullable=False))
    title: str = Field(sa_column=Column(String(200), nullable=False))
    title_key: str = Field(sa_column=Column(key_string(400), unique=True, nullable=False))
    tagline: str = Field(default="", sa_column=Column(String(200), nullable=False))
    synopsis: str = Field(default="", sa_column=Column(Text(), nullable=False))
    year: int = Field(default=0, sa_column=Column(Integer(), nullable=False))
    runtime_s: int = Field(default=0, sa_column=Column(Integer(), nullable=False))
    genres: list[str] = Field(default_factory=list, sa_column=Column(JSON(), nullable=False))
    director: str = Field(default="", sa_column=Column(String(200), nullable=False))
    cast: list[str] = Field(default_factory=list, sa_column=Column("cast_names", JSON()))
    country: str = Field(default="", sa_column=Column(String(80), nullable=False))
    language: str = Field(default="", sa_column=Column(String(80), nullable=False))
    content_rating: str = Field(default="", sa_column=Column(String(16), nullable=False))
    art_key: str = Field(default="", sa_column=Column(key_string(32), nullable=False, index=True))
    color: str = Field(default="#1b1a20", sa_column=Column(String(7), nullable=False))
    has_storyboard: bool = Field(default=False)
    featured: int = Field(default=0, description="order in the hero, 1 first; 0: not there")
    visibility: str = Field(
        default="draft",
        sa_column=Column(key_string(10), nullable=False),
        description="draft | visible | hidden, as a manager set it",
    )
    available_from: datetime | None = Field(default=None, sa_column=_instant(nullable=True))
    available_until: datetime | None = Field(default=None, sa_column=_instant(nullable=True))
    added_at: datetime = Field(default_factory=utc_now, sa_column=_instant(index=True))
    created_at: datetime = Field(default_factory=utc_now, sa_column=_instant())
    updated_at: datetime = Field(default_factory=utc_now, sa_column=_instant(index=True))
    version: int = Field(default=1, description="goes up with each edit: If-Match")


class SlugHistory(SQLModel, table=True):
    """A slug that a movie had: links to it lead to the movie's present page."""

    __tablename__ = "slug_history"
    __table_args__ = TABLE

    slug: str = Field(sa_column=Column(key_string(120), primary_key=True))
    movie_id: str = Field(sa_column=_movie_ref())
    created_at: datetime = Field(default_factory=utc_now, sa_column=_instant())


class StreamSource(SQLModel, table=True):
    """Where a movie's `.m3u8` lives. The URL is encrypted; nobody is shown it whole again."""

    __tablename__ = "stream_source"
    __table_args__ = TABLE

    id: str = Field(default_factory=new_id, sa_column=Column(key_string(32), primary_key=True))
    movie_id: str = Field(sa_column=_movie_ref(unique=True))
    url_ciphertext: str = Field(sa_column=Column(Text(), nullable=False))
    url_key_id: str = Field(sa_column=Column(key_string(32), nullable=False, index=True))
    url_fingerprint: str = Field(
        sa_column=Column(key_string(64), nullable=False, index=True),
        description="HMAC blind index: finds duplicates without decrypting",
    )
    duration_s: float = Field(default=0.0)
    status: str = Field(default="unchecked", sa_column=Column(key_string(16), nullable=False))
    report: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON()))
    checked_at: datetime | None = Field(default=None, sa_column=_instant(nullable=True))
    created_at: datetime = Field(default_factory=utc_now, sa_column=_instant())
    updated_at: datetime = Field(default_factory=utc_now, sa_column=_instant())


class CaptionTrack(SQLModel, table=True):
    """One caption track of a movie: the normalised WebVTT that is served, and the original."""

    __tablename__ = "caption_track"
    __table_args__ = TABLE

    id: str = Field(default_factory=new_id, sa_column=Column(key_string(32), primary_key=True))
    movie_id: str = Field(sa_column=_movie_ref())
    language: str = Field(sa_column=Column(key_string(35), nullable=False))
    label: str = Field(sa_column=Column(String(80), nullable=False))
    kind: str = Field(default="subtitles", sa_column=Column(key_string(12), nullable=False))
    is_default: bool = Field(default=False)
    is_valid: bool = Field(default=False, description="the report has no error")
    vtt: str = Field(sa_column=Column(long_text(), nullable=False))
    cue_count: int = Field(default=0)
    original: bytes | None = Field(default=None, sa_column=Column(long_blob(), nullable=True))
    original_format: str = Field(default="vtt", sa_column=Column(key_string(12), nullable=False))
    original_name: str = Field(default="", sa_column=Column(String(200), nullable=False))
    report: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON()))
    version: int = Field(default=1)
    created_at: datetime = Field(default_factory=utc_now, sa_column=_instant())
    updated_at: datetime = Field(default_factory=utc_now, sa_column=_instant())


class CaptionVersion(SQLModel, table=True):
    """What a caption track was before it was replaced or edited."""

    __tablename__ = "caption_version"
    __table_args__ = (
        UniqueConstraint("track_id", "version", name="uq_caption_version_track_version"),
        TABLE,
    )

    id: str = Field(default_factory=new_id, sa_column=Column(key_string(32), primary_key=True))
    track_id: str = Field(
        sa_column=Column(
            key_string(32), ForeignKey("caption_track.id", ondelete="CASCADE"), nullable=False
        )
    )
    version: int = Field(sa_column=Column(Integer(), nullable=False))
    note: str = Field(
        default="",
        sa_column=Column(String(200), nullable=False),
        description="what was done to it next, and so ended this version",
    )
    is_upload: bool = Field(default=False, description="it came as a file, not from an edit")
    replaced_by: str = Field(default="", sa_column=Column(String(254), nullable=False))
    vtt: str = Field(sa_column=Column(long_text(), nullable=False))
    cue_count: int = Field(default=0)
    original: bytes | None = Field(default=None, sa_column=Column(long_blob(), nullable=True))
    original_format: str = Field(default="vtt", sa_column=Column(key_string(12), nullable=False))
    original_name: str = Field(default="", sa_column=Column(String(200), nullable=False))
    is_valid: bool = Field(default=False)
    report: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON()))
    replaced_at: datetime = Field(default_factory=utc_now, sa_column=_instant())


class ViewingSession(SQLModel, table=True):
    """One person watching one movie once. `viewer_id` is a pseudonym of a browser, not a person."""

    __tablename__ = "viewing_session"
    __table_args__ = (Index("ix_viewing_session_viewer_movie", "viewer_id", "movie_id"), TABLE)

    id: str = Field(default_factory=new_id, sa_column=Column(key_string(32), primary_key=True))
    movie_id: str = Field(sa_column=_movie_ref())
    viewer_id: str = Field(sa_column=Column(key_string(32), nullable=False))
    started_at: datetime = Field(default_factory=utc_now, sa_column=_instant(index=True))
    last_seen_at: datetime = Field(default_factory=utc_now, sa_column=_instant(index=True))
    position_s: float = Field(default=0.0)


class Account(SQLModel, table=True):
    """Somebody who may change the catalog."""

    __tablename__ = "account"
    __table_args__ = TABLE

    id: str = Field(default_factory=new_id, sa_column=Column(key_string(32), primary_key=True))
    email: str = Field(sa_column=Column(key_string(254), unique=True, nullable=False))
    name: str = Field(default="", sa_column=Column(String(120), nullable=False))
    role: str = Field(sa_column=Column(key_string(16), nullable=False))  # editor|manager|owner
    password_hash: str = Field(default="", sa_column=Column(String(255), nullable=False))
    disabled_at: datetime | None = Field(default=None, sa_column=_instant(nullable=True))
    created_at: datetime = Field(default_factory=utc_now, sa_column=_instant())
    updated_at: datetime = Field(default_factory=utc_now, sa_column=_instant())


class AuditEvent(SQLModel, table=True):
    """One change: who, when, from where, what. Append-only; each row seals the one before."""

    __tablename__ = "audit_event"
    __table_args__ = TABLE

    seq: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(default_factory=utc_now, sa_column=_instant(index=True))
    actor_id: str = Field(default="", sa_column=Column(key_string(32), nullable=False, index=True))
    actor_label: str = Field(default="", sa_column=Column(String(254), nullable=False))
    address: str = Field(default="", sa_column=Column(key_string(45), nullable=False))
    action: str = Field(sa_column=Column(key_string(64), nullable=False, index=True))
    entity: str = Field(default="", sa_column=Column(key_string(32), nullable=False))
    entity_id: str = Field(default="", sa_column=Column(key_string(32), nullable=False, index=True))
    before: dict[str, Any] | None = Field(default=None, sa_column=Column("before_state", JSON()))
    after: dict[str, Any] | None = Field(default=None, sa_column=Column("after_state", JSON()))
    correlation_id: str = Field(default="", sa_column=Column(key_string(64), nullable=False))
    previous_hash: str = Field(default="", sa_column=Column(key_string(64), nullable=False))
    hash: str = Field(default="", sa_column=Column(key_string(64), nullable=False))


class AuditHead(SQLModel, table=True):
    """The end of the audit's chain, in one row: whoever adds an event holds it.

    It also tells when events were cut off from the end, which no hash inside the chain could.
    """

    __tablename__ = "audit_head"
    __table_args__ = TABLE

    id: int = Field(default=1, primary_key=True)
    hash: str = Field(sa_column=Column(key_string(64), nullable=False))
