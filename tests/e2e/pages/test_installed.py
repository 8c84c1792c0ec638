"""Installed on a device: what was seen is there without network, and nothing private is kept."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO

import httpx
import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect

from portal import theme
from tests.e2e.conftest import hydrated
from tests.support.live_portal import LivePortal

KEPT = """async () => {
  const found = [];
  for (const name of await caches.keys())
    for (const request of await (await caches.open(name)).keys())
      found.push([name, new URL(request.url).pathname]);
  return found;
}"""
# Every kind of thing that may be on a device (portal/api/service_worker.js).
MAY_BE_KEPT = re.compile(
    r"/(browse|movie/[^/]+|offline|portal\.(css|js)|favicon\.svg"
    r"|(assets|fonts|icons|site|i18n)/[\w.\-]+|artwork/[^/]+/(poster|backdrop)[\w-]*\.avif)?"
)


@pytest.fixture
def device(browser: Browser, portal: LivePortal) -> Iterator[BrowserContext]:
    """A browser profile of its own, so that its caches are empty."""
    with browser.new_context(base_url=portal.url, viewport={"width": 1440, "height": 900}) as found:
        yield found


def under_control(page: Page) -> None:
    """Wait until the service worker answers this page's requests."""
    page.wait_for_function("navigator.serviceWorker.controller !== null")


def test_the_manifest_can_be_installed(page: Page, portal: LivePortal) -> None:
    page.goto("/")
    href = page.locator("link[rel=manifest]").get_attribute("href")
    assert href
    manifest = page.request.get(href).json()
    assert manifest["name"] == manifest["short_name"] == "Lumen"
    assert manifest["display"] == "standalone"
    assert manifest["background_color"] == theme.BACKGROUND
    assert {icon["purpose"] for icon in manifest["icons"]} == {"any", "maskable"}
    for icon in manifest["icons"]:
        answer = page.request.get(icon["src"])
        width, height = Image.open(BytesIO(answer.body())).size
        assert f"{width}x{height}" == icon["sizes"]
    client = page.context.new_cdp_session(page)
    errors = client.send("Page.getInstallabilityErrors")["installabilityErrors"]
    assert [error["errorId"] for error in errors if error["errorId"] != "in-incognito"] == []


def test_what_was_seen_stands_there_without_network(device: BrowserContext) -> None:
    page = device.new_page()
    page.goto("/")
    under_control(page)
    page.goto("/")  # now through the service worker
    hydrated(page)
    href = page.locator(".rail a.card").first.get_attribute("href")
    assert href
    page.goto(href)
    title = page.get_by_role("heading", level=1).inner_text()
    page.wait_for_function("document.querySelector('.movie-poster img').naturalWidth > 0")
    page.wait_for_load_state("networkidle")

    device.set_offline(True)
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_be_attached()
    page.wait_for_function("document.querySelector('.rail img').naturalWidth > 0")
    background = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert background == "rgb(11, 10, 13)"  # the stylesheet is there
    page.locator(f".rail a.card[href='{href}']").first.click()
    expect(page.get_by_role("heading", level=1, name=title)).to_be_visible()
    page.wait_for_function("document.querySelector('.movie-poster img').naturalWidth > 0")

    page.goto("/browse?genre=never-seen")
    expect(page.get_by_role("heading", level=1, name="No network")).to_be_visible()
    expect(page.get_by_role("link", name=re.compile(re.escape(title)))).to_be_visible()
    device.set_offline(False)
    expect(page.get_by_role("heading", level=1, name="No network")).to_be_hidden()


def test_nothing_private_is_kept(device: BrowserContext) -> None:
    page = device.new_page()
    page.goto("/")
    under_control(page)
    page.goto("/")
    slug = str(page.locator(".rail a.card").first.get_attribute("href")).removeprefix("/movie/")
    page.goto(f"/movie/{slug}")
    page.goto(f"/watch/{slug}")
    page.wait_for_function("document.querySelector('video').currentTime > 0.5", timeout=20_000)
    page.evaluate(f"fetch('/api/movies/{slug}/stream-token', {{method: 'POST'}})")
    page.evaluate("fetch('/api/movies')")
    page.goto("/admin/login?next=/admin")
    page.goto("/new.rss")
    page.goto("/")
    kept = page.evaluate(KEPT)
    assert {name.partition("-")[0] for name, _ in kept} == {"pages", "code", "pictures", "shell"}
    assert [path for _, path in kept if not MAY_BE_KEPT.fullmatch(path)] == []
    assert not any("/watch" in path or "/admin" in path or "/api" in path for _, path in kept)


class Deployed(ThreadingHTTPServer):
    """A site with the portal's service worker, whose build is changed by the test."""

    def __init__(self, worker: str) -> None:
        self.worker = worker
        super().__init__(("127.0.0.1", 0), Answers)


class Answers(BaseHTTPRequestHandler):
    server: Deployed

    def do_GET(self) -> None:
        is_worker = self.path == "/service-worker.js"
        self.send_response(200)
        self.send_header("content-type", "text/javascript" if is_worker else "text/html")
        self.end_headers()
        self.wfile.write((self.server.worker if is_worker else "<title>A page</title>").encode())

    def log_message(self, format: str, *args: object) -> None:
        del format, args


def test_a_deploy_renews_it(browser: Browser, portal: LivePortal) -> None:
    script = httpx.get(f"{portal.url}/service-worker.js").text
    build = re.search(r'"build": "(\w+)"', script)
    assert build
    with Deployed(script) as site, browser.new_context() as device:
        threading.Thread(target=site.serve_forever, daemon=True).start()
        page = device.new_page()
        page.goto(f"http://localhost:{site.server_port}/")
        page.evaluate("navigator.serviceWorker.register('/service-worker.js')")
        under_control(page)
        page.reload()
        expect(page).to_have_title("A page")
        names = {name for name, _ in page.evaluate(KEPT)}
        assert {f"pages-{build[1]}", f"shell-{build[1]}"} <= names

        site.worker = script.replace(build[1], "next")
        page.evaluate("navigator.serviceWorker.ready.then(found => found.update())")
        page.evaluate("""async () => {
          const renewed = async () => {
            const names = await caches.keys();
            const old = names.filter(name => /^(pages|shell)-(?!next)/.test(name));
            return names.includes('shell-next') && !old.length;
          };
          while (!await renewed()) await new Promise(again => setTimeout(again, 50));
        }""")
        page.reload()
        expect(page).to_have_title("A page")
        site.shutdown()
