"""The viewer's pages in a real browser: what they show, by mouse and by keyboard."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from portal.state.browse_state import PAGE_SIZE
from portal.state.home_state import SHELVES_FIRST
from tests.conftest import DEMO_TITLES
from tests.e2e.conftest import Watched, hydrated
from tests.support.live_portal import LivePortal, live_portal, stop

SIZES = {"desktop": {"width": 1440, "height": 900}, "phone": {"width": 390, "height": 844}}


def some_movie(page: Page) -> str:
    """Slug of the first film of the home page's first shelf."""
    page.goto("/")
    href = page.locator(".rail a.card").first.get_attribute("href")
    assert href is not None
    return href.removeprefix("/movie/")


def axe_findings(page: Page) -> list[str]:
    results = Axe().run(page)
    return [
        f"{violation['id']}: {node['html'][:160]}"
        for violation in results.response["violations"]
        for node in violation["nodes"]
    ]


def test_home_shows_a_hero_and_shelves(page: Page, watched: Watched) -> None:
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_role("heading", name="New on the portal")).to_be_visible()
    expect(page.locator(".rail").first.locator("li")).not_to_have_count(0)
    picture = page.locator(".rail img").first
    expect(picture).to_be_visible()
    page.wait_for_function("document.querySelector('.rail img').naturalWidth > 0")
    assert ".avif" in str(picture.evaluate("image => image.currentSrc"))


def test_from_home_to_a_film_by_mouse(page: Page, watched: Watched) -> None:
    page.goto("/")
    card = page.locator(".rail a.card").first
    title = card.locator(".card-title").inner_text()
    card.click()
    expect(page.get_by_role("heading", level=1, name=title)).to_be_visible()
    expect(page).to_have_title(re.compile(re.escape(title)))
    expect(page.get_by_role("link", name=re.compile("^Play"))).to_be_visible()
    assert page.evaluate("performance.getEntriesByType('navigation').length") == 1


def test_from_home_to_a_film_by_keyboard(page: Page, watched: Watched) -> None:
    page.goto("/")
    expect(page.locator(".rail a.card").first).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    page.keyboard.press("Enter")
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('.rail a')"):
            break
    first = page.locator(".rail a.card").first
    expect(first).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".rail a.card").nth(1)).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(first).to_be_focused()
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.closest('.rail').id") != "rail-new"
    title = page.evaluate("document.activeElement.querySelector('.card-title').innerText")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name=title)).to_be_visible()


def test_another_film_never_shows_the_one_before(page: Page, watched: Watched) -> None:
    page.goto(f"/movie/{some_movie(page)}")
    first = page.get_by_role("heading", level=1).inner_text()
    hydrated(page)
    # Every first heading that the page's content has after the click.
    page.evaluate(
        """() => { window.seen = []; new MutationObserver(() => {
             const h = document.querySelector('h1'), slug = location.pathname.split('/').pop();
             if (h) window.seen.push([slug, h.innerText]); }
           ).observe(document.querySelector('#main'),
             { childList: true, subtree: true, characterData: true }); }"""
    )
    page.locator("#rail-similar a.card").first.click()
    expect(page.get_by_role("heading", level=1)).not_to_have_text(first)
    slug = page.url.rsplit("/", 1)[-1]
    wrong = [seen for seen in page.evaluate("window.seen") if seen == [slug, first]]
    assert wrong == []


def test_browse_filters_stand_in_the_address_and_back_undoes_them(
    page: Page, watched: Watched
) -> None:
    page.goto("/browse")
    chosen = page.locator(".chip[aria-current]")
    expect(chosen).to_have_text("All genres")
    page.get_by_role("link", name=re.compile("^Drama")).click()
    expect(page).to_have_url(re.compile(r"\?genre=Drama$"))
    expect(page.get_by_role("heading", level=1, name="Drama")).to_be_visible()
    expect(chosen).to_contain_text("Drama")
    captions = page.get_by_label("Captions in")
    captions.focus()
    captions.select_option("pt")
    expect(page).to_have_url(re.compile(r"genre=Drama&captions=pt"))
    expect(captions).to_be_focused()
    page.reload()
    expect(chosen).to_contain_text("Drama")
    expect(captions).to_have_value("pt")
    expect(page.get_by_role("list", name="Filters that are on").locator("li")).to_have_count(2)
    page.go_back()
    expect(captions).to_have_value("")
    page.go_back()
    expect(chosen).to_have_text("All genres")
    expect(page.get_by_role("heading", level=1, name="All films")).to_be_visible()


def test_a_filter_that_is_on_can_be_taken_off_alone(page: Page, watched: Watched) -> None:
    page.goto("/browse?genre=Drama&captions=pt&page=3")
    page.get_by_role("link", name="Remove filter Drama").click()
    expect(page).to_have_url(re.compile(r"/browse\?captions=pt$"))
    page.get_by_role("link", name="Clear all").click()
    expect(page).to_have_url(re.compile(r"/browse$"))
    expect(page.get_by_label("Captions in")).to_have_value("")


