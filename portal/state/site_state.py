"""What the frame of every page shows: the site's name, genres and caption languages."""

from __future__ import annotations

import reflex as rx

from portal.services.browse import BrowseQuery
from portal.services.clock import utc_now
from portal.services.container import services
from portal.services.views import FilterOption
from portal.settings import Settings
from portal.state.messages import words_for


class SiteState(rx.State):
    """Header and footer."""

    # One build serves any site: the name of this one arrives with the state.
    site_name: str = Settings.model_fields["site_name"].default
    menu_genres: list[FilterOption] = []
    languages: list[FilterOption] = []  # of captions, by their own names

    @rx.event
    async def load(self) -> None:
        """Fill the frame. The menu is left as it was when the catalog is away."""
        self.site_name = services().settings.site_name
        try:
            page = await services().catalog.browse(BrowseQuery(), utc_now(), limit=1)
        except Exception as error:
            words_for(error)
        else:
            self.menu_genres, self.languages = page.genres, page.captions
