"""Spans of time that can be asked for, and how finely they are shown."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from portal.services.qoe.reception import KEEP_HOURS_DAYS
from portal.services.qoe.rollups import HOURS_A_DAY, day_of, hour_of, instant_of, next_month

PRESETS: Final[Mapping[str, tuple[str, int]]] = {
    "24h": ("24 hours", 1),
    "7d": ("7 days", 7),
    "30d": ("30 days", 30),
    "90d": ("90 days", 90),
    "1y": ("1 year", 365),
}
USUAL: Final = "30d"
CUSTOM: Final = "custom"
LONGEST_DAYS: Final = 1100
_HOURLY_DAYS: Final = 8


@dataclass(frozen=True, slots=True)
class Span:
    """Hours from `first` up to, but not with, `end`; in steps of an hour or of a day."""

    name: str
    grain: str
    first: int
    end: int

    @property
    def step(self) -> int:
        """Hours in a step."""
        return 1 if self.grain == "h" else HOURS_A_DAY

    @property
    def hours(self) -> list[int]:
        """The first hour of each step."""
        return list(range(self.first, self.end, self.step))

    def steps(self) -> tuple[str, int, int]:
        """The sums that have each step."""
        return self.grain, self.first, self.end

    def pieces(self, months: Set[int]) -> list[tuple[str, int, int]]:
        """The fewest sums that have all of it.

        Args:
            months: First hours of months that have sums of their own.
        """
        if self.grain == "h":
            return [self.steps()]
        found: list[tuple[str, int, int]] = []
        at = self.first
        while at < self.end:
            after = next_month(at)
            is_whole = at in months and after <= self.end
            grain, until = ("m", after) if is_whole else ("d", min(after, self.end))
            if found and found[-1][0] == grain:
                found[-1] = (grain, found[-1][1], until)
            else:
                found.append((grain, at, until))
            at = until
        return found

    def before(self) -> Span:
        """The span of the same length that ended where this one begins."""
        return Span(self.name, self.grain, 2 * self.first - self.end, self.first)

    def dates(self) -> tuple[str, str]:
        """First and last day, as `since` and `until` of a custom span."""
        first, last = instant_of(self.first), instant_of(self.end - 1)
        return first.date().isoformat(), last.date().isoformat()

    def words(self) -> str:
        """Such as “24 Oct to 23 Nov 2026, UTC, by day”."""
        first, last = instant_of(self.first), instant_of(self.end - 1)
        if self.grain == "h":
            return f"{_day(first)} {first:%H:%M} to {_day(last)} {last:%H}:59, UTC, by hour"
        start = _day(first) if first.year == last.year else f"{_day(first)} {first.year}"
        return f"{start} to {_day(last)} {last.year}, UTC, by day"


def _day(at: datetime) -> str:
    return f"{at.day} {at:%b}"


def span_of(name: str, since: str, until: str, now: datetime) -> Span:
    """The span that an address asks for; nonsense, and a custom one without days, are the usual.

    Args:
        name: One of `PRESETS`, or `custom`.
        since: First day of a custom span, `2026-11-01`.
        until: Its last day, which belongs to it.
        now: The present instant.
    """
    this_hour = hour_of(now)
    today = day_of(this_hour)
    if name == CUSTOM:
        last = _read(until) or now.date()
        first = _read(since) or last - timedelta(days=PRESETS[USUAL][1] - 1)
        first, last = min(first, last), min(max(first, last), now.date())
        first = max(min(first, last), last - timedelta(days=LONGEST_DAYS))
        start, end = _hour(first), _hour(last) + HOURS_A_DAY
        recent = start >= this_hour - (KEEP_HOURS_DAYS - 1) * HOURS_A_DAY
        hourly = recent and (end - start) <= _HOURLY_DAYS * HOURS_A_DAY
        return Span(CUSTOM, "h" if hourly else "d", start, end)
    name = name if name in PRESETS else USUAL
    days = PRESETS[name][1]
    if days <= _HOURLY_DAYS:
        end = this_hour + 1
        return Span(name, "h", end - days * HOURS_A_DAY, end)
    end = today + HOURS_A_DAY
    return Span(name, "d", end - days * HOURS_A_DAY, end)


def _read(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 2000 <= found.year < 2200 else None


def _hour(day: date) -> int:
    return hour_of(datetime.combine(day, time(), UTC))
