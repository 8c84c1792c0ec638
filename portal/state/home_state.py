"""The home page's state."""

from __future__ import annotations

import reflex as rx

from portal import routes
from portal.services.clock import utc_now
from portal.services.container import services
from portal.services.views import MovieDetail, MovieRow
from portal.state.messages import words_for
from portal.state.page_path import page_url, social_image
from portal.state.site_state import fill_frame

SHELVES_FIRST = 3


class HomeState(rx.State):
    """Hero and shelves."""

    hero: list[MovieDetail] = []
    shelves: list[MovieRow] = []
    more_shelves: list[MovieRow] = []  # further down: they come when somebody goes there
    page_url: str = ""
    page_image: str = ""
    is_loaded: bool = False
    problem: str = ""

    @rx.event
    async def load(self) -> None:
        """Show what is on now."""
        await fill_frame(self)
        try:
            home = await services().catalog.home(utc_now())
        except Exception as error:
            self.problem = words_for(error)
            return
        self.hero, self.shelves = home.hero, home.rows[:SHELVES_FIRST]
        self.page_url = page_url(self, routes.HOME)
        art = next((film.art for film in home.hero if film.art), "")
        self.page_image = social_image(self, art)
        self.problem, self.is_loaded = "", True

    @rx.event
    async def show_more(self) -> None:
        """The shelves further down; what is there stays when they cannot be had."""
        try:
            home = await services().catalog.home(utc_now())
        except Exception as error:
            words_for(error)
        else:
            self.more_shelves = home.rows[SHELVES_FIRST:]
