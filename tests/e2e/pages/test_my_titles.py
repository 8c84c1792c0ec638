"""Continue watching and my list in a real browser: rows, page, undo, and without storage."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Watched, hydrated
from tests.e2e.pages.test_catalog_pages import SIZES, axe_findings

SHIFT = (
    "window.shift = 0; new PerformanceObserver((list) => { for (const e of list.getEntries())"
    " if (!e.hadRecentInput) window.shift += e.value; })"
    ".observe({ type: 'layout-shift', buffered: true });"
)
# Only to us: the framework itself does not come up where all storage is refused.
REFUSED = (
    "const set = Storage.prototype.setItem; Storage.prototype.setItem = function (name, value) {"
    " if (name.startsWith('portal.')) throw new DOMException('refused', 'SecurityError');"
    " return set.call(this, name, value); };"
)
BEGIN = """async (slug) => {
  const json = { "content-type": "application/json" };
  const opened = await (await fetch(`/api/movies/${slug}/stream-token`, { method: "POST" })).json();
  await fetch(`/api/viewing-sessions/${opened.sessionId}/position`,
    { method: "POST", headers: json, body: JSON.stringify({ positionS: 9.5, ended: true }) });
  let found;
  do found = await (await fetch("/api/my/titles")).json();
  while (!found.continueWatching.length);
}"""


def begin(page: Page) -> str:
    """Watch a part of the first film of the home page; its title."""
    page.goto("/")
    hydrated(page)
    card = page.locator(".shelves a.card").first
    slug = str(card.get_attribute("href")).rpartition("/")[2]
    page.evaluate(BEGIN, slug)
    return card.locator(".card-title").inner_text()


def test_a_film_that_was_begun_stands_on_home_without_a_jump(page: Page, watched: Watched) -> None:
    page.add_init_script(SHIFT)
    title = begin(page)
    row = page.locator(".mine-continue")
    for is_expected in (False, True):  # without room that was left for it, and with
        page.reload()
        hydrated(page)
        page.wait_for_load_state("networkidle")
        if is_expected:
            link = row.get_by_role("link", name=re.compile(f"^{re.escape(title)}"))
            expect(link).to_be_visible()
        assert page.evaluate("window.shift") < 0.001
    assert page.evaluate("document.documentElement.dataset.mine") == "continue"
    take = row.get_by_role("button", name=f"Take {title} from continue watching")
    take.focus()
    page.keyboard.press("Enter")
    undo = row.get_by_role("button", name=f"Undo: bring {title} back")
    expect(undo).to_be_focused()
    page.keyboard.press("Enter")
    expect(take).to_be_focused()


@pytest.mark.parametrize("size", SIZES)
def test_the_list_by_keyboard_and_its_page(page: Page, watched: Watched, size: str) -> None:
    page.set_viewport_size(SIZES[size])  # type: ignore[arg-type]
    page.goto("/my-list")
    expect(page.get_by_text("Press “My list” on a film")).to_be_visible()
    assert axe_findings(page) == []
    title = begin(page)
    page.goto("/browse")
    hydrated(page)
    save = page.locator(".card-save").first
    expect(save).to_have_attribute("aria-pressed", "false")
    save.focus()
    with page.expect_response(lambda answer: "/api/my/list/" in answer.url):
        page.keyboard.press("Space")
    expect(save).to_have_attribute("aria-pressed", "true")
    page.goto("/my-list")
    expect(page.locator(".my-part a.card")).to_have_count(2)
    assert axe_findings(page) == []
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
    page.get_by_role("button", name="Clear my history").click()
    page.get_by_role("button", name="Forget it").click()
    expect(page.get_by_role("status").filter(has_text="forgotten")).to_be_attached()
    expect(page.get_by_role("button", name=f"Take {title} from")).to_have_count(0)
    expect(page.locator(".my-part a.card")).to_have_count(1)


def test_it_works_where_storage_is_refused(page: Page, watched: Watched) -> None:
    page.add_init_script(REFUSED + SHIFT)
    page.goto("/browse")
    hydrated(page)
    with page.expect_response(lambda answer: "/api/my/list/" in answer.url):
        page.locator(".card-save").first.press("Enter")
    page.goto("/my-list")
    expect(page.locator(".my-part a.card")).to_have_count(1)
    page.goto("/")
    hydrated(page)
    page.wait_for_load_state("networkidle")
    assert page.evaluate("window.shift") < 0.001
    page.get_by_role("link", name="Browse", exact=True).first.click()
    page.get_by_role("link", name="Films", exact=True).click()
    expect(page.locator(".mine-list a.card")).to_have_count(1)
