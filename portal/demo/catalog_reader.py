"""Read the hand-written catalog: one block a title, blank lines between.

The first line of a block is ``title | year | genres | country | rating | motif``, with
``country/language`` where a country has several, and ``| film`` at its end for a flagship. The
second line is the tagline, the third the synopsis.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources

_PLAIN = str.maketrans({"ø": "o", "Ø": "O", "ß": "ss", "æ": "ae", "đ": "d", "ł": "l", "Ł": "L"})


@dataclass(frozen=True, slots=True)
class CatalogEntry:
    """A title as written; ``language`` and ``film`` are empty unless the text says them."""

    slug: str
    title: str
    year: int
    genres: tuple[str, ...]
    country: str
    language: str
    content_rating: str
    motif: str
    film: str
    tagline: str
    synopsis: str


def slugify(title: str) -> str:
    """Return a title as lower-case ASCII words joined by hyphens."""
    plain = unicodedata.normalize("NFKD", title.translate(_PLAIN)).encode("ascii", "ignore")
    words = re.sub(r"[^a-z0-9]+", "-", plain.decode().lower().replace("'", ""))
    return words.strip("-")[:80].rstrip("-")


def read_entries(name: str) -> Iterator[CatalogEntry]:
    """Yield the entries of ``catalog/<name>.txt``.

    Raises:
        ValueError: A block does not have the form above; the message shows its first line.
    """
    text = (resources.files("portal.demo") / "catalog" / f"{name}.txt").read_text("utf-8")
    for block in text.strip().split("\n\n"):
        try:
            head, tagline, synopsis = block.splitlines()
            title, year, genres, place, rating, motif, *film = head.split(" | ")
            country, _, language = place.partition("/")
            yield CatalogEntry(
                slug=slugify(title),
                title=title,
                year=int(year),
                genres=tuple(genres.split(", ")),
                country=country,
                language=language,
                content_rating=rating,
                motif=motif,
                film=film[0] if film else "",
                tagline=_typeset(tagline),
                synopsis=_typeset(synopsis),
            )
        except ValueError as error:
            raise ValueError(f"catalog/{name}.txt: {block.splitlines()[0]!r}: {error}") from error


def _typeset(text: str) -> str:
    """Turn typewriter quotes into typographic ones."""
    text = re.sub(r"(^|[\s(])'(?=\S)", r"\1‘", text)
    return text.replace("'", "’")
