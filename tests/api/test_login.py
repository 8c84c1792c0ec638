"""Signing in over HTTP, as a browser does it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import httpx
import pytest

from portal.services.actors import SYSTEM, Role
from portal.services.clock import utc_now
from portal.services.container import Services
from portal.services.redis_client import limit_key
from portal.settings import Settings
from tests.support.api_server import api_server
from tests.support.people import PASSWORD, Person, person

OWN = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def settings(sqlite_url: str, redis_url: str, tmp_path: object) -> Settings:
    return Settings(
        data_dir=f"{tmp_path}/data", database_url=sqlite_url, redis_url=redis_url, port=1
    )


@pytest.fixture
async def client(running_services: Services) -> AsyncIterator[httpx.AsyncClient]:
    async with api_server() as found:
        yield found


@pytest.fixture
async def manager(running_services: Services) -> Person:
    return await person(running_services, Role.MANAGER, password=PASSWORD)


async def sign_in(
    client: httpx.AsyncClient, email: str, password: str, **fields: str
) -> httpx.Response:
    form = {"email": email, "password": password, **fields}
    return await client.post("/admin/login", data=form, headers=OWN)


async def test_signing_in_opens_the_admin_pages(client: httpx.AsyncClient, manager: Person) -> None:
    before = await client.get("/admin/movies/new?from=x")
    assert before.status_code == 303
    assert before.headers["location"] == "/admin/login?next=/admin/movies/new%3Ffrom%3Dx"

    form = await client.get(before.headers["location"])
    assert 'name="next" value="/admin/movies/new?from=x"' in form.text
    answer = await sign_in(
        client, "Manager@films.example ", PASSWORD, next="/admin/movies/new?from=x"
    )
    assert (answer.status_code, answer.headers["location"]) == (303, "/admin/movies/new?from=x")
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert (await client.get("/admin")).status_code == 404  # past the guard: no pages in this test
    assert (await client.get("/admin/login")).headers["location"] == "/admin"


async def test_over_https_the_cookie_is_bound_to_host_and_transport(
    redis_url: str, sqlite_url: str, tmp_path: object
) -> None:
    from portal.services.container import running

    settings = Settings(
        data_dir=f"{tmp_path}/data",
        database_url=sqlite_url,
        redis_url=redis_url,
        port=1,
        public_url="https://films.example",
    )
    settings.data_dir.mkdir()
    async with running(settings) as services, api_server() as client:
        await person(services, Role.EDITOR, password=PASSWORD)
        answer = await client.post(
            "/admin/login",
            data={"email": "editor@films.example", "password": PASSWORD},
            headers={"Origin": "https://films.example"},
        )
        cookie = answer.headers["set-cookie"]
        assert cookie.startswith("__Host-portal_login=")
        assert "; Secure" in cookie
        assert "Domain" not in cookie
        assert "Path=/" in cookie


async def test_a_wrong_password_and_an_unknown_address_say_the_same(
    client: httpx.AsyncClient, manager: Person
) -> None:
    wrong = await sign_in(client, "manager@films.example", "not the password")
    unknown = await sign_in(client, "manager@films.example.org", "not the password")
    assert wrong.status_code == unknown.status_code == 401
    words = re.compile(r'role="alert"[^>]*>([^<]+)<')
    assert words.findall(wrong.text) == words.findall(unknown.text)
    assert "set-cookie" not in wrong.headers
    assert 'value="manager@films.example"' in wrong.text  # what was typed is kept
    assert "not the password" not in wrong.text


async def test_what_is_typed_is_escaped(client: httpx.AsyncClient) -> None:
    answer = await sign_in(client, '"><script>x</script>', "p", next='/admin"><b>')
    assert "<script>x" not in answer.text
    assert "<b>" not in answer.text
    assert "script-src 'self';" in answer.headers["content-security-policy"]
    assert "default-src 'none'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize(
    "goal", ["https://evil.example", "//evil.example", "/\\evil.example", "/admin\\@evil", "/"]
)
async def test_nobody_is_sent_elsewhere(
    client: httpx.AsyncClient, manager: Person, goal: str
) -> None:
    answer = await sign_in(client, "manager@films.example", PASSWORD, next=goal)
    assert answer.headers["location"] == "/admin"


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"},
        {"Origin": "https://evil.example"},
        {"Sec-Fetch-Site": "same-site"},
        {},
    ],
)
async def test_other_sites_pages_cannot_sign_in_or_out(
    client: httpx.AsyncClient, manager: Person, headers: dict[str, str]
) -> None:
    form = {"email": "manager@films.example", "password": PASSWORD}
    assert (await client.post("/admin/login", data=form, headers=headers)).status_code == 403
    out = await client.post("/admin/logout", headers={**headers, "Cookie": manager.cookie})
    assert out.status_code == 403
    assert (await client.get("/admin", headers={"Cookie": manager.cookie})).status_code == 404


async def test_signing_out_ends_the_session(client: httpx.AsyncClient, manager: Person) -> None:
    cookie = {"Cookie": manager.cookie}
    assert (await client.get("/admin", headers=cookie)).status_code == 404
    out = await client.post("/admin/logout", headers={**OWN, **cookie})
    assert out.headers["location"] == "/admin/login?out"
    assert (await client.get("/admin", headers=cookie)).status_code == 303


async def test_guessing_is_throttled_and_locks_nobody_out(
    client: httpx.AsyncClient, running_services: Services, manager: Person
) -> None:
    answers = [
        await sign_in(client, "manager@films.example", f"guess {number}") for number in range(7)
    ]
    assert [answer.status_code for answer in answers] == [401] * 6 + [429]
    assert int(answers[-1].headers["retry-after"]) > 0
    assert "Wait" in answers[-1].text
    assert (await sign_in(client, "manager@films.example", PASSWORD)).status_code == 429
    # The person themselves, from elsewhere, is not held up by it.
    found = await running_services.accounts.sign_in.with_password(
        "manager@films.example", PASSWORD, _browser("198.51.100.7"), utc_now()
    )
    assert found.secret
    assert await running_services.redis.exists(limit_key("login-address", "127.0.0.1"))


def _browser(address: str) -> object:
    from portal.services.accounts import Browser

    return Browser(address, "a browser", "")


async def test_a_disabled_account_is_out_at_once(
    client: httpx.AsyncClient, running_services: Services, manager: Person
) -> None:
    people = running_services.accounts.people
    await people.set_disabled(SYSTEM, manager.account.id, utc_now(), disabled=True)
    cookie = {"Cookie": manager.cookie}
    assert (await client.get("/admin", headers=cookie)).status_code == 303
    assert (await sign_in(client, "manager@films.example", PASSWORD)).status_code == 401


async def test_plain_http_across_a_network_is_told_and_refused_in_production(
    client: httpx.AsyncClient,
    running_services: Services,
    manager: Person,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    far = {**OWN, "Host": "films.example"}
    form = {"email": "manager@films.example", "password": PASSWORD}
    assert "insecure-http" in (await client.get("/admin/login", headers=far)).text
    assert "insecure-http" not in (await client.get("/admin/login")).text
    assert (await client.post("/admin/login", data=form, headers=far)).status_code == 303
    production = running_services.settings.model_copy(update={"environment": "production"})
    monkeypatch.setattr(
        "portal.api.login.services", lambda: _With(running_services, settings=production)
    )
    refused = await client.post("/admin/login", data=form, headers=far)
    assert refused.status_code == 403
    assert "set-cookie" not in refused.headers


class _With:
    def __init__(self, services: Services, **changed: object) -> None:
        self._services, self._changed = services, changed

    def __getattr__(self, name: str) -> object:
        return self._changed.get(name) or getattr(self._services, name)


async def test_switched_off_there_is_no_admin_and_no_way_in(
    client: httpx.AsyncClient,
    running_services: Services,
    manager: Person,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from portal.services.flags import ADMIN_UI, Flags, variable

    monkeypatch.setenv(variable(ADMIN_UI), "off")
    Flags(None)
    try:
        form = {"email": "manager@films.example", "password": PASSWORD}
        assert (await client.get("/admin/login")).status_code == 404
        assert (await client.post("/admin/login", data=form, headers=OWN)).status_code == 404
        cookie = {"Cookie": manager.cookie}
        assert (await client.get("/admin", headers=cookie)).status_code == 404
    finally:
        monkeypatch.undo()
        Flags(None)
