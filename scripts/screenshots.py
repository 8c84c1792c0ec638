"""Pictures of every page of viewers, to be looked at.

    python -m scripts.screenshots http://localhost:3000 pictures/

390, 1440 and 3840 pixels wide; dark, light and with forced colours; Arabic from right to left.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from portal import routes

CHROMIUM = os.environ.get("CHROMIUM", shutil.which("chromium") or "/usr/bin/chromium")
SIZES = {390: 844, 1440: 900, 3840: 2160}
LOOKS = ("dark", "light", "forced", "rtl")
SETTLES_MS = 500


def pages_of(browser: Browser, site: str) -> dict[str, str]:
    """Names of pages and where they are; a film of the home page stands for all films."""
    with browser.new_context(base_url=site) as context:
        html = context.request.get(routes.HOME).text()
    found = re.search(r'href="/movie/([^"/?]+)"', html)
    pages = {
        "home": routes.HOME,
        "browse": routes.BROWSE,
        "nothing-found": routes.browse(q="nothing-is-called-this"),
        "not-there": "/not-there",
        "offline": routes.OFFLINE,
        "login": routes.LOGIN,
    }
    if found:
        pages |= {"movie": routes.movie(found[1]), "watch": routes.watch(found[1])}
    return pages


def main() -> None:
    """Take them all."""
    site, folder = sys.argv[1], Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    arguments = ["--no-sandbox", "--autoplay-policy=no-user-gesture-required"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        pages = pages_of(browser, site)
        for width, height in SIZES.items():
            for look in LOOKS:
                context = browser.new_context(
                    base_url=site,
                    viewport={"width": width, "height": height},
                    reduced_motion="reduce",
                    forced_colors="active" if look == "forced" else "none",
                )
                theme = "light" if look == "light" else "dark"
                context.add_init_script(f"localStorage.setItem('theme', '{theme}')")
                page = context.new_page()
                for name, path in pages.items():
                    if look == "rtl" and path in {routes.LOGIN, routes.OFFLINE}:
                        continue  # forms have no language in their address
                    page.goto(f"/ar{path}" if look == "rtl" else path)
                    page.wait_for_load_state("networkidle")
                    page.wait_for_timeout(SETTLES_MS)
                    page.screenshot(path=folder / f"{name}-{width}-{look}.png")
                context.close()
        browser.close()


if __name__ == "__main__":
    main()
