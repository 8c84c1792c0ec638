"""A film that outlives its tokens many times over, and the same without the swap."""

from __future__ import annotations

import httpx
from playwright.sync_api import expect

from tests.e2e.conftest import Watched
from tests.e2e.player.conftest import SMALL_BUFFER, Film, Player
from tests.support.live_portal import LivePortal


def test_a_film_plays_to_its_end_over_many_tokens(
    player: Player, films: list[Film], portal: LivePortal, watched: Watched
) -> None:
    film = films[0]
    player.play(film)
    player.page.wait_for_function(
        "window.mediaEvents.includes('ended')", timeout=(film.duration_s + 20) * 1000
    )
    assert player.refused_media() == []
    assert player.stalls() == 0
    tokens = player.media_tokens()
    assert len(tokens) >= 6, len(tokens)
    assert all(call.status == 200 for call in player.token_calls())

    with portal.client() as client:
        first = client.get(player.media()[0].url)
        assert first.status_code == httpx.codes.UNAUTHORIZED  # it has expired long ago

    expect(player.page.get_by_role("region", name="The film has ended")).to_be_visible()
    player.page.get_by_role("button", name="Watch again").click()
    player.wait_until_moving()
    assert player.position_s() < 5
    *_, last = player.reports()
    assert last["ended"]
    assert abs(last["positionS"] - film.duration_s) < 1


def test_without_the_swap_the_same_film_stops(player: Player, film: Film, watched: Watched) -> None:
    """The control of the test above: the film outlives its token, so the swap is needed."""
    player.options(**SMALL_BUFFER, swapTokens=False)
    player.play(film)
    expect(player.alert()).to_contain_text("can't be played", timeout=40_000)
    assert len(player.media_tokens()) == 1
    assert {asked.status for asked in player.refused_media()} == {401}
    assert player.position_s() < film.duration_s - 5
    watched.forget()
