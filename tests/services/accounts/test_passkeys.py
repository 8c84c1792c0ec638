"""Passkeys: what a device may answer, and everything it may not, on the real databases."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from portal.services.accounts import Browser
from portal.services.accounts.passkeys import RelyingParty
from portal.services.actors import SYSTEM, Role
from portal.services.clock import utc_now
from portal.services.container import Services
from portal.services.errors import Conflict, InvalidInput, NotFound, RateLimited, Unauthenticated
from tests.support.authenticator import SoftwarePasskey
from tests.support.people import Person, person

PARTY = RelyingParty("localhost", "http://localhost:3000", "Lumen")
BROWSER = Browser("203.0.113.9", "a browser", "c")


async def add(services: Services, someone: Person, device: SoftwarePasskey) -> str:
    ticket, options = await services.accounts.passkeys.begin_new(someone.actor, PARTY)
    made = await services.accounts.passkeys.finish_new(
        someone.actor, ticket, device.create(json.loads(options)), "Laptop", PARTY, utc_now()
    )
    return made.id


async def enter(services: Services, device: SoftwarePasskey, **changed: Any) -> str:
    ticket, options = await services.accounts.passkeys.begin_login(PARTY)
    answer = json.loads(device.get(json.loads(options)))
    answer["response"] |= changed
    outcome = await services.accounts.passkeys.finish_login(
        ticket, json.dumps(answer), PARTY, BROWSER, utc_now()
    )
    return outcome.secret


async def test_a_passkey_signs_in_and_says_so(running_services: Services) -> None:
    someone, device = await person(running_services, Role.EDITOR), SoftwarePasskey()
    await add(running_services, someone, device)
    secret = await enter(running_services, device)
    found = await running_services.accounts.sessions.find(
        secret, address="", correlation_id="", now=utc_now()
    )
    assert found is not None
    assert (found.actor.id, found.method) == (someone.account.id, "passkey")
    (view,) = await running_services.accounts.passkeys.list(someone.actor)
    assert view.last_used_at is not None


async def test_answers_that_do_not_fit_are_refused(running_services: Services) -> None:
    someone, device = await person(running_services, Role.EDITOR), SoftwarePasskey()
    await add(running_services, someone, device)
    other = SoftwarePasskey()
    other.id, other.user_id = device.id, device.user_id  # its id, without its key
    with pytest.raises(Unauthenticated):
        await enter(running_services, other)
    with pytest.raises(Unauthenticated):
        await enter(running_services, SoftwarePasskey())
    with pytest.raises(Unauthenticated):
        await enter(running_services, device, userHandle="c29tZWJvZHkgZWxzZQ")
    device.origin = "https://evil.example"
    with pytest.raises(Unauthenticated):
        await enter(running_services, device)
    device.origin, device.verifies = PARTY.origin, False
    with pytest.raises(Unauthenticated):
        await enter(running_services, device)
    device.verifies = True
    assert await enter(running_services, device)


async def test_a_copy_of_a_passkey_is_noticed_by_its_counter(running_services: Services) -> None:
    someone, device = await person(running_services, Role.EDITOR), SoftwarePasskey()
    await add(running_services, someone, device)
    for _ in range(3):
        await enter(running_services, device)
    device.count = 1
    with pytest.raises(Unauthenticated):
        await enter(running_services, device)


async def test_an_answer_counts_once(running_services: Services) -> None:
    someone, device = await person(running_services, Role.EDITOR), SoftwarePasskey()
    await add(running_services, someone, device)
    passkeys = running_services.accounts.passkeys
    ticket, options = await passkeys.begin_login(PARTY)
    answer = device.get(json.loads(options))
    assert (await passkeys.finish_login(ticket, answer, PARTY, BROWSER, utc_now())).secret
    with pytest.raises(Unauthenticated):
        await passkeys.finish_login(ticket, answer, PARTY, BROWSER, utc_now())


@pytest.mark.parametrize("text", ["", "{", "[]", '{"response":1}', '{"response":{}}', "9" * 40_000])
async def test_what_is_no_answer_at_all_is_refused(running_services: Services, text: str) -> None:
    passkeys = running_services.accounts.passkeys
    someone = await person(running_services, Role.EDITOR)
    ticket, _ = await passkeys.begin_login(PARTY)
    with pytest.raises(Unauthenticated):
        await passkeys.finish_login(ticket, text, PARTY, BROWSER, utc_now())
    ticket, _ = await passkeys.begin_new(someone.actor, PARTY)
    with pytest.raises(InvalidInput):
        await passkeys.finish_new(someone.actor, ticket, text, "x", PARTY, utc_now())


async def test_a_ticket_is_for_whom_it_was_made(running_services: Services) -> None:
    one = await person(running_services, Role.EDITOR, name="one")
    two = await person(running_services, Role.EDITOR, name="two")
    passkeys = running_services.accounts.passkeys
    ticket, options = await passkeys.begin_new(one.actor, PARTY)
    answer = SoftwarePasskey().create(json.loads(options))
    with pytest.raises(InvalidInput):
        await passkeys.finish_new(two.actor, ticket, answer, "x", PARTY, utc_now())


async def test_a_passkey_is_added_once_and_removed_by_its_owner(running_services: Services) -> None:
    one = await person(running_services, Role.EDITOR, name="one")
    two = await person(running_services, Role.EDITOR, name="two")
    device = SoftwarePasskey()
    passkey_id = await add(running_services, one, device)
    with pytest.raises(Conflict):
        await add(running_services, one, device)
    passkeys = running_services.accounts.passkeys
    with pytest.raises(NotFound):
        await passkeys.remove(two.actor, passkey_id, utc_now())
    await passkeys.remove(one.actor, passkey_id, utc_now())
    with pytest.raises(Unauthenticated):
        await enter(running_services, device)


async def test_who_is_shut_out_stays_out_with_a_passkey(running_services: Services) -> None:
    someone, device = await person(running_services, Role.EDITOR), SoftwarePasskey()
    await add(running_services, someone, device)
    people, account_id = running_services.accounts.people, someone.account.id
    await people.set_disabled(SYSTEM, account_id, utc_now(), disabled=True)
    with pytest.raises(Unauthenticated):
        await enter(running_services, device)
    await people.set_disabled(SYSTEM, account_id, utc_now(), disabled=False)
    assert await enter(running_services, device)
    await people.forget_factors(SYSTEM, account_id, utc_now())
    with pytest.raises(Unauthenticated):
        await enter(running_services, device)


async def test_guessing_at_passkeys_is_throttled(running_services: Services) -> None:
    passkeys = running_services.accounts.passkeys
    for _ in range(30):
        with pytest.raises(Unauthenticated):
            await passkeys.finish_login("none", "{}", PARTY, BROWSER, utc_now())
    with pytest.raises(RateLimited):
        await passkeys.finish_login("none", "{}", PARTY, BROWSER, utc_now() + timedelta(seconds=1))
