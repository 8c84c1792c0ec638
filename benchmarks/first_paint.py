"""What a first visit costs: paint, shift, hydration, bytes; with and without rendered pages.

    python -m benchmarks.first_paint                a private portal with demo films, both ways
    python -m benchmarks.first_paint --url URL      a portal that runs already

Mobile is the applied throttling that Lighthouse describes: 150 ms, 1.6 Mbit/s, processor 4 times
slower, by the Chrome DevTools Protocol in a real Chromium; desktop is loopback as it is.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx
from playwright.sync_api import Browser, Page, sync_playwright

from scripts.bundle_size import measure as bundle_sizes
from tests.conftest import DEMO_CACHE, DEMO_TITLES
from tests.e2e.conftest import CHROMIUM, CHROMIUM_ARGUMENTS
from tests.support.live_portal import live_portal, make_demo

ROUNDS = 5
SETTLES_MS = 1500

_OBSERVE = """(() => {
  window.seen = { lcp: 0, fcp: 0, cls: 0, inp: 0, hydrated: 0, element: "" };
  const on = (type, take, more = {}) => new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) take(entry);
  }).observe({ type, buffered: true, ...more });
  on("largest-contentful-paint", (e) => {
    seen.lcp = e.startTime;
    seen.element = e.element ? `${e.element.tagName.toLowerCase()}.${e.element.className}` : e.url;
  });
  on("paint", (e) => { if (e.name === "first-contentful-paint") seen.fcp = e.startTime; });
  on("layout-shift", (e) => { if (!e.hadRecentInput) seen.cls += e.value; });
  on("event", (e) => { if (e.interactionId) seen.inp = Math.max(seen.inp, e.duration); },
    { durationThreshold: 16 });
  let taken;
  Object.defineProperty(window, "__reflex", {
    configurable: true, get: () => taken,
    set: (value) => { taken = value; seen.hydrated ||= performance.now(); },
  });
})()"""


@dataclass(frozen=True)
class Profile:
    """A device and its line."""

    name: str
    width: int
    height: int
    scale: float
    is_mobile: bool
    throttled: bool


MOBILE = Profile("mobile", 390, 844, 2, is_mobile=True, throttled=True)
DESKTOP = Profile("desktop", 1440, 900, 1, is_mobile=False, throttled=False)


@dataclass(frozen=True)
class Visit:
    """One cold visit, in milliseconds; `cls` has no unit."""

    fcp: float
    lcp: float
    cls: float
    inp: float
    hydrated: float
    element: str


@contextmanager
def _page(browser: Browser, url: str, profile: Profile) -> Iterator[Page]:
    with browser.new_context(
        base_url=url,
        viewport={"width": profile.width, "height": profile.height},
        device_scale_factor=profile.scale,
        is_mobile=profile.is_mobile,
        has_touch=profile.is_mobile,
    ) as context:
        page = context.new_page()
        page.add_init_script(_OBSERVE)
        if profile.throttled:
            session = context.new_cdp_session(page)
            session.send("Network.enable")
            session.send(
                "Network.emulateNetworkConditions",
                {
                    "offline": False,
                    "latency": 150,
                    "downloadThroughput": 1.6e6 / 8,
                    "uploadThroughput": 0.75e6 / 8,
                },
            )
            session.send("Emulation.setCPUThrottlingRate", {"rate": 4})
        yield page


def visit(browser: Browser, url: str, path: str, profile: Profile) -> Visit:
    """A cold visit that nobody touches, and after it some typing."""
    with _page(browser, url, profile) as page:
        page.goto(path, wait_until="load")
        page.wait_for_function("window.seen.hydrated > 0", timeout=60_000)
        page.wait_for_timeout(SETTLES_MS)
        found = page.evaluate("({ ...window.seen })")
        field = page.locator("#site-search")
        if field.count():
            field.click()
            page.keyboard.type("dra", delay=80)
            page.wait_for_timeout(500)
        found["inp"] = page.evaluate("window.seen.inp")
        return Visit(**found)


def visits(browser: Browser, url: str, path: str, profile: Profile, rounds: int) -> list[Visit]:
    """Cold visits after one that fills the server's caches."""
    httpx.get(url + path, follow_redirects=True, timeout=20)
    return [visit(browser, url, path, profile) for _ in range(rounds)]


