"""Adding up: which sums a piece of news belongs to."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime

from portal.services.qoe.beats import TENTHS, Counters
from portal.services.qoe.buckets import bucket_of
from portal.services.qoe.models import SUMS

HOURS_A_DAY = 24
_INDEX = {name: place for place, name in enumerate(SUMS)}
RollupKey = tuple[str, str, int, str, str]  # scope, grain, hour, movie, part
TallyKey = tuple[str, str, int, str, str, str]  # kind, grain, hour, movie, part, name


def hour_of(at: datetime) -> int:
    """Hours since 1970, UTC."""
    return int(at.timestamp() // 3600)


def day_of(hour: int) -> int:
    """The first hour of an hour's day, UTC."""
    return hour - hour % HOURS_A_DAY


def month_of(hour: int) -> int:
    """The first hour of an hour's month, UTC."""
    return hour_of(instant_of(hour).replace(day=1, hour=0))


def next_month(hour: int) -> int:
    """The first hour of the month after an hour's, UTC."""
    return month_of(month_of(hour) + 32 * HOURS_A_DAY)


def instant_of(hour: int) -> datetime:
    """When an hour begins."""
    return datetime.fromtimestamp(hour * 3600, UTC)


@dataclass(frozen=True, slots=True)
class News:
    """What happened in a session since its line before."""

    counters: Counters
    height: int = 0
    new_tenths: int = 0
    start_ms: int | None = None
    failure: str = ""
    caption_language: str = ""
    captions_began: bool = False
    caption_rendered: bool = False


@dataclass
class Sums:
    """What is to be added to the tables."""

    rollups: defaultdict[RollupKey, list[int]] = field(
        default_factory=lambda: defaultdict(lambda: [0] * len(SUMS))
    )
    tallies: defaultdict[TallyKey, int] = field(default_factory=lambda: defaultdict(int))

    def add(
        self, news: News, *, movie_id: str, browser: str, hour: int, grains: str = "hd"
    ) -> None:
        """Add what happened to all sums that it belongs to.

        Args:
            news: What happened.
            movie_id: In which film.
            browser: In which family of browsers.
            hour: When.
            grains: `h` and `d`: sums by hour, by day.
        """
        values = [(place, value) for place, value in enumerate(_values(news)) if value]
        if values:
            part = str(news.height)
            for grain, start in _starts(hour, grains):
                for scope, movie, of in (
                    ("all", "", ""),
                    ("film", movie_id, ""),
                    ("rendition", "", part),
                    ("browser", "", browser),
                    ("film-rendition", movie_id, part),
                    ("film-browser", movie_id, browser),
                ):
                    row = self.rollups[(scope, grain, start, movie, of)]
                    for place, value in values:
                        row[place] += value
        if news.start_ms is not None:
            name = str(bucket_of(news.start_ms))
            self.count("start", name, hour, movie_id=movie_id, grains=grains)
            self.count("start", name, hour, part=browser, grains=grains)
        if news.failure:
            self.count("failure", news.failure, hour, movie_id=movie_id, grains=grains)
        if news.captions_began:
            language = news.caption_language or "und"
            self.count("captions", language, hour, movie_id=movie_id, grains=grains)

    def count(
        self,
        kind: str,
        name: str,
        hour: int,
        *,
        movie_id: str = "",
        part: str = "",
        grains: str = "hd",
    ) -> None:
        """Count something by its name: for all, and for its film."""
        for grain, start in _starts(hour, grains):
            self.tallies[(kind, grain, start, "", part, name)] += 1
            if movie_id:
                self.tallies[(kind, grain, start, movie_id, part, name)] += 1

    def __bool__(self) -> bool:
        return bool(self.rollups or self.tallies)


def _starts(hour: int, grains: str) -> list[tuple[str, int]]:
    return [(grain, hour if grain == "h" else day_of(hour)) for grain in grains]


def _values(news: News) -> list[int]:
    values = [0] * len(SUMS)
    for name in Counters.__dataclass_fields__:
        values[_INDEX[name]] = getattr(news.counters, name)
    values[_INDEX["caption_sessions"]] = int(news.captions_began)
    values[_INDEX["caption_rendered"]] = int(news.caption_rendered)
    for tenth in range(TENTHS):
        values[_INDEX[f"tenth_{tenth + 1}"]] = news.new_tenths >> tenth & 1
    return values
