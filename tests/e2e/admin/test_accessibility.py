"""axe finds nothing, on any page of the content managers and in any of their states."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.e2e.admin.conftest import SignIn, ready

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Both themes and both sizes, each page once in each.
SIZES = {"desktop, light": (1440, 900, "light"), "phone, dark": (390, 844, "dark")}
SECTIONS = ("Details", "Schedule", "Source", "Captions", "Artwork", "Activity")


def check(page: Page, where: str) -> None:
    options: dict[str, Any] = {"runOnly": {"type": "tag", "values": TAGS}}
    # The film's controls lie on its picture, which axe takes for the page's paper: white on white.
    # The same controls are checked on the watch page.
    context = {"exclude": [[".cue-film media-control-bar"]]}
    found = Axe().run(page, context=context, options=options).response["violations"]
    told = [(rule["id"], [node["target"] for node in rule["nodes"]]) for rule in found]
    assert not told, f"{where}: {told}"
    wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    assert not wide, f"{where} scrolls sideways"


@pytest.fixture(params=SIZES.values(), ids=SIZES)
def page(request: pytest.FixtureRequest, sign_in: SignIn) -> Page:
    width, height, theme = request.param
    page = sign_in(width=width, height=height)
    page.context.add_init_script(f"localStorage.setItem('theme', '{theme}')")
    page.reload()
    ready(page)
    expect(page.locator(f"html.{theme}")).to_be_attached()
    return page


def open_a_live_film(page: Page) -> None:
    page.goto("/admin?state=live&sort=title")
    ready(page)
    page.locator(".film-link").first.click()
    page.locator(".sections").wait_for()


def test_the_table(page: Page) -> None:
    check(page, "the table")
    page.locator("input[data-pick]").first.check()
    check(page, "a picked film")
    page.get_by_role("button", name="Schedule…").click()
    page.get_by_role("group", name="From").get_by_label("Date").fill("2027-03-28")
    page.locator(".field-problem").first.wait_for()
    check(page, "the dialog of a schedule with a problem")
    page.goto("/admin?q=nothing-is-called-this")
    page.locator(".blank").wait_for()
    check(page, "the table without a film")


def test_a_film(page: Page) -> None:
    open_a_live_film(page)
    for name in SECTIONS:
        page.locator(".sections").get_by_role("link", name=name).click()
        page.locator(f"#section-{name.lower()}").wait_for()
        if name == "Captions":
            page.get_by_role("button", name="Report and settings").first.click()
            page.locator(".track-detail").wait_for()
        check(page, name)
    page.get_by_role("button", name="Hide…").click()
    check(page, "the dialog before hiding")


def test_a_film_that_cannot_be_published(page: Page) -> None:
    page.goto("/admin/movies/new")
    page.get_by_label("Title", exact=True).fill("")
    page.get_by_label("Year").fill("soon")
    page.locator(".field-problem").first.wait_for()
    check(page, "a form with a problem")
    page.evaluate("localStorage.clear()")
    page.goto("/admin/movies/nobody")
    page.get_by_role("heading", name="There is no such film").wait_for()
    check(page, "no such film")


def test_cues_preview_and_audit(page: Page) -> None:
    open_a_live_film(page)
    page.locator(".sections").get_by_role("link", name="Captions").click()
    page.get_by_role("link", name="Edit cues").first.click()
    page.locator(".cue-text").first.click()
    check(page, "a cue that is edited")
    page.goto("/admin/audit")
    page.locator(".audit").wait_for()
    page.locator("summary").first.click()
    check(page, "the audit")
    page.goto("/admin/audit?who=nobody-at-all")
    page.locator(".blank").wait_for()
    check(page, "the audit without an event")


def test_a_preview(page: Page) -> None:
    open_a_live_film(page)
    page.goto(f"{page.url.partition('#')[0]}/preview")
    page.get_by_role("heading", level=1).wait_for()
    check(page, "a preview")
    # What stands behind a flag that is off is not there.
    assert page.request.get("/styleguide").status == 404


def test_two_people_at_once(page: Page, sign_in: SignIn) -> None:
    open_a_live_film(page)
    other = sign_in()
    other.goto(page.url)
    field = page.get_by_label("Tagline")
    before = field.input_value()
    field.fill(f"{before} Mine.")
    other.get_by_label("Tagline").fill(f"{before} Hers.")
    other.get_by_role("button", name="Save", exact=True).click()
    expect(other.get_by_text("Saved.", exact=True)).to_be_visible()
    page.get_by_role("button", name="Save", exact=True).click()
    page.locator(".conflict").wait_for()
    check(page, "the difference between two people's words")
