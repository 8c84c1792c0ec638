"""Filtering, sorting and paging of the public catalog: pure functions over a snapshot."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from portal.services import catalog_views
from portal.services.catalog_snapshot import PublicCatalog
from portal.services.live_index import LiveIndex
from portal.services.search_text import search_key
from portal.services.translation import t
from portal.services.views import BrowsePage, FilterOption

SORTS = {"new": "Newest first", "title": "A to Z", "year": "By year", "short": "Shortest first"}


@dataclass(frozen=True, slots=True)
class BrowseQuery:
    """What somebody asks of the catalog; empty fields do not filter.

    Attributes:
        text: Words that each begin a word of title, people, genres, tagline or synopsis.
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
    index = public.index
    filters = {"genre": query.genre, "decade": query.decade, "captions": query.captions}
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
    shown = {value for value, count in counts.items() if count} | ({selected} - {""})
    in_order = sorted(shown, key=lambda value: search_key(t(value)), reverse=newest_first)
    return [
        FilterOption(value, label(value), counts.get(value, 0), value == selected)
        for value in in_order
    ]
