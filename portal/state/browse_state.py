"""The browse page's state: the address holds the filters, so that Back and sharing work."""

from __future__ import annotations

from dataclasses import fields

import reflex as rx
from reflex.event import EventSpec

from portal import routes
from portal.services.browse import SORTS, BrowseQuery
from portal.services.clock import utc_now
from portal.services.container import services
from portal.services.errors import PortalError
from portal.services.views import FilterOption, MovieCard
from portal.state.messages import words_for

PAGE_SIZE = 48
# What the address calls the fields of a query.
_PARAMETERS = {
    "text": "q",
    "genre": "genre",
    "decade": "decade",
    "captions": "captions",
    "sort": "sort",
    "cursor": "from",
}


class BrowseState(rx.State):
    """One page of the catalog as filtered."""

    text: str = ""
    genre: str = ""
    decade: str = ""
    captions: str = ""
    sort: str = "new"
    cursor: str = ""

    total: int = 0
    cards: list[MovieCard] = []
    genres: list[FilterOption] = []
    decades: list[FilterOption] = []
    languages: list[FilterOption] = []
    next_href: str = ""
    previous_href: str = ""
    shown: str = ""  # "1 to 48 of 214 films"
    is_filtered: bool = False
    is_loaded: bool = False
    problem: str = ""

    @rx.event
    async def load(self) -> None:
        """Show what the address asks for."""
        given = self.router.url.query_parameters
        for name, parameter in _PARAMETERS.items():
            setattr(self, name, str(given.get(parameter, ""))[:200])
        if self.sort not in SORTS:
            self.sort = "new"
        try:
            found = await services().catalog.browse(self._query(), utc_now(), limit=PAGE_SIZE)
        except PortalError as error:
            self.problem = words_for(error)
            return
        start = int(self.cursor) if self.cursor.isdecimal() else 0
        self.total, self.cards = found.total, found.cards
        self.genres, self.decades, self.languages = found.genres, found.decades, found.captions
        self.next_href = self._href(cursor=found.next_cursor) if found.next_cursor else ""
        before = str(max(0, start - PAGE_SIZE)) if start > PAGE_SIZE else ""
        self.previous_href = self._href(cursor=before) if start else ""
        self.shown = _shown(start, len(found.cards), found.total)
        self.is_filtered = bool(self.text or self.genre or self.decade or self.captions)
        self.problem, self.is_loaded = "", True

    @rx.event
    def choose_text(self, text: str) -> EventSpec:
        """Somebody types in the search field."""
        return self._go(text=text)

    @rx.event
    def choose_genre(self, genre: str) -> EventSpec:
        """Somebody picks a genre."""
        return self._go(genre=genre)

    @rx.event
    def choose_decade(self, decade: str) -> EventSpec:
        """Somebody picks a decade."""
        return self._go(decade=decade)

    @rx.event
    def choose_captions(self, captions: str) -> EventSpec:
        """Somebody wants captions in a language."""
        return self._go(captions=captions)

    @rx.event
    def choose_sort(self, sort: str) -> EventSpec:
        """Somebody picks an order."""
        return self._go(sort=sort)

    def _go(self, **changes: str) -> EventSpec:
        # The address changes, which loads; a filter starts again at the first page. `replace`:
        # Back leads out of the catalog and not through every letter that was typed.
        return rx.redirect(self._href(cursor="", **changes), replace=True)

    def _query(self) -> BrowseQuery:
        return BrowseQuery(**{part.name: getattr(self, part.name) for part in fields(BrowseQuery)})

    def _href(self, **changes: str) -> str:
        values = {name: changes.get(name, getattr(self, name)) for name in _PARAMETERS}
        if values["sort"] == "new":
            values["sort"] = ""
        return routes.browse(**{_PARAMETERS[name]: value for name, value in values.items()})


def _shown(start: int, number: int, total: int) -> str:
    if total == 0:
        return "No films match"
    if number == total:
        return "1 film" if total == 1 else f"{total} films"
    return f"{start + 1} to {start + number} of {total} films"
