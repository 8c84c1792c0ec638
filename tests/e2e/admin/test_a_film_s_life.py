"""A new film from its first word until it is hidden: once by mouse, once by keyboard alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, TimeoutError, expect

from tests.e2e.admin.conftest import SignIn
from tests.support.live_portal import LivePortal


@pytest.fixture
def page(sign_in: SignIn) -> Page:
    """The manager's browser."""
    return sign_in()


def tab(page: Page, name: str) -> None:
    """Show a section."""
    page.locator(".sections").get_by_role("link", name=name, exact=True).click()


def upload_form(page: Page) -> Locator:
    return page.locator("form.card-box.upload-box")


def slug_of(page: Page) -> str:
    return page.locator("#field-slug").input_value()


def test_by_mouse(
    page: Page, browser: Browser, portal: LivePortal, demo_source: str, captions: Path
) -> None:
    page.get_by_role("link", name="New film").click()
    page.get_by_label("Title", exact=True).fill("The Night Ferry")
    page.get_by_label("Genres").fill("Drama, Mystery")
    page.get_by_role("button", name="Create the draft").click()
    page.wait_for_url("**/admin/movies/*#source")
    film_page = page.url.partition("#")[0]
    expect(page.get_by_text("Needs work: no source, no valid captions")).to_be_visible()

    page.get_by_label("Address of the .m3u8 playlist").fill(demo_source)
    page.get_by_role("button", name="Check and use").click()
    expect(page.get_by_text("The source is set and plays.")).to_be_visible(timeout=30_000)
    expect(page.get_by_label("Address of the .m3u8 playlist")).to_have_value("")

    tab(page, "Captions")
    upload_form(page).locator("input[type=file]").set_input_files(captions)
    upload_form(page).get_by_label("Language", exact=True).fill("en")
    upload_form(page).get_by_role("button", name="Upload and check").click()
    expect(page.get_by_text("The check found nothing to mend.")).to_be_visible()
    expect(page.get_by_text("Ready to publish")).to_be_visible()

    page.get_by_role("link", name="Edit cues of English").click()
    page.locator(".cue-text", has_text="counting the lamps").click()
    page.locator("#cue-text").fill("Somebody counts the lamps.")
    page.get_by_role("button", name="Save as a new version").click()
    expect(page.get_by_text("Cue 2 changed: saved as version 2.")).to_be_visible()
    # The draft plays beside its cues, for those who are signed in.
    page.wait_for_function("document.querySelector('.cue-film video')?.readyState >= 1")
    page.locator("a.back").click()

    tab(page, "Schedule")
    page.get_by_label("Time zone").fill("Europe/Lisbon")
    start = page.get_by_role("group", name="From")
    start.get_by_label("Date").fill("2030-11-29")
    start.get_by_label("Time").fill("18:00")
    expect(
        page.get_by_text("From Friday 29 November 2030, 18:00 in Lisbon, that is")
    ).to_be_visible()
    page.get_by_role("button", name="Save the schedule").click()
    expect(page.get_by_text("The schedule is saved.")).to_be_visible()

    page.get_by_role("button", name="Publish…").click()
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_text("Goes live Fri 29 Nov 2030 18:00 UTC").first).to_be_visible()

    tab(page, "Schedule")
    start.get_by_role("button", name="Clear").click()
    expect(page.get_by_text("No start: from the moment it is shown.")).to_be_visible()
    page.get_by_role("button", name="Save the schedule").click()
    expect(page.get_by_text("Viewers can watch it")).to_be_visible()

    viewer = browser.new_context(base_url=portal.url).new_page()
    tab(page, "Details")
    address = f"/movie/{slug_of(page)}"
    viewer.goto(address)
    expect(viewer.get_by_role("heading", name="The Night Ferry")).to_be_visible()

    page.get_by_role("button", name="Hide…").click()
    page.get_by_role("button", name="Hide from viewers").click()
    expect(page.get_by_text("Hidden. Viewers do not see it any more.")).to_be_visible()
    expect(page.locator(".movie-head").get_by_text("Last segment served")).to_be_visible()
    viewer.goto(address)
    expect(viewer.get_by_role("heading", name="We can't find that film")).to_be_visible()
    viewer.context.close()

    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Taken back. Viewers can see it now.")).to_be_visible()
    tab(page, "Activity")
    expect(page.locator(".activity b").first).to_have_text("Showed it to viewers")
    assert page.url.startswith(film_page)


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def to(page: Page, wanted: Locator, *, key: str = "Tab", most: int = 80) -> None:
    """Press Tab until something has the focus: what cannot be reached so fails."""
    for _ in range(most):
        if wanted.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press(key)
    raise AssertionError(f"Tab does not lead to {wanted}")


