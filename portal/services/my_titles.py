"""Continue watching and my list, of a browser or of somebody who is signed in.

A browser is known by the signed pseudonym that its viewing sessions have (`viewers.py`). Whoever
signs in has a pseudonym that is made from their account; what the browser gathered becomes theirs
when their titles are asked for next, and the browser's own are empty again. What may not be shown
to viewers is never shown here either: lists hold ids, cards are made from the public catalog.
"""

from __future__ import annotations

import contextlib
import hashlib
from dataclasses import dataclass
from datetime import datetime

from redis.asyncio import Redis
from sqlmodel import Session

from portal.services import availability, catalog_views, watching, words
from portal.services.availability import State
from portal.services.catalog import Catalog
from portal.services.db import Database
from portal.services.errors import InvalidInput, MovieNotFound, Unavailable
from portal.services.redis_client import answer, resume_key
from portal.services.repositories import viewer_titles as stored
from portal.services.translation import t
from portal.services.viewers import ViewerIds
from portal.services.viewing_sessions import ViewingSessions
from portal.services.views import MovieCard

MOST_SAVED = 500
MOST_SHOWN = 60


@dataclass(frozen=True, slots=True)
class BegunTitle:
    """A film that somebody is in the middle of.

    Attributes:
        percent: How much of it was seen, 1 to 100.
        position_s: Where it goes on, in seconds.
        left: How much is left, in words: "42 min left".
    """

    card: MovieCard
    percent: int
    position_s: float
    left: str


@dataclass(frozen=True, slots=True)
class MyTitles:
    """What is somebody's own."""

    continue_watching: list[BegunTitle]
    my_list: list[MovieCard]
    watched_ids: list[str]


def pseudonym_of(account_id: str) -> str:
    """Under which what somebody who is signed in watches is stored; 32 hex digits."""
    return hashlib.sha256(f"portal viewer of account {account_id}".encode()).hexdigest()[:32]


