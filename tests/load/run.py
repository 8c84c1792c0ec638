"""Many viewers at once: `make load`, or `python -m tests.load.run --viewers 200 --seconds 60`.

Starts a portal with the demo on loopback, sends viewers to it for a bounded time, and prints what
they and the server went through. A few real browsers may play films meanwhile. Nothing leaves the
machine.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import psutil
from redis import Redis

from tests.load.browsers import Played, watching
from tests.support.live_portal import ROOT, LivePortal, live_portal, make_demo
from tests.support.mariadb import mariadb_server

DEMO = ROOT / ".pytest_cache" / "portal-demo"


@dataclass(frozen=True)
class Report:
    """What a run came to.

    Attributes:
        rows: By kind of request: count, failures, percentiles in ms.
        failures: All failed requests.
        cpu_cores: Mean use of cores by the portal and its Redis.
        rss_mb: Their memory at the end, in MiB, and before the viewers came.
        redis_bytes_per_viewer: What Redis holds for each.
        played: What the real browsers went through.
    """

    rows: list[dict[str, Any]]
    failures: int
    cpu_cores: float
    rss_mb: tuple[float, float]
    redis_bytes_per_viewer: float
    played: list[Played]

    def text(self, viewers: int, seconds: int, workers: int) -> str:
        """As a table."""
        cores, load = os.cpu_count(), os.getloadavg()[0]
        lines = [
            f"{viewers} viewers for {seconds} s, {workers} workers, machine of {cores} cores"
            f" (load {load:.1f}, the viewers' own work included)",
            f"{'request':<28}{'count':>8}{'failed':>8}{'p50 ms':>8}{'p95 ms':>8}{'p99 ms':>8}",
        ]
        lines += [
            f"{row['name']:<28}{row['count']:>8}{row['failed']:>8}"
            f"{row['p50']:>8.0f}{row['p95']:>8.0f}{row['p99']:>8.0f}"
            for row in self.rows
        ]
        before, after = self.rss_mb
        lines.append(
            f"server: {self.cpu_cores:.2f} cores, RSS {before:.0f} -> {after:.0f} MiB"
            f" ({(after - before) * 1024 / viewers:.0f} KiB a viewer),"
            f" Redis {self.redis_bytes_per_viewer / 1024:.1f} KiB a viewer"
        )
        lines += [f"browser: {each.text()}" for each in self.played]
        return "\n".join(lines)


def run(
    viewers: int,
    seconds: int,
    *,
    workers: int = 2,
    spawn_per_s: float = 0,
    processes: int = 1,
    browsers: int = 0,
    mariadb: bool = False,
) -> Report:
    """Serve the demo and let viewers in for a time.

    Args:
        viewers: How many at once.
        seconds: How long.
        workers: The portal's processes.
        spawn_per_s: How many viewers come in a second; 0: a twentieth of them.
        processes: Processes that make the viewers.
        browsers: Real browsers that play films meanwhile.
        mariadb: Keep the catalog in a MariaDB, as a public site does in MySQL; else in SQLite.
    """
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        data = Path(folder) / "data"
        data.mkdir()
        DEMO.mkdir(parents=True, exist_ok=True)
        (data / "demo").symlink_to(DEMO)
        settings = {"PORTAL_WORKERS": str(workers), "PORTAL_LOG_LEVEL": "warning"}
        if mariadb:
            server = stack.enter_context(mariadb_server(Path(folder)))
            settings["PORTAL_DATABASE_URL"] = server.new_database()
        make_demo(data, titles=48, **settings)
        portal = stack.enter_context(live_portal(data, **settings))
        command = [
            sys.executable, "-m", "locust", "-f", str(Path(__file__).with_name("locustfile.py")),
            "--headless", "--users", str(viewers),
            "--spawn-rate", str(spawn_per_s or max(5, viewers / 20)),
            "--run-time", f"{seconds}s", "--host", portal.url, "--json", "--loglevel", "ERROR",
            "--stop-timeout", "5",
        ]  # fmt: skip
        if processes > 1:
            command += ["--processes", str(processes)]
        with watching(portal.url, browsers, seconds) as played:
            report = _measure(portal, viewers, command)
        return replace(report, played=list(played))


def _measure(portal: LivePortal, viewers: int, command: list[str]) -> Report:
    family = [psutil.Process(portal.process.pid)]
    family += family[0].children(recursive=True)
    redis = Redis(unix_socket_path=str(portal.data_dir / "redis" / "redis.sock"))
    before_mb, before_redis = _rss_mb(family), redis.info("memory")["used_memory"]
    cpu = _CpuClock(family)
    samples: list[float] = []
    stop = threading.Event()

    def watch_redis() -> None:
        while not stop.wait(1):
            samples.append(redis.info("memory")["used_memory"])

    watcher = threading.Thread(target=watch_redis)
    watcher.start()
    peak = [before_mb]

    def watch_memory() -> None:
        while not stop.wait(2):
            peak.append(_rss_mb(family))

    memory = threading.Thread(target=watch_memory)
    memory.start()
    cpu.start()
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    cores = cpu.stop()
    stop.set()
    watcher.join()
    memory.join()
    stats = _stats(done.stdout)
    if not stats:
        message = (
            f"locust ended with {done.returncode}:\n{done.stdout[-2000:]}{done.stderr[-2000:]}"
        )
        raise RuntimeError(message)
    rows = [_row(entry) for entry in stats]
    return Report(
        rows=sorted(rows, key=lambda row: str(row["name"])),
        failures=sum(int(row["failed"]) for row in rows),
        cpu_cores=cores,
        rss_mb=(before_mb, max(peak)),
        redis_bytes_per_viewer=(max(samples, default=before_redis) - before_redis) / viewers,
        played=[],
    )


def _stats(text: str) -> list[dict[str, Any]]:
    """The list that locust prints; its other processes print empty ones."""
    starts = [found.start() for found in re.finditer(r"^\[", text, re.MULTILINE)]
    lists = []
    for start in starts:
        with contextlib.suppress(ValueError):
            lists.append(json.JSONDecoder().raw_decode(text, start)[0])
    return max(lists, key=len, default=[])


def _row(entry: dict[str, Any]) -> dict[str, Any]:
    times = {float(ms): int(count) for ms, count in entry["response_times"].items()}
    return {
        "name": entry["name"],
        "count": entry["num_requests"],
        "failed": entry["num_failures"],
        **{f"p{share}": _percentile(times, share / 100) for share in (50, 95, 99)},
    }


def _percentile(times: dict[float, int], share: float) -> float:
    wanted = sum(times.values()) * share
    seen = 0
    for ms in sorted(times):
        seen += times[ms]
        if seen >= wanted:
            return ms
    return 0.0


def _rss_mb(family: list[psutil.Process]) -> float:
    return float(sum(each.memory_info().rss for each in family if each.is_running())) / 2**20


class _CpuClock:
    def __init__(self, family: list[psutil.Process]) -> None:
        self._family = family

    def _seconds(self) -> float:
        times = [each.cpu_times() for each in self._family if each.is_running()]
        return float(sum(each.user + each.system for each in times))

    def start(self) -> None:
        self._began, self._used = time.monotonic(), self._seconds()

    def stop(self) -> float:
        return (self._seconds() - self._used) / (time.monotonic() - self._began)


def main() -> None:
    """Read the command line, run, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--viewers", type=int, default=200)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--spawn", type=float, default=0, help="viewers a second")
    parser.add_argument("--processes", type=int, default=1, help="processes that make viewers")
    parser.add_argument("--browsers", type=int, default=0, help="real browsers that play meanwhile")
    parser.add_argument("--mariadb", action="store_true", help="the catalog in a MariaDB")
    given = parser.parse_args()
    report = run(
        given.viewers,
        given.seconds,
        workers=given.workers,
        spawn_per_s=given.spawn,
        processes=given.processes,
        browsers=given.browsers,
        mariadb=given.mariadb,
    )
    print(report.text(given.viewers, given.seconds, given.workers))


if __name__ == "__main__":
    main()