def choose_by_keyboard(page: Page, field: Locator, path: Path) -> None:
    """Open the file dialog by its key; the dialog itself is the system's."""
    for attempt in range(3):
        to(page, field)
        try:
            with page.expect_file_chooser(timeout=5000) as chooser:
                press(page, "Space")
        except TimeoutError:  # headless Chromium drops a dialog now and then on a busy machine
            if attempt == 2:
                raise
            continue
        chooser.value.set_files(path)
        return


def test_by_keyboard_alone(page: Page, demo_source: str, captions: Path) -> None:
    to(page, page.get_by_role("link", name="New film"))
    press(page, "Enter")
    title = page.get_by_label("Title", exact=True)
    title.wait_for()
    to(page, title)
    page.keyboard.type("Keys to the Harbour")
    to(page, page.get_by_label("Genres"))
    page.keyboard.type("Drama")
    press(page, "Control+s")
    page.wait_for_url("**/admin/movies/*#source")

    box = page.get_by_label("Address of the .m3u8 playlist")
    box.wait_for()
    to(page, box)
    page.keyboard.type(demo_source)
    press(page, "Enter")
    expect(page.get_by_text("The source is set and plays.")).to_be_visible(timeout=30_000)

    to(page, page.locator(".sections").get_by_role("link", name="Captions"), key="Shift+Tab")
    press(page, "Enter")
    file = upload_form(page).locator("input[type=file]")
    choose_by_keyboard(page, file, captions)
    to(page, upload_form(page).get_by_label("Language", exact=True))
    page.keyboard.type("en")
    press(page, "Enter")
    expect(page.get_by_text("Ready to publish")).to_be_visible()

    to(page, page.locator(".sections").get_by_role("link", name="Schedule"), key="Shift+Tab")
    press(page, "Enter")
    day = page.get_by_role("group", name="From").get_by_label("Date")
    to(page, day)
    page.keyboard.type("11292030")  # the browser's own field, in its own order
    page.keyboard.press("Tab")
    to(page, page.get_by_role("group", name="From").get_by_label("Time"))
    page.keyboard.type("0600PM")
    expect(page.get_by_text("From Friday 29 November 2030, 18:00")).to_be_visible()
    press(page, "Control+s")
    expect(page.get_by_text("The schedule is saved.")).to_be_visible()

    to(page, page.get_by_role("button", name="Publish…"), key="Shift+Tab")
    press(page, "Enter")
    to(page, page.get_by_role("button", name="Publish", exact=True))
    press(page, "Enter")
    expect(page.get_by_text("Goes live Fri 29 Nov 2030 18:00 UTC").first).to_be_visible()

    to(page, page.get_by_role("button", name="Hide…"), key="Shift+Tab")
    press(page, "Enter")
    to(page, page.get_by_role("button", name="Hide from viewers"))
    press(page, "Enter")
    expect(page.get_by_text("Hidden. Viewers do not see it any more.")).to_be_visible()
    press(page, "Control+z")
    expect(page.get_by_text("Taken back.")).to_be_visible()
