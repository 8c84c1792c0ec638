"""The site in three languages: as it comes, as it goes on, and from right to left."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from portal.languages import LANGUAGES, Language
from tests.e2e.conftest import Watched, hydrated
from tests.support.live_portal import LivePortal

TRANSLATED = [language for language in LANGUAGES if language.prefix]
SAYS = {
    "pt": {"browse": "Todos os filmes", "film": "A história", "nowhere": "Não há nada aqui"},
    "ar": {"browse": "كل الأفلام", "film": "القصة", "nowhere": "لا شيء هنا"},
}
BY_CODE = pytest.mark.parametrize("language", TRANSLATED, ids=lambda language: language.code)


@pytest.fixture(scope="module")
def slug(portal: LivePortal) -> str:
    with portal.client() as client:
        found = re.search(r'href="/movie/([^"]+)"', client.get("/").text)
    assert found is not None
    return found[1]


@BY_CODE
def test_each_page_is_in_its_language_before_and_after_scripts(
    page: Page, watched: Watched, portal: LivePortal, slug: str, language: Language
) -> None:
    """React takes over what stands there: an error 418 would be an error of the page."""
    for path in ("/", "/browse?genre=Drama", f"/movie/{slug}", f"/watch/{slug}", "/nowhere"):
        with portal.client() as client:
            text = client.get(language.path(path)).text
        assert f'<html lang="{language.code}" dir="{language.direction}"' in text
        page.goto(language.path(path))
        hydrated(page)
        expect(page.locator("html")).to_have_attribute("lang", language.code)
        own = page.locator('a[href^="/"]:not([href="/admin"], [data-language], [href^="/#"])')
        outside = own.evaluate_all(
            "(links, start) => links.map((link) => link.getAttribute('href'))"
            ".filter((href) => href !== start && !href.startsWith(`${start}/`))",
            language.prefix,
        )
        assert outside == [], path
        if path == "/nowhere":
            expect(page.get_by_role("heading", level=1)).to_have_text(
                SAYS[language.code]["nowhere"]
            )
            watched.forget()  # the 404 itself


@BY_CODE
def test_events_are_answered_in_the_page_s_language(
    page: Page, watched: Watched, slug: str, language: Language
) -> None:
    """What comes over the socket, after links and filters that load no document."""
    page.goto(language.path("/"))
    hydrated(page)
    page.evaluate("window.same = true")
    page.locator(".site-nav a").nth(1).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(SAYS[language.code]["browse"])
    page.locator("select[name=sort]").select_option("title")
    page.wait_for_url(f"**{language.prefix}/browse?sort=title")
    expect(page.locator(".result-bar p")).to_contain_text(re.compile("film|فيلم"))
    page.locator(".grid a.card").first.click()
    page.wait_for_url(f"**{language.prefix}/movie/*")
    expect(page.locator("#story")).to_have_text(SAYS[language.code]["film"])
    assert page.evaluate("window.same") is True


def test_a_chosen_language_stays(page: Page, watched: Watched, portal: LivePortal) -> None:
    page.goto("/browse?genre=Drama")
    hydrated(page)
    page.locator('.languages [data-language="pt"]').click()
    page.wait_for_url("**/pt/browse?genre=Drama")
    expect(page.locator("html")).to_have_attribute("lang", "pt")
    page.goto("/")
    assert urlsplit(page.url).path == "/pt"
    hydrated(page)
    page.locator('.languages [data-language="en"]').click()
    page.wait_for_url(portal.url + "/")
    page.goto("/")
    assert urlsplit(page.url).path == "/"


def test_shelves_run_from_right_to_left(page: Page, watched: Watched) -> None:
    page.goto("/ar")
    hydrated(page)
    rail = page.locator(".rail:visible").first
    places = rail.locator("a.card").evaluate_all(
        "(cards) => cards.slice(0, 2).map((card) => card.getBoundingClientRect().x)"
    )
    assert places[0] > places[1]
    rail.locator("a.card").first.focus()
    page.keyboard.press("ArrowLeft")
    expect(rail.locator("a.card").nth(1)).to_be_focused()
    page.locator('.shelf-arrows [data-scroll="1"]:visible').first.click()
    page.wait_for_function(
        "[...document.querySelectorAll('.rail')].some((rail) => rail.scrollLeft < -100)"
    )
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_player_speaks_and_its_time_runs_from_left_to_right(
    page: Page, watched: Watched, slug: str
) -> None:
    page.goto(f"/ar/watch/{slug}")
    hydrated(page)
    expect(page.locator("media-mute-button")).to_have_attribute("aria-label", "كتم الصوت")
    direction = "(element) => getComputedStyle(element).direction"
    assert page.locator("media-time-range").evaluate(direction) == "ltr"
    assert page.locator(".player-top").evaluate(direction) == "rtl"
    page.keyboard.press("?")
    expect(page.locator(".player-keys h2")).to_have_text("المفاتيح")


@pytest.mark.parametrize("path", ["/ar", "/ar/browse", "/ar/movie/{slug}", "/ar/watch/{slug}"])
def test_pages_from_right_to_left_are_accessible(
    page: Page, watched: Watched, slug: str, path: str
) -> None:
    page.goto(path.format(slug=slug))
    hydrated(page)
    found = Axe().run(page).response["violations"]
    assert found == [], [(rule["id"], rule["nodes"][0]["html"]) for rule in found]


def test_without_node_every_language_still_works(browser: Browser, portal: LivePortal) -> None:
    """The template has no words of its own: the page fills itself."""
    with browser.new_context(base_url=portal.url, locale="en-GB") as context:
        page = context.new_page()
        watched = Watched(page, portal.url)
        page.goto("/ar/browse?" + "&".join(f"x{n}=1" for n in range(80)))  # too long to render
        hydrated(page)
        expect(page.locator(".result-bar p")).to_contain_text("فيلم")
        expect(page.locator("html")).to_have_attribute("dir", "rtl")
        assert not watched.errors, watched.errors
