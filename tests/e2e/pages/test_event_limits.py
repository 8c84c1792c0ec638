"""The viewer's limit counts events of the socket and requests of the API in one bucket."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.support.live_portal import LivePortal, live_portal

QUOTA = 30


@pytest.fixture(scope="module")
def strict_portal(demo_data: Callable[[str], Path]) -> Iterator[LivePortal]:
    with live_portal(
        demo_data("strict"), PORTAL_VIEWER_REQUESTS_PER_MIN=str(QUOTA), PORTAL_WORKERS="2"
    ) as found:
        yield found


def test_a_burst_of_events_is_told_and_loses_nothing(
    browser: Browser, strict_portal: LivePortal
) -> None:
    with browser.new_context(base_url=strict_portal.url) as context:
        page = context.new_page()
        page.goto("/browse")
        expect(page.locator(".grid .card").first).to_be_visible()
        # The API takes from the same bucket: these leave nothing for the socket.
        slug = str(page.locator(".grid a.card").first.get_attribute("href")).rsplit("/", 1)[-1]
        statuses = [
            page.request.post(f"/api/movies/{slug}/stream-token", data={}).status
            for _ in range(QUOTA + 5)
        ]
        assert 429 in statuses
        field = page.get_by_label("Search films")
        field.fill("something")
        expect(page.get_by_text("That was a little fast.")).to_be_visible()
        assert field.input_value() == "something"
        # Another viewer is not held up.
        with browser.new_context(base_url=strict_portal.url) as other:
            fresh = other.new_page()
            fresh.goto("/browse")
            expect(fresh.locator(".grid .card").first).to_be_visible()
