"""Local dates and times as people write them, as instants: time zones and their clock changes.

A wall clock shows some times twice (when clocks go back) and some never (when they go forward). The
first is asked about, the second refused; both in words. Pure.
"""

from __future__ import annotations

import zoneinfo
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final

EARLIER: Final = "earlier"
LATER: Final = "later"


@dataclass(frozen=True, slots=True)
class TimeChoice:
    """One way to read a time that the clock shows twice, or one to take instead of none.

    Attributes:
        value: `earlier`, `later`, or a time (`02:00`) to write instead.
        words: What it means.
    """

    value: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class LocalMoment:
    """What somebody wrote, read.

    Attributes:
        at: The instant in UTC; None if nothing was written, or if it cannot be read.
        words: The instant in both clocks; "" where there is none.
        problem: Why it cannot be read and what to do; "".
        choices: What to choose between.
    """

    at: datetime | None = None
    words: str = ""
    problem: str = ""
    choices: tuple[TimeChoice, ...] = ()


def read_local(day: str, clock: str, zone_name: str, choice: str = "") -> LocalMoment:
    """Read a date, a time and a time zone.

    Args:
        day: `2026-11-27`, as a date field gives it; "" for no moment at all.
        clock: `18:00`; "" where the time is still to come.
        zone_name: IANA name: `Europe/Lisbon`.
        choice: `earlier` or `later`, for a time that the clock shows twice.
    """
    if not day and not clock:
        return LocalMoment()
    zone = _zone(zone_name)
    if zone is None or not day or not clock:
        return LocalMoment(problem=_missing(zone, day))
    try:
        wall = datetime.combine(date.fromisoformat(day), time.fromisoformat(clock))
        wall = wall.replace(tzinfo=None, second=0, microsecond=0)
        # A zone may lead out of the calendar at its ends.
        first, second = (_instant(wall, zone, fold) for fold in (0, 1))
    except (ValueError, OverflowError):
        return LocalMoment(problem="This is no date and time that exists. Check both fields.")
    place = place_of(zone_name)
    if first == second:
        return LocalMoment(first, in_words(first, zone, place))
    if second < first:  # the clock never shows it: the offset before gives the later instant
        return _in_gap(wall, zone, place, second, first)
    return _shown_twice(wall, zone, place, (first, second), choice)


def in_words(at: datetime, zone: tzinfo, place: str) -> str:
    """`Friday 27 November 2026, 18:00 in Lisbon, that is 18:00 UTC`."""
    local, there = at.astimezone(zone), at.astimezone(UTC)
    text = f"{_day(local)}, {local:%H:%M}"
    if place == "UTC":
        return f"{text} UTC"
    same_day = local.date() == there.date()
    on = "" if same_day else f" on {there:%A} {there.day} {there:%B}"
    return f"{text} in {place}, that is {there:%H:%M} UTC{on}"


def place_of(zone_name: str) -> str:
    """`Europe/Lisbon` as people say it: Lisbon."""
    name = zone_name.rpartition("/")[2].replace("_", " ")
    return "UTC" if name in {"UTC", "GMT", "Universal", "Zulu", "UCT", "Greenwich"} else name


def _missing(zone: tzinfo | None, day: str) -> str:
    if zone is None:
        return "There is no such time zone. Choose one from the list, such as Europe/Lisbon."
    return f"Add {'a time' if day else 'a date'}, or empty both for none."


def _zone(name: str) -> tzinfo | None:
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _instant(wall: datetime, zone: tzinfo, fold: int) -> datetime:
    return wall.replace(tzinfo=zone, fold=fold).astimezone(UTC)


def _in_gap(wall: datetime, zone: tzinfo, place: str, low: datetime, high: datetime) -> LocalMoment:
    """The clocks go forward over this time."""
    change = _change_between(low, high, zone)
    before = (change - timedelta(minutes=1)).astimezone(zone).replace(tzinfo=None)
    stopped = before + timedelta(minutes=1)
    resumed = change.astimezone(zone)
    return LocalMoment(
        problem=(
            f"There is no {wall:%H:%M} on {_day(wall)} in {place}: the clocks go from"
            f" {stopped:%H:%M} to {resumed:%H:%M} that night. Choose a time before"
            f" {stopped:%H:%M}, or {resumed:%H:%M} and later."
        ),
        choices=(TimeChoice(f"{resumed:%H:%M}", f"Use {resumed:%H:%M}"),),
    )


def _shown_twice(
    wall: datetime, zone: tzinfo, place: str, instants: tuple[datetime, datetime], choice: str
) -> LocalMoment:
    """The clocks go back over this time."""
    choices = tuple(
        TimeChoice(value, f"the {which} {wall:%H:%M}, that is {at:%H:%M} UTC")
        for value, which, at in zip((EARLIER, LATER), ("first", "second"), instants, strict=True)
    )
    if choice in (EARLIER, LATER):
        at = instants[choice == LATER]
        which = "first" if choice == EARLIER else "second"
        return LocalMoment(
            at, f"{in_words(at, zone, place)} (the {which} time it is {wall:%H:%M})", "", choices
        )
    return LocalMoment(
        problem=(
            f"It is {wall:%H:%M} twice on {_day(wall)} in {place}, because the clocks go back."
            " Choose which one."
        ),
        choices=choices,
    )


def _change_between(low: datetime, high: datetime, zone: tzinfo) -> datetime:
    """The instant between two at which the zone's offset changes, to the minute."""
    offset = low.astimezone(zone).utcoffset()
    while high - low > timedelta(minutes=1):
        middle = low + (high - low) / 2
        middle = middle.replace(second=0, microsecond=0)
        if middle in (low, high):
            break
        if middle.astimezone(zone).utcoffset() == offset:
            low = middle
        else:
            high = middle
    return high


def _day(at: datetime) -> str:
    return f"{at:%A} {at.day} {at:%B %Y}"
