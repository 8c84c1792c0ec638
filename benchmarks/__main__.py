"""`make bench`: a private portal with demo films, measured on loopback."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from benchmarks import catalog_api, first_frame
from tests.conftest import DEMO_CACHE, DEMO_TITLES
from tests.e2e.conftest import CHROMIUM, CHROMIUM_ARGUMENTS
from tests.support.live_portal import live_portal, make_demo


def main() -> None:
    """Run all benchmarks and print their figures."""
    print(f"cores: {os.cpu_count()}, load: {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        data.mkdir()
        DEMO_CACHE.mkdir(parents=True, exist_ok=True)
        (data / "demo").symlink_to(DEMO_CACHE)
        make_demo(data, titles=DEMO_TITLES)
        with (
            live_portal(data, PORTAL_VIEWER_REQUESTS_PER_MIN="10000000") as portal,
            sync_playwright() as playwright,
        ):
            catalog_api.report(portal.port, portal.process.pid)
            browser = playwright.chromium.launch(
                executable_path=CHROMIUM, args=CHROMIUM_ARGUMENTS, headless=True
            )
            first_frame.report(
                "press Play to first frame",
                lambda: first_frame.click_on_play(browser, portal.url),
            )
            first_frame.report(
                "cold load to first frame", lambda: first_frame.cold_load(browser, portal.url)
            )
            browser.close()


if __name__ == "__main__":
    main()
