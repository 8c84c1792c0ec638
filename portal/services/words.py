"""Times and lengths in plain English words; the pages show them as they are."""

from __future__ import annotations

from datetime import datetime, timedelta


def runtime(seconds: float) -> str:
    """`1 h 52 min`, `47 min`, `44 s`."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    hours, minutes = divmod(round(whole / 60), 60)
    if not hours:
        return f"{minutes} min"
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"


def day(at: datetime, now: datetime) -> str:
    """`4 December`, with the year when it is another one."""
    text = f"{at.day} {at:%B}"
    return text if at.year == now.year else f"{text} {at.year}"


def moment(at: datetime, now: datetime) -> str:
    """`Friday 27 November, 18:00 UTC`."""
    return f"{at:%A} {day(at, now)}, {at:%H:%M} UTC"


def time_left(until: datetime, now: datetime) -> str:
    """`3 days`, `5 hours`, `20 minutes`: rounded down, so that nobody comes too late."""
    left = max(until - now, timedelta())
    if left >= timedelta(days=1):
        return _plural(left.days, "day")
    if left >= timedelta(hours=1):
        return _plural(left.seconds // 3600, "hour")
    return _plural(max(1, left.seconds // 60), "minute")


def _plural(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