def test_load_more_keeps_the_place_and_moves_the_focus_on(
    page: Page, portal: LivePortal, watched: Watched
) -> None:
    page.goto("/browse")
    cards = page.locator(".grid .card")
    more = page.get_by_role("link", name="Load more")
    if PAGE_SIZE >= DEMO_TITLES:
        expect(cards.first).to_be_visible()
        expect(more).to_have_count(0)
        return
    expect(cards).to_have_count(PAGE_SIZE)
    more.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"page=2"))
    expect(cards.nth(PAGE_SIZE)).to_be_focused()
    page.reload()
    expect(cards.nth(PAGE_SIZE)).to_be_visible()


def test_browse_finds_as_one_types_and_says_when_nothing_fits(page: Page, watched: Watched) -> None:
    page.goto("/browse")
    expect(page.locator(".grid .card").first).to_be_visible()
    title = page.locator(".grid .card-title").nth(2).inner_text()
    field = page.get_by_label("Search films")
    field.fill(title)
    expect(page.locator(".grid .card-title").first).to_have_text(title)
    field.fill("zzzz nothing")
    expect(page.get_by_role("heading", name="Nothing like that here")).to_be_visible()
    assert field.input_value() == "zzzz nothing"
    page.get_by_role("link", name="Clear all filters").click()
    expect(page.locator(".grid .card").first).to_be_visible()
    expect(field).to_have_value("")


def test_the_header_s_search_leads_to_browse(page: Page, watched: Watched) -> None:
    page.goto("/")
    page.get_by_label("Search films").fill("drama")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/browse\?q=drama"))
    expect(page.get_by_role("heading", level=1, name="Results for “drama”")).to_be_visible()
    expect(page.get_by_label("Search films")).to_have_value("drama")
    assert page.evaluate("performance.getEntriesByType('navigation').length") == 1


def test_slash_leads_to_the_search_field(page: Page, watched: Watched) -> None:
    page.goto("/")
    expect(page.locator(".rail a.card").first).to_be_visible()
    page.keyboard.press("/")
    expect(page.get_by_label("Search films")).to_be_focused()
    page.keyboard.type("a/b")
    expect(page.get_by_label("Search films")).to_have_value("a/b")


def test_the_genre_menu_opens_and_closes_by_keyboard(page: Page, watched: Watched) -> None:
    page.goto("/")
    menu = page.locator(".menu")
    summary = menu.locator("summary")
    expect(menu.locator("li").first).to_be_hidden()
    summary.focus()
    page.keyboard.press("Enter")
    expect(menu.get_by_role("link", name="Drama")).to_be_visible()
    page.keyboard.press("Escape")
    expect(menu.get_by_role("link", name="Drama")).to_be_hidden()
    expect(summary).to_be_focused()
    page.keyboard.press("Enter")
    menu.get_by_role("link", name="Drama").click()
    expect(page.get_by_role("heading", level=1, name="Drama")).to_be_visible()
    expect(menu.get_by_role("link", name="Drama")).to_be_hidden()


def test_the_hero_shows_the_featured_film_that_is_chosen(page: Page, watched: Watched) -> None:
    page.goto("/")
    choices = page.get_by_role("radio")
    expect(choices.first).to_be_checked()
    shown = page.locator(".slide:visible h2")
    first = shown.inner_text()
    choices.first.focus()
    page.keyboard.press("ArrowDown")
    expect(choices.nth(1)).to_be_checked()
    expect(shown).not_to_have_text(first)
    expect(shown).to_have_count(1)
    # Links of the films that are not shown cannot be reached.
    expect(page.get_by_role("link", name=re.compile("^Play"))).to_have_count(1)


def test_the_catalog_leads_on_from_what_is_not_there(page: Page, watched: Watched) -> None:
    for path in ("/movie/no-such-film", "/no/such/page"):
        page.goto(path)
        page.locator(".rail a.card").first.click()
        expect(page).to_have_url(re.compile("/movie/"))
        expect(page.get_by_role("link", name=re.compile("^Play"))).to_be_visible()
    watched.forget()


@pytest.mark.parametrize("path", ["/movie/no-such-film", "/no/such/page"])
def test_what_is_not_there_is_a_404_with_a_way_on(page: Page, watched: Watched, path: str) -> None:
    answer = page.goto(path)
    assert answer is not None
    assert answer.status == 404
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_role("link", name="Go to the home page")).to_be_visible()
    # The browser itself reports the status of the document, and only that.
    assert all("404" in error for error in watched.errors)
    watched.forget()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("path", ["/", "/browse", "movie", "/movie/no-such-film", "/nowhere"])
