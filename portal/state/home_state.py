"""The home page's state."""

from __future__ import annotations

import reflex as rx

from portal.services.clock import utc_now
from portal.services.container import services
from portal.services.views import MovieDetail, MovieRow
from portal.state.messages import words_for


class HomeState(rx.State):
    """Hero and shelves."""

    hero: list[MovieDetail] = []
    shelves: list[MovieRow] = []
    is_loaded: bool = False
    problem: str = ""

    @rx.event
    async def load(self) -> None:
        """Show what is on now."""
        try:
            home = await services().catalog.home(utc_now())
        except Exception as error:
            self.problem = words_for(error)
            return
        self.hero, self.shelves = home.hero, home.rows
        self.problem, self.is_loaded = "", True
