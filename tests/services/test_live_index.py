"""The index of live movies against a plain look at all of them, also after many changes."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from portal.services.browse import BrowseQuery, browse
from portal.services.catalog_snapshot import CatalogSnapshot, PublicCatalog
from portal.services.live_index import ORDERS, LiveIndex
from portal.services.movie_record import MovieRecord, TrackRecord
from portal.services.search_text import search_words

NOW = datetime(2026, 5, 1, tzinfo=UTC)
GENRES = ["Drama", "Comedy", "Documentary", "Music"]
WORDS = ["Amber", "Aurora", "Harbour", "Lantern", "Lanternes", "Été", "Quiet", "Zwölf", "River"]
PEOPLE = ["Ada Voss", "Bo Lind", "Cem Aydın", "Dora Quist"]


def movie(number: int, random_: random.Random, **changes: object) -> MovieRecord:
    """A movie with random facts; a third of them has a window around `NOW`."""
    start = end = None
    if random_.random() < 0.3:
        start = NOW + timedelta(hours=random_.randint(-48, 48))
        end = start + timedelta(hours=random_.randint(1, 48))
    track = TrackRecord(
        f"t{number}", random_.choice(["en", "pt"]), "A label", "captions", True, True, 1
    )
    return MovieRecord(
        id=f"m{number}", slug=f"film-{number}",
        title=f"{random_.choice(WORDS)} {random_.choice(WORDS)} {number % 7}",
        title_key=str(number),
        tagline="", synopsis=random_.choice(WORDS), year=random_.randint(1950, 2026),
        runtime_s=random_.randint(60, 9000), genres=tuple(random_.sample(GENRES, 2)),
        director=random_.choice(PEOPLE), cast=(random_.choice(PEOPLE),), country="", language="",
        content_rating="", art_key=f"a{number}", color="", has_storyboard=False,
        featured=random_.choice([0, 0, 1]), visibility=random_.choice(["visible"] * 4 + ["hidden"]),
        available_from=start, available_until=end, added_at=NOW - timedelta(minutes=number),
        updated_at=NOW, version=1, source_id="s", source_fingerprint="f", duration_s=1.0,
        tracks=(track,),
    )  # fmt: skip


def plainly(movies: list[MovieRecord], query: BrowseQuery) -> set[str]:
    """Ids that a query finds, by looking at each movie."""

    def has(found: MovieRecord, word: str) -> bool:
        text = (found.title, found.director, *found.cast, *found.genres, found.synopsis)
        return any(each.startswith(word) for each in search_words(" ".join(text)))

    return {
        each.id
        for each in movies
        if (not query.genre or query.genre in each.genres)
        and (not query.decade or str(each.year // 10 * 10) == query.decade)
        and (not query.captions or query.captions == each.tracks[0].language)
        and all(has(each, word) for word in search_words(query.text))
    }


def pages(public: PublicCatalog, query: BrowseQuery, limit: int = 7) -> list[str]:
    """All ids of a query, page by page."""
    found: list[str] = []
    while True:
        page = browse(public, query, NOW, limit=limit)
        found += [card.movie_id for card in page.cards]
        if not page.next_cursor:
            return found
        query = replace(query, cursor=page.next_cursor)


QUERIES = [
    BrowseQuery(),
    BrowseQuery(sort="title"),
    BrowseQuery(genre="Drama", sort="year"),
    BrowseQuery(genre="Drama", decade="1990", captions="pt", sort="short"),
    BrowseQuery(text="a"),
    BrowseQuery(text="lan"),
    BrowseQuery(text="ete HARB"),
    BrowseQuery(text="lantern quiet", genre="Music"),
    BrowseQuery(text="voss", sort="title"),
]


@pytest.mark.parametrize("seed", range(6))
def test_it_finds_what_a_plain_look_finds_also_after_changes(seed: int) -> None:
    random_ = random.Random(seed)
    movies = {f"m{number}": movie(number, random_) for number in range(300)}
    snapshot = CatalogSnapshot(1, dict(movies))
    at = NOW
    snapshot.as_of(at)
    for step in range(12):
        touched = random_.sample(range(320), 5)
        ids = [f"m{number}" for number in touched]
        records = [movie(number, random_) for number in touched if random_.random() < 0.8]
        for each in ids:
            movies.pop(each, None)
        movies.update((record.id, record) for record in records)
        snapshot = snapshot.changed(step, step, ids, records, {})
        at += timedelta(hours=random_.randint(-6, 6))
        public, fresh = snapshot.as_of(at), CatalogSnapshot(1, dict(movies)).as_of(at)
        assert [m.id for m in public.live] == [m.id for m in fresh.live]
        assert public.coming == fresh.coming
        assert (public.valid_from, public.valid_until) == (fresh.valid_from, fresh.valid_until)
        assert snapshot.by_slug == {m.slug: m for m in movies.values()}
        assert snapshot.by_art_key == {m.art_key: m for m in movies.values()}
        for query in QUERIES:
            ours, anew = (browse(each, query, NOW, limit=9) for each in (public, fresh))
            assert ours == anew
            found = pages(public, query)
            assert len(found) == len(set(found)) == browse(public, query, NOW, limit=1).total
            assert set(found) == plainly(list(public.live), query)


def test_orders_are_kept_within_a_filter() -> None:
    random_ = random.Random(1)
    public = CatalogSnapshot(1, {f"m{n}": movie(n, random_) for n in range(300)}).as_of(NOW)
    by_id = {each.id: each for each in public.live}
    for sort, key in ORDERS.items():
        found = [by_id[i] for i in pages(public, BrowseQuery(genre="Drama", sort=sort))]
        assert found == sorted(found, key=key)


def named(*titles: str, **more: object) -> LiveIndex:
    random_ = random.Random(0)
    return LiveIndex.of(
        replace(movie(n, random_), title=title, synopsis="", **more)  # type: ignore[arg-type]
        for n, title in enumerate(titles)
    )


def titles(index: LiveIndex, text: str) -> list[str]:
    """Titles that a text finds, in their order."""
    return [each.title for each in index.page(index.search(text), "new", 0, 50)]


def test_what_matches_best_comes_first() -> None:
    index = named("The River", "River of Glass", "River", "Riverine")
    assert titles(index, "river") == ["River", "River of Glass", "Riverine", "The River"]
    random_ = random.Random(0)
    people = replace(movie(9, random_), title="Other", director="Rive Rivera")
    found = titles(index.changed((), (people,)), "river")
    assert found[-1] == "Other"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("auroa", "Aurora"), ("aruora", "Aurora"), ("auroras", "Aurora"), ("hrbour", "Harbour"),
        ("zwolf", "Zwölf"), ("lanterrn quite", "Lantern Quiet"),
    ],
)  # fmt: skip
def test_slips_are_forgiven(typed: str, meant: str) -> None:
    index = named("Aurora", "Harbour", "Zwölf", "Lantern Quiet", "Something Else")
    assert titles(index, typed) == [meant]


@pytest.mark.parametrize("typed", ["xyz", "au?", "aurra bo"])
def test_what_nobody_meant_is_not_found(typed: str) -> None:
    index = named("Harbour", "Zwölf", director="A", cast=(), genres=())
    assert titles(index, typed) == []
