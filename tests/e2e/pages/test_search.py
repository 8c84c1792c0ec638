"""The search field answers as one types: by keyboard, for screen readers, and lands in the film."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.e2e.conftest import Watched


def test_a_line_is_found_and_played_by_keyboard(page: Page, watched: Watched) -> None:
    page.goto("/")
    page.wait_for_load_state("networkidle")
    asked: list[str] = []
    page.on(
        "request",
        lambda request: asked.append(request.url) if "/api/search" in request.url else None,
    )
    field = page.get_by_role("combobox", name="Search films")
    field.press_sequentially("lantern", delay=30)
    line = page.get_by_role("group", name="Said in films").get_by_role("option").first
    expect(line.locator("mark")).to_have_text(re.compile("lantern", re.IGNORECASE), timeout=20_000)
    assert len(asked) == 1  # one question for seven keys
    expect(page.locator(".search [role=status]")).to_have_text(
        re.compile(r"\d+ films?, .*\d+ lines?")
    )
    expect(field).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Escape")
    expect(field).to_have_attribute("aria-expanded", "false")
    expect(field).to_have_value("lantern")
    page.keyboard.press("ArrowDown")
    expect(line).to_be_visible()
    place = int((line.get_attribute("id") or "").rpartition("-")[2])
    for _ in range(place + 1):
        page.keyboard.press("ArrowDown")
    expect(line).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/watch/[\w-]+\?t=[\d.]+$"))
    page.go_back()
    field.click()
    page.get_by_role("option", name="lantern", exact=True).click()  # searched lately
    expect(page).to_have_url(re.compile(r"/browse\?q=lantern$"))
    expect(page.get_by_role("heading", name="Said in films")).to_be_visible()
