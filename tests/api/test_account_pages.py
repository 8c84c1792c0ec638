"""One's own account and the owners' page, as a browser sends their forms."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import select, update
from sqlmodel import Session, col

from portal.services.account_models import LoginSession
from portal.services.accounts import totp
from portal.services.accounts.sessions import RECENT
from portal.services.actors import Role
from portal.services.clock import utc_now
from portal.services.container import Services
from portal.services.models import AuditEvent
from portal.settings import Settings
from tests.support.api_server import api_server
from tests.support.authenticator import SoftwarePasskey
from tests.support.people import PASSWORD, Person, person

OWN = {"Sec-Fetch-Site": "same-origin"}
NEW_PASSWORD = "another row of plain words"


@pytest.fixture
def settings(sqlite_url: str, redis_url: str, tmp_path: object) -> Settings:
    return Settings(
        data_dir=f"{tmp_path}/data",
        database_url=sqlite_url,
        redis_url=redis_url,
        port=1,
        public_url="http://localhost:3000",
        admin_requests_per_min=100,
    )


@pytest.fixture
async def client(running_services: Services) -> AsyncIterator[httpx.AsyncClient]:
    async with api_server() as found:
        yield found


def as_(someone: Person, **headers: str) -> dict[str, str]:
    return {**OWN, "Cookie": someone.cookie, **headers}


def secret_of(answer: httpx.Response) -> str:
    found = re.search(r'<code id="secret"[^>]*>([^<]+)<', answer.text)
    assert found, answer.text
    return found[1]


async def actions(services: Services) -> list[str]:
    def read(session: Session) -> list[str]:
        return list(session.scalars(select(col(AuditEvent.action))))

    return await services.db.run(read)


async def grow_old(services: Services) -> None:
    """Make every session one that was opened a while ago."""
    then = utc_now() - RECENT - timedelta(minutes=1)
    await services.db.run(
        lambda session: session.execute(update(LoginSession).values(created_at=then))
    )


async def test_a_token_is_shown_once_works_and_is_revoked(
    client: httpx.AsyncClient, running_services: Services
) -> None:
    manager = await person(running_services, Role.MANAGER)
    form = {"name": "nightly <import>", "role": "editor", "days": "30"}
    made = await client.post("/admin/account/tokens", data=form, headers=as_(manager))
    token = secret_of(made)
    assert made.headers["cache-control"] == "no-store"
    found = await running_services.accounts.tokens.find(
        token, address="", correlation_id="", now=utc_now()
    )
    assert found is not None
    assert found.role is Role.EDITOR

    page = await client.get("/admin/account", headers=as_(manager))
    assert token not in page.text
    assert "nightly &lt;import&gt;" in page.text
    paths = re.findall(r"/admin/account/tokens/\w+/revoke", page.text)
    assert len(paths) == 2  # newest first
    path = paths[0]
    assert (await client.post(path, headers=as_(manager))).status_code == 303
    left = await running_services.accounts.tokens.list(manager.actor, utc_now())
    assert [each.name for each in left] == ["tests"]
    assert "token.revoke" in await actions(running_services)


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"name": "", "role": "editor", "days": "30"}, "Say what the token is for"),
        ({"name": "kept words", "role": "owner", "days": "30"}, "can be at most manager"),
        ({"name": "kept words", "role": "nobody", "days": "30"}, "Choose what the token may do"),
        ({"name": "kept words", "role": "editor", "days": "٣"}, "Choose how long"),
        ({"name": "kept words", "role": "editor", "days": "9999"}, "lives 1 to 366 days"),
        ({}, "Choose what the token may do"),
    ],
)
async def test_a_token_that_cannot_be_made_says_why_and_keeps_the_form(
    client: httpx.AsyncClient, running_services: Services, form: dict[str, str], words: str
) -> None:
    manager = await person(running_services, Role.MANAGER)
    answer = await client.post("/admin/account/tokens", data=form, headers=as_(manager))
    assert answer.status_code in {403, 422}
    assert words in answer.text
    if form.get("name"):
        assert 'value="kept words"' in answer.text


async def test_a_password_is_changed_by_who_knows_the_present_one(
    client: httpx.AsyncClient, running_services: Services
) -> None:
    manager = await person(running_services, Role.MANAGER, password=PASSWORD)
    url, headers = "/admin/account/password", as_(manager)
    wrong = await client.post(
        url, data={"present": "guess", "password": NEW_PASSWORD}, headers=headers
    )
    assert "not your present password" in wrong.text
    weak = await client.post(url, data={"present": PASSWORD, "password": "short"}, headers=headers)
    assert "at least 12 characters" in weak.text
    for answer in (wrong, weak):
        assert answer.status_code == 422
        assert PASSWORD not in answer.text
        assert NEW_PASSWORD not in answer.text
    done = await client.post(
        url, data={"present": PASSWORD, "password": NEW_PASSWORD}, headers=headers
    )
    assert done.headers["location"] == "/admin/account?done=password#password"
    # This browser stays; the token is gone.
    assert (await client.get("/admin/account", headers=headers)).status_code == 200
    found = await running_services.accounts.tokens.list(manager.actor, utc_now())
    assert found == []


async def test_an_authenticator_is_set_up_and_asked_for(
    client: httpx.AsyncClient, running_services: Services
) -> None:
    manager = await person(running_services, Role.MANAGER, password=PASSWORD)
    headers, url = as_(manager), "/admin/account/authenticator"
    assert (await client.get(url, headers=headers)).status_code == 303  # nothing was begun
    assert (await client.post(f"{url}/begin", headers=headers)).headers["location"] == url
    page = await client.get(url, headers=headers)
    assert "data:image/svg+xml" in page.text
    letters = re.search(r"<code>([A-Z2-7 ]+)</code>", page.text)
    assert letters
    secret = letters[1].replace(" ", "")
    wrong = await client.post(url, data={"code": "1"}, headers=headers)
    assert (wrong.status_code, "not what the app shows" in wrong.text) == (422, True)
    code = totp.code_at(secret, totp.step_at(utc_now()))
    shown = await client.post(url, data={"code": code}, headers=headers)
    codes = re.findall(r"<code>([0-9A-Z-]{19})</code>", shown.text)
    assert len(codes) == 10

    form = {"email": manager.account.email, "password": PASSWORD}
    step = await client.post("/admin/login", data=form, headers=OWN)
    assert "set-cookie" not in step.headers
    ticket = re.search(r'name="ticket" value="([^"]+)"', step.text)
    assert ticket
    done = await client.post(
        "/admin/login/code", data={"ticket": ticket[1], "code": codes[0]}, headers=OWN
    )
    assert done.status_code == 303
    assert "portal_login" in done.headers["set-cookie"]


async def test_a_passkey_is_added_and_signs_in(
    client: httpx.AsyncClient, running_services: Services
) -> None:
    manager, device = await person(running_services, Role.MANAGER), SoftwarePasskey()
    url = "/admin/account/passkeys"
    asked = (await client.post(f"{url}/options", headers=as_(manager))).json()
    form = {
        "ticket": asked["ticket"],
        "credential": device.create(asked["options"]),
        "name": "Laptop",
    }
    added = await client.post(url, data=form, headers=as_(manager))
    assert added.headers["location"] == "/admin/account?done=passkey#passkeys"

    asked = (await client.post("/admin/login/passkey/options", headers=OWN)).json()
    assert "allowCredentials" not in asked["options"] or asked["options"]["allowCredentials"] == []
    form = {
        "ticket": asked["ticket"],
        "credential": device.get(asked["options"]),
        "next": "/admin/audit",
    }
    entered = await client.post("/admin/login/passkey", data=form, headers=OWN)
    assert (entered.status_code, entered.headers["location"]) == (303, "/admin/audit")
    again = await client.post("/admin/login/passkey", data=form, headers=OWN)
    assert again.status_code == 401
    assert json.dumps(asked) not in again.text


async def test_a_browser_left_open_changes_nothing_that_matters(
    client: httpx.AsyncClient, running_services: Services
) -> None:
    owner = await person(running_services, Role.OWNER, password=PASSWORD)
    await grow_old(running_services)
    page = await client.get("/admin/account", headers=as_(owner))
    assert "show once more that it is you" in page.text
    assert "Make a token" not in page.text
    for url in (
        "/admin/account/tokens",
        "/admin/account/authenticator/begin",
        "/admin/account/passkeys",
        "/admin/accounts",
        f"/admin/accounts/{owner.account.id}/password",
    ):
        answer = await client.post(url, headers=as_(owner))
        assert answer.headers["location"].startswith("/admin/login?again&next="), url
    options = await client.post("/admin/account/passkeys/options", headers=as_(owner))
    assert (options.status_code, options.json()["code"]) == (401, "sign-in-again")

    form = await client.get("/admin/login?again&next=/admin/account%23tokens", headers=as_(owner))
    assert f'value="{owner.account.email}"' in form.text
    entered = await client.post(
        "/admin/login",
        data={"email": owner.account.email, "password": PASSWORD, "next": "/admin/account#tokens"},
        headers=as_(owner),
    )
    assert entered.headers["location"] == "/admin/account#tokens"
    # The session before is over: its cookie was replaced.
    assert (await client.get("/admin/account", headers=as_(owner))).status_code == 303


async def test_sessions_are_listed_and_ended(
    client: httpx.AsyncClient, running_services: Services
) -> None:
    manager = await person(running_services, Role.MANAGER, password=PASSWORD)
    form = {"email": manager.account.email, "password": PASSWORD}
    other = await client.post(
        "/admin/login", data=form, headers={**OWN, "User-Agent": "Mozilla/5.0 (X11; Linux) Firefox"}
    )
    cookie = other.headers["set-cookie"].partition(";")[0]
    client.cookies.clear()
    page = await client.get("/admin/account", headers=as_(manager))
    assert "Firefox on Linux" in page.text
    assert page.text.count(">this one<") == 1
    (path,) = re.findall(r"/admin/account/sessions/\w+/end\b(?!-)", page.text)
    await client.post(path, headers=as_(manager))
    assert (await client.get("/admin/account", headers={"Cookie": cookie})).status_code == 303
    again = await client.post(path, headers=as_(manager))
    assert (again.status_code, "over already" in again.text) == (404, True)


async def test_an_owner_manages_people(
    client: httpx.AsyncClient, running_services: Services
) -> None:
    owner = await person(running_services, Role.OWNER)
    form = {"email": "Ana@films.example", "name": "Ana", "role": "editor"}
    made = await client.post("/admin/accounts", data=form, headers=as_(owner))
    password = secret_of(made)
    ana = await running_services.accounts.people.find(owner.actor, "ana@films.example")
    taken = await client.post("/admin/accounts", data=form, headers=as_(owner))
    assert (taken.status_code, "account with this e-mail" in taken.text) == (422, True)
    assert 'value="Ana@films.example"' in taken.text

    entered = await client.post(
        "/admin/login", data={"email": ana.email, "password": password}, headers=OWN
    )
    assert entered.status_code == 303
    client.cookies.clear()
    here = f"/admin/accounts/{ana.id}"
    steps = [("role", "role"), ("forget-factors", "forgotten"), ("disable", "disabled")]
    for path, said in [*steps, ("enable", "enabled")]:
        answer = await client.post(f"{here}/{path}", data={"role": "manager"}, headers=as_(owner))
        assert answer.headers["location"] == f"/admin/accounts?done={said}#{ana.id}"
        assert (await client.get(answer.headers["location"], headers=as_(owner))).text.count(
            'role="status"'
        ) == 1
    other = secret_of(await client.post(f"{here}/password", headers=as_(owner)))
    assert other != password
    assert {
        "account.create",
        "account.role",
        "account.forget-factors",
        "account.disable",
        "account.enable",
        "account.password",
    } <= set(await actions(running_services))


async def test_the_last_owner_is_told_why_they_stay(
    client: httpx.AsyncClient, running_services: Services
) -> None:
    owner = await person(running_services, Role.OWNER)
    answer = await client.post(
        f"/admin/accounts/{owner.account.id}/role", data={"role": "editor"}, headers=as_(owner)
    )
    assert (answer.status_code, "This is the last owner" in answer.text) == (409, True)


async def test_people_are_the_owners_business(
    client: httpx.AsyncClient, running_services: Services
) -> None:
    manager = await person(running_services, Role.MANAGER)
    page = await client.get("/admin/accounts", headers=as_(manager))
    assert page.status_code == 403
    assert "needs the role owner" in page.text
    form = {"email": "x@films.example", "role": "owner"}
    made = await client.post("/admin/accounts", data=form, headers=as_(manager))
    assert made.status_code == 403
    assert "/admin/accounts" not in (await client.get("/admin/account", headers=as_(manager))).text


async def test_forms_count_as_the_account_s_requests(
    client: httpx.AsyncClient, running_services: Services
) -> None:
    manager = await person(running_services, Role.MANAGER)
    url = "/admin/account/sessions/end-others"
    codes = [(await client.post(url, headers=as_(manager))).status_code for _ in range(101)]
    assert codes == [303] * 100 + [429]
    last = await client.post(url, headers=as_(manager))
    assert int(last.headers["retry-after"]) > 0
    # Looking is another bucket: the page comes up.
    assert (await client.get("/admin/account", headers=as_(manager))).status_code == 200


async def test_without_passkeys_nothing_offers_them(running_services: Services) -> None:
    from starlette.requests import Request

    from portal.api.relying_party import relying_party

    for host in ("127.0.0.1:3000", "films.example", "localhost:3000"):
        scope = {"type": "http", "headers": [(b"host", host.encode())]}
        party = relying_party(Request(scope))
        assert party is not None  # the settings name the address, whatever was asked for
        assert party.id == "localhost"
