"""A viewer reads a reference out, and a manager finds which rule refused the film."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.admin.conftest import SignIn
from tests.e2e.admin.test_accessibility import SIZES, check


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_from_a_viewers_reference_to_the_rule(sign_in: SignIn, size: tuple[int, int]) -> None:
    page = sign_in(width=size[0], height=size[1])
    page.locator(".film-link").first.wait_for()
    page.goto("/watch/a-film-that-is-not-there")
    reference = page.get_by_role("alert").locator("bdi")
    expect(reference).to_have_text(re.compile(r"^[0-9a-f ]{14}$"))
    words = reference.inner_text()

    page.goto("/admin/explain")
    page.get_by_label("Film or reference").fill(words)
    page.get_by_role("button", name="Explain").click()
    expect(page.get_by_role("status").filter(has_text="Refused")).to_be_visible()
    refusals = page.get_by_role("table", name="Refusals")
    expect(refusals).to_contain_text("movie-not-found")
    expect(refusals).to_contain_text(words.replace(" ", ""))
    check(page, "a refusal explained")


def test_a_film_that_plays_and_nonsense(sign_in: SignIn) -> None:
    page = sign_in()
    page.locator(".film-link").first.wait_for()
    page.goto("/admin/explain?what=where-the-wild-geese-change-planes")
    expect(page.get_by_text("Every rule allows it.")).to_be_visible()
    rules = page.get_by_role("table", name="The rules of playback")
    expect(rules.get_by_role("row")).to_have_count(7)
    page.goto("/admin/explain?what=where-the-wild-geese-change-planes&session=nonsense")
    expect(page.get_by_role("alert").filter(has_text="56 digits")).to_be_visible()
    expect(page.get_by_label("Viewing session")).to_have_value("nonsense")


def test_an_editor_is_told_that_it_is_for_managers(sign_in: SignIn) -> None:
    page = sign_in("eva")
    page.goto("/admin/explain?what=where-the-wild-geese-change-planes")
    expect(page.get_by_role("alert").first).to_contain_text("manager")
    expect(page.get_by_role("table")).to_have_count(0)
