"""The catalog as an immutable value in memory: what every read is answered from.

Reading through the ORM costs 4.5-9 ms of CPU a request, from a snapshot 0.2-0.3 ms. A snapshot
knows nothing of time; `as_of(now)` gives the part that viewers may see at an instant, kept until
the next instant at which a movie starts or ends by itself. After a change, or such an instant, only
what changed is looked at again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from portal.services import availability
from portal.services.availability import State
from portal.services.live_index import LiveIndex
from portal.services.movie_record import MovieRecord

_REBUILT = 4
"""Where more than one of so many movies changed, the index is made anew."""


@dataclass(frozen=True)
class PublicCatalog:
    """What viewers may know of during a span of time.

    Attributes:
        index: The movies that can be watched.
        coming: Scheduled movies, the soonest first.
        timed: Movies that start or end at some time, in any state, by id.
        valid_from: Since when this is true, as far as windows go; None: always.
        valid_until: When this stops being true by itself; None: never.
    """

    index: LiveIndex
    coming: tuple[MovieRecord, ...]
    timed: Mapping[str, MovieRecord]
    valid_from: datetime | None
    valid_until: datetime | None

    @cached_property
    def live(self) -> tuple[MovieRecord, ...]:
        """Movies that can be watched, the newest first."""
        return tuple(self.index.newest(len(self.index)))

    def holds(self, now: datetime) -> bool:
        """Whether nothing started or ended between then and now."""
        return (self.valid_from is None or self.valid_from <= now) and (
            self.valid_until is None or now < self.valid_until
        )

    def leaving(self, now: datetime) -> list[MovieRecord]:
        """Movies that end soon, the soonest first."""
        found = [movie for movie in self.timed.values() if availability.leaves_soon(movie, now)]
        return sorted(found, key=lambda movie: (movie.available_until or now, movie.id))


@dataclass(frozen=True)
class CatalogSnapshot:
    """All movies of one catalog version, and the ids behind slugs that they had.

    Attributes:
        version: As Redis counts it; -1 where Redis was away.
        change: Number of the newest change that is in it, as the audit counts them.
        movies: By id.
        former_slugs: Ids of movies by slugs that they had.
    """

    version: int
    movies: dict[str, MovieRecord]
    former_slugs: dict[str, str] = field(default_factory=dict)
    change: int = 0
    _cache: dict[str, tuple[PublicCatalog, datetime]] = field(
        default_factory=dict, compare=False, repr=False
    )

    @cached_property
    def by_slug(self) -> dict[str, MovieRecord]:
        """Movies by slug."""
        return {movie.slug: movie for movie in self.movies.values()}

    @cached_property
    def by_art_key(self) -> dict[str, MovieRecord]:
        """Movies by the name of their artwork folder."""
        return {movie.art_key: movie for movie in self.movies.values() if movie.art_key}

    def find(self, movie_id_or_slug: str) -> MovieRecord | None:
        """A movie by id or by slug, in any state."""
        return self.movies.get(movie_id_or_slug) or self.by_slug.get(movie_id_or_slug)

    def as_of(self, now: datetime) -> PublicCatalog:
        """What viewers may know at `now`."""
        cached = self._cache.get("public")
        if cached is not None:
            public, at = cached
            if public.holds(now):
                return public
            public = _evolved(public, at, now, public.timed, public.timed)
        else:
            public = _public(self.movies.values(), now)
        self._cache["public"] = (public, now)
        return public

    def changed(
        self,
        version: int,
        change: int,
        movie_ids: Iterable[str],
        records: Iterable[MovieRecord],
        former_slugs: dict[str, str],
    ) -> CatalogSnapshot:
        """The next snapshot, where only these movies changed; without a record they are gone."""
        before = {i: self.movies[i] for i in movie_ids if i in self.movies}
        after = {record.id: record for record in records}
        movies, by_slug, by_art = dict(self.movies), dict(self.by_slug), dict(self.by_art_key)
        for movie in before.values():
            del movies[movie.id]
            by_slug.pop(movie.slug, None)
            by_art.pop(movie.art_key, None)
        movies.update(after)
        for movie in after.values():
            by_slug[movie.slug] = movie
            if movie.art_key:
                by_art[movie.art_key] = movie
        made = CatalogSnapshot(version, movies, former_slugs, change)
        made.__dict__.update(by_slug=by_slug, by_art_key=by_art)
        if cached := self._cache.get("public"):
            public, at = cached
            made._cache["public"] = (_evolved(public, at, at, before, after), at)
        return made


def _public(movies: Iterable[MovieRecord], now: datetime) -> PublicCatalog:
    known = list(movies)
    live = [movie for movie in known if availability.state_of(movie, now) is State.LIVE]
    coming = [movie for movie in known if availability.state_of(movie, now) is State.SCHEDULED]
    timed = {movie.id: movie for movie in known if _is_timed(movie)}
    return _with_span(LiveIndex.of(live), coming, timed, now)


def _evolved(
    public: PublicCatalog,
    before_at: datetime,
    now: datetime,
    before: Mapping[str, MovieRecord],
    after: Mapping[str, MovieRecord],
) -> PublicCatalog:
    """What viewers may know, where it was known at `before_at` and some movies became others."""
    was = {i: availability.state_of(movie, before_at) for i, movie in before.items()}
    is_now = {i: availability.state_of(movie, now) for i, movie in after.items()}

    def moved(movie_id: str) -> bool:
        same = before.get(movie_id) is after.get(movie_id)
        return not same or was[movie_id] is not is_now[movie_id]

    changed = {i for i in (*before, *after) if moved(i)}
    gone = [m for i, m in before.items() if i in changed and was[i] is State.LIVE]
    new = [m for i, m in after.items() if i in changed and is_now[i] is State.LIVE]
    index = public.index
    if max(len(gone), len(new)) * _REBUILT > len(index):
        left = {movie.id for movie in gone}
        index = LiveIndex.of([*(m for m in public.live if m.id not in left), *new])
    elif gone or new:
        index = index.changed(gone, new)
    coming = [movie for movie in public.coming if movie.id not in changed]
    coming += [m for i, m in after.items() if i in changed and is_now[i] is State.SCHEDULED]
    if before is after:
        timed = public.timed
    else:
        timed = {i: movie for i, movie in public.timed.items() if i not in before}
        timed.update((i, movie) for i, movie in after.items() if _is_timed(movie))
    return _with_span(index, coming, timed, now)


def _with_span(
    index: LiveIndex,
    coming: list[MovieRecord],
    timed: Mapping[str, MovieRecord],
    now: datetime,
) -> PublicCatalog:
    instants = [
        at
        for movie in timed.values()
        for at in (movie.available_from, movie.available_until)
        if at is not None
    ]
    since = max((at for at in instants if at <= now), default=None)
    until = min((at for at in instants if at > now), default=None)
    coming.sort(key=lambda movie: (movie.available_from or now, movie.id))
    return PublicCatalog(index, tuple(coming), timed, since, until)


def _is_timed(movie: MovieRecord) -> bool:
    return movie.available_from is not None or movie.available_until is not None
