"""The catalog as viewers read it: home, browse, a movie, what is like it.

Every worker answers from its own snapshot. A change raises a version in Redis and is announced on a
channel; a worker that misses the announcement sees the new version within `HEAL_S` seconds.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from redis.asyncio import Redis
from sqlmodel import Session

from portal.services import availability, background, catalog_views, shelves
from portal.services.availability import State
from portal.services.browse import BrowseQuery, browse
from portal.services.catalog_loading import Changes, Loaded, changes, everything
from portal.services.catalog_snapshot import CatalogSnapshot, PublicCatalog
from portal.services.clock import utc_now
from portal.services.db import Database
from portal.services.errors import MovieNotAvailable, MovieNotFound, Unavailable
from portal.services.kept_views import KeptViews
from portal.services.live_index import LiveIndex, decade_of
from portal.services.movie_record import MovieRecord
from portal.services.redis_client import CATALOG_CHANGE, CATALOG_CHANGED, CATALOG_VERSION, answer
from portal.services.repositories import movies
from portal.services.repositories import shelves as shelf_rows
from portal.services.search_text import search_key
from portal.services.shelves import ShelfRecord
from portal.services.telemetry import metrics
from portal.services.translation import later, t
from portal.services.views import (
    BrowsePage,
    FilterOption,
    MovieCard,
    MovieDetail,
    MovieRow,
    TitleEntry,
)

log = structlog.get_logger(__name__)

HEAL_S = 2.0
LOAD_DEADLINE_S = 30.0
HERO_SIZE = 5
POPULAR_FOR = timedelta(days=28)
POPULAR_EVERY_S = 600.0
LEAST_VIEWERS = 5
"""Films that fewer people watched are not said to be watched."""
CANDIDATES = 100
"""Of each kind of likeness, so many are compared."""


@dataclass(frozen=True, slots=True)
class HomePage:
    """What the home page shows."""

    hero: list[MovieDetail]
    rows: list[MovieRow]


@dataclass(frozen=True, slots=True)
class CatalogMenu:
    """The ways into the catalog that every page offers, with numbers of live movies."""

    genres: list[FilterOption]
    languages: list[FilterOption]


@dataclass(frozen=True, slots=True)
class Edition:
    """What all reads of the catalog are answered from, during a span of time.

    Attributes:
        number: Of this process; another one after each change of the catalog.
        valid_until: When a movie starts or ends by itself; None: never.
    """

    number: int
    valid_until: datetime | None

    def holds(self, now: datetime) -> bool:
        """Whether nothing has started or ended since."""
        return self.valid_until is None or now < self.valid_until


class Catalog:
    """Reads of the catalog, all from the snapshot."""

    def __init__(self, db: Database, redis: Redis) -> None:
        self._db = db
        self._redis = redis
        self._snapshot: CatalogSnapshot | None = None
        self._edition = 0
        self._shelves: tuple[ShelfRecord, ...] = ()
        self._popular: list[str] = []
        self._loading = asyncio.Lock()
        self._kept = KeptViews()

    # -- the snapshot ---------------------------------------------------------------------------

    async def snapshot(self) -> CatalogSnapshot:
        """The newest snapshot this worker has; loads the first one.

        Raises:
            Unavailable: There is none yet and the database is away.
        """
        if self._snapshot is None:
            await self.refresh()
        if self._snapshot is None:
            raise Unavailable
        return self._snapshot

    async def refresh(self, *, force: bool = False, anew: bool = False) -> None:
        """Read what changed if the catalog's version did.

        Args:
            force: Look whatever the version is.
            anew: Read everything.
        """
        async with self._loading:
            version = await self._stored_version()
            current = self._snapshot
            if current is not None and not (force or anew) and version in (None, current.version):
                if version is not None:
                    metrics.catalog_confirmed()
                return
            known = version if version is not None else -1
            loaded = await self._load(None if anew else current)
            if isinstance(loaded, Changes) and current is not None:
                self._snapshot = await asyncio.to_thread(
                    current.changed,
                    known,
                    loaded.change,
                    loaded.movie_ids,
                    loaded.records,
                    loaded.former_slugs,
                )
                read = len(loaded.movie_ids)
            else:
                movies_by_id = {movie.id: movie for movie in loaded.records}
                made = CatalogSnapshot(known, movies_by_id, loaded.former_slugs, loaded.change)
                # The index of a large catalog takes seconds: not on the event loop.
                await asyncio.to_thread(made.as_of, utc_now())
                self._snapshot, read = made, len(loaded.records)
            self._shelves = loaded.shelves
            self._edition += 1
            metrics.catalog_confirmed()
            log.info(
                "catalog.loaded", version=version, movies=len(self._snapshot.movies), read=read
            )

    async def _load(self, current: CatalogSnapshot | None) -> Loaded:
        """What changed, or everything; from the replica where it has what was announced."""

        def load(session: Session) -> Loaded:
            return changes(session, current) or everything(session)

        if self._db.replica is not None:
            try:
                needed = int(await answer(self._redis.get(CATALOG_CHANGE)) or 0)
                loaded = await self._db.run(load, on_replica=True)
            except Unavailable:
                log.warning("catalog.replica_unavailable")
            else:
                if loaded.change >= needed:
                    return loaded
                log.info("catalog.replica_behind", by=needed - loaded.change)
        return await self._db.run(load, deadline_s=LOAD_DEADLINE_S)

    async def announce_change(self) -> None:
        """Tell every worker that the catalog changed. Call it after the transaction."""
        try:
            if self._db.replica is not None:
                change = await self._db.run(movies.last_change)
                await answer(self._redis.set(CATALOG_CHANGE, change))
            version = await answer(self._redis.incr(CATALOG_VERSION))
            await answer(self._redis.publish(CATALOG_CHANGED, str(version)))
        except Unavailable:
            log.warning("catalog.announce_failed")  # the others heal when Redis is back
        await self.refresh(force=True)

    async def _stored_version(self) -> int | None:
        try:
            return int(await answer(self._redis.get(CATALOG_VERSION)) or 0)
        except Unavailable:
            return None

    @contextlib.asynccontextmanager
    async def following(self) -> AsyncIterator[None]:
        """Keep the snapshot fresh while the block runs."""
        async with background.running(self._listen(), self._heal(), self._follow_popular()):
            yield

    async def _listen(self) -> None:
        while True:
            try:
                async with self._redis.pubsub(ignore_subscribe_messages=True) as pubsub:
                    await pubsub.subscribe(CATALOG_CHANGED)
                    while True:
                        if await pubsub.get_message(timeout=5.0):
                            await self._refresh_quietly()
            except Exception as error:  # Redis is away: `_heal` still looks
                log.debug("catalog.listen_failed", error=type(error).__name__)
                await asyncio.sleep(HEAL_S)

    async def _heal(self) -> None:
        while True:
            await asyncio.sleep(HEAL_S)
            await self._refresh_quietly()

    async def _refresh_quietly(self) -> None:
        try:
            await self.refresh()
        except Exception as error:  # the old snapshot is still good
            log.warning("catalog.refresh_failed", error=type(error).__name__)

    async def _follow_popular(self) -> None:
        """Know what is watched most, as far as that is enough people to be nobody's secret."""
        while True:
            since = utc_now() - POPULAR_FOR
            try:
                found = await self._db.run(
                    lambda session, since=since: shelf_rows.most_watched(  # type: ignore[misc]
                        session, since, least_viewers=LEAST_VIEWERS, limit=shelves.MAX_SIZE
                    ),
                    deadline_s=LOAD_DEADLINE_S,
                )
            except Exception as error:  # what was known is good enough
                log.warning("catalog.popular_failed", error=type(error).__name__)
            else:
                if found != self._popular:
                    self._popular = found
                    self._edition += 1
            await asyncio.sleep(POPULAR_EVERY_S)

    async def shelf_rows(self, shelf: ShelfRecord, now: datetime) -> list[MovieRow]:
        """What viewers would see of a shelf, whether it is on or not."""
        public = (await self.snapshot()).as_of(now)
        return shelves.rows_of(shelf, public, self._popular, now)

    # -- reads ----------------------------------------------------------------------------------

    async def edition(self, now: datetime) -> Edition:
        """Tells what was made from the catalog apart from what has to be made anew."""
        public = (await self.snapshot()).as_of(now)
        ends = (public.valid_until, shelves.next_change(self._shelves, now))
        return Edition(self._edition, min((at for at in ends if at is not None), default=None))

    async def present_slug(self, movie_id_or_slug: str, now: datetime) -> str:
        """The slug that a movie's page stands at, found by that, by a former one or by the id.

        Raises:
            MovieNotFound: Unknown, draft or hidden.
        """
        snapshot = await self.snapshot()
        movie = snapshot.find(movie_id_or_slug) or snapshot.find(
            snapshot.former_slugs.get(movie_id_or_slug, "")
        )
        hidden = (State.DRAFT, State.HIDDEN)
        if movie is None or availability.state_of(movie, now) in hidden:
            raise MovieNotFound
        return movie.slug

    async def record(self, movie_id_or_slug: str) -> MovieRecord:
        """A movie in any state.

        Raises:
            MovieNotFound: There is none.
        """
        movie = (await self.snapshot()).find(movie_id_or_slug)
        if movie is None:
            raise MovieNotFound
        return movie

    async def playable(self, movie_id_or_slug: str, now: datetime) -> MovieRecord:
        """A movie that can be watched at `now`.

        Raises:
            MovieNotFound: Unknown, draft or hidden: viewers are not told which.
            MovieNotAvailable: Known, but outside its availability window.
        """
        movie = await self.record(movie_id_or_slug)
        state = availability.state_of(movie, now)
        if state is State.LIVE:
            return movie
        if state is State.SCHEDULED:
            raise MovieNotAvailable(f"{catalog_views.detail(movie, now).coming}.")
        if state is State.EXPIRED:
            raise MovieNotAvailable(later("This film has left the catalog."))
        raise MovieNotFound

    async def movie(self, slug: str, now: datetime) -> MovieDetail:
        """A movie's page, also when it is still coming.

        Raises:
            MovieNotFound: Unknown, draft or hidden.
            MovieNotAvailable: It has left the catalog.
        """
        movie = await self.record(slug)
        if availability.state_of(movie, now) is not State.SCHEDULED:
            movie = await self.playable(slug, now)
        return catalog_views.detail(movie, now)

    async def home(self, now: datetime) -> HomePage:
        """Hero and shelves."""
        public = (await self.snapshot()).as_of(now)

        on = [shelf for shelf in self._shelves if shelf.is_on(now)]

        def make() -> HomePage:
            return HomePage(
                hero=[catalog_views.detail(movie, now) for movie in _hero(public)],
                rows=[
                    row
                    for shelf in on
                    for row in shelves.rows_of(shelf, public, self._popular, now)
                ],
            )

        key = ("home", self._edition, tuple(shelf.id for shelf in on))
        return self._kept.get(public, now, key, make)

    async def menu(self, now: datetime) -> CatalogMenu:
        """Genres in the alphabet's order, and caption languages."""
        public = (await self.snapshot()).as_of(now)
        index = public.index

        def make() -> CatalogMenu:
            return CatalogMenu(
                genres=[
                    FilterOption(genre, genre, found.bit_count())
                    for genre, found in sorted(
                        index.facet("genre").items(), key=lambda facet: search_key(t(facet[0]))
                    )
                ],
                languages=[
                    FilterOption(language, index.label(language), found.bit_count())
                    for language, found in sorted(index.facet("captions").items())
                ],
            )

        return self._kept.get(public, now, ("menu",), make)

    async def browse(self, query: BrowseQuery, now: datetime, *, limit: int = 48) -> BrowsePage:
        """One page of the catalog as filtered."""
        public = (await self.snapshot()).as_of(now)
        return self._kept.get(
            public, now, ("browse", query, limit), lambda: browse(public, query, now, limit=limit)
        )

    async def titles(self, now: datetime) -> list[TitleEntry]:
        """All movies that have a page, the newest first, and then those that come."""
        public = (await self.snapshot()).as_of(now)
        return [
            *(catalog_views.title_entry(movie, is_coming=False) for movie in public.live),
            *(catalog_views.title_entry(movie, is_coming=True) for movie in public.coming),
        ]

    async def similar(self, slug: str, now: datetime, *, limit: int = 14) -> list[MovieCard]:
        """Live movies that share the most genres, director and time with this one."""
        snapshot = await self.snapshot()
        movie = snapshot.find(slug)
        if movie is None:
            return []
        public = snapshot.as_of(now)

        def make() -> list[MovieCard]:
            pool = {m.id: m for m in _candidates(public.index, movie)}
            pool.pop(movie.id, None)
            ranked = sorted(pool.values(), key=lambda other: (-_likeness(movie, other), other.id))
            return [catalog_views.card(other, now) for other in ranked[:limit]]

        return list(self._kept.get(public, now, ("similar", movie.id, limit), make))


def _candidates(index: LiveIndex, movie: MovieRecord) -> list[MovieRecord]:
    """Movies that may be like one: same people, genres and decade, or genres; some of each."""
    decade = decade_of(movie)
    sets = [index.matching(person=person) for person in (movie.director, *movie.cast) if person]
    sets += [index.matching(genre=genre, decade=decade) for genre in movie.genres]
    every = index.everything
    for genre in movie.genres:
        every &= index.matching(genre=genre)
    sets += [every, *(index.matching(genre=genre) for genre in movie.genres)]
    return [other for bits in sets for other in index.newest(CANDIDATES, bits)]


def _likeness(movie: MovieRecord, other: MovieRecord) -> float:
    shared = len(set(movie.genres) & set(other.genres))
    people = len({movie.director, *movie.cast} & {other.director, *other.cast})
    return shared * 2 + people * 3 - abs(movie.year - other.year) / 30


def _hero(public: PublicCatalog) -> list[MovieRecord]:
    index = public.index
    featured = index.newest(len(index), index.matching(featured="yes"))
    return sorted(featured, key=lambda m: m.featured)[:HERO_SIZE] or index.newest(HERO_SIZE)
