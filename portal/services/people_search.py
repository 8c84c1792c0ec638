"""People of films that can be watched, by what somebody typed of their names."""

from __future__ import annotations

from dataclasses import dataclass

from portal.services.live_index import LiveIndex
from portal.services.search_text import index_words, search_key

_FROM_FILMS = 200
"""Names are taken from so many of the films that fit, the newest."""


@dataclass(frozen=True, slots=True)
class PersonHit:
    """Somebody who directed or acts.

    Attributes:
        name: As the catalog has it.
        films: How many of their films can be watched.
    """

    name: str
    films: int


def people(index: LiveIndex, text: str, *, limit: int) -> list[PersonHit]:
    """People of whose names each word begins one, slips forgiven; those with most films first."""
    words = index_words(text)
    if not words:
        return []
    films = index.newest(_FROM_FILMS, index.of_people(text))
    names = {name for movie in films for name in (movie.director, *movie.cast) if name}

    def fits(name: str) -> bool:
        parts = index_words(name)
        return all(any(part.startswith(word) for part in parts) for word in words)

    def almost(name: str) -> bool:
        parts = index_words(name)
        return all(any(index.is_slip(word, part) for part in parts) for word in words)

    found = [name for name in names if fits(name)] or [name for name in names if almost(name)]
    counts = {name: index.matching(person=name).bit_count() for name in found}
    best = sorted(
        found,
        key=lambda name: (search_key(name) != search_key(text), -counts[name], name),
    )
    return [PersonHit(name, counts[name]) for name in best[:limit]]
