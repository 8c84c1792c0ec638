"""Real browsers that play films while many load the portal: start, stalls, dropped frames."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from tests.e2e.conftest import CHROMIUM, CHROMIUM_ARGUMENTS
from tests.support.live_portal import ROOT

_WATCH = """() => {
  window.seen = { stalls: 0, stalledMs: 0, errors: 0, playing: 0 };
  let since = 0;
  document.addEventListener("waiting", ({ target }) => {
    if (seen.playing && !target.seeking && !since) { seen.stalls += 1; since = performance.now(); }
  }, true);
  document.addEventListener("playing", () => {
    seen.playing ||= performance.now();
    if (since) { seen.stalledMs += performance.now() - since; since = 0; }
  }, true);
  document.addEventListener("error", ({ target }) => {
    if (target.localName === "video") seen.errors += 1;
  }, true);
}"""
_STATE = """() => {
  const video = document.querySelector("video");
  const frames = video?.getVideoPlaybackQuality() || {};
  return { ...seen, dropped: frames.droppedVideoFrames || 0, shown: frames.totalVideoFrames || 0,
    height: video?.videoHeight || 0, position: video?.currentTime || 0 };
}"""


@dataclass(frozen=True)
class Played:
    """One film in one browser.

    Attributes:
        start_ms: From the navigation to the first frame.
        stalls: How often it stood still, and for how long in all.
        dropped: Share of the frames that were not shown.
        height: Lines of the rendition at the end.
    """

    start_ms: float
    stalls: int
    stalled_ms: float
    dropped: float
    height: int
    played_s: float
    errors: int

    def text(self) -> str:
        """As a line."""
        return (
            f"first frame after {self.start_ms:.0f} ms, played {self.played_s:.0f} s in"
            f" {self.height} lines, {self.stalls} stalls ({self.stalled_ms:.0f} ms),"
            f" {self.dropped:.1%} of frames dropped, {self.errors} errors"
        )


def play(url: str, until: float) -> list[Played]:
    """Play one film after another until a time of the monotonic clock."""
    found = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=CHROMIUM_ARGUMENTS, headless=True
        )
        slugs = _slugs(browser, url)
        while time.monotonic() < until - 15:
            found.append(_play(browser, url, slugs[len(found) % len(slugs)], until))
        browser.close()
    return found


def _slugs(browser: Browser, url: str) -> list[str]:
    page = browser.new_page()
    films = page.request.get(f"{url}/api/movies?limit=20").json()["movies"]
    page.close()
    return [str(film["slug"]) for film in films]


def _play(browser: Browser, url: str, slug: str, until: float) -> Played:
    with browser.new_context() as context:
        page = context.new_page()
        page.add_init_script(f"({_WATCH})()")
        page.goto(f"{url}/watch/{slug}", wait_until="commit")
        page.wait_for_function("() => window.seen.playing", timeout=60_000)
        end = min(until, time.monotonic() + 30)
        while time.monotonic() < end and not page.evaluate(
            "() => document.querySelector('video').ended"
        ):
            page.wait_for_timeout(500)
        state: dict[str, Any] = page.evaluate(_STATE)
    return Played(
        start_ms=state["playing"],
        stalls=state["stalls"],
        stalled_ms=state["stalledMs"],
        dropped=state["dropped"] / max(1, state["shown"]),
        height=state["height"],
        played_s=state["position"],
        errors=state["errors"],
    )


@contextlib.contextmanager
def watching(url: str, browsers: int, seconds: float) -> Iterator[list[Played]]:
    """Let browsers play in processes of their own; the list is filled when the block has ended."""
    found: list[Played] = []
    command = [sys.executable, "-m", "tests.load.browsers", url, str(seconds)]
    players = [
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        for _ in range(browsers)
    ]
    yield found
    for player in players:
        out, _ = player.communicate(timeout=120)
        found += [Played(**each) for each in json.loads(out or "[]")]


if __name__ == "__main__":
    films = play(sys.argv[1], time.monotonic() + float(sys.argv[2]))
    print(json.dumps([asdict(each) for each in films]))
