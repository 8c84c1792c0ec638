"""The browse page's state: what the address asks for, and what the catalog answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import reflex as rx

from portal import routes
from portal.services.browse import SORTS, BrowseQuery
from portal.services.clock import utc_now
from portal.services.container import services
from portal.services.errors import Unavailable
from portal.services.live_index import LENGTHS
from portal.services.movie_lines import clock
from portal.services.search_text import MAX_TEXT
from portal.services.translation import language, later, t, tn
from portal.services.views import BrowsePage, FilterOption, LineView, MovieCard
from portal.state.messages import words_for
from portal.state.page_path import page_url, social_image
from portal.state.site_state import fill_frame

PAGE_SIZE = 48
# So many pages stand below one another; the next link then begins a new list. It bounds what one
# address can make the server send.
PAGES_AT_ONCE = 6
LINES = 9
# In English also where the page was compiled, until it has loaded.
ANY_TIME = FilterOption("", str(later("Any time")))
ANY_LANGUAGE = FilterOption("", str(later("Any language")))
ANY_LENGTH = FilterOption("", str(later("Any length")))
ANY_RATING = FilterOption("", str(later("Any age")))


@dataclass(frozen=True, slots=True)
class ActiveFilter:
    """A filter that is on: the address's parameter and what a person calls it."""

    name: str = ""
    words: str = ""


class BrowseState(rx.State):
    """The catalog as filtered by the address, so that Back and sharing work."""

    heading: str = "All films"
    shown: str = ""  # "48 of 214 films"
    total: int = 0
    cards: list[MovieCard] = []
    lines: list[LineView] = []  # said in films, with the second
    genres: list[FilterOption] = []
    decades: list[FilterOption] = [ANY_TIME]
    languages: list[FilterOption] = [ANY_LANGUAGE]
    lengths: list[FilterOption] = [ANY_LENGTH]
    ratings: list[FilterOption] = [ANY_RATING]
    active: list[ActiveFilter] = []
    next_page: str = ""  # what "Load more" sets `page` to, or ""
    next_from: str = ""  # what "Next films" sets `from` to, or ""
    is_continued: bool = False  # the list begins further on in the catalog
    page_url: str = ""  # without order and paging: they make no other page
    page_image: str = ""
    is_loaded: bool = False
    problem: str = ""

    @rx.event
    async def load(self) -> None:
        """Show what the address asks for."""
        await fill_frame(self)
        query, pages = _read(self.router.url.query_parameters)
        try:
            found = await services().catalog.browse(query, utc_now(), limit=PAGE_SIZE * pages)
        except Exception as error:
            self.problem = words_for(error)
            return
        self.cards, self.total = found.cards, found.total
        self.lines = await _spoken(query)
        self.genres = found.genres
        self.decades = [FilterOption("", t(ANY_TIME.label)), *found.decades]
        self.languages = [FilterOption("", t(ANY_LANGUAGE.label)), *found.captions]
        self.lengths = [FilterOption("", t(ANY_LENGTH.label)), *found.lengths]
        self.ratings = [FilterOption("", t(ANY_RATING.label)), *found.ratings]
        self.active = _active(query, found)
        self.heading = _heading(query)
        self.shown = _shown(query, found)
        goes_on = bool(found.next_cursor)
        self.next_page = str(pages + 1) if goes_on and pages < PAGES_AT_ONCE else ""
        self.next_from = found.next_cursor if goes_on and pages >= PAGES_AT_ONCE else ""
        self.is_continued = bool(query.cursor)
        own = routes.browse(
            genre=query.genre,
            decade=query.decade,
            captions=query.captions,
            length=query.length,
            rating=query.rating,
            person=query.person,
            q=query.text,
        )
        self.page_url = page_url(self, own)
        self.page_image = social_image(self, found.cards[0].art if found.cards else "")
        self.problem, self.is_loaded = "", True


async def _spoken(query: BrowseQuery) -> list[LineView]:
    """Lines with the words; without any where the database is away: the films are there."""
    if not query.text or query.cursor:
        return []
    try:
        hits = await services().dialogue.search(
            query.text, utc_now(), language=query.captions or language().code, limit=LINES
        )
    except Unavailable:
        return []
    return [
        LineView(
            title=hit.title,
            href=routes.watch(hit.slug, at_s=int(hit.start_s)),
            time=clock(int(hit.start_s)),
            before=hit.before,
            match=hit.match,
            after=hit.after,
            language=hit.language,
            label=hit.label,
        )
        for hit in hits
    ]


def _read(given: Mapping[str, str]) -> tuple[BrowseQuery, int]:
    """The address's parameters as a query and a number of pages; nonsense counts as absent."""

    def text(name: str) -> str:
        return str(given.get(name, "")).strip()[:MAX_TEXT]

    page, sort, cursor = text("page"), text("sort"), text("from")
    query = BrowseQuery(
        text=text("q"),
        genre=text("genre"),
        decade=text("decade"),
        captions=text("captions"),
        length=text("length") if text("length") in LENGTHS else "",
        rating=text("rating"),
        person=text("person"),
        sort=sort if sort in SORTS else "new",
        cursor=cursor if cursor.isdecimal() else "",
    )
    pages = int(page[:3]) if page.isdecimal() else 1
    return query, min(max(pages, 1), PAGES_AT_ONCE)


def _active(query: BrowseQuery, found: BrowsePage) -> list[ActiveFilter]:
    filters = []
    if query.text:
        filters.append(ActiveFilter("q", t("“{text}”", text=query.text)))
    if query.genre:
        filters.append(ActiveFilter("genre", t(query.genre)))
    if query.decade:
        filters.append(ActiveFilter("decade", _label(found.decades)))
    if query.captions:
        label = _label(found.captions)
        filters.append(ActiveFilter("captions", t("Captions in {language}", language=label)))
    if query.length:
        filters.append(ActiveFilter("length", _label(found.lengths)))
    if query.rating:
        filters.append(ActiveFilter("rating", query.rating))
    if query.person:
        filters.append(ActiveFilter("person", t("With {person}", person=query.person)))
    return filters


def _label(options: list[FilterOption]) -> str:
    return next((option.label for option in options if option.selected), "")


def _heading(query: BrowseQuery) -> str:
    if query.text:
        return t("Results for “{text}”", text=query.text)
    if query.person:
        return query.person
    return t(query.genre) if query.genre else t("All films")


def _shown(query: BrowseQuery, found: BrowsePage) -> str:
    first, number, total = int(query.cursor or 0), len(found.cards), found.total
    if not total:
        return t("No film fits")
    if first:
        return tn(
            "{first} to {last} of {n} film",
            "{first} to {last} of {n} films",
            total,
            first=first + 1,
            last=first + number,
        )
    if number == total:
        return tn("{n} film", "{n} films", total)
    return tn("{part} of {n} film", "{part} of {n} films", total, part=number)
