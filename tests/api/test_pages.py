"""Status codes of movie pages: found, coming, gone, unknown, renamed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import httpx
import pytest

from portal.api.documents import Document
from portal.services.container import Services
from portal.services.models import SlugHistory
from tests.support.api_server import api_server
from tests.support.catalog import add_movie, now


class Names:
    """Gives pages that say their own address."""

    async def page(self, path: str, query: str, origin: str, at: datetime) -> Document | None:
        del at
        return None if path == "/static" else Document.of(f"{origin}{path}?{query}")


@pytest.fixture
async def client(running_services: Services) -> AsyncIterator[httpx.AsyncClient]:
    async with api_server(Names()) as found:
        yield found


async def put(services: Services, slug: str, *former: str, **values: object) -> str:
    def work(session: object) -> str:
        movie = add_movie(session, services.box, slug=slug, **values)  # type: ignore[arg-type]
        for old in former:
            session.add(SlugHistory(slug=old, movie_id=movie.id))  # type: ignore[attr-defined]
        return movie.id

    movie_id = await services.db.run(work)
    await services.catalog.announce_change()
    return movie_id


async def test_each_state_has_its_status(
    client: httpx.AsyncClient, running_services: Services
) -> None:
    day = timedelta(days=1)
    await put(running_services, "live")
    await put(running_services, "coming", available_from=now() + day)
    await put(running_services, "gone", available_until=now() - day)
    await put(running_services, "hidden", visibility="hidden")
    await put(running_services, "draft", visibility="draft")
    expected = {"live": 200, "coming": 200, "gone": 410, "hidden": 404, "draft": 404, "none": 404}
    for kind in ("movie", "watch"):
        for slug, status in expected.items():
            answer = await client.get(f"/{kind}/{slug}")
            assert answer.status_code == status, (kind, slug)
            assert answer.text.endswith(f"/{kind}/{slug}?")
            assert answer.headers["x-content-type-options"] == "nosniff"


async def test_a_film_that_starts_is_there_in_that_moment(
    client: httpx.AsyncClient, running_services: Services
) -> None:
    await put(running_services, "ends", available_until=now() + timedelta(seconds=0.5))
    first = await running_services.catalog.edition(now())
    assert (await client.get("/movie/ends")).status_code == 200
    while first.holds(now()):
        pass
    assert (await client.get("/movie/ends")).status_code == 410


async def test_a_renamed_film_is_found_under_its_old_names(
    client: httpx.AsyncClient, running_services: Services
) -> None:
    movie_id = await put(running_services, "千と千尋", "old-name", "older-name")
    for kind in ("movie", "watch"):
        for old in ("old-name", "older-name", movie_id):
            answer = await client.get(f"/{kind}/{old}?t=90")
            assert answer.status_code == 301
            assert answer.headers["location"] == (
                f"/{kind}/%E5%8D%83%E3%81%A8%E5%8D%83%E5%B0%8B?t=90"
            )
            assert (await client.get(f"/{kind}/{old}", follow_redirects=True)).status_code == 200


async def test_a_hidden_film_does_not_tell_its_new_name(
    client: httpx.AsyncClient, running_services: Services
) -> None:
    await put(running_services, "secret-name", "old-name", visibility="hidden")
    assert (await client.get("/movie/old-name")).status_code == 404


async def test_a_page_comes_once_and_in_the_encoding_that_is_accepted(
    client: httpx.AsyncClient,
) -> None:
    texts = set()
    for accepted, encoding in (
        ("br, gzip", "br"),
        ("gzip;q=0.5", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("identity", None),
    ):
        answer = await client.get("/", headers={"accept-encoding": accepted})
        assert answer.headers.get("content-encoding") == encoding
        assert answer.headers["vary"] == "accept-encoding, Accept-Language, Cookie"
        texts.add(answer.text)
    assert len(texts) == 1
    etag = answer.headers["etag"]
    for given in (etag, etag.removeprefix("W/"), f'"other", {etag}', "*"):
        again = await client.get("/", headers={"if-none-match": given})
        assert again.status_code == 304
        assert again.content == b""
    assert (await client.get("/", headers={"if-none-match": '"other"'})).status_code == 200


async def test_the_first_page_brings_a_cookie_and_the_next_does_not(
    client: httpx.AsyncClient,
) -> None:
    assert "set-cookie" in (await client.get("/")).headers
    assert "set-cookie" not in (await client.get("/browse")).headers


async def test_without_a_rendered_page_the_template_is_asked_for(
    client: httpx.AsyncClient,
) -> None:
    assert (await client.get("/static")).text == ""
