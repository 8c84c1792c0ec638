"""robots.txt, sitemaps and the feed, read as machines read them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from email.utils import parsedate_to_datetime
from xml.etree import ElementTree

import httpx
import pytest

from portal.api import feeds
from portal.languages import LANGUAGES
from portal.services.container import Services
from tests.api.test_pages import put
from tests.support.api_server import api_server
from tests.support.catalog import now

NAMES = {
    "s": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "x": "http://www.w3.org/1999/xhtml",
}


@pytest.fixture
async def client(running_services: Services) -> AsyncIterator[httpx.AsyncClient]:
    async with api_server() as found:
        yield found


def locations(answer: httpx.Response) -> list[str]:
    assert answer.status_code == 200
    found = ElementTree.fromstring(answer.content).iterfind(".//s:loc", NAMES)
    return [str(place.text) for place in found]


async def test_the_sitemap_has_every_page_that_is_there(
    client: httpx.AsyncClient, running_services: Services
) -> None:
    day = timedelta(days=1)
    await put(running_services, "live")
    await put(running_services, "coming", available_from=now() + day)
    await put(running_services, "gone", available_until=now() - day)
    await put(running_services, "hidden", visibility="hidden")
    answer = await client.get("/sitemap.xml")
    base = str(client.base_url).rstrip("/")
    found = locations(answer)
    assert found == [
        base + address
        for address in (
            *("/", "/pt", "/ar", "/browse", "/pt/browse", "/ar/browse"),
            *("/movie/live", "/pt/movie/live", "/ar/movie/live"),
            *("/movie/coming", "/pt/movie/coming", "/ar/movie/coming"),
        )
    ]
    live = ElementTree.fromstring(answer.content)[7]  # in Portuguese; it names all, itself too
    others = {
        link.attrib["hreflang"]: link.attrib["href"] for link in live.iterfind("x:link", NAMES)
    }
    assert others == {
        "en": f"{base}/movie/live",
        "pt": f"{base}/pt/movie/live",
        "ar": f"{base}/ar/movie/live",
        "x-default": f"{base}/movie/live",
    }
    same = await client.get("/sitemap.xml", headers={"if-none-match": answer.headers["etag"]})
    assert same.status_code == 304
    await put(running_services, "second & last")
    assert f"{base}/movie/second%20%26%20last" in locations(await client.get("/sitemap.xml"))


async def test_a_large_catalog_has_several_sitemaps(
    client: httpx.AsyncClient, running_services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feeds, "PER_SITEMAP", 2)
    for number in range(5):
        await put(running_services, f"film-{number}")
    parts = locations(await client.get("/sitemap.xml"))
    assert len(parts) == 3
    found = [place for part in parts for place in locations(await client.get(part))]
    assert len([place for place in found if "/movie/" in place]) == 5 * len(LANGUAGES)
    assert len(set(found)) == len(found) == 7 * len(LANGUAGES)
    assert (await client.get("/sitemap-4.xml")).status_code == 404
    assert (await client.get("/sitemap-0.xml")).status_code == 404


async def test_robots_names_the_sitemap_and_what_is_private(client: httpx.AsyncClient) -> None:
    lines = (await client.get("/robots.txt")).text.splitlines()
    assert {"Disallow: /admin/", "Disallow: /ar/watch/", "Disallow: /pt/admin/"} <= set(lines)
    assert "Disallow: /hls/" in lines
    sitemap = next(line for line in lines if line.startswith("Sitemap: "))
    assert (await client.get(sitemap.removeprefix("Sitemap: "))).status_code == 200


async def test_the_feed_has_new_titles_first(
    client: httpx.AsyncClient, running_services: Services
) -> None:
    await put(running_services, "old", added_at=now() - timedelta(days=9))
    await put(running_services, "new", title='<New> & "good"')
    await put(running_services, "coming", available_from=now() + timedelta(days=1))
    answer = await client.get("/new.rss")
    assert answer.headers["content-type"].startswith("application/rss+xml")
    items = ElementTree.fromstring(answer.content).findall(".//item")
    assert [item.findtext("title") for item in items] == ['<New> & "good" (2001)', "Old (2001)"]
    for item in items:
        assert str(item.findtext("link")).startswith("http")
        assert parsedate_to_datetime(str(item.findtext("pubDate"))).tzinfo is not None
        assert item.findtext("guid")
