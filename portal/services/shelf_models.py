"""The table of shelves: the rows of the home page, as managers put them together."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, Column, Integer, String
from sqlmodel import Field, SQLModel

from portal.services.clock import utc_now
from portal.services.column_types import Instant, key_string
from portal.services.models import TABLE, new_id


class Shelf(SQLModel, table=True):
    """One shelf. What a viewer may not see is not on it, whatever its rule says."""

    __tablename__ = "shelf"
    __table_args__ = TABLE

    id: str = Field(default_factory=new_id, sa_column=Column(key_string(32), primary_key=True))
    title: str = Field(default="", sa_column=Column(String(80), nullable=False))
    kind: str = Field(sa_column=Column(key_string(16), nullable=False))
    value: str = Field(default="", sa_column=Column(String(200), nullable=False))
    movie_ids: list[str] = Field(default_factory=list, sa_column=Column(JSON(), nullable=False))
    place: int = Field(default=0, sa_column=Column(Integer(), nullable=False))
    size: int = Field(default=18, sa_column=Column(Integer(), nullable=False))
    is_visible: bool = Field(default=True)
    starts_at: datetime | None = Field(default=None, sa_column=Column(Instant(), nullable=True))
    ends_at: datetime | None = Field(default=None, sa_column=Column(Instant(), nullable=True))
    version: int = Field(default=1, description="goes up with each edit: If-Match")
    created_at: datetime = Field(
        default_factory=utc_now, sa_column=Column(Instant(), nullable=False)
    )
    updated_at: datetime = Field(
        default_factory=utc_now, sa_column=Column(Instant(), nullable=False)
    )
