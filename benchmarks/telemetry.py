"""What counting costs: two portals side by side, one with the metrics port and one without.

    python -m benchmarks.telemetry

Rounds alternate between the two, so that what else the machine does meets both. Requests a second
and CPU are of `GET /api/movies`, the cheapest answer there is, so the dearest place to count; event
latency is from a navigation's event on Reflex's socket to the page's data.
"""

from __future__ import annotations

import multiprocessing
import os
import statistics
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

import httpx

from benchmarks import catalog_api
from tests.conftest import DEMO_CACHE
from tests.support.live_portal import LivePortal, live_portal, make_demo
from tests.support.ports import free_port

ROUNDS = 3
EVENTS = 150
WARM_UP = 20
TITLES = 48


def main() -> None:
    """Measure and print."""
    print(f"cores: {os.cpu_count()}, load before: {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        portals: dict[str, LivePortal] = {}
        for name, more in (("off", {}), ("on", {"PORTAL_METRICS_PORT": str(free_port())})):
            data = Path(folder) / name
            data.mkdir()
            DEMO_CACHE.mkdir(parents=True, exist_ok=True)
            (data / "demo").symlink_to(DEMO_CACHE)
            make_demo(data, titles=TITLES)
            settings = {"PORTAL_VIEWER_REQUESTS_PER_MIN": "10000000", **more}
            portals[name] = stack.enter_context(live_portal(data, **settings))
        requests: dict[str, list[tuple[float, float]]] = {"off": [], "on": []}
        events: dict[str, list[float]] = {"off": [], "on": []}
        for number in range(ROUNDS):
            for name in ("off", "on") if number % 2 else ("on", "off"):
                requests[name].append(_requests(portals[name]))
                with multiprocessing.get_context("spawn").Pool(1) as pool:
                    events[name] += pool.apply(_events, (portals[name].url,))
    for name in ("off", "on"):
        rates = [rate for rate, _ in requests[name]]
        per_core = [rate for _, rate in requests[name]]
        times = sorted(events[name])
        print(
            f"telemetry {name:4} {statistics.median(rates):6.0f} requests/s"
            f" ({min(rates):.0f} to {max(rates):.0f}), {statistics.median(per_core):6.0f}/s a core;"
            f" events p50 {times[len(times) // 2]:.2f} ms, p95 {times[len(times) * 95 // 100]:.2f}"
            f" ms, n={len(times)}"
        )


def _requests(portal: LivePortal) -> tuple[float, float]:
    """Answers a second, and answers a second of CPU."""
    before = catalog_api._cpu_s(portal.process.pid)
    with multiprocessing.get_context("spawn").Pool(catalog_api.CLIENTS) as pool:
        found = pool.starmap(
            catalog_api._load, [(portal.port, "/api/movies")] * catalog_api.CLIENTS
        )
    count = sum(map(len, found))
    cost_s = catalog_api._cpu_s(portal.process.pid) - before
    return count / catalog_api.SECONDS, count / cost_s


def _events(url: str) -> list[float]:
    """Milliseconds of navigations, in a process of its own: locust changes the standard library."""
    from tests.load.locustfile import Socket

    cookie = "; ".join(f"{k}={v}" for k, v in httpx.get(url).cookies.items())
    socket = Socket(url, cookie)
    socket.open("/", {})
    times = []
    for number in range(EVENTS + WARM_UP):
        began = time.perf_counter()
        socket.go("/browse", {"page": str(number % 3)}, "browse")
        if number >= WARM_UP:
            times.append((time.perf_counter() - began) * 1000)
    socket.close()
    return times


if __name__ == "__main__":
    main()
