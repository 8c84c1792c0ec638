"""`python -m benchmarks.admin_table [TITLES]`: the managers' table in the browser, on loopback."""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from benchmarks.titles import put_titles
from tests.e2e.conftest import CHROMIUM, CHROMIUM_ARGUMENTS
from tests.support.live_portal import live_portal, make_account
from tests.support.people import PASSWORD

TITLES = 100_000
ROUNDS = 5
TYPED = "amber harbour 4217"
_FIRST = (
    "Amber",
    "Quiet",
    "Second",
    "Northern",
    "Paper",
    "Iron",
    "Late",
    "Hollow",
    "Winter",
    "Lost",
)
_SECOND = ("Harbour", "Lanterns", "Letters", "Orchard", "Signal", "River", "Garden", "Station")
_NOW = "() => performance.now()"
# From the key's own event until the rows that answer it are in the page, and painted.
_ANSWERED = """(wanted) => new Promise((done) => {
  const look = () => {
    const shown = document.querySelector("[data-answers]")?.dataset.answers;
    if (shown === wanted) requestAnimationFrame(() => done(performance.now() - window.pressedAt));
    else requestAnimationFrame(look);
  };
  look();
})"""


def fill(data_dir: Path, titles: int) -> None:
    """Put titles into the database, most of them live."""
    now = datetime.now(UTC)

    def facts(number: int) -> dict[str, Any]:
        return {
            "title": f"{_FIRST[number % 10]} {_SECOND[number // 10 % 8]} {number}",
            "synopsis": "Words.",
            "year": 1930 + number % 96,
            "runtime_s": 5400 + number % 3600,
            "genres": ["Drama", "Mystery"][: 1 + number % 2],
            "director": f"Director {number % 900}",
            "cast": [f"Actor {number % 4000}"],
            "visibility": "visible" if number % 7 else "draft",
            "added_at": now - timedelta(minutes=number),
            "updated_at": now - timedelta(seconds=number),
        }

    url = f"sqlite:///{data_dir / 'portal.sqlite3'}"
    put_titles(url, titles, facts, lambda _number: [("en", "English")])


def sign_in(page: Page) -> None:
    """As the manager."""
    page.goto("/admin/login")
    page.locator("[name=email]").fill("ana@films.example")
    page.locator("[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.locator(".film-link").first.wait_for()


def first_rows(page: Page) -> list[float]:
    """Milliseconds from the navigation's start to the first rows."""
    times = []
    for _ in range(ROUNDS):
        page.goto("/admin", wait_until="commit")
        page.locator(".film-link").first.wait_for()
        times.append(float(page.evaluate(_NOW)))
    return times


def keystrokes(page: Page) -> list[float]:
    """Milliseconds from each key to the rows that answer it, its pause of 200 ms included."""
    page.goto("/admin")
    page.locator(".film-link").first.wait_for()
    page.wait_for_load_state("networkidle")
    page.evaluate(
        "addEventListener('keydown', () => { window.pressedAt = performance.now(); }, true)"
    )
    page.keyboard.press("/")
    times = []
    for end in range(1, len(TYPED) + 1):
        page.keyboard.type(TYPED[end - 1])
        if TYPED[end - 1] == " ":
            continue  # the same search as before
        times.append(float(page.evaluate(_ANSWERED, TYPED[:end])))
    return times


def report(name: str, times: list[float]) -> None:
    """Print the median and the worst."""
    print(f"{name}: median {statistics.median(times):.0f} ms, worst {max(times):.0f} ms")


def main() -> None:
    """Fill a portal and measure its table."""
    titles = int(sys.argv[1]) if len(sys.argv) > 1 else TITLES
    print(f"cores: {os.cpu_count()}, load: {os.getloadavg()[0]:.1f}, titles: {titles:,}")
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        data.mkdir()
        make_account(data, "ana@films.example")
        fill(data, titles)
        with (
            live_portal(data, PORTAL_VIEWER_REQUESTS_PER_MIN="1000000") as portal,
            sync_playwright() as playwright,
        ):
            browser = playwright.chromium.launch(
                executable_path=CHROMIUM, args=CHROMIUM_ARGUMENTS, headless=True
            )
            page = browser.new_page(base_url=portal.url, viewport={"width": 1440, "height": 900})
            sign_in(page)
            report("time to first rows", first_rows(page))
            report("a keystroke to its rows", keystrokes(page))
            browser.close()


if __name__ == "__main__":
    main()
