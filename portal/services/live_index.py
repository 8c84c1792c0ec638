"""The movies that can be watched, ready to be filtered, counted, sorted and searched.

Each movie has a number; each genre, decade and caption language is the set of its movies' numbers
as bits. One change costs milliseconds also among a hundred thousand movies, and reading does not
grow with them. Never changed: `changed` gives another index.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from portal.services.bits import bits_of, mask
from portal.services.catalog_views import released_at
from portal.services.movie_record import MovieRecord
from portal.services.search_text import MAX_TEXT, index_words, search_key
from portal.services.word_index import WordIndex, is_near

LENGTHS = {"short": 40 * 60, "medium": 90 * 60, "feature": 120 * 60, "long": 10**9}
"""Names of running times, each with the seconds that it stays below."""
Key = tuple[Any, ...]
Order = NDArray[np.int32]


def length_of(runtime_s: int) -> str:
    """The name of a running time in `LENGTHS`."""
    return next(name for name, below in LENGTHS.items() if runtime_s < below)


def decade_of(movie: MovieRecord) -> str:
    """`1990` for 1990-1999."""
    return str(movie.year // 10 * 10)


ORDERS: dict[str, Callable[[MovieRecord], Key]] = {
    "new": lambda movie: (-released_at(movie).timestamp(), movie.id),
    "title": lambda movie: (search_key(movie.title), movie.id),
    "year": lambda movie: (-movie.year, movie.title, movie.id),
    "short": lambda movie: (movie.runtime_s, movie.title, movie.id),
}
"""Sort orders by name; each ends with the id, so that no two movies have the same place."""
FACETS: dict[str, Callable[[MovieRecord], Iterable[str]]] = {
    "genre": lambda movie: movie.genres,
    "decade": lambda movie: (decade_of(movie),),
    "captions": lambda movie: {track.language for track in movie.playable_tracks},
    "person": lambda movie: {movie.director, *movie.cast} - {""},
    "featured": lambda movie: ("yes",) if movie.featured else (),
    "length": lambda movie: (length_of(movie.runtime_s),) if movie.runtime_s else (),
    "rating": lambda movie: {movie.content_rating} - {""},
}
FIELDS: dict[str, Callable[[MovieRecord], str]] = {
    "title": lambda movie: movie.title,
    "people": lambda movie: " ".join((movie.director, *movie.cast)),
    "about": lambda movie: " ".join((*movie.genres, movie.tagline, movie.synopsis)),
}
_LAST = chr(0x10FFFF)
_RANKED = 200
"""So many movies whose titles match are looked at one by one for how well they do."""


@dataclass(frozen=True)
class Found:
    """What a search came to: sets of movies, those that match best first."""

    groups: tuple[int, ...]
    words: tuple[str, ...] = ()

    @cached_property
    def all(self) -> int:
        """All of them."""
        united = 0
        for group in self.groups:
            united |= group
        return united

    def within(self, bits: int) -> Found:
        """Those that are also in another set."""
        return Found(tuple(group & bits for group in self.groups), self.words)


class LiveIndex:
    """See the module's text. `movies` by number has None where a movie left."""

    def __init__(
        self,
        movies: list[MovieRecord | None],
        numbers: dict[str, int],
        facets: dict[str, dict[str, int]],
        orders: dict[str, Order],
        words: dict[str, WordIndex],
        labels: dict[str, Counter[str]],
        everything: int,
    ) -> None:
        self._movies = movies
        self._numbers = numbers
        self._facets = facets
        self._orders = orders
        self._words = words
        self._labels = labels
        self.everything = everything
        self._searches: dict[tuple[str, ...], Found] = {}

    @classmethod
    def of(cls, movies: Iterable[MovieRecord]) -> LiveIndex:
        """Index movies; about 40 µs each."""
        known = list(movies)
        facets: dict[str, dict[str, set[int]]] = {kind: {} for kind in FACETS}
        labels: dict[str, Counter[str]] = {}
        for number, movie in enumerate(known):
            for kind, values in FACETS.items():
                for value in values(movie):
                    facets[kind].setdefault(value, set()).add(number)
            _count_labels(labels, movie, 1)
        return cls(
            [*known],
            {movie.id: number for number, movie in enumerate(known)},
            {
                kind: {value: bits_of(numbers) for value, numbers in sets.items()}
                for kind, sets in facets.items()
            },
            {
                name: np.array(
                    sorted(range(len(known)), key=[key(movie) for movie in known].__getitem__),
                    np.int32,
                )
                for name, key in ORDERS.items()
            },
            {
                field: WordIndex.of(
                    {number: set(index_words(text(movie))) for number, movie in enumerate(known)}
                )
                for field, text in FIELDS.items()
            },
            labels,
            (1 << len(known)) - 1,
        )

    def changed(self, gone: Sequence[MovieRecord], new: Sequence[MovieRecord]) -> LiveIndex:
        """The index without some movies and with others; about 10 ms among 100,000."""
        movies, numbers = list(self._movies), dict(self._numbers)
        facets = {kind: dict(sets) for kind, sets in self._facets.items()}
        orders = dict(self._orders)
        labels, everything = dict(self._labels), self.everything
        left: dict[int, MovieRecord] = {}
        for movie in gone:
            number = numbers.pop(movie.id)
            everything &= ~(1 << number)
            left[number] = movie
            for name, order in orders.items():
                orders[name] = np.delete(order, self._place(order, name, movie, movies))
            for kind, values in FACETS.items():
                for value in values(movie):
                    rest = facets[kind][value] & ~(1 << number)
                    facets[kind][value] = rest
                    if not rest:
                        del facets[kind][value]
            _count_labels(labels, movie, -1)
        for number in left:
            movies[number] = None
        free = sorted(left)
        came: dict[int, MovieRecord] = {}
        for movie in new:
            if free:
                number = free.pop()
                movies[number] = movie
            else:
                number = len(movies)
                movies.append(movie)
            numbers[movie.id] = number
            everything |= 1 << number
            came[number] = movie
            for name, order in orders.items():
                place = self._place(order, name, movie, movies)
                orders[name] = np.insert(order, place, number)
            for kind, values in FACETS.items():
                for value in values(movie):
                    facets[kind][value] = facets[kind].get(value, 0) | 1 << number
            _count_labels(labels, movie, 1)
        words = {
            field: index.changed(_words_of(field, left), _words_of(field, came))
            for field, index in self._words.items()
        }
        return LiveIndex(movies, numbers, facets, orders, words, labels, everything)

    @staticmethod
    def _place(
        order: Order, name: str, movie: MovieRecord, movies: list[MovieRecord | None]
    ) -> int:
        key = ORDERS[name]
        return bisect_left(order, key(movie), key=lambda number: key(_there(movies, number)))

    # -- reading ----------------------------------------------------------------------------------

    def __len__(self) -> int:
        return len(self._numbers)

    def facet(self, kind: str) -> Mapping[str, int]:
        """Values of a facet, each with its movies."""
        return self._facets[kind]

    def label(self, language: str) -> str:
        """The label that most caption tracks of a language have."""
        names = self._labels.get(language)
        return names.most_common(1)[0][0] if names else language

    def matching(self, **values: str) -> int:
        """Movies that have each given value of a facet; an empty value does not filter."""
        bits = self.everything
        for kind, value in values.items():
            if value:
                bits &= self._facets[kind].get(value, 0)
        return bits

    def search(self, text: str) -> Found:
        """Movies in which every word begins a word of title, people, genres or descriptions.

        Those with all words in the title come first, then those with them in title and people. A
        word that begins nothing is taken for a slip of the nearest ones.
        """
        words = tuple(index_words(text[:MAX_TEXT]))
        if not words:
            return Found((self.everything,))
        known = self._searches.get(words)
        if known is None:
            if len(self._searches) >= 1000:
                self._searches.clear()
            known = self._searches[words] = self._search(words)
        return known

    def _search(self, words: tuple[str, ...]) -> Found:
        title = people = anywhere = self.everything
        begins = self._titled(" ".join(words))
        for word in words:
            in_title, in_people, in_about = self._having(word)
            title &= in_title
            people &= in_title | in_people
            anywhere &= in_title | in_people | in_about
        begins &= title
        return Found((begins, title & ~begins, people & ~title, anywhere & ~people), words)

    def _titled(self, text: str) -> int:
        """Movies whose title begins so, as bits."""

        def key_of(number: int) -> str:
            return search_key(_there(self._movies, number).title)

        order = self._orders["title"]
        start = bisect_left(order, text, key=key_of)
        return bits_of(order[start : bisect_left(order, text + _LAST, key=key_of)])

    def _having(self, word: str) -> tuple[int, int, int]:
        indexes = (self._words["title"], self._words["people"], self._words["about"])
        title, people, about = (index.beginning(word) for index in indexes)
        if (title | people | about) & self.everything:
            return title, people, about
        # Slips in long descriptions would find too much that nobody meant.
        return indexes[0].near(word), indexes[1].near(word), 0

    def __contains__(self, movie_id: str) -> bool:
        return movie_id in self._numbers

    def of_people(self, text: str) -> int:
        """Movies with people of whom each word begins a name, as bits; slips as in `search`."""
        bits = self.everything
        for word in index_words(text[:MAX_TEXT]):
            index = self._words["people"]
            is_known = any(other.beginning(word) for other in self._words.values())
            bits &= index.beginning(word) if is_known else index.near(word)
        return bits

    @staticmethod
    def is_slip(word: str, meant: str) -> bool:
        """Whether a word begins another one, or was likely typed for it."""
        return meant.startswith(word) or is_near(word, meant)

    def page(self, found: Found, sort: str, start: int, limit: int) -> list[MovieRecord]:
        """A part of what was found, in an order. "new" puts what matches best before the rest."""
        if len(found.groups) == 1 or sort != "new":
            return self._take(found.all, sort, start, limit)
        page: list[MovieRecord] = []
        for rank, group in enumerate(found.groups):
            size = group.bit_count()
            if start < size and len(page) < limit:
                if rank == 0:
                    # The very title is the first of those that begin so in the alphabet's order.
                    page += self._take(group, "title", start, limit)
                elif rank == 1 and size <= _RANKED:
                    ranked = sorted(
                        self._take(group, sort, 0, size), key=lambda m: _fit(m, found.words)
                    )
                    page += ranked[start : start + limit - len(page)]
                else:
                    page += self._take(group, sort, start, limit - len(page))
            start = max(0, start - size)
        return page[:limit]

    def _take(self, bits: int, sort: str, start: int, limit: int) -> list[MovieRecord]:
        order = self._orders[sort]
        if bits != self.everything:
            order = order[mask(bits, len(self._movies))[order]]
        chosen = order[start : start + limit].tolist()
        return [movie for number in chosen if (movie := self._movies[number])]

    def get(self, movie_id: str) -> MovieRecord | None:
        """A movie by its id; None where it cannot be watched."""
        number = self._numbers.get(movie_id)
        return None if number is None else self._movies[number]

    def newest(self, limit: int, bits: int | None = None) -> list[MovieRecord]:
        """The newest movies, of a set if one is given."""
        return self._take(self.everything if bits is None else bits, "new", 0, limit)


def _there(movies: Sequence[MovieRecord | None], number: int) -> MovieRecord:
    """The movie of a number that stands in an order: those have one."""
    found = movies[number]
    assert found is not None  # noqa: S101  # nosec B101
    return found


def _count_labels(labels: dict[str, Counter[str]], movie: MovieRecord, by: int) -> None:
    for track in movie.playable_tracks:
        names = Counter(labels.get(track.language, ()))
        names[track.label] += by
        labels[track.language] = +names


def _words_of(field: str, movies: Mapping[int, MovieRecord]) -> dict[int, set[str]]:
    text = FIELDS[field]
    return {number: set(index_words(text(movie))) for number, movie in movies.items()}


def _fit(movie: MovieRecord, words: tuple[str, ...]) -> int:
    """0 for the very title, 1 for its beginning, 2 for words in it."""
    title = index_words(movie.title)
    if title == list(words):
        return 0
    begins = len(title) >= len(words) and " ".join(title).startswith(" ".join(words))
    return 1 if begins else 2
