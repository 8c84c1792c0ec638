"""A real portal with a small demo and a real Chromium, shared by all browser tests."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from tests.support import secret_grep
from tests.support.live_portal import LivePortal, live_portal
from tests.support.otlp_collector import Collector, otlp_collector

CHROMIUM = os.environ.get("CHROMIUM", shutil.which("chromium") or "/usr/bin/chromium")
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder needs a browser."""
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker(pytest.mark.e2e)


@pytest.fixture(scope="session")
def collector(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Collector]:
    """Takes the traces of the portal; at the end they are searched for secrets, like its logs."""
    path = tmp_path_factory.mktemp("traces") / "spans.otlp"
    with otlp_collector(path) as found:
        yield found


@pytest.fixture(scope="session")
def portal(demo_data: Callable[[str], Path], collector: Collector) -> Iterator[LivePortal]:
    """A portal whose tokens live 10 s: a film lasts several token lives."""
    data_dir = demo_data("shared")
    secret_grep.WRITTEN.append(secret_grep.Log(collector.path, data_dir))
    with live_portal(
        data_dir,
        OTEL_EXPORTER_OTLP_ENDPOINT=collector.url,
        OTEL_BSP_SCHEDULE_DELAY="500",
        PORTAL_STREAM_TOKEN_TTL_S="10",
        # A hundred tests are one viewer to the portal, and may watch many films at once.
        PORTAL_VIEWER_REQUESTS_PER_MIN="100000",
        PORTAL_MAX_STREAMS_PER_VIEWER="100",
        PORTAL_FLAG_STYLEGUIDE="on",
    ) as found:
        yield found


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=CHROMIUM, args=CHROMIUM_ARGUMENTS, headless=True
        )
        yield started
        started.close()


def hydrated(page: Page) -> None:
    """Wait until React has taken the page over; before, links load documents."""
    page.wait_for_function("window.__reflex !== undefined")


class Watched:
    """What went wrong in a page: console errors, exceptions, requests to third parties."""

    def __init__(self, page: Page, own: str) -> None:
        self.errors: list[str] = []
        self.third_parties: list[str] = []
        self.requests: list[str] = []
        self._own = own
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.errors.append(f"exception: {error}"))
        page.on("request", lambda request: self._request(request.url))

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            where = message.location.get("url", "")
            self.errors.append(f"console: {message.text} {where}")

    def _request(self, url: str) -> None:
        self.requests.append(url)
        own = self._own.removeprefix("http")
        if not url.startswith((f"http{own}", f"ws{own}", "data:", "blob:")):
            self.third_parties.append(url)

    def forget(self) -> None:
        """Errors that a test provoked on purpose are not counted."""
        self.errors.clear()


@pytest.fixture
def context(browser: Browser, portal: LivePortal) -> Iterator[BrowserContext]:
    """A new browser profile at the desktop size."""
    with ExitStack() as stack:
        found = browser.new_context(
            base_url=portal.url,
            viewport={"width": 1440, "height": 900},
            reduced_motion="reduce",
            locale="en-GB",
        )
        stack.callback(found.close)
        yield found


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """A page of a new profile."""
    return context.new_page()


@pytest.fixture
def watched(page: Page, portal: LivePortal) -> Iterator[Watched]:
    """The page's errors; the test fails when there is one that it did not forgive."""
    found = Watched(page, portal.url)
    yield found
    assert not found.errors, found.errors
    assert not found.third_parties, found.third_parties
