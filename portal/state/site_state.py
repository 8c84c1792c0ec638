"""What the frame of every page shows: the site's name, genres and caption languages."""

from __future__ import annotations

import reflex as rx

from portal.services.clock import utc_now
from portal.services.container import services
from portal.services.flags import INSIGHTS, MY_TITLES
from portal.services.views import FilterOption
from portal.settings import Settings
from portal.state.messages import words_for


class SiteState(rx.State):
    """Header and footer. It has no event of its own: each page's loading fills it."""

    # One build serves any site: the name of this one arrives with the state.
    site_name: str = Settings.model_fields["site_name"].default
    menu_genres: list[FilterOption] = []
    languages: list[FilterOption] = []  # of captions, by their own names
    without: str = ""  # classes of the page for what is switched off: portal.css hides its parts


async def fill_frame(page: rx.State) -> None:
    """Fill the frame of a page that loads; what was there stays when the catalog is away."""
    site = await page.get_state(SiteState)
    site.site_name = services().settings.site_name
    site.without = switched_off()
    try:
        menu = await services().catalog.menu(utc_now())
    except Exception as error:
        words_for(error)
    else:
        site.menu_genres, site.languages = menu.genres, menu.languages


def switched_off() -> str:
    """Class names for the parts of pages whose flags are off: `without-my-titles`."""
    flags = services().flags
    return " ".join(f"without-{flag}" for flag in (MY_TITLES, INSIGHTS) if not flags.is_on(flag))
