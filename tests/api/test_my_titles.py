"""Continue watching and my list over HTTP, on SQLite and MariaDB with a real Redis."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest
from sqlmodel import select

from portal.services.actors import Role
from portal.services.container import Services
from portal.services.models import Movie, ViewingSession
from portal.services.viewers import COOKIE
from tests.support.api_server import api_server
from tests.support.catalog import add_movie, now
from tests.support.people import person

OWN = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
async def client(running_services: Services) -> AsyncIterator[httpx.AsyncClient]:
    async with api_server() as found:
        found.headers.update(OWN)
        yield found


async def put(services: Services, slug: str = "the-film", **values: object) -> str:
    values = {"duration_s": 3600.0, **values}
    movie = await services.db.run(
        lambda s: add_movie(s, services.box, slug=slug, **values)  # type: ignore[arg-type]
    )
    await services.catalog.announce_change()
    return movie.id


async def watch(client: httpx.AsyncClient, services: Services, slug: str, at_s: float) -> None:
    opened = await client.post(f"/api/movies/{slug}/stream-token")
    assert opened.status_code == 200, opened.text
    session = opened.json()["sessionId"]
    report = {"positionS": at_s, "ended": True}
    told = await client.post(f"/api/viewing-sessions/{session}/position", json=report)
    assert told.status_code == 204
    await services.sessions.flush()


async def mine(client: httpx.AsyncClient) -> tuple[list[str], list[str]]:
    answer = await client.get("/api/my/titles")
    assert answer.status_code == 200, answer.text
    found = answer.json()
    return (
        [each["slug"] for each in found["continueWatching"]],
        [each["slug"] for each in found["myList"]],
    )


async def test_a_film_that_was_begun_is_there_until_its_credits(
    client: httpx.AsyncClient, running_services: Services
) -> None:
    for slug in ("first", "second", "glance"):
        await put(running_services, slug)
    assert await mine(client) == ([], [])
    await watch(client, running_services, "glance", 5.0)
    await watch(client, running_services, "first", 900.0)
    await watch(client, running_services, "second", 1800.0)
    assert (await mine(client))[0] == ["second", "first"]
    found = (await client.get("/api/my/titles")).json()["continueWatching"][0]
    assert (found["percent"], found["positionS"], found["left"]) == (50, 1800.0, "30 min left")
    await watch(client, running_services, "second", 3600.0 - 119)  # within its last two minutes
    assert (await mine(client))[0] == ["first"]
    await watch(client, running_services, "second", 60.0)
    assert (await mine(client))[0] == ["second", "first"], "it was begun again"


async def test_taking_away_is_undone_or_ends_with_watching_again(
    client: httpx.AsyncClient, running_services: Services
) -> None:
    movie_id = await put(running_services)
    await watch(client, running_services, "the-film", 900.0)
    path = f"/api/my/continue-watching/{movie_id}"
    assert (await client.delete(path)).status_code == 204
    assert await mine(client) == ([], [])
    assert (await client.put(path)).status_code == 204
    assert (await mine(client))[0] == ["the-film"]
    await client.delete(path)
    await watch(client, running_services, "the-film", 1000.0)
    assert (await mine(client))[0] == ["the-film"]


async def test_the_list_keeps_its_order_and_is_the_browser_s_own(
    client: httpx.AsyncClient, running_services: Services
) -> None:
    first = await put(running_services, "first")
    await put(running_services, "second")
    for name in (first, "second", first):  # by id or slug; twice is once
        assert (await client.put(f"/api/my/list/{name}")).status_code == 204
    assert await mine(client) == ([], ["second", "first"])
    kept = client.cookies[COOKIE]
    client.cookies.clear()
    assert await mine(client) == ([], [])
    client.cookies.set(COOKIE, kept[:-1] + ("0" if kept[-1] != "0" else "1"))
    assert await mine(client) == ([], []), "a pseudonym that was not signed is nobody's"
    client.cookies.clear()
    client.cookies.set(COOKIE, kept)
    assert (await client.delete("/api/my/list/second")).status_code == 204
    assert await mine(client) == ([], ["first"])


@pytest.mark.parametrize(
    "hidden",
    [{"visibility": "hidden"}, {"visibility": "draft"}, {"available_until": timedelta(hours=-1)}],
)
async def test_what_viewers_may_not_see_is_in_no_list(
    client: httpx.AsyncClient, running_services: Services, hidden: dict[str, object]
) -> None:
    services = running_services
    movie_id = await put(services)
    await watch(client, services, "the-film", 900.0)
    await client.put("/api/my/list/the-film")
    assert await mine(client) == (["the-film"], ["the-film"])

    def hide(session: object) -> None:
        movie = session.get(Movie, movie_id)  # type: ignore[attr-defined]
        for name, value in hidden.items():
            setattr(movie, name, now() + value if isinstance(value, timedelta) else value)

    await services.db.run(hide)
    await services.catalog.refresh(anew=True, force=True)
    assert "the-film" not in (await client.get("/api/my/titles")).text
    assert (await client.put("/api/my/list/the-film")).status_code == 404
    assert (await client.delete("/api/my/list/the-film")).status_code == 204


async def test_history_is_forgotten_and_the_list_stays(
    client: httpx.AsyncClient, running_services: Services
) -> None:
    services = running_services
    await put(services)
    await watch(client, services, "the-film", 900.0)
    await client.put("/api/my/list/the-film")
    assert (await client.delete("/api/my/history")).status_code == 204
    assert await mine(client) == ([], ["the-film"])
    opened = (await client.post("/api/movies/the-film/stream-token")).json()
    assert opened["resumeAt"] == 0
    viewer_id = client.cookies[COOKIE].partition(".")[0]
    await services.sessions.flush()
    owners = await services.db.run(
        lambda s: [(row.viewer_id, row.position_s) for row in s.exec(select(ViewingSession))]
    )
    assert [at for who, at in owners if who == viewer_id] == [0.0], "only the new session"


async def test_signing_in_takes_the_browser_s_titles_along(
    client: httpx.AsyncClient, running_services: Services
) -> None:
    services = running_services
    for slug in ("first", "second"):
        await put(services, slug)
    someone = await person(services, Role.EDITOR)
    login, _, secret = someone.cookie.partition("=")
    await watch(client, services, "first", 900.0)
    await client.put("/api/my/list/second")
    client.cookies.set(login, secret)
    assert await mine(client) == (["first"], ["second"])
    assert (await client.get("/api/my/titles")).json()["isAccount"]
    opened = (await client.post("/api/movies/first/stream-token")).json()
    assert opened["resumeAt"] == 900.0, "where the account left it"
    # Another device of the same person.
    device = client.cookies[COOKIE]
    client.cookies.clear()
    client.cookies.set(login, secret)
    assert await mine(client) == (["first"], ["second"])
    # Whoever uses the first device without the account finds nothing of theirs.
    client.cookies.clear()
    client.cookies.set(COOKIE, device)
    assert await mine(client) == ([], [])
    assert (await client.post("/api/movies/first/stream-token")).json()["resumeAt"] == 0


CHANGES = (
    ("PUT", "/api/my/list/the-film"),
    ("DELETE", "/api/my/list/the-film"),
    ("PUT", "/api/my/continue-watching/the-film"),
    ("DELETE", "/api/my/continue-watching/the-film"),
    ("DELETE", "/api/my/history"),
)


async def test_other_sites_change_nothing(
    client: httpx.AsyncClient, running_services: Services
) -> None:
    await put(running_services)
    await client.put("/api/my/list/the-film")
    for headers in (
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", "Origin": "https://evil.example"},
        {"Sec-Fetch-Site": "", "Origin": "https://evil.example"},
        {"Sec-Fetch-Site": ""},
    ):
        for method, path in CHANGES:
            answer = await client.request(method, path, headers=headers)
            assert answer.status_code == 403, (method, path, headers)
    assert await mine(client) == ([], ["the-film"])


async def test_changes_count_as_a_viewer_s_requests(
    client: httpx.AsyncClient, running_services: Services
) -> None:
    await put(running_services)
    limit = running_services.settings.viewer_requests_per_min
    for _ in range(limit + 2):  # the first counts for the address, before there is a cookie
        answer = await client.delete("/api/my/list/the-film")
        if answer.status_code == 429:
            break
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
