"""Which films stand on a shelf: pure functions of a shelf, the public catalog and the instant.

A rule chooses among what viewers may see, and titles that a manager put there are looked up in the
same place: what is hidden, a draft or gone is never on a shelf.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from portal import routes
from portal.services import catalog_views
from portal.services.catalog_snapshot import PublicCatalog
from portal.services.movie_record import MovieRecord
from portal.services.translation import later, t
from portal.services.views import MovieRow

KINDS = {
    "manual": "Chosen titles",
    "new": "New",
    "leaving": "Leaving soon",
    "coming": "Coming soon",
    "popular": "Most watched",
    "genre": "A genre",
    "decade": "A decade",
    "captions": "Captions in a language",
    "largest-genres": "The largest genres, a row each",
}
"""Kinds of shelves with their words."""
_SEEDED = (later("New on the portal"), later("Leaving soon"), later("Coming soon"))
"""Titles that the first shelves have; they are said in the page's language."""
WITH_VALUE = frozenset({"genre", "decade", "captions", "largest-genres"})
MAX_SIZE = 60


@dataclass(frozen=True, slots=True)
class ShelfRecord:
    """A shelf as the catalog's snapshot keeps it; the fields are those of the table."""

    id: str
    title: str
    kind: str
    value: str
    movie_ids: tuple[str, ...]
    size: int
    is_visible: bool
    starts_at: datetime | None
    ends_at: datetime | None

    def is_on(self, now: datetime) -> bool:
        """Whether viewers see it at an instant."""
        return (
            self.is_visible
            and (self.starts_at is None or self.starts_at <= now)
            and (self.ends_at is None or now < self.ends_at)
        )


def next_change(shelves: Iterable[ShelfRecord], now: datetime) -> datetime | None:
    """The next instant at which a shelf comes or goes by itself."""
    instants = (at for s in shelves if s.is_visible for at in (s.starts_at, s.ends_at))
    return min((at for at in instants if at is not None and at > now), default=None)


def rows_of(
    shelf: ShelfRecord, public: PublicCatalog, popular: Sequence[str], now: datetime
) -> list[MovieRow]:
    """The rows of a shelf: one, or one for each genre; none without films."""
    if shelf.kind == "largest-genres":
        return _genre_rows(shelf, public, now)
    films = _films(shelf, public, popular, now)[: shelf.size]
    row = _row(shelf.id, t(shelf.title), _see_all(shelf), films, now, is_wide=_is_wide(shelf))
    return [row] if films else []


def _films(
    shelf: ShelfRecord, public: PublicCatalog, popular: Sequence[str], now: datetime
) -> list[MovieRecord]:
    index, size = public.index, shelf.size
    found: list[MovieRecord] = []
    match shelf.kind:
        case "manual":
            found = _known(shelf.movie_ids, public)
        case "new":
            found = index.newest(size)
        case "leaving":
            found = public.leaving(now)
        case "coming":
            found = list(public.coming)
        case "popular":
            found = _known(popular, public, with_coming=False)
        case "genre" | "decade" | "captions":
            found = index.newest(size, index.matching(**{shelf.kind: shelf.value}))
    return found


def _known(
    movie_ids: Iterable[str], public: PublicCatalog, *, with_coming: bool = True
) -> list[MovieRecord]:
    coming = {movie.id: movie for movie in public.coming} if with_coming else {}
    found = (public.index.get(i) or coming.get(i) for i in movie_ids)
    return [movie for movie in found if movie is not None]


def _genre_rows(shelf: ShelfRecord, public: PublicCatalog, now: datetime) -> list[MovieRow]:
    index = public.index
    sizes = {genre: found.bit_count() for genre, found in index.facet("genre").items()}
    largest = sorted(sizes, key=lambda genre: (-sizes[genre], genre))
    first, last = places(shelf.value)
    return [
        _row(
            f"genre-{place}",
            genre,
            routes.browse(genre=genre),
            index.newest(shelf.size, index.matching(genre=genre)),
            now,
        )
        for place, genre in list(enumerate(largest))[first - 1 : last]
    ]


def places(value: str) -> tuple[int, int]:
    """`3-9`: the third to the ninth. Nonsense counts as the first alone."""
    first, _, last = value.partition("-")
    if not (first.isdecimal() and last.isdecimal()):
        return 1, 1
    return max(1, int(first)), int(last)


def _see_all(shelf: ShelfRecord) -> str:
    match shelf.kind:
        case "new":
            return routes.browse(sort="new")
        case "genre" | "decade" | "captions":
            return routes.browse(**{shelf.kind: shelf.value})
    return ""


def _is_wide(shelf: ShelfRecord) -> bool:
    return shelf.kind in {"leaving", "coming"}


def _row(
    key: str,
    title: str,
    href: str,
    films: Sequence[MovieRecord],
    now: datetime,
    *,
    is_wide: bool = False,
) -> MovieRow:
    cards = [catalog_views.card(movie, now) for movie in films]
    return MovieRow(key, title, href, cards, is_wide)
