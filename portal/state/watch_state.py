"""The words around the player. The player itself needs no state: it plays over HTTP alone."""

from __future__ import annotations

import reflex as rx

from portal import routes
from portal.services.clock import utc_now
from portal.services.container import services
from portal.services.errors import PortalError
from portal.services.translation import t
from portal.services.views import MovieCard, MovieDetail
from portal.state.page_path import last_segment, page_url, social_image


class WatchState(rx.State):
    """Title and facts of the film that plays; `shown_slug` says which film they are about."""

    film: MovieDetail = MovieDetail()
    next: MovieCard = MovieCard()
    shown_slug: str = ""
    page_title: str = "Watch"
    page_description: str = ""
    page_image: str = ""
    page_url: str = ""  # of the film's own page

    @rx.event
    async def load(self) -> None:
        """Say what plays. What cannot be played is told by the player, which asks for a token."""
        movie_slug = last_segment(self.router.url.path)
        try:
            self.film = await services().catalog.movie(movie_slug, utc_now())
            alike = await services().catalog.similar(movie_slug, utc_now(), limit=1)
        except PortalError:
            self.film, alike = MovieDetail(), []
        self.next = alike[0] if alike else MovieCard()
        self.shown_slug = movie_slug
        self.page_description = self.film.synopsis
        self.page_image = social_image(self, self.film.art)
        self.page_url = page_url(self, routes.movie(movie_slug))
        site, watching = services().settings.site_name, t("Watch")
        self.page_title = f"{self.film.title or watching} · {site}"
