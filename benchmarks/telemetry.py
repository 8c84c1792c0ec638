"""What telemetry costs: portals side by side, without it, with metrics, and with traces as well.

    python -m benchmarks.telemetry

Rounds go from one to the next, so that what else the machine does meets all. Requests a second
and CPU are of `GET /api/movies`, the cheapest answer there is, so the dearest place to count; event
latency is from a navigation's event on Reflex's socket to the page's data.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import statistics
import tempfile
import time
import uuid
from contextlib import ExitStack
from importlib.metadata import version
from pathlib import Path

import httpx
import websocket

from benchmarks import catalog_api
from tests.conftest import DEMO_CACHE
from tests.load.build import HASHES, HYDRATE, HYDRATED, ON_LOAD, SCHEMA
from tests.support.live_portal import LivePortal, live_portal, make_demo
from tests.support.otlp_collector import otlp_collector
from tests.support.ports import free_port

ROUNDS = 4
EVENTS = 100
WARM_UP = 20
TITLES = 48


def main() -> None:
    """Measure and print."""
    print(f"cores: {os.cpu_count()}, load before: {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        portals: dict[str, LivePortal] = {}
        collector = stack.enter_context(otlp_collector(Path(folder) / "spans"))
        for name, more in _kinds(collector.url).items():
            data = Path(folder) / name
            data.mkdir()
            DEMO_CACHE.mkdir(parents=True, exist_ok=True)
            (data / "demo").symlink_to(DEMO_CACHE)
            make_demo(data, titles=TITLES)
            settings = {"PORTAL_VIEWER_REQUESTS_PER_MIN": "10000000", **more}
            portals[name] = stack.enter_context(live_portal(data, **settings))
        requests: dict[str, list[tuple[float, float]]] = {name: [] for name in portals}
        events: dict[str, list[float]] = {name: [] for name in portals}
        for number in range(ROUNDS):
            names = list(portals)
            for name in names if number % 2 else names[::-1]:
                requests[name].append(_requests(portals[name]))
                events[name] += _events(portals[name].url)
    for name in portals:
        rates = [rate for rate, _ in requests[name]]
        per_core = [rate for _, rate in requests[name]]
        times = sorted(events[name])
        print(
            f"{name:26} {statistics.median(rates):6.0f} requests/s"
            f" ({min(rates):.0f} to {max(rates):.0f}), {statistics.median(per_core):6.0f}/s a core;"
            f" events p50 {times[len(times) // 2]:.2f} ms, p95 {times[len(times) * 95 // 100]:.2f}"
            f" ms, n={len(times)}"
        )


def _kinds(collector: str) -> dict[str, dict[str, str]]:
    metrics = {"PORTAL_METRICS_PORT": str(free_port())}
    traces = {"OTEL_EXPORTER_OTLP_ENDPOINT": collector, "OTEL_TRACES_SAMPLER": "traceidratio"}
    return {
        "off": {},
        "metrics": metrics,
        "metrics, a tenth traced": metrics
        | traces
        | {"OTEL_TRACES_SAMPLER_ARG": "0.1", "PORTAL_METRICS_PORT": str(free_port())},
        "metrics, all traced": metrics
        | traces
        | {"OTEL_TRACES_SAMPLER_ARG": "1", "PORTAL_METRICS_PORT": str(free_port())},
    }


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
    """Milliseconds of navigations, as the compiled front end sends them (see tests/load)."""
    cookie = "; ".join(f"{k}={v}" for k, v in httpx.get(url).cookies.items())
    socket = websocket.create_connection(
        f"{url.replace('http', 'ws', 1)}/_event/?token={uuid.uuid4()}&EIO=4&transport=websocket",
        subprotocols=[version("reflex")],
        origin=url,
        cookie=cookie,
        timeout=10,
    )
    socket.recv()  # engine.io: open
    event = {"name": HYDRATE, "payload": {"hashes": HASHES}, "router_data": _at("/", {})}
    socket.send("40/_event," + json.dumps({"event": event, "state_schema": SCHEMA}))
    _until_loaded(socket)
    times = []
    for number in range(EVENTS + WARM_UP):
        began = time.perf_counter()
        place = _at("/browse", {"sort": ("new", "title")[number % 2]})
        event = {"name": ON_LOAD, "payload": {}, "router_data": place}
        socket.send("42/_event," + json.dumps(["event", event]))
        _until_loaded(socket)
        if number >= WARM_UP:
            times.append((time.perf_counter() - began) * 1000)
    socket.close()
    return times


def _at(path: str, query: dict[str, str]) -> dict[str, object]:
    return {"pathname": path, "asPath": path, "query": query}


def _until_loaded(socket: websocket.WebSocket) -> None:
    while HYDRATED not in (text := str(socket.recv())):
        if text == "2":
            socket.send("3")  # the server's ping


if __name__ == "__main__":
    main()
