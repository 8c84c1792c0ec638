"""Which rule allowed or refused: the rules are playback's, and refusals are found again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog.contextvars import bound_contextvars

from portal.services import availability
from portal.services.actors import Actor, Role
from portal.services.availability import State
from portal.services.clock import utc_now
from portal.services.container import Services
from portal.services.errors import (
    Forbidden,
    InvalidInput,
    PortalError,
    TokenExpired,
    TooManyStreams,
)
from portal.services.playback import Viewer
from portal.services.redis_client import REFUSALS
from tests.support.catalog import add_movie

MANAGER = Actor("m1", "m@films.example", Role.MANAGER)
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


class Film:
    """What the rules look at."""

    def __init__(self, **values: Any) -> None:
        self.__dict__ |= values


@given(
    visibility=st.sampled_from(["draft", "visible", "hidden"]),
    has_source=st.booleans(),
    has_valid_captions=st.booleans(),
    begins=st.sampled_from([None, -2, -1, 0, 1]),
    ends=st.sampled_from([None, -1, 0, 1]),
)
def test_all_rules_hold_for_exactly_what_plays(
    begins: int | None, ends: int | None, **values: Any
) -> None:
    film = Film(
        available_from=None if begins is None else NOW + begins * HOUR,
        available_until=None if ends is None else NOW + ends * HOUR,
        **values,
    )
    holds = all(holds for _, holds in availability.rules(film, NOW))
    assert holds is (availability.state_of(film, NOW) is State.LIVE)


async def put(services: Services, **values: Any) -> str:
    movie_id = await services.db.run(
        lambda s: add_movie(s, services.box, slug="the-film", **values).id
    )
    await services.catalog.announce_change()
    return movie_id


async def watch(
    services: Services, reference: str, session_id: str = "", who: str = "v" * 32
) -> str:
    viewer = Viewer(who, False, who)
    with bound_contextvars(correlation_id=reference):
        grant, _ = await services.playback.open_or_renew("the-film", session_id, viewer, utc_now())
    return grant.session_id


@pytest.mark.parametrize(
    ("values", "rule", "code"),
    [
        ({"visibility": "hidden"}, "visible", "movie-not-found"),
        ({"available_from": utc_now() + HOUR}, "window-begun", "not-available"),
        ({"available_until": utc_now() - HOUR}, "window-not-ended", "not-available"),
        ({"captions": ()}, "captions", "movie-not-found"),
    ],
)
async def test_a_reference_leads_to_the_rule(
    running_services: Services, values: dict[str, Any], rule: str, code: str
) -> None:
    await put(running_services, **values)
    reference = "4bf92f3577b34da6a3ce929d0e0e4736"
    with pytest.raises(PortalError):
        await watch(running_services, reference)
    # As the screen shows it.
    found = await running_services.explaining.ask(MANAGER, " 4bf9 2f35 77b3", utc_now(), utc_now())
    assert (found.title, found.decided_by) == ("The Film", rule)
    [refusal] = found.refusals
    assert (refusal.reference, refusal.step, refusal.code) == (reference, "start", code)
    assert refusal.viewer_id == "v" * 32


async def test_a_session_its_streams_and_what_it_met(running_services: Services) -> None:
    services = running_services
    movie_id = await put(services)
    session_id = await watch(services, "a" * 16)
    await services.sessions.flush()
    found = await services.explaining.ask(MANAGER, movie_id, utc_now(), utc_now(), session_id)
    holds = {rule.name: rule.holds for rule in found.rules}
    assert found.decided_by == ""
    assert {"session", "session-not-ended", "token", "streams", "requests"} <= set(holds)
    assert all(holds.values())

    most = services.settings.max_streams_per_viewer
    for _ in range(most - 1):
        await watch(services, "b" * 16)
    with pytest.raises(TooManyStreams):
        await watch(services, "c" * 16)
    found = await services.explaining.ask(MANAGER, "c" * 16, utc_now(), utc_now())
    assert [each.code for each in found.refusals] == ["too-many-streams"]
    assert found.decided_by == "streams"

    await services.sessions.revoke(session_id)
    with pytest.raises(PortalError):
        await watch(services, "d" * 16, session_id)
    found = await services.explaining.ask(MANAGER, "the-film", utc_now(), utc_now(), session_id)
    assert found.decided_by == "session-not-ended"
    assert [(each.step, each.code) for each in found.refusals] == [("renewal", "session-revoked")]
    later = utc_now() + timedelta(minutes=10)
    found = await services.explaining.ask(MANAGER, "the-film", later, utc_now(), session_id)
    assert {rule.name: rule.holds for rule in found.rules}["token"] is False


async def test_a_token_that_ran_out_and_a_session_that_is_none(running_services: Services) -> None:
    services = running_services
    movie_id = await put(services)
    viewer = Viewer("v" * 32, False, "v" * 32)
    grant, _ = await services.playback.open_or_renew("the-film", "", viewer, utc_now())
    # As a proxy before the portal names requests, and as the screen shows it.
    named = bound_contextvars(correlation_id="123E4567-e89b-42d3-a456-426614174000")
    with named, pytest.raises(TokenExpired):
        await services.playback.authorise(grant.token, movie_id, utc_now() + HOUR)
    found = await services.explaining.ask(MANAGER, "123E 4567 -e89", utc_now(), utc_now())
    assert (found.decided_by, found.refusals[0].step) == ("token", "media")

    await put_away(services, movie_id)
    with pytest.raises(PortalError):
        await watch(services, "e" * 16, "a session of one's own making")
    found = await services.explaining.ask(MANAGER, "e" * 16, utc_now(), utc_now())
    assert (found.decided_by, found.refusals[0].reference) == ("visible", "e" * 16)


async def put_away(services: Services, movie_id: str) -> None:
    await services.editing.publishing.set_visibility(
        MANAGER, movie_id, "hidden", version=None, now=utc_now()
    )


async def test_an_old_refusal_is_found_below_many(running_services: Services) -> None:
    services = running_services
    for reference in ["f" * 16] + [f"{number:016d}" for number in range(2500)]:
        with pytest.raises(PortalError):
            await watch(services, reference)
    [refusal] = (await services.explaining.ask(MANAGER, "f" * 16, NOW, NOW)).refusals
    assert refusal.code == "movie-not-found"
    # Who asks without end does not fill what is kept: 1,200 a minute, here in one or two of them.
    assert await services.redis.xlen(REFUSALS) <= 2400


async def test_what_the_film_was_at_an_instant_of_the_past(running_services: Services) -> None:
    services = running_services
    movie_id = await put(services)
    start = utc_now()
    await services.editing.publishing.set_visibility(
        MANAGER, movie_id, "hidden", version=None, now=start + HOUR
    )
    await services.editing.publishing.schedule(
        MANAGER, [movie_id], start + 5 * HOUR, None, start + 2 * HOUR
    )
    decided = [
        (await services.explaining.ask(MANAGER, movie_id, start + hours * HOUR, start)).decided_by
        for hours in (0.5, 1.5, 2.5, 6)
    ]
    assert decided == ["", "visible", "visible", "visible"]
    found = await services.explaining.ask(MANAGER, movie_id, start + 2.5 * HOUR, start)
    assert {r.name: r.holds for r in found.rules}["window-begun"] is False
    found = await services.explaining.ask(MANAGER, movie_id, start + 1.5 * HOUR, start)
    assert {r.name: r.holds for r in found.rules}["window-begun"] is True


async def test_only_managers_ask_and_nonsense_is_said(running_services: Services) -> None:
    ask = running_services.explaining.ask
    with pytest.raises(Forbidden):
        await ask(Actor("e1", "e@films.example", Role.EDITOR), "the-film", NOW, NOW)
    with pytest.raises(InvalidInput, match="56 digits"):
        await ask(MANAGER, "the-film", NOW, NOW, "x")
    found = await ask(MANAGER, "no-such-film", NOW, NOW)
    assert found.decided_by == "film"
    found = await ask(MANAGER, "0123456789ab", NOW, NOW)
    assert (found.decided_by, "No refusal" in found.rules[0].detail) == ("film", True)


async def test_what_was_refused_to_a_viewer_is_forgotten(running_services: Services) -> None:
    await put(running_services, visibility="hidden")
    for reference in ("a" * 16, "b" * 16):
        with pytest.raises(PortalError):
            await watch(running_services, reference)
    assert await running_services.refusals.forget("w" * 32) == 0
    assert await running_services.refusals.forget("v" * 32) == 2
    assert await running_services.refusals.find(reference="a" * 16) == []
