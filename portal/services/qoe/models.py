"""The tables of quality of experience.

`qoe_session` has one row a viewing session, which is forgotten after some weeks. What is asked over
longer times is in sums by hour and by day that name nobody: `qoe_rollup` for what is measured,
`qoe_tally` for what is counted by name. An hour is a number: hours since 1970, UTC.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Column, Index, Integer
from sqlmodel import Field, SQLModel

from portal.services.column_types import Instant, key_string
from portal.services.models import TABLE

# Sums are looked for by their key only; SQLite then keeps rows in the key's own order.
_BY_KEY = {**TABLE, "sqlite_with_rowid": False}

SUMS = (
    "attempts", "starts", "start_failures", "later_failures", "early_exits", "play_ms", "stall_ms",
    "degraded_ms", "stalls", "switches", "errors", "caption_sessions", "caption_rendered",
    *(f"tenth_{number}" for number in range(1, 11)),
)  # fmt: skip
"""Columns of `qoe_rollup` that add up."""
SCOPES = ("all", "film", "rendition", "browser", "film-rendition", "film-browser")
KINDS = ("start", "failure", "captions", "throttle")


def _number() -> Column[int]:
    return Column(BigInteger(), nullable=False, default=0)


def _key(length: int) -> Column[str]:
    return Column(key_string(length), primary_key=True, nullable=False)


class QoeSession(SQLModel, table=True):
    """One viewing session as its newest line tells it. No address, no token."""

    __tablename__ = "qoe_session"
    __table_args__ = TABLE

    id: str = Field(sa_column=Column(key_string(32), primary_key=True))
    movie_id: str = Field(sa_column=Column(key_string(32), nullable=False, index=True))
    viewer_id: str = Field(
        sa_column=Column(key_string(32), nullable=False, index=True),
        description="a browser's pseudonym: what erasing goes by",
    )
    browser: str = Field(sa_column=Column(key_string(20), nullable=False))
    opened_at: datetime = Field(sa_column=Column(Instant(), nullable=False))
    last_seen_at: datetime = Field(sa_column=Column(Instant(), nullable=False, index=True))
    last_number: int = Field(sa_column=Column(Integer(), nullable=False))
    state: str = Field(sa_column=Column(key_string(1), nullable=False))
    height: int = Field(sa_column=Column(Integer(), nullable=False))
    start_ms: int | None = Field(default=None, sa_column=Column(BigInteger(), nullable=True))
    attempts: int = Field(default=0, sa_column=_number())
    starts: int = Field(default=0, sa_column=_number())
    start_failures: int = Field(default=0, sa_column=_number())
    later_failures: int = Field(default=0, sa_column=_number())
    early_exits: int = Field(default=0, sa_column=_number())
    play_ms: int = Field(default=0, sa_column=_number())
    stall_ms: int = Field(default=0, sa_column=_number())
    degraded_ms: int = Field(default=0, sa_column=_number())
    stalls: int = Field(default=0, sa_column=_number())
    switches: int = Field(default=0, sa_column=_number())
    errors: int = Field(default=0, sa_column=_number())
    tenths: int = Field(default=0, sa_column=_number())
    failure: str = Field(default="", sa_column=Column(key_string(40), nullable=False))
    caption_language: str = Field(default="", sa_column=Column(key_string(35), nullable=False))
    captions_on: bool = Field(default=False)
    caption_rendered: bool = Field(default=False)


class QoeRollup(SQLModel, table=True):
    """Sums of an hour, a day or, once it is over, a month.

    `scope` says what a row is of: `all`, `film`, `rendition`, `browser`, `film-rendition`,
    `film-browser`; `part` is the height or the browser's family, "" where it is of neither.
    """

    __tablename__ = "qoe_rollup"
    __table_args__ = (
        Index("ix_qoe_rollup_movie", "movie_id", "scope", "grain", "hour"),
        _BY_KEY,
    )

    scope: str = Field(sa_column=_key(16))
    grain: str = Field(sa_column=_key(1), description="h | d | m")
    hour: int = Field(sa_column=Column(Integer(), primary_key=True, autoincrement=False))
    movie_id: str = Field(sa_column=_key(32))
    part: str = Field(sa_column=_key(20))
    attempts: int = Field(default=0, sa_column=_number())
    starts: int = Field(default=0, sa_column=_number())
    start_failures: int = Field(default=0, sa_column=_number())
    later_failures: int = Field(default=0, sa_column=_number())
    early_exits: int = Field(default=0, sa_column=_number())
    play_ms: int = Field(default=0, sa_column=_number())
    stall_ms: int = Field(default=0, sa_column=_number())
    degraded_ms: int = Field(default=0, sa_column=_number())
    stalls: int = Field(default=0, sa_column=_number())
    switches: int = Field(default=0, sa_column=_number())
    errors: int = Field(default=0, sa_column=_number())
    caption_sessions: int = Field(default=0, sa_column=_number())
    caption_rendered: int = Field(default=0, sa_column=_number())
    tenth_1: int = Field(default=0, sa_column=_number())
    tenth_2: int = Field(default=0, sa_column=_number())
    tenth_3: int = Field(default=0, sa_column=_number())
    tenth_4: int = Field(default=0, sa_column=_number())
    tenth_5: int = Field(default=0, sa_column=_number())
    tenth_6: int = Field(default=0, sa_column=_number())
    tenth_7: int = Field(default=0, sa_column=_number())
    tenth_8: int = Field(default=0, sa_column=_number())
    tenth_9: int = Field(default=0, sa_column=_number())
    tenth_10: int = Field(default=0, sa_column=_number())


class QoeTally(SQLModel, table=True):
    """What is counted by name in an hour, a day or a month.

    | kind | part | name |
    |---|---|---|
    | `start` | browser's family or "" | bucket of the start time, see `buckets` |
    | `failure` | | cause |
    | `captions` | | language |
    | `throttle` | | which limit |
    """

    __tablename__ = "qoe_tally"
    __table_args__ = (
        Index("ix_qoe_tally_movie", "movie_id", "kind", "grain", "hour"),
        _BY_KEY,
    )

    kind: str = Field(sa_column=_key(10))
    grain: str = Field(sa_column=_key(1))
    hour: int = Field(sa_column=Column(Integer(), primary_key=True, autoincrement=False))
    movie_id: str = Field(sa_column=_key(32), description='"" for all together')
    part: str = Field(sa_column=_key(20))
    name: str = Field(sa_column=_key(40))
    total: int = Field(default=0, sa_column=_number())
