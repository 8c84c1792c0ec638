"""The catalog as a list: filtered, sorted, in pages that do not shift when something is added.

Answered from the snapshot, for viewers and for content managers. A cursor names the last movie of a
page by its place in the order, not by a number: a title that is added or hidden meanwhile neither
repeats nor hides another.
"""

from __future__ import annotations

import base64
import binascii
import bisect
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import compress
from typing import Any, Final

from portal.services import availability
from portal.services.availability import State
from portal.services.catalog_snapshot import CatalogSnapshot, PublicCatalog
from portal.services.catalog_views import released_at
from portal.services.errors import InvalidInput
from portal.services.movie_record import MovieRecord
from portal.services.search_text import search_key

MAX_TEXT: Final = 100
MAX_LIMIT: Final = 100
_PUBLIC: Final = (State.LIVE, State.SCHEDULED)

Key = tuple[Any, ...]
SORTS: Final[dict[str, Callable[[MovieRecord], Key]]] = {
    "newest": lambda movie: (-released_at(movie).timestamp(), movie.id),
    "title": lambda movie: (search_key(movie.title), movie.id),
    "year": lambda movie: (-movie.year, movie.id),
    "updated": lambda movie: (-movie.updated_at.timestamp(), movie.id),
}
"""Orders by name; each ends with the id, so that no two movies have the same place."""


@dataclass(frozen=True, slots=True)
class ListQuery:
    """What somebody asks for; an empty field does not filter.

    Attributes:
        text: Words that must all occur in title, people, genres or tagline.
        genre: One genre, in any case.
        captions: BCP 47 language of a valid track; "en" finds "en-GB" too.
        visibility: draft, visible or hidden.
        state: draft, hidden, scheduled, live or expired, at the instant that is asked about.
        source: What its last check came to: ok, warnings, failed, unchecked; missing: no source.
        sort: A key of `SORTS`.
        cursor: What `Listing.next_cursor` gave.
    """

    text: str = ""
    genre: str = ""
    captions: str = ""
    visibility: str = ""
    state: str = ""
    source: str = ""
    sort: str = "newest"
    cursor: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """One page.

    Attributes:
        movies: With the state of each at the instant that was asked about.
        total: How many movies there are on all pages.
        next_cursor: "" on the last page.
    """

    movies: tuple[tuple[MovieRecord, State], ...]
    total: int
    next_cursor: str


