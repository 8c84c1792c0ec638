"""A viewer who may have three films open at once never runs out of them by accident."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.player.conftest import SMALL_BUFFER, Film, Player
from tests.support.live_portal import LivePortal, live_portal


@pytest.fixture(scope="module")
def strict_portal(demo_data: Callable[[str], Path]) -> Iterator[LivePortal]:
    """A portal as it comes: three films at once."""
    with live_portal(demo_data("three-streams"), PORTAL_VIEWER_REQUESTS_PER_MIN="100000") as found:
        yield found


@pytest.fixture
def viewer(browser: Browser, strict_portal: LivePortal) -> Iterator[Player]:
    """A new viewer's player."""
    context = browser.new_context(base_url=strict_portal.url, reduced_motion="reduce")
    try:
        player = Player(context.new_page(), strict_portal)
        player.options(**SMALL_BUFFER)
        yield player
    finally:
        context.close()


def test_trying_again_and_again_is_one_stream(viewer: Player, film: Film) -> None:
    viewer.page.route("**/main.m3u8", lambda route: route.abort("connectionrefused"))
    viewer.open(film)
    for _ in range(4):
        expect(viewer.alert()).to_contain_text("Playback stopped", timeout=30_000)
        # Pressed at once, so that the portal sees all of them within a session's life.
        viewer.retry()
    viewer.page.unroute("**/main.m3u8")
    viewer.wait_until_moving(timeout_s=30)
    assert {call.status for call in viewer.token_calls()} == {200}


def test_films_that_were_left_are_streams_given_back(viewer: Player, films: list[Film]) -> None:
    viewer.page.goto("/")
    go = """path => {
      history.pushState({}, "", path);
      dispatchEvent(new PopStateEvent("popstate"));
    }"""
    # Left before the player had its token, with it, and while it played.
    for number, film in enumerate([*films[:5], *films[:2]]):
        viewer.page.evaluate(go, f"/watch/{film.slug}")
        expect(viewer.video).to_be_attached()
        if number % 2:
            viewer.wait_until_moving()
        viewer.page.evaluate(go, "/browse")
        expect(viewer.video).not_to_be_attached()
    viewer.play(films[-1])
    assert {call.status for call in viewer.token_calls()} == {200}
