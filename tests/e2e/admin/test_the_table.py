"""The table of films: searching, picking, changing many, taking it back."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.admin.conftest import SignIn, ready


@pytest.fixture
def page(sign_in: SignIn) -> Page:
    """The manager's browser."""
    return sign_in()


def picked(page: Page, number: int) -> None:
    words = "1 film" if number == 1 else f"{number} films"
    expect(page.get_by_text(f"{words} picked")).to_be_visible()


def test_a_search_narrows_the_table_and_the_address_says_so(page: Page) -> None:
    title = page.locator(".film-link").nth(3).inner_text()
    page.keyboard.press("/")
    page.keyboard.type(title)
    expect(page.locator(".film-link")).to_have_count(1)
    expect(page).to_have_url(re.compile(r"\?q="))
    page.reload()
    expect(page.locator(".film-link")).to_have_text([title])
    page.get_by_label("Search films").fill("no film is called this")
    expect(page.get_by_role("heading", name="No film fits")).to_be_visible()


def test_pages_of_the_table_follow_one_another(page: Page) -> None:
    page.get_by_role("link", name="Film", exact=True).click()
    expect(page.locator("th[aria-sort=ascending]")).to_have_text("Film")
    titles = page.locator(".film-link").all_inner_texts()
    assert titles == sorted(titles, key=str.casefold) or len(titles) > 1


def test_keys_walk_and_pick(page: Page) -> None:
    page.keyboard.press("/")
    page.keyboard.press("ArrowDown")
    links = page.locator(".film-link")
    expect(links.nth(0)).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    picked(page, 1)
    page.keyboard.press("Shift+ArrowDown")
    picked(page, 2)
    page.keyboard.press("Escape")
    expect(page.get_by_text("picked")).to_be_hidden()
    page.keyboard.press("Enter")
    page.wait_for_url("**/admin/movies/*")


def test_hiding_many_is_asked_about_done_and_taken_back(page: Page) -> None:
    live = page.locator(".chip", has_text="Live").locator("small")
    before = live.inner_text()
    page.goto("/admin?state=live")
    ready(page)
    titles = page.locator(".film-link").all_inner_texts()[:2]
    for title in titles:
        page.get_by_label(f"Pick {title}", exact=True).check()
    page.get_by_role("button", name="Hide…").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text(titles[0])
    dialog.get_by_role("button", name="Hide from viewers").click()
    expect(page.get_by_text("Hidden: 2 films.")).to_be_visible()
    expect(page.locator(".film-link", has_text=titles[0])).to_have_count(0)
    expect(page.get_by_text("picked")).to_be_hidden()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Taken back: 2 films as before.")).to_be_visible()
    expect(live).to_have_text(before)


def test_what_cannot_be_shown_is_named_and_left(page: Page) -> None:
    page.goto("/admin/movies/new")
    page.get_by_label("Title", exact=True).fill("Nothing But a Title")
    page.get_by_role("button", name="Create the draft").click()
    page.wait_for_url("**#source")
    page.goto("/admin?q=Nothing+But+a+Title")
    ready(page)
    page.get_by_label("Pick Nothing But a Title").check()
    page.get_by_role("button", name="Show…").click()
    page.get_by_role("dialog").get_by_role("button", name="Show to viewers").click()
    expect(page.get_by_text("1 film could not be changed and was left as before.")).to_be_visible()
    expect(page.locator(".toast li")).to_contain_text("The film has no stream source.")


def test_a_time_that_the_clock_skips_is_refused_in_words(page: Page) -> None:
    page.locator("input[data-pick]").first.check()
    page.get_by_role("button", name="Schedule…").click()
    page.get_by_label("Time zone").fill("Europe/Lisbon")
    start = page.get_by_role("group", name="From")
    start.get_by_label("Date").fill("2027-03-28")
    start.get_by_label("Time").fill("01:30")
    expect(start).to_contain_text("There is no 01:30 on Sunday 28 March 2027 in Lisbon")
    start.get_by_role("button", name="Use 02:00").click()
    expect(start).to_contain_text("02:00 in Lisbon, that is 01:00 UTC")
    start.get_by_label("Date").fill("2026-10-25")
    start.get_by_label("Time").fill("01:30")
    start.get_by_label("the second 01:30, that is 01:30 UTC").check()
    expect(start).to_contain_text("the second time it is 01:30")


def test_an_editor_looks_but_does_not_publish(sign_in: SignIn) -> None:
    page = sign_in("eva")
    page.locator("input[data-pick]").first.check()
    page.get_by_role("button", name="Hide…").click()
    page.get_by_role("dialog").get_by_role("button", name="Hide from viewers").click()
    expect(page.get_by_role("alert")).to_contain_text("This needs the role manager")
