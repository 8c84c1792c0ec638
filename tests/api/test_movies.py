"""The catalog over HTTP: what viewers see, what managers do."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from portal.services.actors import Role
from portal.services.container import Services
from portal.services.models import new_art_key
from portal.settings import Settings
from tests.support.api_people import bearer, put_people
from tests.support.api_server import api_server
from tests.support.catalog import add_movie, now

EDITOR, MANAGER, OWNER = bearer(Role.EDITOR), bearer(Role.MANAGER), bearer(Role.OWNER)
DAY = timedelta(days=1)


@pytest.fixture
def settings(sqlite_url: str, redis_url: str, tmp_path: Path) -> Settings:
    """The services are tested on both databases; this is about HTTP."""
    return Settings(
        data_dir=tmp_path / "data",
        database_url=sqlite_url,
        redis_url=redis_url,
        port=1,
        admin_requests_per_min=1_000,
    )


@pytest.fixture
async def client(running_services: Services) -> AsyncIterator[httpx.AsyncClient]:
    await put_people(running_services)
    async with api_server() as found:
        yield found


async def put(services: Services, **values: object) -> str:
    movie = await services.db.run(lambda s: add_movie(s, services.box, **values))  # type: ignore[arg-type]
    await services.catalog.announce_change()
    return movie.id


async def put_all(services: Services) -> dict[str, str]:
    ids = {}
    for slug, values in {
        "live": {},
        "coming": {"available_from": now() + DAY},
        "gone": {"available_until": now() - DAY},
        "hidden": {"visibility": "hidden"},
        "draft": {"visibility": "draft"},
        "bare": {"captions": ()},
    }.items():
        ids[slug] = await put(services, slug=slug, art_key=new_art_key(), **values)
    return ids


def slugs(answer: httpx.Response) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [movie["slug"] for movie in answer.json()["movies"]]


async def test_viewers_see_what_is_live_and_ask_for_what_is_coming(
    client: httpx.AsyncClient, running_services: Services
) -> None:
    await put_all(running_services)
    assert slugs(await client.get("/api/movies")) == ["live"]
    assert slugs(await client.get("/api/movies?state=scheduled")) == ["coming"]
    assert slugs(await client.get("/api/movies?visibility=visible")) == ["live"]
    text = (await client.get("/api/movies")).text
    assert '"management":null' in text
    assert "source" not in text
    for query in ("visibility=draft", "visibility=hidden", "state=expired", "source=ok"):
        refused = await client.get(f"/api/movies?{query}")
        assert (refused.status_code, refused.json()["code"]) == (401, "unauthenticated")


async def test_viewers_find_no_trace_of_what_is_not_for_them(
    client: httpx.AsyncClient, running_services: Services
) -> None:
    ids = await put_all(running_services)
    statuses = {slug: (await client.get(f"/api/movies/{slug}")).status_code for slug in ids}
    assert statuses == {
        "live": 200, "coming": 200, "gone": 410, "hidden": 404, "draft": 404, "bare": 404,
    }  # fmt: skip
    one = (await client.get(f"/api/movies/{ids['live']}")).json()
    assert one["management"] is None
    assert one["captions"] == [{"language": "en", "label": "English", "kind": "subtitles"}]
    hidden = await client.get(f"/api/movies/{ids['hidden']}")
    unknown = await client.get(f"/api/movies/{'0' * 32}")
    assert hidden.json() | {"correlationId": ""} == unknown.json() | {"correlationId": ""}


async def test_managers_see_everything_and_filter_it(
    client: httpx.AsyncClient, running_services: Services
) -> None:
    ids = await put_all(running_services)
    client.headers.update(EDITOR)
    assert set(slugs(await client.get("/api/movies"))) == set(ids)
    assert slugs(await client.get("/api/movies?visibility=hidden")) == ["hidden"]
    assert set(slugs(await client.get("/api/movies?state=draft"))) == {"draft", "bare"}
    assert slugs(await client.get("/api/movies?state=expired")) == ["gone"]
    later = (now() + 2 * DAY).isoformat()
    found = await client.get("/api/movies", params={"state": "live", "at": later})
    assert set(slugs(found)) == {"live", "coming"}
    one = (await client.get("/api/movies/bare")).json()["management"]
    assert [b["code"] for b in one["blockers"]] == ["caption-missing"]
    assert one["source"]["status"] == "ok"
    assert "url" not in str(one["source"])


async def test_text_genre_and_caption_language(
    client: httpx.AsyncClient, running_services: Services
) -> None:
    await put(running_services, slug="a", title="Über den Wolken", genres=["Drama", "Sci-Fi"])
    await put(running_services, slug="b", title="Under", captions=("pt-BR",), art_key="b" * 32)
    assert slugs(await client.get("/api/movies?q=uber wolk")) == ["a"]
    assert slugs(await client.get("/api/movies?q=idris under")) == ["b"]
    assert slugs(await client.get("/api/movies?genre=sci-fi")) == ["a"]
    assert slugs(await client.get("/api/movies?captions=pt")) == ["b"]
    assert slugs(await client.get("/api/movies?captions=pt-br")) == ["b"]
    assert slugs(await client.get("/api/movies?captions=p")) == []


@pytest.mark.parametrize("sort", ["newest", "title", "year", "updated"])
async def test_pages_neither_repeat_nor_lose_a_movie_while_others_come_and_go(
    client: httpx.AsyncClient, running_services: Services, sort: str
) -> None:
    ids = [
        await put(
            running_services,
            slug=f"film-{n:02}",
            year=1990 + n % 3,
            art_key=f"{n:032x}",
            visibility="draft",
        )
        for n in range(11)
    ]
    client.headers.update(MANAGER)
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        answer = await client.get(f"/api/movies?limit=3&sort={sort}&cursor={cursor}")
        seen += [movie["movieId"] for movie in answer.json()["movies"]]
        cursor = answer.json()["nextCursor"]
        if len(seen) == 6:  # one that was seen goes
            await client.request("DELETE", f"/api/movies/{seen[0]}")
    assert sorted(seen) == sorted(ids)


async def test_a_page_that_did_not_change_is_not_sent_again(
    client: httpx.AsyncClient, running_services: Services
) -> None:
    await put(running_services)
    for headers in ({}, MANAGER):
        first = await client.get("/api/movies", headers=headers)
        tag = first.headers["etag"]
        again = await client.get("/api/movies", headers={**headers, "If-None-Match": f"W/{tag}"})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == tag
        one = await client.get("/api/movies/the-film", headers=headers)
        same = await client.get(
            "/api/movies/the-film", headers={**headers, "If-None-Match": one.headers["etag"]}
        )
        assert same.status_code == 304
    old = (await client.get("/api/movies")).headers["etag"]
    await put(running_services, slug="second", art_key="2" * 32)
    answer = await client.get("/api/movies", headers={"If-None-Match": old})
    assert set(slugs(answer)) == {"the-film", "second"}


async def test_a_movie_s_whole_life(client: httpx.AsyncClient) -> None:
    made = await client.post(
        "/api/movies", json={"title": "The Long Night", "genres": ["Drama"]}, headers=EDITOR
    )
    assert made.status_code == 201, made.text
    movie = made.json()
    where = made.headers["location"]
    assert where == f"/api/movies/{movie['movieId']}"
    assert movie["management"]["visibility"] == "draft"
    assert (await client.get(where)).status_code == 404

    assert (await client.patch(where, json={"year": 1999}, headers=EDITOR)).status_code == 428
    tag = made.headers["etag"]
    changed = await client.patch(where, json={"year": 1999}, headers=EDITOR | {"If-Match": tag})
    assert (changed.status_code, changed.json()["year"]) == (200, 1999)
    assert changed.headers["etag"] != tag

    lost = await client.patch(
        where, json={"year": 2000, "tagline": "x"}, headers=MANAGER | {"If-Match": tag}
    )
    assert (lost.status_code, lost.json()["code"]) == (412, "edit-conflict")
    assert lost.json()["differences"] == [
        {"field": "year", "yours": 2000, "theirs": 1999, "bothChanged": True}
    ]
    assert lost.json()["currentVersion"] == 2
    forced = await client.patch(where, json={"year": 2000}, headers=MANAGER | {"If-Match": "*"})
    assert forced.status_code == 200

    blocked = await client.post(
        f"{where}/visibility", json={"visibility": "visible"}, headers=MANAGER
    )
    assert (blocked.status_code, blocked.json()["code"]) == (409, "caption-missing")
    assert [b["code"] for b in blocked.json()["blockers"]] == ["source-missing", "caption-missing"]
    assert (await client.delete(where, headers=EDITOR)).status_code == 204
    assert (await client.get(where, headers=MANAGER)).status_code == 404


async def test_show_and_hide(client: httpx.AsyncClient, running_services: Services) -> None:
    await put(running_services, visibility="draft")
    where = "/api/movies/the-film"
    refused = await client.post(
        f"{where}/visibility", json={"visibility": "visible"}, headers=EDITOR
    )
    assert refused.status_code == 403
    shown = await client.post(
        f"{where}/visibility", json={"visibility": "visible"}, headers=MANAGER
    )
    assert (shown.status_code, shown.json()["state"]) == (200, "live")
    assert (await client.get(where)).status_code == 200
    assert (await client.delete(where, headers=MANAGER)).status_code == 409
    await client.post(f"{where}/visibility", json={"visibility": "hidden"}, headers=MANAGER)
    assert (await client.get(where)).status_code == 404


async def test_a_renamed_movie_is_found_under_its_old_address(
    client: httpx.AsyncClient, running_services: Services
) -> None:
    await put(running_services)
    await client.patch(
        "/api/movies/the-film", json={"slug": "new-name"}, headers=MANAGER | {"If-Match": "*"}
    )
    moved = await client.get("/api/movies/the-film")
    assert (moved.status_code, moved.headers["location"]) == (301, "/api/movies/new-name")
    await client.post(
        "/api/movies/new-name/visibility", json={"visibility": "hidden"}, headers=MANAGER
    )
    assert (await client.get("/api/movies/the-film")).status_code == 404
    assert (await client.get("/api/movies/the-film", headers=MANAGER)).status_code == 301


@pytest.mark.parametrize(
    ("body", "field", "words"),
    [
        ({"title": "x" * 10_000}, "title", "10,000 characters; up to 200"),
        ({"title": ""}, "title", "is empty"),
        ({"title": "a", "availableFrom": "2026-03-02T00:00:00Z",
          "availableUntil": "2026-03-01T00:00:00+00:00"}, "availableUntil", "before it starts"),
        ({"title": "a", "availableFrom": "2026-03-29T01:30:00"}, "availableFrom", "its offset"),
        ({"title": "a", "availableFrom": 17}, "availableFrom", "its offset"),
        ({"title": "a", "availableFrom": "2026-13-45T99:00:00Z"}, "availableFrom", "its offset"),
        ({"title": "a", "availableFrom": "0001-01-01T00:00:00+14:00"}, "availableFrom", "1970"),
        ({"title": "a", "year": "1999"}, "year", "integer"),
        ({"title": "a", "year": 1500}, "year", "between 1888"),
        ({"title": "a", "genres": ["x" * 41]}, "genres", "up to 40"),
        ({"title": "a", "slug": "A B"}, "slug", "hyphens"),
        ({"title": "a", "visibility": "visible"}, "visibility", "not permitted"),
        ({"year": 1999}, "title", "required"),
        ([], "body", "dictionary"),
    ],
)  # fmt: skip
async def test_bad_input_is_named_by_its_field(
    client: httpx.AsyncClient, body: object, field: str, words: str
) -> None:
    answer = await client.post("/api/movies", json=body, headers=EDITOR)
    assert (answer.status_code, answer.json()["code"]) == (422, "validation"), answer.text
    errors = {each["field"]: each["detail"] for each in answer.json()["errors"]}
    assert words in errors[field]
    assert answer.json()["correlationId"] == answer.headers["x-correlation-id"]


async def test_duplicate_titles_that_differ_in_case_or_form(client: httpx.AsyncClient) -> None:
    first = await client.post("/api/movies", json={"title": "Café Noir"}, headers=EDITOR)
    assert first.status_code == 201
    again = await client.post("/api/movies", json={"title": "CAFE\u0301  NOIR"}, headers=EDITOR)
    assert again.status_code == 422
    assert "“Café Noir” already" in again.json()["errors"][0]["detail"]


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/api/movies", {"title": "x"}),
        ("PATCH", "/api/movies/the-film", {}),
        ("DELETE", "/api/movies/the-film", None),
        ("POST", "/api/movies/the-film/visibility", {"visibility": "hidden"}),
        ("GET", "/api/movies/the-film/captions", None),
        ("GET", "/api/movies/the-film/source", None),
        ("PUT", "/api/movies/the-film/source", {"url": "https://x.example/a.m3u8"}),
        ("POST", "/api/movies/the-film/source/check", None),
        ("GET", "/api/movies/the-film/artwork", None),
        ("GET", "/api/audit", None),
        ("GET", "/api/audit/export", None),
        ("GET", "/api/audit/verification", None),
    ],
)
async def test_nobody_does_anything_without_signing_in(
    client: httpx.AsyncClient, running_services: Services, method: str, path: str, body: object
) -> None:
    await put(running_services)
    answer = await client.request(method, path, json=body)
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")
    wrong = await client.request(method, path, json=body, headers={"Authorization": "Bearer nope"})
    assert wrong.status_code == 401


@pytest.mark.parametrize(
    "cursor", ["x", "W10", "!!!", "bnVsbA", "WyJ0aXRsZSIsMSwyXQ", "W1tdLDEsMl0"]
)
async def test_a_cursor_that_is_not_one(client: httpx.AsyncClient, cursor: str) -> None:
    answer = await client.get(f"/api/movies?cursor={cursor}")
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "cursor")


async def test_a_body_that_is_too_large_or_no_json(client: httpx.AsyncClient) -> None:
    large = await client.post("/api/movies", content=b'"' + b"x" * 2**21 + b'"', headers=EDITOR)
    assert (large.status_code, large.json()["code"]) == (413, "too-large")

    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(40):
            yield b"x" * 2**16

    streamed = await client.post(
        "/api/movies", content=pieces(), headers=EDITOR | {"Content-Type": "application/json"}
    )
    assert (streamed.status_code, streamed.json()["code"]) == (413, "too-large")
    broken = await client.post(
        "/api/movies", content=b"{", headers=EDITOR | {"Content-Type": "application/json"}
    )
    assert broken.status_code == 422
    assert "not JSON" in broken.json()["errors"][0]["detail"]


async def test_accounts_are_counted_and_told(
    client: httpx.AsyncClient, running_services: Services
) -> None:
    quota = running_services.settings.admin_requests_per_min
    for left in (quota - 1, quota - 2):
        answer = await client.post("/api/movies", json={"title": ""}, headers=EDITOR)
        assert answer.headers["ratelimit-policy"] == f'"admin";q={quota};w=60'
        assert answer.headers["ratelimit"].startswith(f'"admin";r={left};')
    other = await client.get("/api/movies", headers=MANAGER)
    assert other.headers["ratelimit"].startswith(f'"admin";r={quota - 1};')


async def test_viewers_are_counted(client: httpx.AsyncClient, running_services: Services) -> None:
    answer = await client.get("/api/movies")
    quota = running_services.settings.viewer_requests_per_min
    assert answer.headers["ratelimit-policy"] == f'"viewer";q={quota};w=60'
    for _ in range(quota):
        answer = await client.get("/api/movies")
    assert (answer.status_code, answer.json()["code"]) == (429, "rate-limited")
    assert int(answer.headers["retry-after"]) >= 1
