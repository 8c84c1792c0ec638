"""Both themes, large letters, strong colours and a remote control: everybody gets all of it."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.e2e.conftest import Watched, hydrated
from tests.support.live_portal import LivePortal

PATHS = ("/", "/browse", "/browse?q=nothing-is-called-this", "movie", "/nowhere", "/admin/login")
# What 1280 pixels are at 200 % and at 400 % (WCAG 2.2, 1.4.4 and 1.4.10).
ZOOMED = {"200 %": (640, 450), "400 %": (320, 256)}
# WCAG 2.2, 1.4.12: nothing is lost when a reader sets the text apart.
TEXT_SPACING = """* { line-height: 1.5 !important; letter-spacing: .12em !important;
  word-spacing: .16em !important; } p { margin-bottom: 2em !important; }"""
# What the browser draws around the focus: the element, what holds it, or a shadow of its own.
RING_OF_FOCUS = """() => {
  for (let at = document.activeElement, up = 0; at && up < 2; at = at.parentElement, up++) {
    const look = getComputedStyle(at);
    if (look.outlineStyle !== 'none' && parseFloat(look.outlineWidth) >= 2) return true;
  }
  const art = document.activeElement.querySelector('.card-art');
  return Boolean(art) && getComputedStyle(art).boxShadow !== 'none';
}"""
LOST = """() => [...document.querySelectorAll('main :is(h1, h2, p, a, button, label, dt, dd)')]
  .filter(e => e.checkVisibility({visibilityProperty: true})
    && !e.closest('.rail, .meta, .chips, .sr-only, .picker, .card-play, [aria-hidden=true]')
    && !e.matches('.sr-only'))
  .map(e => [e.textContent.trim().slice(0, 40), e.getBoundingClientRect()])
  .filter(([words, box]) => words && box.width && (box.left < -1 || box.right > innerWidth + 1))
  .map(([words]) => words)"""


def address(page: Page, path: str) -> str:
    """A path; "movie" stands for some film's page."""
    if path != "movie":
        return path
    found = re.search(r'href="(/movie/[^"]+)"', page.request.get("/").text())
    assert found
    return found[1]


def choose(context: BrowserContext, theme: str) -> None:
    context.add_init_script(f"localStorage.setItem('theme', '{theme}')")


def findings(page: Page) -> list[str]:
    found = Axe().run(page, options={"preload": False}).response["violations"]
    return [f"{v['id']}: {n['html'][:160]}" for v in found for n in v["nodes"]]


@pytest.mark.parametrize("path", PATHS)
def test_the_light_theme_has_no_violations_either(
    page: Page, context: BrowserContext, path: str
) -> None:
    choose(context, "light")
    page.goto(address(page, path))
    page.wait_for_load_state("networkidle")
    expect(page.locator("html.light")).to_be_attached()
    assert findings(page) == []


def test_a_theme_is_chosen_remembered_and_there_before_the_first_paint(
    page: Page, watched: Watched
) -> None:
    # What the document looks like each time that the browser is about to paint.
    page.add_init_script(
        "window.looks = []; const look = () => { if (document.body)"
        " window.looks.push(document.documentElement.className); requestAnimationFrame(look); };"
        " requestAnimationFrame(look);"
    )
    page.goto("/")
    hydrated(page)
    expect(page.locator("body")).to_have_css("background-color", "rgb(11, 10, 13)")
    page.get_by_label("Looks").select_option("light")
    expect(page.locator("html.light")).to_be_attached()
    expect(page.locator("body")).to_have_css("background-color", "rgb(250, 247, 242)")
    bars = page.locator("meta[name=theme-color]")
    expect(bars).not_to_have_attribute("content", "#0b0a0d")

    for path in ("/browse", "/admin/login"):
        page.goto(path)
        page.wait_for_load_state("networkidle")
        assert set(page.evaluate("window.looks")) == {"light"}, path
    page.goto("/")
    expect(page.get_by_label("Looks")).to_have_value("light")

    page.get_by_label("Looks").select_option("system")
    page.emulate_media(color_scheme="dark")
    expect(page.locator("html.dark")).to_be_attached()
    page.emulate_media(color_scheme="light")
    expect(page.locator("html.light")).to_be_attached()


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_the_styleguide_shows_everything_without_a_violation(
    page: Page, context: BrowserContext, theme: str, watched: Watched
) -> None:
    choose(context, theme)
    page.goto("/styleguide")
    expect(page.get_by_role("region", name="Messages")).to_be_visible()
    samples = page.locator(".sample")
    assert samples.count() >= 15
    for sample in samples.all():
        assert sample.evaluate("e => e.scrollHeight > 60"), sample.inner_text()
    assert findings(page) == []
    for size in ({"width": 390, "height": 844}, {"width": 320, "height": 640}):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        # The search field folds with a transition.
        page.wait_for_function("document.documentElement.scrollWidth <= innerWidth", timeout=5000)


