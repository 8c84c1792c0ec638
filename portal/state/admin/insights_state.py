"""Insights: what the address asks for, and who watches now."""

from __future__ import annotations

from urllib.parse import urlencode

import reflex as rx

from portal import routes
from portal.services.actors import RANK, Role
from portal.services.clock import utc_now
from portal.services.container import services
from portal.services.errors import Unavailable
from portal.services.flags import INSIGHTS
from portal.services.insight_views import Insights, Watched
from portal.services.insights.ranges import CUSTOM, PRESETS, USUAL, Span, span_of
from portal.services.views import FilterOption
from portal.state.admin.frame_state import fill_admin_frame
from portal.state.guards import actor_of
from portal.state.messages import words_for

RANGES = [
    *(FilterOption(name, label) for name, (label, _) in PRESETS.items()),
    FilterOption(CUSTOM, "Custom"),
]


class InsightsState(rx.State):
    """One page of insights: of all films, or of one."""

    view: Insights = Insights()
    page_title: str = "Insights"
    chosen: str = USUAL
    here: str = routes.ADMIN_INSIGHTS
    editor_href: str = ""
    export_href: str = ""
    watching: int = -1
    watched: list[Watched] = []
    is_loaded: bool = False
    is_live: bool = False
    problem: str = ""

    @rx.event
    async def load(self) -> None:
        """Show what the address asks for."""
        actor = await actor_of(self, Role.EDITOR, acts=False, flag=INSIGHTS)
        await fill_admin_frame(self, actor)
        movie_id, span = self._asked()
        self.chosen = span.name
        self.is_live = False
        self.here = routes.admin_insights(movie_id) if movie_id else routes.ADMIN_INSIGHTS
        try:
            self.view = await services().insights.page(actor, span, movie_id)
            self.problem = ""
        except Exception as error:
            self.problem = words_for(error)
            return
        self.page_title = self.view.title or "Insights"
        self.editor_href = routes.admin_movie(movie_id) if movie_id else ""
        self.export_href = _export(span, movie_id)
        self.is_loaded = True
        try:
            self.watching, self.watched = await services().insights.now_watching(
                actor, utc_now(), movie_id
            )
        except Unavailable:
            self.watching, self.watched = -1, []
        self.is_live = True

    @rx.event
    async def look_again(self) -> None:
        """Who watches now."""
        actor = await actor_of(self, Role.EDITOR, acts=False, flag=INSIGHTS)
        if RANK[actor.role] < RANK[Role.MANAGER]:
            return
        movie_id, _ = self._asked()
        try:
            self.watching, self.watched = await services().insights.now_watching(
                actor, utc_now(), movie_id
            )
        except Unavailable:
            self.watching, self.watched = -1, []

    def _asked(self) -> tuple[str, Span]:
        given = self.router.url.query_parameters
        names = ("range", "since", "until")
        name, since, until = (str(given.get(each, ""))[:20] for each in names)
        path = str(self.router.url.path).rstrip("/")
        movie_id = path.removeprefix(routes.ADMIN_INSIGHTS).strip("/")[:32]
        return movie_id, span_of(name, since, until, utc_now())


def _export(span: Span, movie_id: str) -> str:
    """Path of the files of this page; `table=` is still to be added."""
    first, last = span.dates()
    values = {"range": span.name, "movieId": movie_id}
    if span.name == CUSTOM:
        values |= {"since": first, "until": last}
    return f"{routes.INSIGHTS_EXPORT}?" + urlencode({n: v for n, v in values.items() if v})