class MovieListing:
    """Lists movies; keeps what is costly to compute as long as the records stay the same."""

    def __init__(self) -> None:
        self._orders: dict[str, tuple[CatalogSnapshot, list[MovieRecord]]] = {}
        self._live: dict[str, tuple[PublicCatalog, list[MovieRecord]]] = {}
        self._haystacks: dict[str, tuple[MovieRecord, str]] = {}
        self._last_texts: tuple[list[MovieRecord], list[str]] = ([], [])
        self._genres: dict[int, tuple[list[MovieRecord], set[str]]] = {}

    def page(
        self,
        snapshot: CatalogSnapshot,
        query: ListQuery,
        now: datetime,
        *,
        limit: int,
        everything: bool = False,
        at: datetime | None = None,
    ) -> Listing:
        """One page of the movies that fit.

        Args:
            snapshot: The catalog.
            query: What is asked for.
            now: The present instant.
            limit: Most movies on the page.
            everything: For content managers: also drafts, hidden and expired movies.
            at: The instant that states are of, if it is not now.

        Raises:
            InvalidInput: On `sort` or `cursor`.
        """
        key = SORTS.get(query.sort)
        if key is None:
            raise InvalidInput({"sort": f"Choose one of {', '.join(SORTS)}."})
        live_now = at is None and query.state == State.LIVE
        instant = at or now
        pool = self._live_now(snapshot, query.sort, now) if live_now else None
        found = self._matching(
            self._order(snapshot, query.sort) if pool is None else pool,
            query,
            instant,
            states=() if live_now else _states(query, everything=everything),
        )
        if at is not None and not everything:  # what left the catalog is not listed as of then
            found = [movie for movie in found if availability.state_of(movie, now) in _PUBLIC]
        start = _after(found, key, query) if query.cursor else 0
        shown = found[start : start + limit]
        more = start + limit < len(found)
        return Listing(
            tuple((movie, availability.state_of(movie, instant)) for movie in shown),
            len(found),
            _cursor(query.sort, key(shown[-1])) if more and shown else "",
        )

    def prepare_search(self, snapshot: CatalogSnapshot) -> None:
        """Compute what searches look through: a second for 100,000 titles, once for each record."""
        if len(self._haystacks) < len(snapshot.movies):
            self._texts(list(snapshot.movies.values()))

    def _order(self, snapshot: CatalogSnapshot, sort: str) -> list[MovieRecord]:
        """All movies in order. After a small change the old order is mended, not made anew."""
        known = self._orders.get(sort)
        if known is not None and known[0] is snapshot:
            return known[1]
        key, movies = SORTS[sort], snapshot.movies
        kept = [m for m in known[1] if movies.get(m.id) is m] if known is not None else []
        if len(movies) - len(kept) > max(100, len(movies) // 100):
            order = sorted(movies.values(), key=key)
        else:
            order = kept
            same = {movie.id for movie in kept}
            for movie in movies.values():
                if movie.id not in same:
                    bisect.insort(order, movie, key=key)
        self._orders[sort] = (snapshot, order)
        return order

    def _live_now(self, snapshot: CatalogSnapshot, sort: str, now: datetime) -> list[MovieRecord]:
        """What can be watched now, in order."""
        public = snapshot.as_of(now)
        known = self._live.get(sort)
        if known is not None and known[0] is public:
            return known[1]
        live = {movie.id for movie in public.live}
        order = [movie for movie in self._order(snapshot, sort) if movie.id in live]
        self._live[sort] = (public, order)
        return order

    def _matching(
        self,
        pool: list[MovieRecord],
        query: ListQuery,
        at: datetime,
        *,
        states: tuple[State, ...],
    ) -> list[MovieRecord]:
        """The movies of a pool that fit; each step is one pass without a call for each movie."""
        found = pool
        if query.visibility:
            found = [movie for movie in found if movie.visibility == query.visibility]
        if query.genre:
            spellings = self._spellings(pool, query.genre)
            found = [movie for movie in found if not spellings.isdisjoint(movie.genres)]
        if query.captions:
            found = _speaking(found, query.captions.casefold())
        if query.source:
            status = "" if query.source == "missing" else query.source
            found = [movie for movie in found if movie.source_status == status]
        if words := search_key(query.text[:MAX_TEXT]).split():
            texts = self._texts(found)
            for word in words:
                fits = [word in text for text in texts]  # no tuples: they would wake the collector
                found, texts = list(compress(found, fits)), list(compress(texts, fits))
        if states:
            found = [movie for movie in found if availability.state_of(movie, at) in states]
        return found

    def _spellings(self, pool: list[MovieRecord], genre: str) -> frozenset[str]:
        """All forms in which a genre is written."""
        known = self._genres.get(id(pool))
        if known is None or known[0] is not pool:
            known = (pool, {each for movie in pool for each in movie.genres})
            self._genres = {id(pool): known}
        folded = genre.casefold()
        return frozenset(each for each in known[1] if each.casefold() == folded)

    def _texts(self, movies: list[MovieRecord]) -> list[str]:
        """What a search looks through, movie by movie; computed once for a record."""
        if self._last_texts[0] is movies:
            return self._last_texts[1]
        texts = []
        known = self._haystacks
        for movie in movies:
            entry = known.get(movie.id)
            if entry is None or entry[0] is not movie:
                entry = known[movie.id] = (movie, _haystack(movie))
            texts.append(entry[1])
        self._last_texts = (movies, texts)
        return texts


def _haystack(movie: MovieRecord) -> str:
    parts = (movie.title, movie.director, *movie.cast, *movie.genres, movie.tagline, movie.slug)
    return search_key("\n".join(parts))


def _states(query: ListQuery, *, everything: bool) -> tuple[State, ...]:
    """The states to keep; () for all."""
    if query.state:
        return (State(query.state),)
    return () if everything else _PUBLIC


def _speaking(movies: list[MovieRecord], language: str) -> list[MovieRecord]:
    """Those with a valid track in a language; "en" finds "en-GB" too."""
    spoken: dict[str, bool] = {}
    found = []
    for movie in movies:
        for track in movie.tracks:
            code = track.language
            if code not in spoken:
                spoken[code] = f"{code.casefold()}-".startswith(f"{language}-")
            if spoken[code] and track.is_valid:
                found.append(movie)
                break
    return found


def _after(
    found: Sequence[MovieRecord], key: Callable[[MovieRecord], Key], query: ListQuery
) -> int:
    """Index of the first movie behind a cursor, by bisection."""
    last = _read_cursor(query)
    low, high = 0, len(found)
    while low < high:
        middle = (low + high) // 2
        try:
            behind = key(found[middle]) > last
        except TypeError:
            raise InvalidInput({"cursor": _BAD_CURSOR}) from None
        low, high = (low, middle) if behind else (middle + 1, high)
    return low


_BAD_CURSOR = "This is not a cursor that the list gave. Start without one."


def _cursor(sort: str, key: Key) -> str:
    text = json.dumps([sort, *key], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).rstrip(b"=").decode()


def _read_cursor(query: ListQuery) -> Key:
    try:
        padded = query.cursor + "=" * (-len(query.cursor) % 4)
        sort, *key = json.loads(base64.b64decode(padded.encode("ascii"), b"-_", validate=True))
    except (ValueError, TypeError, binascii.Error, RecursionError):
        raise InvalidInput({"cursor": _BAD_CURSOR}) from None
    if sort != query.sort:
        raise InvalidInput({"cursor": f"The cursor is of a list sorted by {str(sort)[:20]}."})
    if len(key) != 2 or not isinstance(key[1], str) or isinstance(key[0], bool):
        raise InvalidInput({"cursor": _BAD_CURSOR})
    return tuple(key)
