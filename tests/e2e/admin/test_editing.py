"""Forms that lose nothing: wrong input, reloads, lost connections, two people at once."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.admin.conftest import SignIn


@pytest.fixture
def page(sign_in: SignIn) -> Page:
    """The manager's browser."""
    return sign_in()


def make_film(page: Page, title: str) -> str:
    """A draft; the path of its page."""
    page.goto("/admin/movies/new")
    page.get_by_label("Title", exact=True).fill(title)
    page.get_by_role("button", name="Create the draft").click()
    page.wait_for_url("**#source")
    return page.url.partition("#")[0]


def test_what_is_wrong_is_said_at_the_field_while_one_types(page: Page) -> None:
    page.goto("/admin/movies/new")
    page.get_by_label("Title", exact=True).fill("x" * 201)
    page.get_by_label("Year").fill("soon")
    page.get_by_label("Running time").fill("long")
    expect(page.locator("#field-title-below")).to_contain_text("up to 200 are possible")
    expect(page.locator("#field-year-below")).to_contain_text("has to be a whole number")
    expect(page.locator("#field-runtime_s-below")).to_contain_text("like 1:32:00")
    page.get_by_role("button", name="Create the draft").click()
    expect(page.get_by_text("Nothing was saved: see the fields that are marked.")).to_be_visible()
    expect(page.get_by_label("Title", exact=True)).to_be_focused()
    expect(page.get_by_label("Year")).to_have_value("soon")
    page.evaluate("localStorage.clear()")


def test_a_title_that_is_taken_is_said_in_any_spelling(page: Page) -> None:
    title = page.locator(".film-link").first.inner_text()
    page.goto("/admin/movies/new")
    page.get_by_label("Title", exact=True).fill(title.upper())
    expect(page.locator("#field-title-below")).to_contain_text(f"“{title}” already")
    page.evaluate("localStorage.clear()")


def test_what_was_typed_survives_a_reload(page: Page) -> None:
    address = make_film(page, "A Draft That Stays")
    page.goto(address)
    page.get_by_label("Tagline").fill("Half a thought")
    expect(page.get_by_text("Not saved yet: Tagline")).to_be_visible()
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    expect(page.get_by_label("Tagline")).to_have_value("Half a thought")
    expect(page.get_by_text("What you had not saved")).to_be_visible()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved.", exact=True)).to_be_visible()
    page.reload()
    expect(page.get_by_label("Tagline")).to_have_value("Half a thought")
    expect(page.get_by_text("What you had not saved")).to_have_count(0)


def test_what_was_typed_survives_a_lost_connection(page: Page) -> None:
    address = make_film(page, "Written in a Tunnel")
    page.goto(address)
    page.get_by_label("Tagline").wait_for()
    page.context.set_offline(True)
    page.get_by_label("Tagline").fill("Under the river")
    page.wait_for_timeout(1500)
    page.context.set_offline(False)
    expect(page.get_by_label("Tagline")).to_have_value("Under the river")
    page.wait_for_timeout(3000)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved.", exact=True)).to_be_visible(timeout=15_000)


def test_leaving_with_unsaved_changes_is_asked_about(page: Page) -> None:
    address = make_film(page, "Do Not Go Yet")
    page.goto(address)
    page.get_by_label("Director").fill("Somebody")
    page.locator("a.back").click()
    dialog = page.get_by_role("dialog", name="Leave without saving?")
    expect(dialog).to_contain_text("You changed Director")
    dialog.get_by_role("button", name="Stay").click()
    expect(page.get_by_label("Director")).to_have_value("Somebody")
    page.locator("a.back").click()
    dialog.get_by_role("button", name="Discard and leave").click()
    page.wait_for_url("**/admin")
    page.goto(address)
    expect(page.get_by_label("Director")).to_have_value("")


def test_two_people_at_once_are_shown_the_difference(page: Page, sign_in: SignIn) -> None:
    address = make_film(page, "Two Pens")
    page.goto(address)
    other = sign_in("eva")
    other.goto(address)
    other.get_by_label("Tagline").fill("Hers")
    other.get_by_label("Country").fill("Portugal")
    page.get_by_label("Tagline").fill("Mine")
    page.get_by_label("Director").fill("Me")
    other.get_by_role("button", name="Save", exact=True).click()
    expect(other.get_by_text("Saved.", exact=True)).to_be_visible()

    page.get_by_role("button", name="Save", exact=True).click()
    conflict = page.locator(".conflict")
    expect(conflict).to_contain_text("eva@films.example changed this film since you opened it")
    tagline = conflict.get_by_role("group", name="Tagline")
    expect(tagline).to_contain_text("Mine")
    expect(tagline).to_contain_text("Hers")
    tagline.get_by_label("Theirs").check()
    conflict.get_by_role("button", name="Save what is chosen").click()
    expect(conflict).to_have_count(0)
    page.reload()
    expect(page.get_by_label("Tagline")).to_have_value("Hers")
    expect(page.get_by_label("Director")).to_have_value("Me")
    expect(page.get_by_label("Country")).to_have_value("Portugal")


def test_changes_of_different_fields_are_both_kept(page: Page, sign_in: SignIn) -> None:
    address = make_film(page, "Two Corners of a Page")
    page.goto(address)
    page.get_by_label("Director").wait_for()
    other = sign_in("eva")
    other.goto(address)
    other.get_by_label("Country").fill("Iceland")
    other.get_by_role("button", name="Save", exact=True).click()
    expect(other.get_by_text("Saved.", exact=True)).to_be_visible()
    page.get_by_label("Director").fill("Me")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("changed Country: that is kept too.")).to_be_visible()
    expect(page.get_by_label("Country")).to_have_value("Iceland")
    expect(page.get_by_label("Director")).to_have_value("Me")


def test_an_address_that_may_not_be_fetched_is_refused_and_kept(page: Page) -> None:
    make_film(page, "No Way In")
    box = page.get_by_label("Address of the .m3u8 playlist")
    box.fill("https://169.254.169.254/latest/main.m3u8")
    page.get_by_role("button", name="Check and use").click()
    expect(page.locator("#source-url-below .field-problem")).to_be_visible()
    expect(box).to_have_value("https://169.254.169.254/latest/main.m3u8")


def test_a_draft_can_be_deleted(page: Page) -> None:
    address = make_film(page, "A Mistake")
    page.goto(address)
    page.get_by_role("button", name="Delete this draft…").click()
    page.get_by_role("button", name="Delete the draft").click()
    page.wait_for_url("**/admin")
    page.goto(address)
    expect(page.get_by_role("heading", name="There is no such film")).to_be_visible()


def test_who_is_not_signed_in_is_led_to_the_login(page: Page) -> None:
    page.context.clear_cookies()
    page.goto("/admin/audit")
    page.wait_for_url(re.compile(r"/admin/login\?next="))
