"""Quality of experience against the truth: what is stored is what the video went through.

The truth is kept by a clock of the test's own: on every frame it looks whether the film moves. It
shares nothing with the player's code but the video element.
"""

from __future__ import annotations

import contextlib
import sqlite3
import time
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Error, Route, expect

from tests.e2e.player.conftest import Film, Player
from tests.e2e.player.test_refusals import refuse

WITHIN_MS = 100
CLOCK = """
  (() => {
    const truth = { askedAt: 0, firstAt: 0, played: 0, stalled: 0, stalls: 0, stillSince: 0, sizes: 0 };
    window.truth = truth;
    document.addEventListener("resize", () => { if (truth.firstAt) truth.sizes += 1; }, true);
    const ask = window.fetch;
    window.fetch = (...given) => {
      if (!truth.askedAt && String(given[0]).endsWith("/stream-token")) truth.askedAt = performance.now();
      return ask(...given);
    };
    let at = -1, before = 0, isSeeking = false;
    const look = (now) => {
      const video = document.querySelector("video");
      if (video) {
        const moves = video.currentTime > at && at >= 0 && !video.paused && !video.seeking;
        if (!truth.firstAt && moves) truth.firstAt = before;
        if (truth.firstAt && before && !video.paused && !video.seeking && !video.ended) {
          if (moves) {
            if (truth.stillSince) {
              const still = before - truth.stillSince;
              if (still > 150) { truth.stalled += still; truth.stalls += 1; }
              else truth.played += still;
              truth.stillSince = 0;
            }
            truth.played += now - before;
          } else if (!truth.stillSince) truth.stillSince = before;
        }
        at = video.currentTime;
      }
      before = now;
      requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  })();
"""  # noqa: E501  a script as it is read


@pytest.fixture
def clocked(player: Player) -> Player:
    player.page.add_init_script(CLOCK)
    return player


def truth_of(player: Player) -> dict[str, float]:
    return dict(player.page.evaluate("window.truth"))


def leave(player: Player) -> None:
    """Close the film as a viewer does who goes elsewhere."""
    player.page.goto("about:blank")


def stored(player: Player, session_id: str, wanted: Any = None) -> dict[str, Any]:
    """The session's row, as soon as it says that the viewer has left."""
    deadline = time.monotonic() + 15
    while time.monotonic() < deadline:
        with sqlite3.connect(player.portal.data_dir / "portal.sqlite3") as db:
            db.row_factory = sqlite3.Row
            row = db.execute(
                "select * from qoe_session where id = ?", (session_id[:32],)
            ).fetchone()
        if row and row["state"] == (wanted or "q"):
            return dict(row)
        time.sleep(0.2)
    raise AssertionError(f"session {session_id[:8]}: {dict(row) if row else 'nothing'} was stored")


def session_of(player: Player) -> str:
    """The session that the page was granted."""
    player.page.wait_for_function("window.truth.askedAt > 0")
    deadline = time.monotonic() + 10
    while not player.media() and time.monotonic() < deadline:
        player.page.wait_for_timeout(50)
    return player.session_id()


def test_a_film_with_a_stall_a_switch_and_captions(
    clocked: Player, film: Film, context: BrowserContext
) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    clocked.play(film)
    session_id = clocked.session_id()
    # A switch, by the quality menu's own way; then captions.
    clocked.page.evaluate(
        "() => { const v = document.querySelector('video'); const all = [...v.videoRenditions];"
        " const at = v.videoHeight; const other = all.findIndex(r => r.height !== at);"
        " v.videoRenditions.selectedIndex = other; }"
    )
    clocked.page.keyboard.press("c")
    clocked.wait_until_moving(4)
    # The origin falls silent until the buffer is empty and the film has stood for a second.
    context.route("**/hls/**", hold)
    clocked.page.wait_for_function("window.truth.stillSince > 0", timeout=20_000)
    clocked.page.wait_for_timeout(1200)
    for route in held:
        with contextlib.suppress(Error):  # the player gave some of them up itself
            route.continue_()
    context.unroute("**/hls/**")
    clocked.page.wait_for_function("window.truth.stalls === 1", timeout=20_000)
    clocked.page.wait_for_timeout(1000)
    truth = clocked.page.evaluate(
        "() => { document.querySelector('video').pause(); return { ...window.truth }; }"
    )
    leave(clocked)
    row = stored(clocked, session_id)

    assert abs(row["start_ms"] - (truth["firstAt"] - truth["askedAt"])) <= WITHIN_MS
    assert abs(row["stall_ms"] - truth["stalled"]) <= WITHIN_MS
    assert abs(row["play_ms"] - truth["played"]) <= WITHIN_MS
    assert (row["attempts"], row["starts"], row["stalls"]) == (1, 1, truth["stalls"])
    assert (row["start_failures"], row["later_failures"], row["early_exits"]) == (0, 0, 0)
    assert row["switches"] == truth["sizes"] >= 1
    assert (row["captions_on"], row["caption_rendered"]) == (1, 1)


def test_a_film_that_fails_before_its_first_frame(clocked: Player, film: Film) -> None:
    clocked.page.route("**/hls/**/*.m3u8", refuse(403, "forbidden", "Not for you."))
    clocked.open(film)
    expect(clocked.alert()).to_contain_text("Not for you.")
    session_id = clocked.session_id()
    row = stored(clocked, session_id, "f")
    assert (row["attempts"], row["starts"], row["start_failures"]) == (1, 0, 1)
    assert (row["failure"], row["play_ms"], row["start_ms"]) == ("forbidden", 0, None)
    leave(clocked)
    assert stored(clocked, session_id)["early_exits"] == 0


def test_a_film_that_is_left_before_its_first_frame(clocked: Player, film: Film) -> None:
    clocked.page.route("**/hls/**/*.m4s", lambda _: None)
    clocked.page.route("**/hls/**/*.mp4", lambda _: None)
    clocked.open(film)
    session_id = session_of(clocked)
    clocked.page.wait_for_timeout(500)
    leave(clocked)
    row = stored(clocked, session_id)
    assert (row["attempts"], row["starts"], row["early_exits"]) == (1, 0, 1)
    assert row["start_failures"] == 0


def test_a_film_that_fails_later_and_goes_on_in_another_session(
    clocked: Player, film: Film
) -> None:
    clocked.play(film)
    first = clocked.session_id()
    clocked.revoke()
    expect(clocked.alert()).to_contain_text("viewing session has ended", timeout=12_000)
    row = stored(clocked, first, "f")
    assert (row["starts"], row["later_failures"], row["failure"]) == (1, 1, "session-revoked")
    played = truth_of(clocked)["played"]
    assert abs(row["play_ms"] - played) <= WITHIN_MS


def test_lines_wait_while_the_network_is_away(
    clocked: Player, film: Film, context: BrowserContext
) -> None:
    clocked.play(film)
    session_id = clocked.session_id()
    context.set_offline(True)
    clocked.seek(2)  # what is buffered
    clocked.page.wait_for_timeout(500)
    leave(clocked)
    context.set_offline(False)
    clocked.play(film)  # the next film brings what was kept
    row = stored(clocked, session_id)
    assert (row["attempts"], row["starts"]) == (1, 1)
