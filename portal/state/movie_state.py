"""The state of a movie's page."""

from __future__ import annotations

import reflex as rx

from portal import routes
from portal.services.browse import BrowseQuery
from portal.services.clock import utc_now
from portal.services.container import services
from portal.services.errors import MovieNotAvailable, MovieNotFound
from portal.services.translation import t
from portal.services.views import MovieCard, MovieDetail
from portal.state.messages import words_for
from portal.state.page_path import last_segment, page_url, social_image
from portal.state.site_state import fill_frame

SUGGESTIONS = 14


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
    page_url: str = ""

    @rx.event
    async def load(self) -> None:
        """Show the movie that the address names."""
        await fill_frame(self)
        movie_slug = last_segment(self.router.url.path)
        catalog = services().catalog
        now = utc_now()
        try:
            film = await catalog.movie(movie_slug, now)
            self.similar = await catalog.similar(movie_slug, now, limit=SUGGESTIONS)
        except MovieNotFound:
            newest = await catalog.browse(BrowseQuery(), now, limit=SUGGESTIONS)
            self.similar = newest.cards
            self._tell("missing", movie_slug, t("Film not found"))
        except MovieNotAvailable as error:
            self.similar = await catalog.similar(movie_slug, now, limit=SUGGESTIONS)
            self._tell("gone", movie_slug, t("No longer available"), words_for(error))
        except Exception as error:
            self._tell("failed", movie_slug, t("Film"), words_for(error))
        else:
            self.film = film
            self._tell("found", movie_slug, f"{film.title} ({film.year})")
            self.page_description = film.synopsis
            self.page_image = social_image(self, film.art)

    def _tell(self, outcome: str, movie_slug: str, title: str, problem: str = "") -> None:
        self.outcome, self.shown_slug, self.problem = outcome, movie_slug, problem
        self.page_title = f"{title} · {services().settings.site_name}"
        self.page_description = self.page_image = ""
        self.page_url = page_url(self, routes.movie(movie_slug))
