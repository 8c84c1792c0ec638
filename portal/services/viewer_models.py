"""Tables of what viewers keep for themselves, under a pseudonym and without an account."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, ForeignKey
from sqlmodel import Field, SQLModel

from portal.services.column_types import Instant, key_string
from portal.services.models import TABLE


class ViewerTitle(SQLModel, table=True):
    """What one viewer said of one movie. Where they are in it stands in `viewing_session`."""

    __tablename__ = "viewer_title"
    __table_args__ = TABLE

    viewer_id: str = Field(sa_column=Column(key_string(32), primary_key=True))
    movie_id: str = Field(
        sa_column=Column(
            key_string(32),
            ForeignKey("movie.id", ondelete="CASCADE"),
            primary_key=True,
            index=True,
        )
    )
    saved_at: datetime | None = Field(
        default=None,
        sa_column=Column(Instant(), nullable=True),
        description="since when it is on their list; null: it is not",
    )
    dismissed_at: datetime | None = Field(
        default=None,
        sa_column=Column(Instant(), nullable=True),
        description="they took it from what they watch; watching it again brings it back",
    )
