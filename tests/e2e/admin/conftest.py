"""A portal of its own with a manager in it, and a browser that is signed in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.support.live_portal import LivePortal, live_portal, make_account
from tests.support.people import PASSWORD

SignIn = Callable[..., Page]


@pytest.fixture(scope="session")
def portal(demo_data: Callable[[str], Path]) -> Iterator[LivePortal]:
    """A portal whose content the tests change."""
    folder = demo_data("managed")
    make_account(folder, "ana@films.example", "manager")
    make_account(folder, "eva@films.example", "editor")
    with live_portal(
        folder,
        PORTAL_VIEWER_REQUESTS_PER_MIN="100000",
        PORTAL_ADMIN_REQUESTS_PER_MIN="100000",
    ) as found:
        yield found


@pytest.fixture
def sign_in(browser: Browser, portal: LivePortal) -> Iterator[SignIn]:
    """Opens a browser in which somebody is signed in."""
    contexts: list[BrowserContext] = []

    def go(name: str = "ana", *, width: int = 1440, height: int = 900) -> Page:
        context = browser.new_context(
            base_url=portal.url,
            viewport={"width": width, "height": height},
            reduced_motion="reduce",
            locale="en-GB",
            timezone_id="Europe/Lisbon",
        )
        contexts.append(context)
        page = context.new_page()
        page.goto("/admin/login")
        page.get_by_label("E-mail").fill(f"{name}@films.example")
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url("**/admin")
        ready(page)
        return page

    yield go
    for context in contexts:
        context.close()


def ready(page: Page) -> None:
    """Wait until the table is there and answers."""
    page.locator(".film-link").first.wait_for()


@pytest.fixture
def demo_source(portal: LivePortal) -> str:
    """The address of a demo film at the portal's own origin."""
    films = sorted((portal.data_dir / "demo" / "films").iterdir())
    name = next(film.name for film in films if (film / "main.m3u8").exists())
    return f"http://127.0.0.1:{portal.port}/origin/{name}/main.m3u8"


VTT = """WEBVTT

00:00:01.000 --> 00:00:03.500
The harbour sleeps.

00:00:04.000 --> 00:00:07.000
Somebody is counting the lamps.

00:00:08.000 --> 00:00:11.000
One is missing.
"""


@pytest.fixture
def captions(tmp_path: Path) -> Path:
    """A caption file without faults."""
    path = tmp_path / "english.vtt"
    path.write_text(VTT)
    return path