def test_pages_have_no_accessibility_violations_and_fit_their_width(
    page: Page, path: str, size: str
) -> None:
    page.set_viewport_size(SIZES[size])  # type: ignore[arg-type]
    where = f"/movie/{some_movie(page)}" if path == "movie" else path
    page.goto(where)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert axe_findings(page) == []
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")


def test_axe_would_notice_a_missing_label(page: Page) -> None:
    page.goto("/browse")
    hydrated(page)
    page.evaluate("document.querySelector('label[for=site-search]').remove()")
    page.evaluate("document.querySelector('input[name=q]').removeAttribute('placeholder')")
    assert any(finding.startswith("label") for finding in axe_findings(page))


def test_hidden_films_are_nowhere(page: Page, portal: LivePortal, watched: Watched) -> None:
    with sqlite3.connect(portal.data_dir / "portal.sqlite3") as db:
        rows = db.execute("select slug, title, art_key from movie where visibility = 'hidden'")
        hidden = rows.fetchall()
    assert hidden
    page.goto("/browse?sort=title")
    expect(page.locator(".grid .card").first).to_be_visible()
    text = page.content()
    for slug, title, art_key in hidden:
        assert f"/movie/{slug}" not in text
        assert title not in text
        assert page.request.get(f"/artwork/{art_key}/poster-240.avif").status == 404
        assert page.request.get(f"/movie/{slug}").status == 404


def movies_where(portal: LivePortal, condition: str) -> list[tuple[str, str]]:
    """Slug and title of movies in the portal's database."""
    with sqlite3.connect(portal.data_dir / "portal.sqlite3") as db:
        rows = db.execute(f"select slug, title from movie where {condition} order by slug")
        return rows.fetchall()


def test_a_film_to_come_has_its_date_and_cannot_be_played(
    page: Page, portal: LivePortal, watched: Watched
) -> None:
    slug, title = movies_where(
        portal, "visibility = 'visible' and available_from > datetime('now')"
    )[0]
    answer = page.goto(f"/movie/{slug}")
    assert answer is not None
    assert answer.status == 200
    expect(page.get_by_role("heading", level=1, name=title)).to_be_visible()
    expect(page.locator(".notice")).to_contain_text("From ")
    expect(page.get_by_role("link", name=re.compile("^Play"))).to_have_count(0)
    assert axe_findings(page) == []


def test_a_film_that_has_left_is_gone_with_a_way_on(
    page: Page, portal: LivePortal, watched: Watched
) -> None:
    slug, _ = movies_where(portal, "visibility = 'visible' and available_until < datetime('now')")[
        0
    ]
    answer = page.goto(f"/movie/{slug}")
    assert answer is not None
    assert answer.status == 410
    expect(page.get_by_role("heading", level=1, name="This film has left")).to_be_visible()
    expect(page.locator(".rail a.card").first).to_be_visible()
    assert axe_findings(page) == []
    watched.forget()  # the browser reports the document's status


def test_a_new_page_is_announced_and_does_not_lose_the_keyboard(
    page: Page, watched: Watched
) -> None:
    page.goto("/")
    card = page.locator(".rail a.card").first
    title = card.locator(".card-title").inner_text()
    hydrated(page)
    card.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name=title)).to_be_visible()
    expect(page.locator("body > [role=status]")).to_contain_text(title)
    expect(page.locator("#main")).to_be_focused()


def test_nothing_moves_by_itself_and_nothing_shifts(page: Page, watched: Watched) -> None:
    page.add_init_script(
        "window.shift = 0; new PerformanceObserver((list) => { for (const e of list.getEntries())"
        " if (!e.hadRecentInput) window.shift += e.value; })"
        ".observe({ type: 'layout-shift', buffered: true });"
    )
    for path in ("/", "/browse?genre=Drama", f"/movie/{some_movie(page)}", "/nowhere"):
        page.goto(path)
        expect(page.locator("a.card").first).to_be_visible()
        page.wait_for_timeout(500)
        assert page.evaluate("window.shift") < 0.01, path
    watched.forget()  # /nowhere answers 404


def test_a_lost_server_is_told_quietly(browser: Browser, demo_data: Callable[[str], Path]) -> None:
    with live_portal(demo_data("lost")) as lost, browser.new_context(base_url=lost.url) as context:
        page = context.new_page()
        page.goto("/")
        hydrated(page)
        page.locator(".site-footer").scroll_into_view_if_needed()
        expect(page.locator(".shelf").nth(SHELVES_FIRST)).to_be_attached()  # the socket brought it
        stop(lost)
        expect(page.get_by_text("Reconnecting…")).to_be_visible(timeout=20_000)
        expect(page.locator(".rail a.card").first).to_be_visible()
        assert axe_findings(page) == []


def test_the_catalog_is_readable_when_the_socket_is_lost(
    context: BrowserContext, page: Page
) -> None:
    page.goto("/")
    expect(page.locator(".rail a.card").first).to_be_visible()
    context.set_offline(True)
    page.wait_for_timeout(500)
    expect(page.locator(".rail a.card").first).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