@pytest.mark.parametrize("zoom", ZOOMED)
def test_zoomed_pages_lose_nothing_and_scroll_one_way(
    page: Page, watched: Watched, zoom: str
) -> None:
    width, height = ZOOMED[zoom]
    page.set_viewport_size({"width": width, "height": height})
    for path in ("/", "/browse", "movie", "/admin/login"):
        page.goto(address(page, path))
        page.wait_for_load_state("networkidle")
        for style in ("", TEXT_SPACING):
            if style and path != "/admin/login":  # the forms take styles of the portal alone
                page.add_style_tag(content=style)
            assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), path
            assert page.evaluate(LOST) == [], (path, style)
        # The header must not take the screen: half of it is left for what one came for.
        header = page.locator("header").first
        assert header.bounding_box()["height"] < height / 2  # type: ignore[index]


@pytest.mark.parametrize("colors", ["as chosen", "forced", "more contrast"])
def test_the_focus_is_always_seen(browser: Browser, portal: LivePortal, colors: str) -> None:
    context = browser.new_context(
        base_url=portal.url,
        viewport={"width": 1440, "height": 900},
        reduced_motion="reduce",
        forced_colors="active" if colors == "forced" else "none",
        contrast="more" if colors == "more contrast" else "no-preference",
    )
    with context:
        page = context.new_page()
        for path in ("/", "/browse"):
            page.goto(path)
            page.wait_for_load_state("networkidle")
            for _ in range(24):
                page.keyboard.press("Tab")
                assert page.evaluate(RING_OF_FOCUS), page.evaluate(
                    "document.activeElement.outerHTML.slice(0, 200)"
                )
        if colors == "forced":
            border = "getComputedStyle(document.querySelector('.btn')).borderTopStyle"
            page.goto("/")
            assert page.evaluate(border) == "solid"


def test_a_remote_control_reaches_everything(page: Page, watched: Watched) -> None:
    page.goto("/")
    hydrated(page)
    at = "document.activeElement.className + ' ' + document.activeElement.closest('[id]')?.id"
    page.locator(".wordmark").focus()
    page.keyboard.press("ArrowDown")
    for _ in range(6):
        if "rail-" in page.evaluate(at):
            break
        page.keyboard.press("ArrowDown")
    assert page.evaluate(at) == "card rail-new"
    shelf = page.evaluate("document.activeElement.closest('.rail').id")
    page.keyboard.press("ArrowDown")
    below = page.evaluate("document.activeElement.closest('.rail')?.id")
    assert below not in {None, shelf}
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    assert page.evaluate("Boolean(document.activeElement.closest('.hero, .shelf-head'))")

    page.goto("/browse")
    hydrated(page)
    cards = page.locator(".grid a.card")
    cards.first.focus()
    page.keyboard.press("ArrowRight")
    expect(cards.nth(1)).to_be_focused()
    page.keyboard.press("ArrowDown")
    box, first = (cards.nth(1).bounding_box(), page.locator(":focus").bounding_box())
    assert box
    assert first
    assert abs(box["x"] - first["x"]) < 2 < first["y"] - box["y"]
    page.keyboard.press("Enter")
    page.wait_for_url("**/movie/*")
    expect(page.locator("#main")).to_be_focused()
    for _ in range(8):
        if page.evaluate("document.activeElement.matches('.btn-primary')"):
            break
        page.keyboard.press("ArrowDown")
    expect(page.locator(".btn-primary")).to_be_focused()


def test_a_large_screen_gets_large_cards(page: Page, watched: Watched) -> None:
    widths = {}
    for width, height in ((1440, 900), (3840, 2160)):
        page.set_viewport_size({"width": width, "height": height})
        page.goto("/")
        box = page.locator(".rail a.card").first.bounding_box()
        assert box
        widths[width] = box["width"]
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
    assert widths[3840] > 2 * widths[1440]
