"""What may be stored of a movie: one rule a field, and the words when it is broken.

Pure: no database. Uniqueness is for `movies` to check, what a published movie needs for
`publishing`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from portal.services.editing.slugs import MAX_SLUG, is_slug
from portal.services.errors import InvalidInput
from portal.services.models import title_key

MAX_TITLE = 200
MAX_TITLE_KEY = 400
MAX_SYNOPSIS = 5_000
MAX_GENRES = 10
MAX_CAST = 60
MAX_RUNTIME_S = 100 * 3600
FIRST_YEAR = 1888  # Roundhay Garden Scene
YEARS_AHEAD = 10
_FIRST_INSTANT = datetime(1970, 1, 1, tzinfo=UTC)
_LAST_INSTANT = datetime(2200, 1, 1, tzinfo=UTC)
_COLOUR = re.compile(r"#[0-9a-f]{6}")


class BadValue(Exception):
    """A value that a field cannot hold; the text is for the person who typed it."""


Cleaner = Callable[[Any, datetime], Any]


def clean(given: Mapping[str, Any], *, now: datetime, new: bool = False) -> dict[str, Any]:
    """The values as they are stored.

    Args:
        given: Field name to value, only the fields that are to be set.
        now: The present instant; years are judged by it.
        new: A movie is being made: the title has to be there.

    Raises:
        InvalidInput: Names every field that is wrong, with the fix.
    """
    cleaned: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    for name, value in given.items():
        cleaner = CLEANERS.get(name)
        if cleaner is None:
            wrong[name] = f"A film has no field “{_shown(name)}”."
            continue
        try:
            cleaned[name] = cleaner(value, now)
        except BadValue as error:
            wrong[name] = str(error)
    if new and "title" not in given:
        wrong["title"] = "Give the film a title."
    if wrong:
        raise InvalidInput(wrong)
    return cleaned


def problem_with(name: str, value: Any, *, now: datetime) -> str:
    """What is wrong with one field, or "": for validation while somebody types."""
    try:
        clean({name: value}, now=now)
    except InvalidInput as error:
        return error.fields[name]
    return ""


def check_window(available_from: datetime | None, available_until: datetime | None) -> None:
    """See that a window ends after it starts.

    Raises:
        InvalidInput: It does not.
    """
    if available_from and available_until and available_until <= available_from:
        raise InvalidInput(
            {
                "available_until": f"The window ends ({_moment(available_until)}) before it starts"
                f" ({_moment(available_from)}). Set the end later, or the start earlier."
            }
        )


def clean_line(label: str, value: Any, limit: int, *, required: bool = False) -> str:
    """One line of text: Unicode form C, single spaces, no control characters.

    Args:
        label: What it is called in the message: "title".
        value: As given.
        limit: Most characters.
        required: Whether it may be empty.

    Raises:
        BadValue: It cannot be stored.
    """
    text = " ".join(_characters(label, value).split())
    if required and not _is_visible(text):
        raise BadValue(f"The {label} is empty. Write one.")
    return _of_length(label, text, limit)


def _characters(label: str, value: Any) -> str:
    if not isinstance(value, str):
        raise BadValue(f"The {label} has to be text.")
    for char in value:
        if unicodedata.category(char) in {"Cs", "Cc", "Cn"} and char not in "\n\r\t":
            raise BadValue(
                f"The {label} contains a character that is not text (U+{ord(char):04X}). Remove it."
            )
    return unicodedata.normalize("NFC", value)


def _is_visible(text: str) -> bool:
    return any(unicodedata.category(char)[0] in "LNPS" for char in text)


def _of_length(label: str, text: str, limit: int) -> str:
    if len(text) > limit:
        raise BadValue(
            f"The {label} has {len(text):,} characters; up to {limit:,} are possible."
            f" Shorten it by {len(text) - limit:,}."
        )
    return text


def _line(label: str, limit: int) -> Cleaner:
    return lambda value, _now: clean_line(label, value, limit)


def _title(value: Any, _now: datetime) -> str:
    title = clean_line("title", value, MAX_TITLE, required=True)
    # A ligature may stand for a dozen letters: what makes titles unique has a limit of its own.
    if (length := len(title_key(title))) > MAX_TITLE_KEY:
        raise BadValue(
            f"Written out in plain letters the title has {length:,} characters; up to"
            f" {MAX_TITLE_KEY} are possible. Shorten it."
        )
    return title


def _slug(value: Any, _now: datetime) -> str:
    slug = clean_line("address", value, MAX_SLUG).casefold()
    if slug and not is_slug(slug):
        raise BadValue(
            "The address may have letters, digits and single hyphens between them, such as"
            " “the-long-night”."
        )
    return slug


def _paragraphs(label: str, limit: int) -> Cleaner:
    def cleaner(value: Any, _now: datetime) -> str:
        text = _characters(label, value).replace("\r\n", "\n").replace("\r", "\n")
        text = "\n".join(" ".join(line.split()) for line in text.split("\n"))
        return _of_length(label, re.sub(r"\n{3,}", "\n\n", text).strip(), limit)

    return cleaner


def _number(label: str, least: int, most: int, *, unknown: bool = False) -> Cleaner:
    def cleaner(value: Any, _now: datetime) -> int:
        return _integer(label, value, least, most, unknown=unknown)

    return cleaner


def _integer(label: str, value: Any, least: int, most: int, *, unknown: bool) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise BadValue(f"The {label} has to be a whole number.")
    if not least <= value <= most and not (unknown and value == 0):
        also = ", or 0 where it is not known" if unknown else ""
        raise BadValue(f"The {label} has to be between {least} and {most}{also}.")
    return value


def _year(value: Any, now: datetime) -> int:
    return _integer("year", value, FIRST_YEAR, now.year + YEARS_AHEAD, unknown=True)


def _names(label: str, most: int, limit: int) -> Cleaner:
    """A list of names: each once, whatever its case."""

    def cleaner(value: Any, _now: datetime) -> list[str]:
        if isinstance(value, str) or not isinstance(value, (list, tuple)):
            raise BadValue(f"The {label}s have to be a list.")
        if len(value) > 10 * most:  # do not clean a million entries to say that it is too many
            raise BadValue(f"There are {len(value):,} {label}s; up to {most} are possible.")
        names: dict[str, str] = {}
        for item in value:
            name = clean_line(label, item, limit)
            if name:
                names.setdefault(name.casefold(), name)
        if len(names) > most:
            raise BadValue(f"There are {len(names):,} {label}s; up to {most} are possible.")
        return list(names.values())

    return cleaner


def _instant(label: str) -> Cleaner:
    def cleaner(value: Any, _now: datetime) -> datetime | None:
        if value is None:
            return None
        if not isinstance(value, datetime):
            raise BadValue(f"The {label} has to be an instant, or nothing.")
        if value.tzinfo is None:
            raise BadValue(
                f"The {label} does not say in which time zone it is. Add the offset, such as Z or"
                " +01:00."
            )
        try:
            at = value.astimezone(UTC)
        except (OverflowError, ValueError):
            at = _LAST_INSTANT
        if not _FIRST_INSTANT <= at < _LAST_INSTANT:
            raise BadValue(f"The {label} has to be in a year from 1970 to 2199.")
        return at

    return cleaner


def _colour(value: Any, _now: datetime) -> str:
    if not isinstance(value, str) or not _COLOUR.fullmatch(value.lower()):
        raise BadValue("The colour has to be six hexadecimal digits after a #, such as #1b1a20.")
    return value.lower()


def _shown(name: str) -> str:
    return "".join(char for char in name if char.isprintable())[:40]


def _moment(at: datetime) -> str:
    at = at.astimezone(UTC)
    return f"{at.day} {at:%B %Y, %H:%M} UTC"


CLEANERS: dict[str, Cleaner] = {
    "title": _title,
    "slug": _slug,
    "tagline": _line("tagline", 200),
    "synopsis": _paragraphs("synopsis", MAX_SYNOPSIS),
    "year": _year,
    "runtime_s": _number("running time in seconds", 1, MAX_RUNTIME_S, unknown=True),
    "genres": _names("genre", MAX_GENRES, 40),
    "director": _line("director", 200),
    "cast": _names("cast member", MAX_CAST, 120),
    "country": _line("country", 80),
    "language": _line("language", 80),
    "content_rating": _line("rating", 16),
    "color": _colour,
    "featured": _number("place in the hero", 0, 99),
    "available_from": _instant("start"),
    "available_until": _instant("end"),
}
"""Every field that may be set, in the order of the form."""
