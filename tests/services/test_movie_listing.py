"""Lists of movies: pages that neither repeat nor lose one, on the snapshot."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal.services.container import Services
from portal.services.errors import InvalidInput
from portal.services.movie_listing import SORTS, ListQuery
from tests.support.catalog import add_movie, now

DAY = timedelta(days=1)


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """The list is made from the snapshot: the database does not matter."""
    return sqlite_url


async def put(services: Services, **values: object) -> None:
    await services.db.run(lambda s: add_movie(s, services.box, **values))  # type: ignore[arg-type]
    await services.catalog.announce_change()


async def slugs(services: Services, query: ListQuery, **more: object) -> list[str]:
    snapshot = await services.catalog.snapshot()
    page = services.listing.page(snapshot, query, now(), limit=100, **more)  # type: ignore[arg-type]
    return [movie.slug for movie, _ in page.movies]


async def test_without_more_nobody_sees_drafts_or_what_is_gone(running_services: Services) -> None:
    for n, (slug, values) in enumerate(
        {
            "live": {},
            "coming": {"available_from": now() + DAY},
            "gone": {"available_until": now() - DAY},
            "hidden": {"visibility": "hidden"},
            "draft": {"visibility": "draft"},
        }.items()
    ):
        await put(running_services, slug=slug, art_key=f"{n:032x}", **values)
    assert set(await slugs(running_services, ListQuery())) == {"live", "coming"}
    everything = await slugs(running_services, ListQuery(), everything=True)
    assert set(everything) == {"live", "coming", "gone", "hidden", "draft"}
    later = await slugs(running_services, ListQuery(state="live"), at=now() + 2 * DAY)
    assert set(later) == {"live", "coming"}
    before = await slugs(running_services, ListQuery(state="live"), at=now() - 2 * DAY)
    assert before == ["live"], "what has left the catalog is not listed as of an earlier day"
    managed = await slugs(
        running_services, ListQuery(state="live"), at=now() - 2 * DAY, everything=True
    )
    assert set(managed) == {"live", "gone"}


async def test_the_order_follows_each_change(running_services: Services) -> None:
    services = running_services
    for n, title in enumerate(("Bee", "Ähre", "Cello")):
        await put(services, slug=f"f{n}", title=title, art_key=f"{n:032x}")
    by_title = ListQuery(sort="title")
    assert await slugs(services, by_title) == ["f1", "f0", "f2"]
    await put(services, slug="f3", title="Bark", art_key="3" * 32)
    assert await slugs(services, by_title) == ["f1", "f3", "f0", "f2"]


@pytest.mark.parametrize("sort", list(SORTS))
async def test_a_cursor_goes_on_behind_its_movie(running_services: Services, sort: str) -> None:
    services = running_services
    for n in range(5):
        await put(services, slug=f"f{n}", year=2000 + n % 2, art_key=f"{n:032x}")
    snapshot = await services.catalog.snapshot()
    seen: list[str] = []
    cursor = ""
    while True:
        query = ListQuery(sort=sort, cursor=cursor)
        page = services.listing.page(snapshot, query, now(), limit=2)
        assert page.total == 5
        seen += [movie.slug for movie, _ in page.movies]
        cursor = page.next_cursor
        if not cursor:
            break
    assert seen == await slugs(services, ListQuery(sort=sort))


async def test_a_cursor_of_another_order_is_refused(running_services: Services) -> None:
    services = running_services
    for n in range(2):
        await put(services, slug=f"f{n}", art_key=f"{n:032x}")
    snapshot = await services.catalog.snapshot()
    first = services.listing.page(snapshot, ListQuery(sort="year"), now(), limit=1)
    with pytest.raises(InvalidInput, match="sorted by year"):
        services.listing.page(
            snapshot, ListQuery(sort="title", cursor=first.next_cursor), now(), limit=1
        )
