"""The first response is the page: its content before any script, and nothing lost with them."""

from __future__ import annotations

import json
import os
import re
import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import psutil
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from portal.state.home_state import SHELVES_FIRST
from tests.e2e.conftest import Watched, hydrated
from tests.support.live_portal import LivePortal, live_portal

# Remembers what stood in the document before any script of the build ran.
REMEMBER = """document.addEventListener("DOMContentLoaded", () => {
  window.first = [document.documentElement, document.body, document.querySelector("#main"),
    ...document.querySelectorAll("#main h1, #main h2, #main img, #main a, #site-search")];
  window.gone = [];
  new MutationObserver((changes) => {
    for (const { removedNodes } of changes) for (const node of removedNodes)
      if (node.nodeType === 1 && !["SCRIPT", "LINK"].includes(node.tagName))
        window.gone.push(node.outerHTML.slice(0, 200));
  }).observe(document.documentElement, { childList: true, subtree: true });
});"""


@pytest.fixture(scope="module")
def slug(portal: LivePortal) -> str:
    with portal.client() as client:
        found = re.search(r'href="/movie/([^"]+)"', client.get("/").text)
    assert found is not None
    return found[1]


@pytest.fixture
def plain(browser: Browser, portal: LivePortal) -> Iterator[Page]:
    """A browser without scripts."""
    with browser.new_context(base_url=portal.url, java_script_enabled=False) as context:
        yield context.new_page()


def paths(slug: str) -> list[str]:
    return ["/", "/browse", "/browse?genre=Drama&captions=pt", f"/movie/{slug}", f"/watch/{slug}"]


def test_pages_have_their_content_without_scripts(plain: Page, slug: str) -> None:
    plain.goto("/")
    expect(plain.locator(".hero h2").first).to_be_visible()
    expect(plain.locator(".shelves .shelf")).to_have_count(SHELVES_FIRST)
    plain.locator(".rail a.card").first.click()
    expect(plain.locator(".movie-title")).to_be_visible()
    expect(plain.get_by_role("heading", name="The story")).to_be_visible()
    plain.goto("/browse?genre=Drama")
    expect(plain.get_by_role("heading", level=1, name="Drama")).to_be_visible()
    expect(plain.locator(".grid a.card").first).to_be_visible()
    expect(plain.locator(".chip[aria-current]")).to_contain_text("Drama")
    plain.goto(f"/watch/{slug}")
    expect(plain.get_by_role("heading", level=1)).not_to_be_empty()


def test_the_head_says_what_the_page_is(portal: LivePortal, slug: str) -> None:
    with portal.client() as client:
        text = client.get(f"/movie/{slug}").text
    head = text[: text.index("</head>")]
    title = re.search(r"<title>([^<]+)</title>", head)
    assert title is not None
    assert "Lumen" in title[1]
    for needed in (
        f'href="{portal.url}/movie/{slug}" rel="canonical"',
        'property="og:title"',
        'property="og:image"',
        'name="twitter:card"',
        'name="description"',
        'rel="preload" as="image"',
    ):
        assert needed in head, needed
    assert re.search(r'content="http[^"]+/social.jpg" property="og:image"', head)
    data = re.search(r'<script type="application/ld\+json">(.+?)</script>', text)
    assert data is not None
    film = json.loads(data[1])
    assert film["@type"] == "Movie"
    assert film["name"] in title[1]
    assert film["url"] == f"{portal.url}/movie/{slug}"


def test_hydration_takes_over_what_stands_there(page: Page, slug: str, watched: Watched) -> None:
    page.add_init_script(REMEMBER)
    for path in paths(slug):
        page.goto(path)
        hydrated(page)
        page.wait_for_timeout(1500)  # the socket's answer too changes nothing
        assert page.evaluate("window.gone") == [], path
        assert page.evaluate("window.first.every((node) => node.isConnected)"), path
    # React error 418 and the like come to the console; `watched` fails with them.


def test_nothing_flashes_while_the_page_wakes_up(page: Page, slug: str, watched: Watched) -> None:
    page.add_init_script(
        """window.texts = new Set(); document.addEventListener("DOMContentLoaded", () => {
        const look = () => {
          window.texts.add(document.querySelector("#main").innerText.slice(0, 300));
          requestAnimationFrame(look); }; look(); });"""
    )
    for path in paths(slug)[:4]:
        page.goto(path)
        hydrated(page)
        page.wait_for_timeout(1000)
        assert page.evaluate("window.texts.size") == 1, (path, page.evaluate("[...window.texts]"))


def hold_scripts(page: Page) -> Callable[[], None]:
    """Keep the build's modules back until the returned function is called."""
    held: list[Callable[[], None]] = []
    free = threading.Event()

    def on_route(route: object) -> None:
        if free.is_set():
            route.continue_()  # type: ignore[attr-defined]
        else:
            held.append(route.continue_)  # type: ignore[attr-defined]

    page.route("**/assets/*.js", on_route)

    def release() -> None:
        free.set()
        for go_on in held:
            go_on()

    return release


