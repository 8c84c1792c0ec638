"""Shelves over HTTP: what stands on the home page, who may change it, and that nothing leaks."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest

from portal.services.actors import Role
from portal.services.container import Services
from tests.support.api_people import bearer, put_people
from tests.support.api_server import api_server
from tests.support.catalog import add_movie, now

FIRST = ["new", "leaving", "genres-first", "coming", "genres-more"]


@pytest.fixture
async def client(running_services: Services) -> AsyncIterator[httpx.AsyncClient]:
    await put_people(running_services)
    async with api_server() as found:
        found.headers.update(bearer(Role.MANAGER))
        yield found


async def put(services: Services, slug: str, **values: object) -> str:
    movie = await services.db.run(
        lambda s: add_movie(s, services.box, slug=slug, **values)  # type: ignore[arg-type]
    )
    await services.catalog.announce_change()
    return movie.id


async def home(services: Services, **later: float) -> dict[str, list[str]]:
    page = await services.catalog.home(now() + timedelta(**later))
    return {row.title: [card.slug for card in row.cards] for row in page.rows}


async def ids(client: httpx.AsyncClient) -> list[str]:
    return [each["id"] for each in (await client.get("/api/shelves")).json()["shelves"]]


async def test_an_upgraded_portal_has_the_rows_that_it_had(
    client: httpx.AsyncClient, running_services: Services
) -> None:
    services = running_services
    day = timedelta(days=1)
    await put(services, "a", genres=["Drama", "War"])
    await put(services, "b", genres=["Drama", "Crime"], available_until=now() + day)
    await put(services, "c", genres=["Drama", "Crime"])
    await put(services, "d", genres=["Comedy"], available_from=now() + day)
    page = await services.catalog.home(now())
    assert [(row.key, row.title) for row in page.rows] == [
        ("new", "New on the portal"), ("leaving", "Leaving soon"), ("genre-0", "Drama"),
        ("genre-1", "Crime"), ("coming", "Coming soon"), ("genre-2", "War"),
    ]  # fmt: skip
    assert [row.key for row in page.rows if row.is_wide] == ["leaving", "coming"]
    assert await ids(client) == FIRST


async def test_a_shelf_is_made_changed_ordered_and_deleted(
    client: httpx.AsyncClient, running_services: Services
) -> None:
    services = running_services
    one, two = await put(services, "one"), await put(services, "two", year=1994)
    made = await client.post(
        "/api/shelves", json={"title": "By hand", "movieIds": [two, one], "size": 2}
    )
    assert made.status_code == 201, made.text
    assert (await home(services))["By hand"] == ["two", "one"]
    path = made.headers["Location"]
    shelf_id = made.json()["id"]

    order = [shelf_id, *FIRST]
    assert (await client.put("/api/shelves/order", json={"shelfIds": order})).status_code == 200
    assert next(iter(await home(services))) == "By hand"
    assert (await client.put("/api/shelves/order", json={"shelfIds": FIRST})).status_code == 409

    change = {"kind": "decade", "value": "1990", "title": "The nineties"}
    assert (await client.patch(path, json=change)).status_code == 428
    tag = {"If-Match": made.headers["ETag"]}
    changed = await client.patch(path, json=change, headers=tag)
    assert changed.status_code == 200, changed.text
    assert (await home(services))["The nineties"] == ["two"]
    lost = await client.patch(path, json={"title": "Mine"}, headers=tag)
    assert (lost.status_code, lost.json()["code"]) == (412, "edit-conflict")

    tag = {"If-Match": changed.headers["ETag"]}
    assert (await client.patch(path, json={"isVisible": False}, headers=tag)).is_success
    assert "The nineties" not in await home(services)
    assert (await client.delete(path)).status_code == 204
    assert await ids(client) == FIRST
    events = (await client.get("/api/audit?entity=shelf")).json()["events"]
    assert [each["action"] for each in events] == [
        "shelf.delete", "shelf.update", "shelf.update", "shelf.order", "shelf.create",
    ]  # fmt: skip


async def test_a_shelf_comes_and_goes_by_itself(
    client: httpx.AsyncClient, running_services: Services
) -> None:
    services = running_services
    await put(services, "one")
    start, end = now() + timedelta(hours=1), now() + timedelta(hours=2)
    shelf = {"title": "Tonight", "kind": "new"}
    window = {"startsAt": start.isoformat(), "endsAt": end.isoformat()}
    assert (await client.post("/api/shelves", json=shelf | window)).status_code == 201
    assert "Tonight" not in await home(services)
    assert "Tonight" in await home(services, hours=1.5)
    assert "Tonight" not in await home(services, hours=2.5)
    edition = await services.catalog.edition(now())
    assert edition.valid_until == start, "pages that were made before end with it"


@pytest.mark.parametrize("kind", ["manual", "new", "leaving", "coming", "genre", "popular"])
async def test_what_viewers_may_not_see_is_on_no_shelf(
    client: httpx.AsyncClient, running_services: Services, kind: str
) -> None:
    services, day = running_services, timedelta(days=1)
    secret = {
        "hidden": {"visibility": "hidden"},
        "draft": {"visibility": "draft"},
        "gone": {"available_until": now() - day},
        "mute": {"captions": ()},
        "hidden-coming": {"visibility": "hidden", "available_from": now() + day},
        "draft-coming": {"visibility": "draft", "available_from": now() + day},
        "hidden-leaving": {"visibility": "hidden", "available_until": now() + day},
    }
    movie_ids = [await put(services, slug, **values) for slug, values in secret.items()]
    value = {"genre": "Drama"}.get(kind, "")
    shelf = {"title": "All of it", "kind": kind, "value": value, "movieIds": movie_ids}
    assert (await client.post("/api/shelves", json=shelf)).status_code == 201
    services.catalog._popular = movie_ids
    assert await home(services) == {}


async def test_an_editor_looks_and_nobody_else(
    client: httpx.AsyncClient, running_services: Services
) -> None:
    editor = bearer(Role.EDITOR)
    assert (await client.get("/api/shelves", headers=editor)).status_code == 200
    refused = await client.post("/api/shelves", json={"title": "x"}, headers=editor)
    assert refused.status_code == 403
    client.headers.pop("Authorization")
    assert (await client.get("/api/shelves")).status_code == 401


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "x" * 81}, "title"),
        ({"title": "x", "kind": "genre"}, "value"),
        ({"title": "x", "kind": "decade", "value": "1994"}, "value"),
        ({"kind": "largest-genres", "value": "many"}, "value"),
        ({"title": "x", "size": 0}, "size"),
        ({"title": "x", "startsAt": "2026-01-02T00:00:00Z", "endsAt": "2026-01-01T00:00:00Z"},
         "endsAt"),
    ],
)  # fmt: skip
async def test_what_is_wrong_is_said_of_its_field(
    client: httpx.AsyncClient, fields: dict[str, object], field: str
) -> None:
    answer = await client.post("/api/shelves", json=fields)
    assert answer.status_code == 422
    assert [each["field"] for each in answer.json()["errors"]] == [field]
