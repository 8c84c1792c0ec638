"""The state of a movie's page."""

from __future__ import annotations

import reflex as rx

from portal.services.clock import utc_now
from portal.services.container import services
from portal.services.errors import MovieNotAvailable, MovieNotFound, PortalError
from portal.services.views import MovieCard, MovieDetail
from portal.state.messages import words_for
from portal.state.page_path import last_segment


class MovieState(rx.State):
    """One movie and what is like it.

    `shown_slug` says which movie the other fields are about: a page for another one waits.
    """

    film: MovieDetail = MovieDetail()
    similar: list[MovieCard] = []
    shown_slug: str = ""
    outcome: str = ""  # "", "found", "missing", "gone", "failed"
    problem: str = ""
    page_title: str = "Film"
    page_description: str = ""
    page_image: str = ""

    @rx.event
    async def load(self) -> None:
        """Show the movie that the address names."""
        movie_slug = last_segment(self.router.url.path)
        catalog = services().catalog
        now = utc_now()
        self.problem = ""
        try:
            film = await catalog.movie(movie_slug, now)
        except MovieNotFound:
            self._tell("missing", movie_slug, "Film not found")
            return
        except MovieNotAvailable as error:
            self.problem = words_for(error)
            self._tell("gone", movie_slug, "No longer available")
            return
        except PortalError as error:
            self.problem = words_for(error)
            self._tell("failed", movie_slug, "Film")
            return
        self.film = film
        self.similar = await catalog.similar(movie_slug, now)
        self._tell("found", movie_slug, f"{film.title} ({film.year})")
        self.page_description = film.synopsis
        self.page_image = f"{film.art}/social.jpg"

    def _tell(self, outcome: str, movie_slug: str, title: str) -> None:
        site = services().settings.site_name
        self.outcome, self.shown_slug, self.page_title = outcome, movie_slug, f"{title} · {site}"
