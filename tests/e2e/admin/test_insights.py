"""A manager looks at how films do: from a film that was watched to what the page says of it."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlmodel import Session

from portal.services.clock import utc_now
from portal.services.db_engine import make_engine
from portal.services.qoe.beats import Counters
from portal.services.qoe.rollups import News, Sums, hour_of
from portal.services.repositories import qoe as rows
from tests.e2e.admin.conftest import SignIn
from tests.e2e.admin.test_accessibility import SIZES, check
from tests.support.live_portal import LivePortal


@pytest.fixture(scope="module")
def viewed(portal: LivePortal) -> None:
    """Ten days of viewing, of films that are gone by now."""
    sums, now = Sums(), utc_now()
    for days in range(10):
        sums.add(
            News(
                Counters(attempts=1, starts=1, play_ms=5_400_000, stall_ms=9000, later_failures=1),
                height=720, new_tenths=127, start_ms=300 + 40 * days, failure="network",
                captions_began=True, caption_rendered=True, caption_language="pt",
            ),
            movie_id="f" * 32, browser="Safari", hour=hour_of(now - timedelta(days=days)),
        )  # fmt: skip
        sums.count("throttle", "viewer", hour_of(now - timedelta(days=days)))
    engine = make_engine(f"sqlite:///{portal.data_dir / 'portal.sqlite3'}")
    with Session(engine) as session, session.begin():
        rows.add_sums(session, sums)
    engine.dispose()


def opened(page: Page, address: str = "/admin/insights") -> Page:
    page.goto(address)
    page.locator(".tile").first.wait_for()
    return page


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_the_page_is_readable_in_every_way(
    sign_in: SignIn, viewed: None, size: tuple[int, int]
) -> None:
    page = opened(sign_in(width=size[0], height=size[1]))
    expect(page.get_by_role("region", name="Captions")).to_contain_text("Portuguese")
    expect(page.get_by_role("region", name="Failures")).to_contain_text("Network lost")
    check(page, "insights")
    page.get_by_text("As a table").first.click()
    expect(page.get_by_role("region", name="Plays").get_by_role("table")).to_be_visible()
    page.get_by_role("link", name="Custom").click()
    page.get_by_label("From (UTC)").wait_for()
    check(page, "insights of a time of one's own")


def test_a_film_that_is_watched_is_counted_at_once(sign_in: SignIn, portal: LivePortal) -> None:
    manager = sign_in()
    manager.locator(".film-link").first.wait_for()
    # The last film: tests before this one open the first ones, and leave them before they play.
    film = portal.client().get("/api/movies", params={"limit": 100}).json()["movies"][-1]
    manager.goto(f"/admin/movies/{film['movieId']}")
    # Not the header's, which is there before the film is.
    manager.locator("main").get_by_role("link", name="Insights").click()
    manager.wait_for_url("**/admin/insights/*")
    expect(manager.get_by_role("heading", name="Nothing was played yet")).to_be_visible()
    slug = film["slug"]

    viewer = sign_in("eva")
    viewer.goto(f"/watch/{slug}")
    viewer.wait_for_function("document.querySelector('video')?.currentTime > 0.5")
    expect(manager.get_by_role("region", name="Now watching")).to_contain_text(
        "1 person", timeout=15_000
    )
    viewer.goto("about:blank")
    expect(manager.get_by_role("region", name="Now watching")).to_contain_text(
        "0 people", timeout=15_000
    )
    manager.get_by_role("link", name="24 hours").click()
    expect(manager.locator(".tile").first).to_contain_text("1", timeout=10_000)
    with manager.expect_download() as download:
        manager.get_by_role("region", name="Plays").get_by_role("link", name="CSV").click()
    text = download.value.path().read_text("utf-8-sig")
    assert sum(int(row["plays"]) for row in csv.DictReader(io.StringIO(text))) == 1


def test_an_editor_is_told_that_it_is_for_managers(sign_in: SignIn) -> None:
    page = sign_in("eva")
    page.goto("/admin/insights")
    expect(page.get_by_role("alert").first).to_contain_text("manager")
    expect(page.locator(".tile")).to_have_count(0)
