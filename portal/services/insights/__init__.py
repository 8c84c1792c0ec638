"""What content managers learn of how films do: pages and files from the sums of `services/qoe`."""

from __future__ import annotations

import time
from datetime import datetime

from sqlmodel import Session

from portal import routes
from portal.services.actors import Actor, Role, require
from portal.services.catalog import Catalog
from portal.services.db import Database
from portal.services.errors import MovieNotFound
from portal.services.insight_views import Insights as InsightsView
from portal.services.insight_views import Watched
from portal.services.insights import exports, figures, pages
from portal.services.insights.pages import Read
from portal.services.insights.ranges import Span
from portal.services.qoe.watching import NowWatching
from portal.services.repositories import insights as rows
from portal.services.repositories.qoe import months

FILMS = 25
ALL_FILMS = 5000
KEPT_S = 20.0
_KEPT = 50
UNKNOWN = "A film that was deleted"


class Insights:
    """Reads sums for content managers."""

    def __init__(self, db: Database, catalog: Catalog, watching: NowWatching) -> None:
        self._db = db
        self._catalog = catalog
        self._watching = watching
        self._kept: dict[tuple[Span, str], tuple[float, InsightsView]] = {}

    async def page(self, actor: Actor, span: Span, movie_id: str = "") -> InsightsView:
        """All films, or one; what was made within the last 20 s is shown again.

        Raises:
            Unauthenticated, Forbidden, MovieNotFound, Unavailable: As they say.
        """
        require(actor, Role.MANAGER)
        titles = await self._titles(movie_id)
        kept = self._kept.get((span, movie_id))
        if kept is not None and time.monotonic() - kept[0] < KEPT_S:
            return kept[1]
        read = await self._db.run(lambda session: read_all(session, span, movie_id, films=FILMS))
        view = pages.build(
            read,
            title=titles.get(movie_id, "") if movie_id else "",
            film=lambda each: (
                (titles[each], routes.admin_insights(each)) if each in titles else (UNKNOWN, "")
            ),
        )
        if len(self._kept) >= _KEPT:
            self._kept.clear()
        self._kept[(span, movie_id)] = (time.monotonic(), view)
        return view

    async def export(
        self, actor: Actor, span: Span, table: exports.Table, movie_id: str = ""
    ) -> bytes:
        """One table as CSV.

        Raises:
            Unauthenticated, Forbidden, MovieNotFound, Unavailable: As they say.
        """
        require(actor, Role.MANAGER)
        titles = await self._titles(movie_id)
        read = await self._db.run(
            lambda session: read_all(session, span, movie_id, films=ALL_FILMS)
        )
        return exports.as_csv(read, table, titles)

    async def now_watching(
        self, actor: Actor, now: datetime, movie_id: str = ""
    ) -> tuple[int, list[Watched]]:
        """How many sessions play at this moment, and the films with the most of them.

        Raises:
            Unauthenticated, Forbidden, Unavailable: As they say.
        """
        require(actor, Role.MANAGER)
        counts = await self._watching.by_movie(now)
        if movie_id:
            return counts.get(movie_id, 0), []
        titles = await self._titles("")
        most = sorted(counts.items(), key=lambda each: (-each[1], each[0]))[:8]
        films = [
            Watched(routes.admin_insights(each), titles.get(each, UNKNOWN), count)
            for each, count in most
        ]
        return sum(counts.values()), films

    async def _titles(self, movie_id: str) -> dict[str, str]:
        movies = (await self._catalog.snapshot()).movies
        if movie_id and movie_id not in movies:
            raise MovieNotFound
        return {each: movie.title for each, movie in movies.items()}


def read_all(session: Session, span: Span, movie_id: str, *, films: int) -> Read:
    """Everything that a page or a file needs, in one transaction."""
    where, past = span.steps(), span.before().steps()
    pieces = span.pieces(months(session))
    before = rows.by_time(session, past, movie_id)
    most = [] if movie_id else rows.by_film(session, pieces, limit=films)
    shown = [each for each, _ in most]
    return Read(
        span=span,
        steps=rows.by_time(session, where, movie_id),
        before=figures.total(before.values()),
        starts=rows.start_times(session, where, movie_id),
        failures=rows.by_name(session, "failure", pieces, movie_id),
        captions=rows.by_name(session, "captions", pieces, movie_id),
        renditions=rows.by_part(session, "rendition", pieces, movie_id),
        browsers=rows.by_part(session, "browser", pieces, movie_id),
        starts_by_browser={} if movie_id else rows.start_times_by_browser(session, pieces),
        limits=[] if movie_id else rows.by_name(session, "throttle", pieces, ""),
        throttles={} if movie_id else rows.counted_by_time(session, "throttle", where, ""),
        films=most,
        starts_by_film=rows.start_times_by_film(session, pieces, shown) if shown else {},
    )
