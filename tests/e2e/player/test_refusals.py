"""What a viewer is told when the portal, the origin or the network says no, and how it goes on."""

from __future__ import annotations

import json
import re

from playwright.sync_api import BrowserContext, Route, expect

from tests.e2e.conftest import Watched
from tests.e2e.player.conftest import Film, Player

PROBLEM = "application/problem+json"


def refuse(status: int, code: str, detail: str, **headers: str) -> object:
    """A route handler that answers with a problem."""

    def handler(route: Route) -> None:
        body = {"code": code, "detail": detail, "status": status}
        route.fulfill(
            status=status, body=json.dumps(body), headers={"Content-Type": PROBLEM, **headers}
        )

    return handler


def test_a_revoked_session_ends_at_once_and_without_a_loop(
    player: Player, film: Film, watched: Watched
) -> None:
    player.play(film)
    first_session = player.session_id()
    player.revoke()
    expect(player.alert()).to_contain_text("viewing session has ended", timeout=12_000)
    stopped_at = player.position_s()
    asked = len(player.asked)
    player.page.wait_for_timeout(3000)
    refused = [a for a in player.asked if a.status == 403]
    assert 1 <= len(refused) <= 2, refused  # picture and sound may be on their way together
    assert len(player.asked) == asked  # nothing is asked for any more
    assert player.stalls() == 0
    assert player.position_s() == stopped_at

    player.retry()
    player.wait_until_moving(stopped_at + 0.2)
    assert player.session_id() != first_session
    assert player.position_s() < stopped_at + 5
    watched.forget()


def test_a_refused_token_is_one_call_an_alert_and_a_way_on(
    player: Player, film: Film, context: BrowserContext, watched: Watched
) -> None:
    words = "You are not allowed to do this."
    context.route("**/stream-token", refuse(403, "forbidden", words))
    player.open(film)
    expect(player.alert()).to_contain_text(words)
    player.page.wait_for_timeout(1500)
    assert len(player.token_calls()) == 1
    assert player.media() == []
    assert len(watched.errors) == 1  # the browser's own line about the 403
    watched.forget()

    context.unroute("**/stream-token")
    player.retry()
    player.wait_until_moving()


def test_an_unknown_film_says_so_and_leads_elsewhere(player: Player, watched: Watched) -> None:
    player.open(Film("", "no-such-film", "", 0))
    expect(player.alert()).to_contain_text("We can't find that film.")
    # What somebody who helps asks for, as a person can read it out.
    reference = player.alert().locator("bdi")
    expect(reference).to_have_text(re.compile(r"^([0-9a-f]{4} ){2}[0-9a-f]{4}$"))
    assert [call.status for call in player.token_calls()] == [404]
    player.page.get_by_role("alert").get_by_role("link", name="Browse all films").click()
    expect(player.page).to_have_url(re.compile("/browse$"))
    watched.forget()


def test_too_many_requests_are_waited_out_with_a_countdown(
    player: Player, film: Film, context: BrowserContext, watched: Watched
) -> None:
    limited = refuse(429, "rate-limited", "Too many requests.", **{"Retry-After": "3"})
    context.route("**/stream-token", limited, times=1)
    player.open(film)
    expect(player.status()).to_contain_text("The film goes on by itself")
    expect(player.status()).to_contain_text(re.compile(r"[23] s"))
    player.wait_until_moving()
    expect(player.status()).to_be_empty()
    assert [call.status for call in player.token_calls()] == [429, 200]
    watched.forget()


def test_too_many_films_at_once_is_for_the_viewer_to_solve(
    player: Player, film: Film, context: BrowserContext, watched: Watched
) -> None:
    words = "Too many films are playing for you at once. Stop one of them and try again."
    context.route("**/stream-token", refuse(429, "too-many-streams", words), times=1)
    player.open(film)
    expect(player.alert()).to_contain_text(words)
    player.retry()
    player.wait_until_moving()
    assert [call.status for call in player.token_calls()] == [429, 200]
    watched.forget()


def test_trouble_of_the_portal_is_waited_out(
    player: Player, film: Film, context: BrowserContext, watched: Watched
) -> None:
    words = "The portal is having trouble right now. It will be back shortly."
    context.route("**/stream-token", refuse(503, "unavailable", words), times=2)
    player.open(film)
    expect(player.status()).to_contain_text(words)
    player.wait_until_moving()
    assert [call.status for call in player.token_calls()] == [503, 503, 200]
    watched.forget()


def test_renewal_that_fails_for_some_seconds_is_not_noticed(
    player: Player, film: Film, context: BrowserContext, watched: Watched
) -> None:
    player.play(film)
    context.route("**/stream-token", lambda route: route.abort("connectionrefused"), times=2)
    player.wait_until_moving(10)
    assert player.stalls() == 0
    assert player.refused_media() == []
    assert [call.status for call in player.token_calls()][:4] == [200, None, None, 200]
    watched.forget()


def test_an_origin_that_fails_is_told_and_can_be_tried_again(
    player: Player, film: Film, context: BrowserContext, watched: Watched
) -> None:
    words = "The film's source is not answering properly. Try again in a moment."
    context.route("**/main.m3u8", refuse(502, "origin-failed", words))
    player.open(film)
    expect(player.status()).to_contain_text("Trying again", timeout=10_000)
    expect(player.alert()).to_contain_text(words, timeout=30_000)
    context.unroute("**/main.m3u8")
    player.retry()
    player.wait_until_moving()
    watched.forget()


def test_offline_is_told_and_the_film_goes_on_when_the_network_is_back(
    player: Player, film: Film, context: BrowserContext, watched: Watched
) -> None:
    player.play(film)
    context.set_offline(True)
    expect(player.status()).to_contain_text("You are offline")
    player.page.wait_for_function("window.mediaEvents.includes('waiting')", timeout=25_000)
    expect(player.status()).to_contain_text("You are offline")
    expect(player.alert()).to_be_empty()
    stopped_at = player.position_s()
    context.set_offline(False)
    player.wait_until_moving(stopped_at + 0.5)
    expect(player.status()).to_be_empty()
    watched.forget()
