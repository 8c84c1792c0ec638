"""The catalog as viewers read it: home, browse, a movie, what is like it.

Every worker answers from its own snapshot. A change raises a version in Redis and is announced on a
channel; a worker that misses the announcement sees the new version within `HEAL_S` seconds.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime

import structlog
from redis.asyncio import Redis
from sqlmodel import Session

from portal import routes
from portal.services import availability, background, catalog_views
from portal.services.availability import State
from portal.services.browse import BrowseQuery, browse
from portal.services.catalog_snapshot import CatalogSnapshot, PublicCatalog
from portal.services.db import Database
from portal.services.errors import MovieNotAvailable, MovieNotFound, Unavailable
from portal.services.movie_record import MovieRecord
from portal.services.redis_client import CATALOG_CHANGE, CATALOG_CHANGED, CATALOG_VERSION, answer
from portal.services.repositories import movies
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
ROW_SIZE = 18
GENRE_ROWS = 9


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
        self._loading = asyncio.Lock()

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

    async def refresh(self, *, force: bool = False) -> None:
        """Load the catalog again if its version changed."""
        async with self._loading:
            version = await self._stored_version()
            current = self._snapshot
            if current is not None and not force and version in (None, current.version):
                return
            records, former_slugs = await self._load()
            self._snapshot = CatalogSnapshot(
                version if version is not None else -1,
                {movie.id: movie for movie in records},
                former_slugs,
            )
            self._edition += 1
            log.info("catalog.loaded", version=version, movies=len(records))

    async def _load(self) -> tuple[list[MovieRecord], dict[str, str]]:
        """Movies and former slugs; from the replica where it has what was announced."""
        if self._db.replica is not None:
            try:
                needed = int(await answer(self._redis.get(CATALOG_CHANGE)) or 0)
                change, loaded = await self._db.run(
                    lambda s: (movies.last_change(s), _load(s)), on_replica=True
                )
            except Unavailable:
                log.warning("catalog.replica_unavailable")
            else:
                if change >= needed:
                    return loaded
                log.info("catalog.replica_behind", by=needed - change)
        return await self._db.run(_load, deadline_s=LOAD_DEADLINE_S)

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
        async with background.running(self._listen(), self._heal()):
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

    # -- reads ----------------------------------------------------------------------------------

    async def edition(self, now: datetime) -> Edition:
        """Tells what was made from the catalog apart from what has to be made anew."""
        public = (await self.snapshot()).as_of(now)
        return Edition(self._edition, public.valid_until)

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
            raise MovieNotAvailable("This film has left the catalog.")
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
        return HomePage(
            hero=[catalog_views.detail(movie, now) for movie in _hero(public)],
            rows=[
                MovieRow(key, title, href, [catalog_views.card(m, now) for m in found[:ROW_SIZE]])
                for key, title, href, found in _shelves(public, now)
                if found
            ],
        )

    async def menu(self, now: datetime) -> CatalogMenu:
        """Genres in the alphabet's order, and caption languages."""
        public = (await self.snapshot()).as_of(now)
        return CatalogMenu(
            genres=[
                FilterOption(genre, genre, len(found))
                for genre, found in sorted(public.by_genre.items())
            ],
            languages=[
                FilterOption(language, public.caption_labels.get(language, language), count)
                for language, count in public.caption_languages.items()
            ],
        )

    async def browse(self, query: BrowseQuery, now: datetime, *, limit: int = 48) -> BrowsePage:
        """One page of the catalog as filtered."""
        return browse((await self.snapshot()).as_of(now), query, now, limit=limit)

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
        pool = {m.id: m for genre in movie.genres for m in _of_genre(snapshot.as_of(now), genre)}
        pool.pop(movie.id, None)
        ranked = sorted(pool.values(), key=lambda other: -_likeness(movie, other))
        return [catalog_views.card(other, now) for other in ranked[:limit]]


def _load(session: Session) -> tuple[list[MovieRecord], dict[str, str]]:
    return movies.load_records(session), movies.former_slugs(session)


def _of_genre(public: PublicCatalog, genre: str) -> tuple[MovieRecord, ...]:
    return public.by_genre.get(genre, ())


def _likeness(movie: MovieRecord, other: MovieRecord) -> float:
    shared = len(set(movie.genres) & set(other.genres))
    people = len({movie.director, *movie.cast} & {other.director, *other.cast})
    return shared * 2 + people * 3 - abs(movie.year - other.year) / 30


def _hero(public: PublicCatalog) -> list[MovieRecord]:
    featured = sorted((m for m in public.live if m.featured), key=lambda m: m.featured)
    return (featured or list(public.live))[:HERO_SIZE]


def _shelves(public: PublicCatalog, now: datetime) -> list[tuple[str, str, str, list[MovieRecord]]]:
    leaving = sorted(
        (m for m in public.live if availability.leaves_soon(m, now)),
        key=lambda m: m.available_until or now,
    )
    shelves = [
        ("new", "New on the portal", routes.browse(sort="new"), list(public.live)),
        ("leaving", "Leaving soon", "", leaving),
        ("coming", "Coming soon", "", list(public.coming)),
    ]
    genres = [
        (f"genre-{index}", genre, routes.browse(genre=genre), list(found))
        for index, (genre, found) in enumerate(list(public.by_genre.items())[:GENRE_ROWS])
    ]
    # The newest first, then genres, with what ends soon where it is still seen without scrolling.
    return [*shelves[:2], *genres[:2], shelves[2], *genres[2:]]
