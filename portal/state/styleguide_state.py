"""What the styleguide shows its components with: films of the catalog, in every state of a card."""

from __future__ import annotations

from dataclasses import replace

import reflex as rx

from portal.services.browse import BrowseQuery
from portal.services.clock import utc_now
from portal.services.container import services
from portal.services.flags import STYLEGUIDE
from portal.services.views import FilterOption, MovieCard, MovieDetail, MovieRow
from portal.state.messages import words_for
from portal.state.site_state import fill_frame

_LONG = "The Extraordinarily Long and Entirely True Story of Somebody’s Second Cousin"


class StyleguideState(rx.State):
    """Films and choices to show components with."""

    film: MovieDetail = MovieDetail()
    coming_film: MovieDetail = MovieDetail()
    cards: list[MovieCard] = []
    wide_row: MovieRow = MovieRow()
    row: MovieRow = MovieRow()
    choices: list[FilterOption] = []
    is_loaded: bool = False
    problem: str = ""

    @rx.event
    async def load(self) -> None:
        """Take films of the catalog and make the states that they are not in."""
        await fill_frame(self)
        try:
            services().flags.require(STYLEGUIDE)
            found = (await services().catalog.browse(BrowseQuery(), utc_now(), limit=12)).cards
            film = await services().catalog.movie(found[0].slug, utc_now()) if found else self.film
        except Exception as error:
            self.problem = words_for(error)
            return
        self.film = film
        leaving = replace(
            film, leaving="Leaves on Friday 27 November at 18:00 UTC", badge="Last days"
        )
        leaving = replace(leaving, title=_LONG)
        self.coming_film = replace(leaving, coming="From Friday 4 December, 18:00 UTC", leaving="")
        states = (
            {"badge": ""},
            {"badge": "New"},
            {"badge": "Leaving in 3 days"},
            {"badge": "Coming 4 December", "is_coming": True},
            {"title": _LONG, "captions": "English, Português, العربية, Español, Français, Deutsch"},
            {"title": "حكاية الضوء", "captions": "العربية"},
        )
        self.cards = [replace(card, **given) for card, given in zip(found, states, strict=False)]
        self.row = MovieRow("sample", "A shelf", "/browse", found)
        dated = [replace(card, badge="Leaves on Friday 27 November") for card in found[:6]]
        self.wide_row = MovieRow("leaving", "A shelf with dates", "", dated)
        genres = {genre: 12 - place for place, genre in enumerate(film.genres)}
        self.choices = [FilterOption(genre, genre, count) for genre, count in genres.items()]
        self.problem, self.is_loaded = "", True