class MyTitlesService:
    """Reads and changes."""

    def __init__(
        self,
        db: Database,
        redis: Redis,
        catalog: Catalog,
        sessions: ViewingSessions,
        viewer_ids: ViewerIds,
    ) -> None:
        self._db = db
        self._redis = redis
        self._catalog = catalog
        self._sessions = sessions
        self._viewer_ids = viewer_ids

    async def of(self, viewer_id: str, now: datetime) -> MyTitles:
        """A viewer's titles, the latest first, without those that viewers may not see now."""
        seen, kept = await self._db.run(
            lambda session: (stored.watched(session, viewer_id), stored.titles(session, viewer_id))
        )
        snapshot = await self._catalog.snapshot()
        dismissed = {row.movie_id: row.dismissed_at for row in kept if row.dismissed_at}
        begun: list[BegunTitle] = []
        for each in seen:
            movie = snapshot.movies.get(each.movie_id)
            if movie is None or availability.state_of(movie, now) is not State.LIVE:
                continue
            taken_away = dismissed.get(each.movie_id)
            if taken_away is not None and each.at <= taken_away:
                continue
            length_s = movie.duration_s or movie.runtime_s
            if watching.is_finished(each.position_s, length_s):
                continue
            if not watching.is_begun(each.position_s, length_s):
                continue
            left_s = max(1, round(length_s - each.position_s)) if length_s else 0
            begun.append(
                BegunTitle(
                    catalog_views.card(movie, now),
                    watching.percent_seen(each.position_s, length_s),
                    each.position_s,
                    t("{time} left", time=words.runtime(left_s)) if left_s else "",
                )
            )
        saved = sorted(
            (row for row in kept if row.saved_at), key=lambda row: str(row.saved_at), reverse=True
        )
        shown = [
            catalog_views.card(movie, now)
            for row in saved
            if (movie := snapshot.movies.get(row.movie_id))
            and availability.state_of(movie, now) in (State.LIVE, State.SCHEDULED)
        ]
        return MyTitles(begun[:MOST_SHOWN], shown, [each.movie_id for each in seen])

    async def save(self, viewer_id: str, movie_id_or_slug: str, now: datetime) -> None:
        """Put a movie on a viewer's list; it stays where it is if it is there.

        Raises:
            MovieNotFound: There is none, or viewers may not see it.
            InvalidInput: The list is full.
        """
        movie = await self._catalog.record(movie_id_or_slug)
        if availability.state_of(movie, now) not in (State.LIVE, State.SCHEDULED):
            raise MovieNotFound

        def work(session: Session) -> bool:
            if stored.count_saved(session, viewer_id) >= MOST_SAVED:
                return False
            row = stored.title(session, viewer_id, movie.id)
            row.saved_at = row.saved_at or now
            return True

        if not await self._db.run(work):
            raise InvalidInput({"movieId": f"Your list holds {MOST_SAVED} films. Take one out."})

    async def unsave(self, viewer_id: str, movie_id_or_slug: str) -> None:
        """Take a movie from a viewer's list, also one that is not shown any more."""
        movie_id = await self._id_of(movie_id_or_slug)

        def work(session: Session) -> None:
            for row in stored.titles(session, viewer_id):
                if row.movie_id == movie_id and row.dismissed_at is None:
                    session.delete(row)
                elif row.movie_id == movie_id:
                    row.saved_at = None

        await self._db.run(work)

    async def dismiss(self, viewer_id: str, movie_id_or_slug: str, now: datetime) -> None:
        """Take a movie from what a viewer is watching, until they watch it again.

        Raises:
            MovieNotFound: There is none.
        """
        movie = await self._catalog.record(movie_id_or_slug)
        await self._sessions.flush()

        def work(session: Session) -> None:
            stored.title(session, viewer_id, movie.id).dismissed_at = now

        await self._db.run(work)

    async def bring_back(self, viewer_id: str, movie_id_or_slug: str) -> None:
        """Undo `dismiss`."""
        movie_id = await self._id_of(movie_id_or_slug)

        def work(session: Session) -> None:
            for row in stored.titles(session, viewer_id):
                if row.movie_id == movie_id:
                    row.dismissed_at = None

        await self._db.run(work)

    async def clear_history(self, *viewer_ids: str) -> None:
        """Forget what viewers watched and where they left it. Their lists stay.

        The sessions themselves are counted by the portal; they are given to a pseudonym that
        nobody has, so that they lead to nobody.
        """
        with contextlib.suppress(Unavailable):
            await self._sessions.flush()
        for viewer_id in viewer_ids:
            nobody = self._viewer_ids.new_viewer()

            def work(session: Session, of: str = viewer_id, to: str = nobody) -> None:
                stored.give_sessions(session, of, to)
                stored.forget_dismissals(session, of)

            await self._db.run(work)
            await answer(self._redis.delete(resume_key(viewer_id)))

    async def merge(self, device_id: str, own_id: str) -> None:
        """Make what a browser gathered somebody's own, and leave the browser's empty."""

        def work(session: Session) -> bool:
            kept = stored.titles(session, device_id)
            if not kept and not stored.watched(session, device_id):
                return False
            for row in kept:
                mine = stored.title(session, own_id, row.movie_id)
                mine.saved_at = mine.saved_at or row.saved_at
                mine.dismissed_at = max(
                    (at for at in (mine.dismissed_at, row.dismissed_at) if at), default=None
                )
            session.flush()
            stored.forget_titles(session, device_id, [row.movie_id for row in kept])
            stored.give_sessions(session, device_id, own_id)
            return True

        if await self._db.run(work):
            # Where the browser left films is the account's now: the next person starts anew.
            with contextlib.suppress(Unavailable):
                left = await answer(self._redis.hgetall(resume_key(device_id)))  # type: ignore[arg-type]
                if left:
                    await answer(self._redis.hset(resume_key(own_id), mapping=left))  # type: ignore[arg-type]
                    await answer(self._redis.delete(resume_key(device_id)))

    async def _id_of(self, movie_id_or_slug: str) -> str:
        found = (await self._catalog.snapshot()).find(movie_id_or_slug)
        return found.id if found else movie_id_or_slug
