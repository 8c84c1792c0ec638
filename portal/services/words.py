"""Times, lengths and names in plain words of the language that is spoken; pages show them as is."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache

from babel import Locale
from babel.dates import format_datetime

from portal.services.translation import language, t, tc, tn

# English names that catalogs use beside CLDR's own.
_ALSO = {"Turkey": "TR", "USA": "US", "UK": "GB", "Mandarin": "zh", "Cantonese": "yue"}


def runtime(seconds: float) -> str:
    """`1 h 52 min`, `47 min`, `44 s`."""
    whole = round(seconds)
    if whole < 60:
        return t("{seconds} s", seconds=whole)
    hours, minutes = divmod(round(whole / 60), 60)
    if not hours:
        return t("{minutes} min", minutes=minutes)
    if not minutes:
        return t("{hours} h", hours=hours)
    return t("{hours} h {minutes} min", hours=hours, minutes=minutes)


def day(at: datetime, now: datetime) -> str:
    """`4 December`, with the year when it is another one."""
    # Translators: how a date is written, in the letters of Unicode's date patterns.
    pattern = tc("date", "d MMMM") if at.year == now.year else tc("date", "d MMMM y")
    return _date(at, pattern)


def moment(at: datetime, now: datetime) -> str:
    """`Friday 27 November, 18:00 UTC`."""
    # Translators: how a date is written, in the letters of Unicode's date patterns.
    pattern = tc("date", "EEEE d MMMM") if at.year == now.year else tc("date", "EEEE d MMMM y")
    # Translators: a day and the time of day.
    return t("{day}, {time} UTC", day=_date(at, pattern), time=f"{at:%H:%M}")


def instant(at: datetime) -> str:
    """`4 Dec 2026, 18:00 UTC`: for lists."""
    # Translators: how a date is written, in the letters of Unicode's date patterns.
    day = _date(at, tc("date", "d MMM y"))
    return t("{day}, {time} UTC", day=day, time=f"{at:%H:%M}")


def _date(at: datetime, pattern: str) -> str:
    return str(format_datetime(at, pattern, locale=language().locale))


def time_left(until: datetime, now: datetime) -> str:
    """`3 days`, `5 hours`, `20 minutes`: rounded down, so that nobody comes too late."""
    left = max(until - now, timedelta())
    if left >= timedelta(days=1):
        return tn("{n} day", "{n} days", left.days)
    if left >= timedelta(hours=1):
        return tn("{n} hour", "{n} hours", left.seconds // 3600)
    return tn("{n} minute", "{n} minutes", max(1, left.seconds // 60))


def country(name: str) -> str:
    """A country that a catalog names in English; another name stays as it is."""
    return _named(name, "territories", language().locale)


def spoken_language(name: str) -> str:
    """A language that a catalog names in English; another name stays as it is."""
    return _named(name, "languages", language().locale)


@lru_cache(maxsize=2048)
def _named(name: str, kind: str, locale: str) -> str:
    if not language().prefix:
        return name
    code = _ALSO.get(name) or _codes(kind).get(name)
    return str(getattr(Locale.parse(locale), kind).get(code, name)) if code else name


@lru_cache(maxsize=2)
def _codes(kind: str) -> dict[str, str]:
    names = getattr(Locale.parse("en"), kind)
    return {str(name): str(code) for code, name in names.items()}
