"""From a click on a card's Play, and from a cold load, to the first frame that moves."""

from __future__ import annotations

import statistics
from collections.abc import Callable

from playwright.sync_api import Browser, Page

ROUNDS = 5
# The first frame that moves: the clock of the video runs and a frame was put on screen.
_FIRST_FRAME = """() => new Promise((done) => {
  const look = () => {
    const video = document.querySelector("video");
    if (!video) return requestAnimationFrame(look);
    if (video.currentTime > 0 && !video.paused) return done(performance.now());
    video.requestVideoFrameCallback(() => {
      const wait = () =>
        video.currentTime > 0 ? done(performance.now()) : requestAnimationFrame(wait);
      wait();
    });
  };
  look();
})"""


def _slugs(page: Page) -> list[str]:
    page.goto("/browse?sort=title")
    page.wait_for_selector(".grid a.card")
    hrefs = page.eval_on_selector_all(".grid a.card", "all => all.map((a) => a.pathname)")
    return [str(href).rsplit("/", 1)[-1] for href in hrefs]


def cold_load(browser: Browser, base_url: str) -> list[float]:
    """Milliseconds from navigation start to the first moving frame, each in a new profile."""
    with browser.new_context(base_url=base_url) as context:
        slugs = _slugs(context.new_page())
    times = []
    for slug in slugs[:ROUNDS]:
        with browser.new_context(base_url=base_url) as context:
            page = context.new_page()
            page.goto(f"/watch/{slug}", wait_until="commit")
            times.append(float(page.evaluate(_FIRST_FRAME)))
    return times


def click_on_play(browser: Browser, base_url: str) -> list[float]:
    """Milliseconds from pressing Play on a film's page to the first moving frame."""
    with browser.new_context(base_url=base_url) as context:
        slugs = _slugs(context.new_page())
    times = []
    for slug in slugs[ROUNDS : 2 * ROUNDS]:
        with browser.new_context(base_url=base_url) as context:
            page = context.new_page()
            page.goto(f"/movie/{slug}")
            button = page.locator("a.btn-primary[href^='/watch/']")
            button.wait_for()
            page.wait_for_load_state("networkidle")
            page.evaluate(
                "addEventListener('pointerdown', () => { window.pressed = performance.now(); },"
                " { capture: true, once: true })"
            )
            button.click()
            end = float(page.evaluate(_FIRST_FRAME))
            times.append(end - float(page.evaluate("window.pressed")))
    return times


def report(name: str, measure: Callable[[], list[float]]) -> None:
    """Print the median and the spread of a measurement."""
    times = sorted(measure())
    print(
        f"{name:32} median {statistics.median(times):6.0f} ms   "
        f"min {times[0]:6.0f}   max {times[-1]:6.0f}   n={len(times)}"
    )
