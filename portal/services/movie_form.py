"""A movie's fields as a form holds them: text, both ways. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from portal.services.editing import fields
from portal.services.editing.views import MovieView
from portal.services.errors import InvalidInput
from portal.services.movie_rows import short

LABELS: Final = {
    "title": "Title",
    "slug": "Address",
    "tagline": "Tagline",
    "synopsis": "Synopsis",
    "year": "Year",
    "runtime_s": "Running time",
    "genres": "Genres",
    "director": "Director",
    "cast": "Cast",
    "country": "Country",
    "language": "Language",
    "content_rating": "Rating",
    "featured": "Place in the hero",
}
"""Every field of the form, in its order."""
MORE_LABELS: Final = {
    "available_from": "Available from",
    "available_until": "Available until",
    "visibility": "Visibility",
    "color": "Colour",
    "art_key": "Artwork",
    "has_storyboard": "Thumbnails",
    "version": "Version",
}
_CLOCK = re.compile(r"(?:(\d{1,3}):)?(\d{1,3}):(\d{2})")
_WORDS = re.compile(
    r"(?:(\d{1,3})\s*h(?:ours?)?)?\s*(?:(\d{1,4})\s*m(?:in)?(?:utes?)?)?\s*(?:(\d{1,6})\s*s)?"
)
_TOO_LONG = 20_000  # more than any field takes: refused before it is looked at


def to_form(movie: MovieView) -> dict[str, str]:
    """What the fields show."""
    return {name: shown(name, getattr(movie, name)) for name in LABELS}


def shown(name: str, value: Any, now: datetime | None = None) -> str:
    """A stored value as text."""
    if value is None or value == "":
        return ""
    if name in _WRITERS:
        return _WRITERS[name](value)
    if isinstance(value, datetime):
        return short(value, now or value)
    if isinstance(value, (list, tuple)):
        return ", ".join(str(each) for each in value)
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def from_form(given: Mapping[str, Any]) -> dict[str, Any]:
    """The values that the text stands for; only the fields that are given.

    Raises:
        InvalidInput: Names each field whose text stands for nothing.
    """
    found: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    for name, text in given.items():
        if name not in LABELS:
            continue
        try:
            found[name] = _value(name, text if isinstance(text, str) else "")
        except ValueError as error:
            wrong[name] = str(error)
    if wrong:
        raise InvalidInput(wrong)
    return found


def read(given: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """The values, once none of them is wrong in itself.

    Raises:
        InvalidInput: Names every field that is wrong, whether its text or its value.
    """
    wrong = {name: words for name, words in problems(given, now).items() if words}
    if wrong:
        raise InvalidInput(wrong)
    return from_form(given)


def problems(given: Mapping[str, Any], now: datetime) -> dict[str, str]:
    """What is wrong with each given field, or ""."""
    found = {}
    for name, text in given.items():
        if name in LABELS:
            try:
                value = from_form({name: text})[name]
            except InvalidInput as error:
                found[name] = error.fields[name]
            else:
                found[name] = fields.problem_with(name, value, now=now)
    return found


def _value(name: str, text: str) -> Any:
    if len(text) > _TOO_LONG:
        message = f"This is {len(text):,} characters long. Shorten it."
        raise ValueError(message)
    match name:
        case "year" | "featured":
            number = text.strip()
            if number and not (number.isascii() and number.isdecimal()):
                message = f"The {LABELS[name].lower()} has to be a whole number."
                raise ValueError(message)
            return int(number[:9] or 0)
        case "runtime_s":
            return _seconds(text.strip())
        case "genres":
            return [part.strip() for part in text.split(",") if part.strip()]
        case "cast":
            return [line.strip() for line in text.splitlines() if line.strip()]
    return text


def _clock(seconds: int) -> str:
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


_WRITERS: Final[dict[str, Callable[[Any], str]]] = {
    "year": lambda value: str(value or ""),
    "featured": lambda value: str(value or ""),
    "runtime_s": lambda value: _clock(int(value)) if value else "",
    "genres": ", ".join,
    "cast": "\n".join,
}


def _seconds(text: str) -> int:
    """`1:32:00`, `92 min`, `1 h 32 min`, or minutes alone."""
    if not text:
        return 0
    if text.isascii() and text.isdecimal():
        return int(text[:6]) * 60
    if found := _CLOCK.fullmatch(text):
        hours, minutes, seconds = (int(part or 0) for part in found.groups())
        return hours * 3600 + minutes * 60 + seconds
    found = _WORDS.fullmatch(text)
    if found and any(found.groups()):
        hours, minutes, seconds = (int(part or 0) for part in found.groups())
        return hours * 3600 + minutes * 60 + seconds
    message = "Write the running time like 1:32:00, or 92 for minutes."
    raise ValueError(message)
