"""Slugs: the readable part of a movie's address, in whatever script its title is.

Latin letters lose their accents, other scripts stay as they are (a percent-encoded title is still
readable in every browser's address bar; a transliteration would be a guess).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import Final

MAX_SLUG: Final = 120
_COMFORTABLE: Final = 80
"""A generated slug ends at the word before this many characters."""

# Latin letters that Unicode does not decompose.
_PLAIN = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ŋ": "ng"}
)
_APOSTROPHES = re.compile("['\u2018\u2019\u02bc`´]")
_NOT_ID = re.compile(r"(?![0-9a-f]{32}$)")


def slugify(title: str) -> str:
    """The slug of a title; "" when it has no letter or digit.

    `Amélie & the Émigré!` becomes `amelie-the-emigre`, `千と千尋` stays.
    """
    folded = unicodedata.normalize("NFKC", title).casefold().translate(_PLAIN)
    words = _split(_APOSTROPHES.sub("", _unaccented(folded)))
    slug = ""
    for word in words:
        longer = f"{slug}-{word}" if slug else word[:_COMFORTABLE]
        if len(longer) > _COMFORTABLE:
            break
        slug = longer
    return slug if _NOT_ID.match(slug) else f"film-{slug}"


def is_slug(text: str) -> bool:
    """Whether somebody may choose this slug.

    Thirty-two hexadecimal digits are no slug: they are a movie's id.
    """
    return bool(
        text
        and len(text) <= MAX_SLUG
        and _NOT_ID.match(text)
        and all(part and all(map(_in_word, part)) for part in text.split("-"))
        and text == unicodedata.normalize("NFKC", text).casefold()
    )


def unique(base: str, is_taken: Callable[[str], bool], *, fallback: str) -> str:
    """`base`, or `base-2` and so on: the first that is free.

    Args:
        base: What `slugify` gave.
        is_taken: Whether another movie has, or had, this slug.
        fallback: Used where `base` is empty; free for certain.
    """
    if not base:
        return fallback
    if not is_taken(base):
        return base
    for number in range(2, 1000):
        candidate = f"{base}-{number}"
        if not is_taken(candidate):
            return candidate
    return f"{base}-{fallback}"[-MAX_SLUG:].strip("-")


def _unaccented(text: str) -> str:
    """Without the accents of Latin letters; the marks of other scripts are part of the word."""
    kept = []
    on_latin = False
    for char in unicodedata.normalize("NFD", text):
        if not unicodedata.combining(char):
            on_latin = char.isascii() or "LATIN" in unicodedata.name(char, "")
        elif on_latin:
            continue
        kept.append(char)
    return unicodedata.normalize("NFC", "".join(kept))


def _split(text: str) -> list[str]:
    return "".join(char if _in_word(char) else " " for char in text).split()


def _in_word(char: str) -> bool:
    """Letters, digits, and the marks that scripts such as Devanagari write vowels with."""
    return unicodedata.category(char)[0] in "LM" or unicodedata.category(char) == "Nd"
