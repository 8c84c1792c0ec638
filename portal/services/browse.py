"""Filtering, sorting and paging of the public catalog: pure functions over a snapshot."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from portal.services import catalog_views
from portal.services.catalog_snapshot import PublicCatalog, search_key
from portal.services.movie_record import MovieRecord
from portal.services.views import BrowsePage, FilterOption

SORTS = {"new": "Newest first", "title": "A to Z", "year": "By year", "short": "Shortest first"}
MAX_TEXT = 100


@dataclass(frozen=True, slots=True)
class BrowseQuery:
    """What somebody asks of the catalog; empty fields do not filter.

    Attributes:
        text: Words that must all occur in title, people, genres or tagline.
        genre: One of the catalog's genres.
        decade: `1990` for 1990-1999.
        captions: BCP 47 language of a caption track.
        sort: A key of `SORTS`; anything else is `new`.
        cursor: What `BrowsePage.next_cursor` gave.
    """

    text: str = ""
    genre: str = ""
    decade: str = ""
    captions: str = ""
    sort: str = "new"
    cursor: str = ""


def browse(public: PublicCatalog, query: BrowseQuery, now: datetime, *, limit: int) -> BrowsePage:
    """One page of live movies. A filter's counts are those with the other filters applied."""
    found = _sorted(_matching(public, query), query.sort)
    start = int(query.cursor) if query.cursor.isdecimal() else 0
    page = found[start : start + limit]
    return BrowsePage(
        total=len(found),
        cards=[catalog_views.card(movie, now) for movie in page],
        next_cursor=str(start + limit) if start + limit < len(found) else "",
        genres=_options(
            _matching(public, replace(query, genre="")), lambda m: m.genres, query.genre
        ),
        decades=_options(
            _matching(public, replace(query, decade="")),
            lambda m: (_decade(m),),
            query.decade,
            label=lambda decade: f"{decade}s",
            newest_first=True,
        ),
        captions=_options(
            _matching(public, replace(query, captions="")),
            _languages,
            query.captions,
            label=lambda language: public.caption_labels.get(language, language),
        ),
    )


def _matching(public: PublicCatalog, query: BrowseQuery) -> list[MovieRecord]:
    pool = public.by_genre.get(query.genre, ()) if query.genre else public.live
    words = search_key(query.text[:MAX_TEXT]).split()
    return [
        movie
        for movie in pool
        if (not query.decade or _decade(movie) == query.decade)
        and (not query.captions or query.captions in _languages(movie))
        and all(word in public.haystacks[movie.id] for word in words)
    ]


def _sorted(found: list[MovieRecord], sort: str) -> list[MovieRecord]:
    if sort == "title":
        return sorted(found, key=lambda movie: search_key(movie.title))
    if sort == "year":
        return sorted(found, key=lambda movie: (-movie.year, movie.title))
    if sort == "short":
        return sorted(found, key=lambda movie: (movie.runtime_s, movie.title))
    return found  # the snapshot is already in this order


def _decade(movie: MovieRecord) -> str:
    return str(movie.year // 10 * 10)


def _languages(movie: MovieRecord) -> tuple[str, ...]:
    return tuple(dict.fromkeys(track.language for track in movie.playable_tracks))


def _options(
    found: list[MovieRecord],
    values: Callable[[MovieRecord], Iterable[str]],
    selected: str,
    *,
    label: Callable[[str], str] = str,
    newest_first: bool = False,
) -> list[FilterOption]:
    counts = Counter(value for movie in found for value in values(movie))
    if selected:
        counts.setdefault(selected, 0)
    ordered = sorted(counts, reverse=newest_first)
    return [FilterOption(v, label(v), counts[v], v == selected) for v in ordered]
