"""Filtering, sorting and paging of the public catalog: pure functions over a snapshot."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from portal.services import catalog_views
from portal.services.catalog_snapshot import PublicCatalog
from portal.services.live_index import LENGTHS, LiveIndex
from portal.services.search_text import search_key
from portal.services.translation import later, t, told
from portal.services.views import BrowsePage, FilterOption

SORTS = {"new": "Newest first", "title": "A to Z", "year": "By year", "short": "Shortest first"}

FILTERS = ("genre", "decade", "captions", "length", "rating", "person")
LENGTH_WORDS = {
    "short": later("Under 40 minutes"),
    "medium": later("40 to 90 minutes"),
    "feature": later("90 minutes to 2 hours"),
    "long": later("Over 2 hours"),
}


@dataclass(frozen=True, slots=True)
class BrowseQuery:
    """What somebody asks of the catalog; empty fields do not filter.

    Attributes:
        text: Words that each begin a word of title, people, genres, tagline or synopsis.
        genre: One of the catalog's genres.
        decade: `1990` for 1990-1999.
        captions: BCP 47 language of a caption track.
        length: A key of `live_index.LENGTHS`.
        rating: An audience rating.
        person: Somebody's name, as the catalog has it.
        sort: A key of `SORTS`; anything else is `new`.
        cursor: What `BrowsePage.next_cursor` gave.
    """

    text: str = ""
    genre: str = ""
    decade: str = ""
    captions: str = ""
    length: str = ""
    rating: str = ""
    person: str = ""
    sort: str = "new"
    cursor: str = ""


def browse(public: PublicCatalog, query: BrowseQuery, now: datetime, *, limit: int) -> BrowsePage:
    """One page of live movies. A filter's counts are those with the other filters applied;
    choices that would find nothing are there too, and say so.
    """
    index = public.index
    filters = {kind: getattr(query, kind) for kind in FILTERS}
    searched = index.search(query.text)
    found = searched.within(index.matching(**filters))
    total = found.all.bit_count()
    sort = query.sort if query.sort in SORTS else "new"
    start = int(query.cursor) if query.cursor.isdecimal() else 0

    def options(
        kind: str, label: Callable[[str], str] = str, *, newest_first: bool = False
    ) -> list[FilterOption]:
        others = {name: value for name, value in filters.items() if name != kind}
        bits = searched.all & index.matching(**others)
        return _options(index, kind, bits, filters[kind], label, newest_first=newest_first)

    return BrowsePage(
        total=total,
        cards=[catalog_views.card(movie, now) for movie in index.page(found, sort, start, limit)],
        next_cursor=str(start + limit) if start + limit < total else "",
        genres=options("genre"),
        decades=options("decade", lambda decade: t("{decade}s", decade=decade), newest_first=True),
        captions=options("captions", index.label),
        lengths=sorted(options("length", lambda name: told(LENGTH_WORDS[name])), key=_by_length),
        ratings=options("rating"),
    )


def _options(
    index: LiveIndex,
    kind: str,
    bits: int,
    selected: str,
    label: Callable[[str], str],
    *,
    newest_first: bool,
) -> list[FilterOption]:
    counts = {value: (bits & of).bit_count() for value, of in index.facet(kind).items()}
    shown = set(counts) | ({selected} - {""})
    in_order = sorted(shown, key=lambda value: search_key(t(value)), reverse=newest_first)
    return [
        FilterOption(
            value,
            label(value),
            counts.get(value, 0),
            value == selected,
            is_empty=not counts.get(value, 0) and value != selected,
        )
        for value in in_order
    ]


def _by_length(option: FilterOption) -> int:
    return list(LENGTHS).index(option.value)
