"""Signing in at a real OpenID Connect provider, and at one that says what it must not."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from portal.services.actors import SYSTEM, Role
from portal.services.clock import utc_now
from portal.services.container import Services, running
from portal.services.flags import REGISTRATION, Flags, variable
from portal.settings import Settings
from tests.support.api_server import api_server
from tests.support.oidc_provider import (
    CLIENT_ID,
    CLIENT_SECRET,
    OidcProvider,
    new_key,
    oidc_provider,
)
from tests.support.people import person

BASE = "http://localhost:3000"
RETURN = f"{BASE}/admin/login/oidc/return"
ANA = {"sub": "4711", "email": "Ana@films.example", "email_verified": True, "name": "Ana"}


@pytest.fixture
async def provider() -> AsyncIterator[OidcProvider]:
    async with oidc_provider(RETURN, dict(ANA)) as found:
        yield found


@pytest.fixture
def more() -> dict[str, Any]:
    """Further settings of a test."""
    return {}


@pytest.fixture
async def portal(
    provider: OidcProvider, sqlite_url: str, redis_url: str, tmp_path: Path, more: dict[str, Any]
) -> AsyncIterator[Services]:
    secret = tmp_path / "client-secret"
    secret.write_text(f"{CLIENT_SECRET}\n")
    settings = Settings(
        data_dir=tmp_path / "data",
        database_url=sqlite_url,
        redis_url=redis_url,
        port=1,
        public_url=BASE,
        oidc_issuer=provider.issuer,
        oidc_client_id=CLIENT_ID,
        oidc_client_secret_file=secret,
        oidc_label="Films & Co",
        **more,
    )
    settings.data_dir.mkdir()
    async with running(settings) as found:
        yield found


@pytest.fixture
async def client(portal: Services) -> AsyncIterator[httpx.AsyncClient]:
    async with api_server() as found:
        yield found


async def come_back(client: httpx.AsyncClient, goal: str = "/admin/audit") -> str:
    """Go to the provider; the address that it sends the browser back to, as a path here."""
    away = await client.get(f"/admin/login/oidc?next={goal}")
    assert away.status_code == 303, away.text
    async with httpx.AsyncClient() as browser:
        back = await browser.get(away.headers["location"])
    assert back.headers["location"].startswith(RETURN), back.text
    return back.headers["location"].removeprefix(BASE)


async def sign_in(client: httpx.AsyncClient) -> httpx.Response:
    return await client.get(await come_back(client))


async def test_somebody_with_an_account_signs_in_and_stays_that_account(
    client: httpx.AsyncClient, portal: Services, provider: OidcProvider
) -> None:
    ana = await portal.accounts.people.create(
        SYSTEM, "ana@films.example", Role.MANAGER, utc_now(), password=""
    )
    form = await client.get("/admin/login?next=/admin/audit")
    assert "Sign in with Films &amp; Co" in form.text
    answer = await sign_in(client)
    assert (answer.status_code, answer.headers["location"]) == (303, "/admin/audit")
    cookies = answer.headers.get_list("set-cookie")
    assert all("HttpOnly" in cookie and "SameSite=lax" in cookie for cookie in cookies)
    assert "with outside sign-in" in (await client.get("/admin/account")).text

    # The subject is who they are: another address at the provider changes nothing.
    client.cookies.clear()
    provider.person["email"] = "ana.new@films.example"
    await sign_in(client)
    page = await client.get("/admin/account")
    assert "ana@films.example" in page.text

    # Nor is the account somebody else's who is given its address there.
    client.cookies.clear()
    provider.person |= {"sub": "another", "email": "ana@films.example"}
    refused = await sign_in(client)
    assert (refused.status_code, "no account for you" in refused.text) == (401, True)

    provider.person |= {"sub": "4711"}
    await portal.accounts.people.set_disabled(SYSTEM, ana.id, utc_now(), disabled=True)
    assert (await sign_in(client)).status_code == 401


async def test_somebody_without_an_account_is_told_whom_to_ask(
    client: httpx.AsyncClient, portal: Services
) -> None:
    answer = await sign_in(client)
    assert (answer.status_code, "Ask an owner" in answer.text) == (401, True)
    assert not any("portal_login=" in each for each in answer.headers.get_list("set-cookie"))


@pytest.mark.parametrize("more", [{"oidc_new_role": "editor"}])
async def test_registration_may_be_switched_off(
    client: httpx.AsyncClient, portal: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as changed:
        changed.setenv(variable(REGISTRATION), "off")
        Flags(None)
        answer = await sign_in(client)
    Flags(None)
    assert (answer.status_code, "Ask an owner" in answer.text) == (401, True)
    assert await portal.accounts.people.list(SYSTEM) == []


@pytest.mark.parametrize("more", [{"oidc_new_role": "editor"}])
async def test_the_settings_may_give_everybody_an_account(
    client: httpx.AsyncClient, portal: Services
) -> None:
    assert (await sign_in(client)).status_code == 303
    (ana,) = await portal.accounts.people.list(SYSTEM)
    assert (ana.email, ana.role, ana.name, ana.has_password) == (
        "ana@films.example",
        Role.EDITOR,
        "Ana",
        False,
    )


@pytest.mark.parametrize("more", [{"oidc_new_role": "editor"}])
@pytest.mark.parametrize(
    "claims",
    [
        {"email_verified": False},
        {"email_verified": None},
        {"email_verified": "true"},
        {"email": None},
        {"email": "not an address"},
    ],
)
async def test_an_address_that_is_not_verified_is_nobody_s(
    client: httpx.AsyncClient, portal: Services, provider: OidcProvider, claims: dict[str, Any]
) -> None:
    await person(portal, Role.OWNER, name="ana")
    provider.claims = claims
    answer = await sign_in(client)
    assert (answer.status_code, "has not verified" in answer.text) == (401, True)


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"iss": "https://evil.example"},
        {"aud": "somebody else"},
        {"aud": None},
        {"exp": 1},
        {"exp": None},
        {"sub": None},
        {"aud": [CLIENT_ID, "another"], "azp": "another"},
    ],
    ids=str,
)
@pytest.mark.parametrize("more", [{"oidc_new_role": "editor"}])
async def test_tokens_that_are_not_for_this_sign_in_are_refused(
    client: httpx.AsyncClient, provider: OidcProvider, claims: dict[str, Any]
) -> None:
    provider.claims = claims
    answer = await sign_in(client)
    assert (answer.status_code, "did not let you in" in answer.text) == (401, True)


@pytest.mark.parametrize("more", [{"oidc_new_role": "editor"}])
async def test_only_the_provider_s_own_keys_sign(
    client: httpx.AsyncClient, provider: OidcProvider
) -> None:
    provider.signs_with = new_key()
    assert (await sign_in(client)).status_code == 401
    provider.signs_with, provider.header = new_key(), {"kid": provider.key.kid}
    assert (await sign_in(client)).status_code == 401
    provider.signs_with, provider.header = None, {}
    assert (await sign_in(client)).status_code == 303


@pytest.mark.parametrize("more", [{"oidc_new_role": "editor"}])
async def test_new_keys_of_the_provider_are_fetched(
    client: httpx.AsyncClient,
    portal: Services,
    provider: OidcProvider,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert (await sign_in(client)).status_code == 303
    client.cookies.clear()
    provider.key = new_key()
    monkeypatch.setattr("portal.services.accounts.oidc._REFRESH_S", 0)
    assert (await sign_in(client)).status_code == 303


@pytest.mark.parametrize("more", [{"oidc_new_role": "editor"}])
async def test_a_return_belongs_to_the_browser_that_left(
    client: httpx.AsyncClient, provider: OidcProvider
) -> None:
    path = await come_back(client)
    own = dict(client.cookies)
    client.cookies.clear()
    assert (await client.get(path)).status_code == 401  # another browser: somebody was lured here
    await client.get("/admin/login/oidc")  # which has begun one itself
    assert (await client.get(path)).status_code == 401
    client.cookies.clear()
    client.cookies.update(own)
    assert (await client.get(path)).status_code == 303
    client.cookies.clear()
    client.cookies.update(own)
    assert (await client.get(path)).status_code == 401  # once


async def test_who_says_no_at_the_provider_comes_back_to_the_form(
    client: httpx.AsyncClient, provider: OidcProvider
) -> None:
    provider.refuses = "access_denied"
    answer = await sign_in(client)
    assert (answer.status_code, "did not let you in" in answer.text) == (401, True)
    assert 'name="password"' in answer.text


async def test_a_provider_that_is_away_leaves_the_password(
    client: httpx.AsyncClient, provider: OidcProvider, portal: Services
) -> None:
    external = portal.accounts.external
    assert external is not None
    object.__setattr__(external.provider, "issuer", "http://127.0.0.1:9")
    answer = await client.get("/admin/login/oidc")
    assert (answer.status_code, "sign in with your password" in answer.text) == (502, True)
    assert 'name="password"' in answer.text


async def test_nobody_is_sent_elsewhere_afterwards(
    client: httpx.AsyncClient, portal: Services
) -> None:
    await portal.accounts.people.create(
        SYSTEM, "ana@films.example", Role.MANAGER, utc_now(), password=""
    )
    path = await come_back(client, "https://evil.example/")
    assert (await client.get(path)).headers["location"] == "/admin"


def test_settings_of_a_provider_that_cannot_work_are_refused(tmp_path: Path) -> None:
    for given in (
        {"oidc_issuer": "http://id.example", "oidc_client_id": "x"},
        {"oidc_issuer": "https://id.example"},
        {"oidc_client_secret_file": tmp_path / "none"},
        {"oidc_new_role": "owner"},
    ):
        with pytest.raises(ValueError, match=r"(?i)oidc"):
            Settings(**given)
