"""Accounts, sessions and tokens on the real databases."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from portal.services import audit
from portal.services.accounts.sessions import IDLE_LIFE, LIFE
from portal.services.actors import SYSTEM, Actor, Role
from portal.services.clock import utc_now
from portal.services.container import Services
from portal.services.errors import Conflict, Forbidden, InvalidInput, NotFound
from tests.support.people import PASSWORD, Person, person


async def actor_of_token(services: Services, someone: Person, **later: int) -> Actor | None:
    secret = someone.bearer["Authorization"].removeprefix("Bearer ")
    return await services.accounts.tokens.find(
        secret, address="", correlation_id="", now=utc_now() + timedelta(**later)
    )


async def actor_of_cookie(services: Services, someone: Person, **later: int) -> Actor | None:
    found = await services.accounts.sessions.find(
        someone.cookie.partition("=")[2],
        address="203.0.113.9",
        correlation_id="c",
        now=utc_now() + timedelta(**later),
    )
    return found.actor if found else None


async def test_a_role_that_is_changed_holds_from_the_next_call_on(
    running_services: Services,
) -> None:
    owner = await person(running_services, Role.OWNER, name="first")
    someone = await person(running_services, Role.MANAGER)
    people = running_services.accounts.people
    for role in (Role.EDITOR, Role.OWNER):
        await people.set_role(owner.actor, someone.account.id, role, utc_now())
        found = await actor_of_cookie(running_services, someone)
        assert found is not None
        assert found.role is role
        by_token = await actor_of_token(running_services, someone)
        assert by_token is not None
        # A token never does more than it was made for.
        assert by_token.role is min(role, Role.MANAGER, key=list(Role).index)


async def test_only_an_owner_manages_accounts(running_services: Services) -> None:
    manager = await person(running_services, Role.MANAGER)
    people, now = running_services.accounts.people, utc_now()
    for call in (
        people.list(manager.actor),
        people.create(manager.actor, "x@films.example", Role.EDITOR, now, password=""),
        people.set_role(manager.actor, manager.account.id, Role.OWNER, now),
        people.set_disabled(manager.actor, manager.account.id, now, disabled=True),
        people.set_password(manager.actor, manager.account.id, PASSWORD, now),
        running_services.accounts.tokens.create(
            manager.actor, "x", Role.EDITOR, 1, now, of="another"
        ),
    ):
        with pytest.raises(Forbidden):
            await call


async def test_the_last_owner_stays_also_when_two_remove_each_other(
    running_services: Services,
) -> None:
    people, now = running_services.accounts.people, utc_now()
    one = await person(running_services, Role.OWNER, name="one")
    two = await person(running_services, Role.OWNER, name="two")
    outcomes = await asyncio.gather(
        people.set_role(one.actor, two.account.id, Role.EDITOR, now),
        people.set_disabled(two.actor, one.account.id, now, disabled=True),
        return_exceptions=True,
    )
    assert [type(each) for each in outcomes if each is not None] == [Conflict]


async def test_addresses_that_look_the_same_are_one_account(running_services: Services) -> None:
    people, now = running_services.accounts.people, utc_now()
    await people.create(SYSTEM, "Ana@Films.example", Role.EDITOR, now, password="")
    for same in ("ana@films.example", " ANA@FILMS.EXAMPLE ", "ana@films.example"):
        with pytest.raises(InvalidInput, match="e-mail"):
            await people.create(SYSTEM, same, Role.EDITOR, now, password="")


@pytest.mark.parametrize(
    "password", ["short", "password1234", "aaaaaaaaaaaaaaaa", "ana.films@x", "qwertyuiop12"]
)
async def test_passwords_that_are_guessed_first_are_refused(
    running_services: Services, password: str
) -> None:
    with pytest.raises(InvalidInput) as caught:
        await running_services.accounts.people.create(
            SYSTEM, "ana@films.example", Role.EDITOR, utc_now(), password=password
        )
    assert "password" in caught.value.fields


async def test_sessions_end_by_themselves(running_services: Services) -> None:
    someone = await person(running_services, Role.EDITOR)
    assert await actor_of_cookie(running_services, someone) is not None
    idle = int(IDLE_LIFE.total_seconds())
    assert await actor_of_cookie(running_services, someone, seconds=idle + 60) is None
    # Somebody who works all the time is signed out in the end, too.
    for hour in range(0, int(LIFE.total_seconds() // 3600), 8):
        last = await actor_of_cookie(running_services, someone, hours=hour)
    assert last is None


async def test_one_s_own_sessions_are_listed_and_ended(running_services: Services) -> None:
    sessions, now = running_services.accounts.sessions, utc_now()
    someone = await person(running_services, Role.EDITOR, name="a")
    other = await person(running_services, Role.EDITOR, name="b")
    found = await sessions.find(
        someone.cookie.partition("=")[2], address="", correlation_id="", now=now
    )
    assert found is not None
    (own,) = await sessions.list(found, now)
    assert own.is_own
    with pytest.raises(NotFound):
        await sessions.end(other.actor, own.id, now)
    await sessions.end(someone.actor, own.id, now)
    assert await actor_of_cookie(running_services, someone) is None


async def test_a_token_is_revoked_expires_and_is_not_more_than_its_account(
    running_services: Services,
) -> None:
    tokens, now = running_services.accounts.tokens, utc_now()
    someone = await person(running_services, Role.EDITOR)
    assert await actor_of_token(running_services, someone, hours=25) is None
    with pytest.raises(Forbidden):
        await tokens.create(someone.actor, "more", Role.OWNER, 1, now)
    for bad in ({"name": " "}, {"days": 0}, {"name": "x" * 81}):
        given = {"name": "fine", "role": Role.EDITOR, "days": 1, "now": now, **bad}
        with pytest.raises(InvalidInput):
            await tokens.create(someone.actor, **given)  # type: ignore[arg-type]
    (view,) = await tokens.list(someone.actor, now)
    await tokens.revoke(someone.actor, view.id, now)
    assert await actor_of_token(running_services, someone) is None


async def test_a_new_password_ends_what_was_open(running_services: Services) -> None:
    someone = await person(running_services, Role.EDITOR)
    await running_services.accounts.people.set_password(
        SYSTEM, someone.account.id, "four other plain words", utc_now()
    )
    assert await actor_of_cookie(running_services, someone) is None
    assert await actor_of_token(running_services, someone) is None


async def test_every_change_of_an_account_is_in_the_audit_without_secrets(
    running_services: Services,
) -> None:
    someone = await person(running_services, Role.EDITOR, password=PASSWORD)
    people, now = running_services.accounts.people, utc_now()
    await people.set_role(SYSTEM, someone.account.id, Role.MANAGER, now)
    await people.set_disabled(SYSTEM, someone.account.id, now, disabled=True)

    def read(session: object) -> tuple[list[str], str]:
        from sqlmodel import select

        from portal.services.models import AuditEvent

        events = list(session.exec(select(AuditEvent)))  # type: ignore[attr-defined]
        return [event.action for event in events], repr([event.model_dump() for event in events])

    actions, text = await running_services.db.run(read)
    assert actions == ["account.create", "token.create", "account.role", "account.disable"]
    for secret in (PASSWORD, "argon2", someone.cookie.partition("=")[2], "portal_"):
        assert secret not in text
    assert (await running_services.db.run(audit.verify)).broken_at is None


async def test_sessions_that_ended_long_ago_are_forgotten(running_services: Services) -> None:
    from sqlmodel import select

    from portal.services.account_models import LoginSession
    from portal.services.accounts import Browser

    someone = await person(running_services, Role.EDITOR, password=PASSWORD)
    for days in (0, 30, 60):
        await running_services.accounts.sign_in.with_password(
            someone.account.email,
            PASSWORD,
            Browser("203.0.113.9", "", ""),
            utc_now() + timedelta(days=days),
        )
    left = await running_services.db.run(
        lambda session: len(list(session.exec(select(LoginSession))))
    )
    assert left == 2  # the last one, and the one that was over for less than a month
