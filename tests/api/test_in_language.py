"""Which language an answer is in: by its address, by what was chosen, by the browser."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime

import httpx
import pytest

from portal.api.documents import Document
from portal.api.wording import wording
from portal.languages import COOKIE, LANGUAGES
from portal.services.container import Services
from portal.services.translation import language, t
from tests.support.api_server import api_server
from tests.support.catalog import add_movie

BROWSER = {"accept": "text/html,*/*", "accept-language": "pt-BR,pt;q=0.9,en;q=0.8"}


class Speaks:
    """Gives pages that say where they are and in which language."""

    async def page(self, path: str, query: str, origin: str, at: datetime) -> Document | None:
        del origin, at
        return Document.of(f"{language().code} {path}?{query} {t('Films')}")


@pytest.fixture
async def client(running_services: Services) -> AsyncIterator[httpx.AsyncClient]:
    async with api_server(Speaks()) as found:
        yield found


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/", "en /? Films"),
        ("/browse?genre=Drama", "en /browse?genre=Drama Films"),
        ("/pt", "pt /? Filmes"),
        ("/pt/", "pt /? Filmes"),
        ("/pt/browse?q=a", "pt /browse?q=a Filmes"),
        ("/ar/browse", "ar /browse? أفلام"),
        ("/en/browse", "en /en/browse? Films"),  # English has no prefix
    ],
)
async def test_an_address_says_its_language(
    client: httpx.AsyncClient, address: str, said: str
) -> None:
    assert (await client.get(address)).text == said


async def test_the_bare_home_page_leads_to_the_browser_s_language(
    client: httpx.AsyncClient,
) -> None:
    answer = await client.get("/?from=mail", headers=BROWSER)
    assert (answer.status_code, answer.headers["location"]) == (302, "/pt?from=mail")
    assert answer.headers["cache-control"] == "private, no-store"
    assert "Accept-Language" in answer.headers["vary"]
    arabic = await client.get("/", headers={**BROWSER, "cookie": f"{COOKIE}=ar"})
    assert arabic.headers["location"] == "/ar"


@pytest.mark.parametrize(
    "headers",
    [
        {},  # a crawler
        {"accept-language": "pt"},  # a program
        {**BROWSER, "accept-language": "en-US,en;q=0.9,pt;q=0.1"},
        {**BROWSER, "accept-language": "fr-FR"},
        {**BROWSER, "cookie": f"{COOKIE}=en"},  # chosen
        {**BROWSER, "sec-fetch-site": "same-origin"},  # from one of our own pages
        {**BROWSER, "sec-fetch-mode": "cors"},
    ],
)
async def test_nobody_else_is_led_away(client: httpx.AsyncClient, headers: dict[str, str]) -> None:
    answer = await client.get("/", headers=headers)
    assert (answer.status_code, answer.text) == (200, "en /? Films")


async def test_only_the_home_page_leads_elsewhere(client: httpx.AsyncClient) -> None:
    assert (await client.get("/browse", headers=BROWSER)).text.startswith("en /browse")


async def test_files_and_the_api_have_one_address(client: httpx.AsyncClient) -> None:
    for path in ("/pt/api/movies", "/ar/api/health/live", "/pt/robots.txt", "/pt/portal.css"):
        assert not (await client.get(path)).text.startswith(("pt ", "{")), path
    assert (await client.get("/api/movies", headers=BROWSER)).status_code == 200


async def test_the_api_speaks_english_to_everybody(
    client: httpx.AsyncClient, running_services: Services
) -> None:
    headers = {**BROWSER, "cookie": f"{COOKIE}=ar"}
    answer = await client.get("/api/movies/none", headers=headers)
    assert (answer.status_code, answer.json()["detail"]) == (404, "We can't find that film.")
    await running_services.db.run(lambda s: add_movie(s, running_services.box, slug="a").id)


async def test_a_renamed_film_is_found_in_its_language(
    client: httpx.AsyncClient, running_services: Services
) -> None:
    movie_id = await running_services.db.run(
        lambda session: add_movie(session, running_services.box, slug="the-film").id
    )
    await running_services.catalog.announce_change()
    answer = await client.get(f"/pt/movie/{movie_id}")
    assert (answer.status_code, answer.headers["location"]) == (301, "/pt/movie/the-film")


async def test_pages_with_forms_speak_what_was_chosen(client: httpx.AsyncClient) -> None:
    for headers, direction in (
        ({}, 'lang="en" dir="ltr"'),
        ({"accept-language": "pt"}, 'lang="pt" dir="ltr"'),
        ({"accept-language": "pt", "cookie": f"{COOKIE}=ar"}, 'lang="ar" dir="rtl"'),
    ):
        answer = await client.get("/admin/login", headers=headers)
        assert f"<html {direction}" in answer.text


async def test_the_pages_of_content_managers_are_in_english_at_one_address(
    client: httpx.AsyncClient,
) -> None:
    answer = await client.get("/ar/admin/movies/new?a=b")
    assert (answer.status_code, answer.headers["location"]) == (302, "/admin/movies/new?a=b")


@pytest.mark.parametrize("code", ["pt", "ar"])
async def test_words_are_kept_for_ever_under_their_own_address(
    client: httpx.AsyncClient, code: str
) -> None:
    spoken = next(entry for entry in LANGUAGES if entry.code == code)
    words = wording(spoken)
    answer = await client.get(words.path)
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.text == words.script
    older = await client.get(f"/i18n/{code}.000000000000.js")
    assert (older.status_code, older.headers["cache-control"]) == (200, "no-store")
    assert (await client.get("/i18n/xx.000000000000.js")).status_code == 404
    assert (await client.get("/i18n/en.000000000000.js")).status_code == 404
