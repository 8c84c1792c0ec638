"""The second step with an authenticator app, on the real databases."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from portal.services.accounts import Browser, totp
from portal.services.accounts.throttle import BY_CODE
from portal.services.actors import Role
from portal.services.clock import utc_now
from portal.services.container import Services
from portal.services.errors import Conflict, InvalidInput, RateLimited, Unauthenticated
from tests.support.people import PASSWORD, Person, person

# RFC 6238, appendix B: seconds, and the code in eight digits for the ASCII secret below.
RFC_SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
RFC_CODES = {
    59: "94287082",
    1111111109: "07081804",
    1111111111: "14050471",
    1234567890: "89005924",
    2000000000: "69279037",
    20000000000: "65353130",
}


@pytest.mark.parametrize(("seconds", "code"), RFC_CODES.items())
def test_codes_are_those_of_the_standard(seconds: int, code: str) -> None:
    assert totp.code_at(RFC_SECRET, seconds // totp.STEP_S, digits=8) == code


def browser(number: int = 1) -> Browser:
    return Browser(f"203.0.113.{number}", "a browser", "c")


async def switched_on(services: Services) -> tuple[Person, str, list[str], datetime]:
    someone = await person(services, Role.EDITOR, password=PASSWORD)
    authenticators, now = services.accounts.authenticators, utc_now()
    await authenticators.begin(someone.actor, now)
    secret = await authenticators.pending(someone.actor)
    with pytest.raises(InvalidInput):
        await authenticators.confirm(someone.actor, "12345", now)
    codes = await authenticators.confirm(
        someone.actor, totp.code_at(secret, totp.step_at(now)), now
    )
    return someone, secret, codes, now


async def ticket_of(services: Services, someone: Person, now: datetime, number: int = 1) -> str:
    outcome = await services.accounts.sign_in.with_password(
        someone.account.email, PASSWORD, browser(number), now
    )
    assert not outcome.secret
    return outcome.ticket


async def test_a_code_is_needed_and_taken_once(running_services: Services) -> None:
    someone, secret, _, now = await switched_on(running_services)
    sign_in = running_services.accounts.sign_in
    ticket = await ticket_of(running_services, someone, now)
    with pytest.raises(Unauthenticated):  # it confirmed the app already
        await sign_in.with_code(ticket, totp.code_at(secret, totp.step_at(now)), browser(), now)
    later = now + timedelta(seconds=totp.STEP_S)
    code = totp.code_at(secret, totp.step_at(later))
    entered = await sign_in.with_code(ticket, f"{code[:3]} {code[3:]}", browser(), later)
    found = await running_services.accounts.sessions.find(
        entered.secret, address="", correlation_id="", now=later
    )
    assert found is not None
    assert found.method == "password+code"
    again = await ticket_of(running_services, someone, later)
    with pytest.raises(Unauthenticated):
        await sign_in.with_code(again, code, browser(), later)


async def test_a_recovery_code_lets_in_once_however_it_is_typed(running_services: Services) -> None:
    someone, _, codes, now = await switched_on(running_services)
    sign_in = running_services.accounts.sign_in
    assert len(set(codes)) == 10
    typed = codes[0].lower().replace("-", " ").replace("0", "o").replace("1", "l")
    ticket = await ticket_of(running_services, someone, now)
    assert (await sign_in.with_code(ticket, typed, browser(), now)).secret
    ticket = await ticket_of(running_services, someone, now)
    with pytest.raises(Unauthenticated):
        await sign_in.with_code(ticket, codes[0], browser(), now)
    view = await running_services.accounts.authenticators.view(someone.actor)
    assert view.codes_left == 9
    others = await running_services.accounts.authenticators.new_codes(someone.actor, now)
    with pytest.raises(Unauthenticated):
        await sign_in.with_code(ticket, codes[1], browser(), now)
    assert (await sign_in.with_code(ticket, others[1], browser(), now)).secret


async def test_codes_cannot_be_guessed_from_many_addresses(running_services: Services) -> None:
    someone, _, _, now = await switched_on(running_services)
    sign_in = running_services.accounts.sign_in
    ticket = await ticket_of(running_services, someone, now)
    for number in range(BY_CODE.quota):
        with pytest.raises(Unauthenticated):
            await sign_in.with_code(ticket, "000000", browser(number), now)
    with pytest.raises(RateLimited):
        await sign_in.with_code(ticket, "000000", browser(200), now)


async def test_without_the_app_the_password_is_enough_again(running_services: Services) -> None:
    someone, _, _, now = await switched_on(running_services)
    authenticators = running_services.accounts.authenticators
    with pytest.raises(Conflict):
        await authenticators.begin(someone.actor, now)
    await authenticators.remove(someone.actor, now)
    outcome = await running_services.accounts.sign_in.with_password(
        someone.account.email, PASSWORD, browser(), now
    )
    assert outcome.secret
    view = await authenticators.view(someone.actor)
    assert (view.since, view.codes_left) == (None, 0)


async def test_what_waits_for_its_first_code_asks_for_none(running_services: Services) -> None:
    someone = await person(running_services, Role.EDITOR, password=PASSWORD)
    await running_services.accounts.authenticators.begin(someone.actor, utc_now())
    outcome = await running_services.accounts.sign_in.with_password(
        someone.account.email, PASSWORD, browser(), utc_now()
    )
    assert outcome.secret