def html_bytes(url: str, path: str) -> int:
    """Bytes of a page's HTML as it is sent to a browser, after its best compression."""
    with httpx.Client(base_url=url, headers={"accept-encoding": "br"}, timeout=20) as client:
        client.get(path)
        with client.stream("GET", path) as answer:
            return sum(len(chunk) for chunk in answer.iter_raw())


def some_movie(url: str) -> str:
    """Path of the page of a film that the sitemap names, else of the demo's."""
    text = httpx.get(f"{url}/sitemap.xml").text
    found = [part.split("</loc>")[0] for part in text.split("<loc>")[1:] if "/movie/" in part]
    return found[0].removeprefix(url) if found else "/movie/seven-ridges-to-the-sea"


def table(browser: Browser, url: str, movie: str, rounds: int) -> list[str]:
    """Markdown rows of all pages and profiles."""
    rows = []
    for path in ("/", "/browse", movie):
        for profile in (MOBILE, DESKTOP):
            found = visits(browser, url, path, profile, rounds)

            def median(name: str, found: list[Visit] = found) -> float:
                return statistics.median(getattr(one, name) for one in found)

            worst = max(one.lcp for one in found)
            rows.append(
                f"| {path} | {profile.name} | {median('fcp'):.0f} | {median('lcp'):.0f} "
                f"| {worst:.0f} | {median('hydrated'):.0f} | {max(v.cls for v in found):.3f} "
                f"| {median('inp'):.0f} | {html_bytes(url, path) / 1024:.1f} "
                f"| `{found[-1].element}` |"
            )
            print(rows[-1], flush=True)
    return rows


HEADER = (
    "| page | device | FCP ms | LCP ms | worst LCP | hydrated ms | CLS | INP ms | HTML kB "
    "| LCP element |\n|---|---|---|---|---|---|---|---|---|---|"
)


def report(browser: Browser, url: str, title: str, movie: str, rounds: int) -> None:
    """Print one way of serving."""
    print(f"\n### {title}\n\n{HEADER}", flush=True)
    table(browser, url, movie, rounds)


def bundle() -> None:
    """Print what each route downloads."""
    print("\n| route | JS kB (brotli) | CSS kB (brotli) |\n|---|---|---|")
    for size in bundle_sizes():
        print(f"| {size.route} | {size.js / 1024:.1f} | {size.css / 1024:.1f} |")


def circumstances() -> str:
    """When, what and where."""
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"],  # noqa: S607
        capture_output=True,
        text=True,
        check=False,
    ).stdout.strip()
    when = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
    return f"{when}, commit {commit}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"


def main() -> None:
    """Measure a running portal, or a private one with and without rendered pages."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default="", help="a portal that runs already")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    given = parser.parse_args()
    print(circumstances(), f"medians of {given.rounds}", sep=", ")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=CHROMIUM_ARGUMENTS, headless=True
        )
        if given.url:
            report(browser, given.url, "As it runs", some_movie(given.url), given.rounds)
        else:
            _both_ways(browser, given.rounds)
        bundle()
        browser.close()


def _both_ways(browser: Browser, rounds: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        data.mkdir()
        DEMO_CACHE.mkdir(parents=True, exist_ok=True)
        (data / "demo").symlink_to(DEMO_CACHE)
        make_demo(data, titles=DEMO_TITLES)
        for title, rendered in (("Static templates", "false"), ("Rendered pages", "true")):
            with live_portal(
                data, PORTAL_VIEWER_REQUESTS_PER_MIN="100000", PORTAL_RENDER_PAGES=rendered
            ) as portal:
                report(browser, portal.url, title, some_movie(portal.url), rounds)


if __name__ == "__main__":
    main()
