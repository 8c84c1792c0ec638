"""`GET /api/movies` over HTTP: answers a second, how long they take, what of a core they cost."""

from __future__ import annotations

import asyncio
import multiprocessing
import time

import psutil

CLIENTS = 2
CONNECTIONS = 16
SECONDS = 5.0
PATHS = ("/api/movies", "/api/movies?limit=100", "/api/movies?genre=Drama", "/api/movies?q=the")


def report(port: int, server_pid: int) -> None:
    """Print the figures for each path.

    Args:
        port: Where a portal listens, whose limits do not come in between.
        server_pid: Its process; with its workers it is what is charged for the answers.
    """
    for path in PATHS:
        before = _cpu_s(server_pid)
        with multiprocessing.Pool(CLIENTS) as pool:
            found = pool.starmap(_load, [(port, path)] * CLIENTS)
        cost_s = _cpu_s(server_pid) - before
        times = sorted(each for client in found for each in client)
        print(
            f"GET {path:28} {len(times) / SECONDS:6.0f}/s   {len(times) / cost_s:6.0f}/s a core   "
            f"p50 {_at(times, 0.5):5.1f} ms   p95 {_at(times, 0.95):5.1f} ms   "
            f"p99 {_at(times, 0.99):5.1f} ms   n={len(times)}"
        )


def _cpu_s(pid: int) -> float:
    """CPU seconds of a process and its workers; Redis, their other child, apart."""
    root = psutil.Process(pid)
    portal = [root, *(p for p in root.children(recursive=True) if "redis" not in p.name())]
    return sum(sum(process.cpu_times()[:2]) for process in portal)


def _load(port: int, path: str) -> list[float]:
    return asyncio.run(_all(port, path))


async def _all(port: int, path: str) -> list[float]:
    end = time.perf_counter() + SECONDS
    found = await asyncio.gather(*[_ask(port, path, end) for _ in range(CONNECTIONS)])
    return [each for times in found for each in times]


async def _ask(port: int, path: str, end: float) -> list[float]:
    """One connection that asks again as soon as it is answered; milliseconds of each answer."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    request = f"GET {path} HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n".encode()
    times = []
    while (start := time.perf_counter()) < end:
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200"):
            message = f"not answered with 200: {head[:200]!r}"
            raise RuntimeError(message)
        length = head.lower().split(b"content-length: ", 1)[1].split(b"\r\n", 1)[0]
        await reader.readexactly(int(length))
        times.append((time.perf_counter() - start) * 1000)
    writer.close()
    return times


def _at(times: list[float], share: float) -> float:
    return times[min(len(times) - 1, int(len(times) * share))]
