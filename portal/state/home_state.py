"""The home page's state."""

from __future__ import annotations

from collections.abc import AsyncIterator

import reflex as rx

from portal.services.clock import utc_now
from portal.services.container import services
from portal.services.views import MovieDetail, MovieRow
from portal.state.messages import words_for
from portal.state.site_state import fill_frame

SHELVES_FIRST = 4


class HomeState(rx.State):
    """Hero and shelves."""

    hero: list[MovieDetail] = []
    shelves: list[MovieRow] = []
    more_shelves: list[MovieRow] = []  # further down: they come after what is seen first
    is_loaded: bool = False
    problem: str = ""

    @rx.event
    async def load(self) -> AsyncIterator[None]:
        """Show what is on now."""
        await fill_frame(self)
        try:
            home = await services().catalog.home(utc_now())
        except Exception as error:
            self.problem = words_for(error)
            return
        self.hero, self.shelves = home.hero, home.rows[:SHELVES_FIRST]
        self.problem, self.is_loaded = "", True
        yield
        self.more_shelves = home.rows[SHELVES_FIRST:]
