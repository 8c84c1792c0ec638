"""What stands behind a flag: off means 404 and refusal, and everything else goes on."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

import httpx
import pytest

from portal.services import flags
from portal.services.actors import Role
from portal.services.container import Services
from portal.services.flags import FLAGS
from portal.state.site_state import switched_off
from tests.services.test_dialogue_search import put
from tests.support.api_people import bearer, put_people
from tests.support.api_server import api_server

SwitchOff = Callable[[str], None]
OWN = {"Sec-Fetch-Site": "same-origin"}
BEHIND = [
    (flags.INSIGHTS, "GET", "/api/insights/export"),
    (flags.INSIGHTS, "GET", "/admin/insights"),
    (flags.INSIGHTS, "GET", "/admin/insights/some-film"),
    (flags.VIEWING_REPORTS, "POST", "/api/qoe"),
    (flags.INSTANT_SEARCH, "GET", "/api/search?q=harbour"),
    (flags.MY_TITLES, "GET", "/api/my/titles"),
    (flags.MY_TITLES, "DELETE", "/api/my/list/the-film"),
    (flags.MY_TITLES, "DELETE", "/api/my/history"),
    (flags.MY_TITLES, "GET", "/my-list"),
    (flags.SHELVES, "GET", "/api/shelves"),
    (flags.SHELVES, "POST", "/api/shelves"),
    (flags.SHELVES, "GET", "/admin/shelves"),
    (flags.INSTALLABLE, "GET", "/manifest.webmanifest"),
    (flags.STYLEGUIDE, "GET", "/styleguide"),
    (flags.ADMIN_UI, "GET", "/admin"),
]


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Which database there is makes no difference here."""
    return sqlite_url


@pytest.fixture
async def client(running_services: Services) -> AsyncIterator[httpx.AsyncClient]:
    await put_people(running_services)
    async with api_server() as found:
        found.headers.update(bearer(Role.MANAGER) | OWN)
        yield found


@pytest.mark.parametrize(("flag", "method", "path"), BEHIND)
async def test_it_is_not_there(
    client: httpx.AsyncClient, switch_off: SwitchOff, flag: str, method: str, path: str
) -> None:
    if FLAGS[flag].default and path.startswith("/api"):
        assert (await client.request(method, path, json={})).status_code != 404
    switch_off(flag)
    assert (await client.request(method, path, json={})).status_code == 404
    assert (await client.get("/api/movies")).status_code == 200


def test_each_flag_is_tried() -> None:
    elsewhere = {
        flags.SERVER_RENDERING,  # tests/first_paint
        flags.REGISTRATION,  # tests/api/test_oidc.py
        flags.DIALOGUE_SEARCH,  # below
    }
    assert {flag for flag, _, _ in BEHIND} | elsewhere == set(FLAGS)


async def test_films_are_found_without_their_lines(
    client: httpx.AsyncClient, running_services: Services, switch_off: SwitchOff
) -> None:
    await put(running_services, "harbour-lights")
    assert (await client.get("/api/search?q=harbour")).json()["lines"]
    switch_off(flags.DIALOGUE_SEARCH)
    found = (await client.get("/api/search?q=harbour")).json()
    assert (found["total"], found["lines"]) == (1, [])
    await running_services.catalog.announce_change()
    assert await running_services.indexing.run_if_changed() == 0


async def test_devices_forget_the_app(client: httpx.AsyncClient, switch_off: SwitchOff) -> None:
    assert "unregister" not in (await client.get("/service-worker.js")).text
    switch_off(flags.INSTALLABLE)
    assert "registration.unregister()" in (await client.get("/service-worker.js")).text


async def test_pages_say_what_they_go_without(
    running_services: Services, switch_off: SwitchOff
) -> None:
    assert switched_off() == ""
    switch_off(flags.MY_TITLES)
    assert switched_off() == "without-my-titles"
