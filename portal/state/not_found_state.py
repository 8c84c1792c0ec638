"""The state of the page of unknown addresses: what may be watched instead."""

from __future__ import annotations

import reflex as rx

from portal.services.browse import BrowseQuery
from portal.services.clock import utc_now
from portal.services.container import services
from portal.services.views import MovieCard
from portal.state.messages import words_for
from portal.state.site_state import fill_frame

SUGGESTIONS = 14


class NotFoundState(rx.State):
    """Newest films."""

    suggestions: list[MovieCard] = []
    is_loaded: bool = False

    @rx.event
    async def load(self) -> None:
        """Find suggestions; the page says enough without them."""
        await fill_frame(self)
        try:
            newest = await services().catalog.browse(BrowseQuery(), utc_now(), limit=SUGGESTIONS)
        except Exception as error:
            words_for(error)
        else:
            self.suggestions = newest.cards
        self.is_loaded = True