@pytest.mark.parametrize("path", ["/", "/browse"])
def test_what_is_typed_before_hydration_stays(path: str, page: Page, watched: Watched) -> None:
    release = hold_scripts(page)
    page.goto(path, wait_until="domcontentloaded")
    field = page.get_by_label("Search films")
    field.focus()
    page.keyboard.type("drama")
    release()
    hydrated(page)
    expect(field).to_have_value("drama")
    expect(field).to_be_focused()
    if path == "/browse":  # what was typed is what is shown
        expect(page).to_have_url(re.compile(r"q=drama"))
        expect(page.get_by_role("heading", level=1)).to_have_text("Results for “drama”")
    page.wait_for_timeout(500)
    expect(field).to_have_value("drama")


def test_links_and_search_work_before_hydration(page: Page, watched: Watched) -> None:
    hold_scripts(page)
    page.goto("/", wait_until="domcontentloaded")
    page.get_by_label("Search films").fill("drama")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/browse\?q=drama"))
    expect(page.get_by_role("heading", level=1, name="Results for “drama”")).to_be_visible()
    page.locator(".grid a.card").first.click()
    expect(page.locator(".movie-title")).to_be_visible()


def renderer_of(portal: LivePortal) -> psutil.Process | None:
    for process in psutil.Process(portal.process.pid).children(recursive=True):
        if "portal-renderer.mjs" in " ".join(process.cmdline()):
            return process
    return None


def test_a_renderer_that_is_killed_while_requests_run_is_not_noticed(
    demo_data: Callable[[str], Path], browser: Browser
) -> None:
    with live_portal(demo_data("killed"), PORTAL_VIEWER_REQUESTS_PER_MIN="100000") as portal:
        answers: list[tuple[int, bool]] = []
        stop = threading.Event()

        def ask(number: int) -> None:
            with portal.client() as client:
                count = 0
                while not stop.is_set():
                    count += 1
                    answer = client.get(f"/browse?q=t{number}x{count}")  # never in the cache
                    answers.append((answer.status_code, "portal-seed" in answer.text))

        threads = [threading.Thread(target=ask, args=(n,)) for n in range(4)]
        for thread in threads:
            thread.start()
        killed = set()
        for _ in range(3):
            time.sleep(0.7)
            process = renderer_of(portal)
            if process is not None:
                killed.add(process.pid)
                os.kill(process.pid, signal.SIGKILL)
        time.sleep(1.5)
        stop.set()
        for thread in threads:
            thread.join()
        assert len(killed) >= 2, portal.log()
        assert {status for status, _ in answers} == {200}
        assert any(rendered for _, rendered in answers)
        assert not all(rendered for _, rendered in answers)  # the template stood in meanwhile
        deadline = time.monotonic() + 30
        while "portal-seed" not in httpx.get(f"{portal.url}/browse?q=x").text:
            assert time.monotonic() < deadline, portal.log()
            time.sleep(0.2)


def test_the_static_template_still_becomes_the_page(
    demo_data: Callable[[str], Path], browser: Browser
) -> None:
    with (
        live_portal(demo_data("static"), PORTAL_RENDER_PAGES="false") as portal,
        browser.new_context(base_url=portal.url) as context,
    ):
        assert renderer_of(portal) is None
        page = context.new_page()
        watched = Watched(page, portal.url)
        page.goto("/browse?genre=Drama")
        assert "portal-seed" not in httpx.get(f"{portal.url}/").text
        expect(page.get_by_role("heading", level=1, name="Drama")).to_be_visible()
        page.goto("/")
        page.locator(".rail a.card").first.click()
        expect(page.locator(".movie-title")).to_be_visible()
        assert watched.errors == []


def test_the_page_is_asked_for_anew_and_not_sent_twice(
    context: BrowserContext, portal: LivePortal
) -> None:
    with portal.client() as client:
        first = client.get("/", headers={"accept-encoding": "br"})
        assert first.headers["content-encoding"] == "br"
        assert "no-cache" in first.headers["cache-control"]
        again = client.get("/", headers={"if-none-match": first.headers["etag"]})
        assert again.status_code == 304
        assert again.content == b""
        head = client.head("/")
        assert head.status_code == 200
        assert head.content == b""
        plain = client.get("/", headers={"accept-encoding": "identity"})
        assert plain.headers["etag"] == first.headers["etag"]
        assert plain.text == first.text


def test_html_stays_within_its_budget(portal: LivePortal, slug: str) -> None:
    with portal.client(headers={"accept-encoding": "br"}) as client:
        for path in ("/", "/browse", f"/movie/{slug}"):
            deadline = time.monotonic() + 10  # the best compression is made beside the first answer
            size = 10**9
            while size > 14 * 1024 and time.monotonic() < deadline:
                with client.stream("GET", path) as answer:
                    size = sum(len(chunk) for chunk in answer.iter_raw())
            assert size <= 14 * 1024, path
