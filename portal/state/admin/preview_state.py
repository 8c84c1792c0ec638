"""A movie's page as viewers will see it, whatever its state."""

from __future__ import annotations

import reflex as rx

from portal.services import catalog_views
from portal.services.actors import Role
from portal.services.clock import utc_now
from portal.services.container import services
from portal.services.errors import MovieNotFound
from portal.state.admin.editor_state import movie_of
from portal.state.guards import actor_of
from portal.state.messages import words_for
from portal.state.movie_state import SUGGESTIONS, MovieState
from portal.state.site_state import fill_frame


class PreviewState(rx.State):
    """Fills the page's own state, so that it is the very same page."""

    film_id: str = ""
    outcome: str = ""  # found, missing, failed
    problem: str = ""

    @rx.event
    async def load(self) -> None:
        """Show the movie that the address names."""
        await actor_of(self, Role.EDITOR, acts=False)
        await fill_frame(self)
        self.film_id, now = movie_of(self.router.url.path), utc_now()
        page = await self.get_state(MovieState)
        catalog = services().catalog
        try:
            record = (await catalog.snapshot()).movies.get(self.film_id)
            if record is None:
                raise MovieNotFound
            page.film = catalog_views.detail(record, now)
            page.similar = await catalog.similar(record.slug, now, limit=SUGGESTIONS)
        except MovieNotFound:
            self.outcome = "missing"
            return
        except Exception as error:
            self.outcome, self.problem = "failed", words_for(error)
            return
        page.shown_slug, page.outcome = "", "found"  # no viewer's address shows it
        page.page_title, self.outcome = record.title, "found"
