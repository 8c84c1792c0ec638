"""Counters and durations, for Prometheus. Nothing is kept, and nothing imported, until `start`.

Every function may be called at any time; while telemetry is off each is one comparison. Labels come
from the portal's own code, never from what somebody sent: their number is bounded, and no token,
source URL, address or person is among them.

Workers write to files of one folder (prometheus_client's multiprocess mode), which another process
adds up. A counter that appears with its first event would hide that event from `increase()`, so
those that alerts look at are there, as zeros, from the start.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from portal.services.errors import PortalError

if TYPE_CHECKING:
    from prometheus_client import Counter, Gauge, Histogram

    from portal.services.qoe.beats import Counters

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""The variable by which workers learn of their folder; prometheus_client reads it on import."""
REQUEST_BUCKETS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 8.0)
START_BUCKETS_S = (0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0, 20.0)
LIMITS = (
    "viewer", "admin", "renewal", "qoe", "streams",
    "login-address", "login-pair", "login-account", "login-code",
)  # fmt: skip
TOKEN_OUTCOMES = (
    "opened", "renewed", "preview", "movie-not-found", "not-available", "caption-missing",
    "rate-limited", "too-many-streams", "session-revoked", "unavailable",
)  # fmt: skip
ORIGIN_OUTCOMES = (
    "ok", "left", "origin", "dns", "connect", "protocol", "encoding", "bad-status", "timeout",
    "too-large",
)  # fmt: skip
ORIGIN_KINDS = ("playlist", "segment", "key", "captions")
SEGMENT_RESULTS = ("hit", "miss", "uncached")
SERVERS = ("database", "redis")

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class _Meters:
    requests: Counter
    request_s: Histogram
    throttled: Counter
    tokens: Counter
    origin: Counter
    origin_s: Histogram
    segments: Counter
    events: Counter
    event_s: Histogram
    confirmed: Gauge
    database_s: Histogram
    database_busy: Gauge
    server_errors: Counter
    watching: Gauge
    qoe: Counter
    start_s: Histogram
    start_failures: Counter


class _Telemetry:
    meters: _Meters | None = None


def is_on() -> bool:
    """Whether anything is counted."""
    return _Telemetry.meters is not None


def start() -> None:
    """Begin to count, if this process was given a folder for it; again does nothing."""
    if _Telemetry.meters is None and os.environ.get(FOLDER):
        _Telemetry.meters = _make()


def _make() -> _Meters:
    from prometheus_client import Counter, Gauge, Histogram

    made = _Meters(
        requests=Counter("portal_http_requests", "Answers.", ["route", "method", "status"]),
        request_s=Histogram(
            "portal_http_request_seconds",
            "From a request to the head of its answer.",
            ["route"],
            buckets=REQUEST_BUCKETS_S,
        ),
        throttled=Counter("portal_throttle_events", "Refusals by a rate limit.", ["limit"]),
        tokens=Counter("portal_stream_tokens", "Stream tokens asked for.", ["outcome"]),
        origin=Counter(
            "portal_origin_fetches", "Fetches of the gateway from origins.", ["kind", "outcome"]
        ),
        origin_s=Histogram(
            "portal_origin_seconds",
            "From a fetch to the head of the origin's answer; playlists: to its end.",
            ["kind"],
            buckets=REQUEST_BUCKETS_S,
        ),
        segments=Counter("portal_segments", "Segments asked for, by the disk cache.", ["result"]),
        events=Counter("portal_socket_events", "Events of pages.", ["handler"]),
        event_s=Histogram(
            "portal_socket_event_seconds",
            "From an event's turn to its handler's end.",
            ["handler"],
            buckets=REQUEST_BUCKETS_S,
        ),
        confirmed=Gauge(
            "portal_catalog_confirmed_timestamp_seconds",
            "When the worker that is furthest behind last saw that its catalog is current.",
            multiprocess_mode="livemin",
        ),
        database_s=Histogram(
            "portal_database_seconds",
            "A unit of work, its place in the queue included.",
            buckets=REQUEST_BUCKETS_S,
        ),
        database_busy=Gauge(
            "portal_database_work", "Units of work now.", multiprocess_mode="livesum"
        ),
        server_errors=Counter(
            "portal_server_errors", "Calls that our own servers did not answer.", ["server"]
        ),
        watching=Gauge(
            "portal_watching_sessions",
            "Viewing sessions that play now, of all workers.",
            multiprocess_mode="livemostrecent",
        ),
        qoe=Counter(
            "portal_qoe",
            "What players tell: attempts, starts, failures, exits, seconds; docs/insights.md.",
            ["what"],
        ),
        start_s=Histogram(
            "portal_qoe_start_seconds",
            "From the press of play to the first frame.",
            buckets=START_BUCKETS_S,
        ),
        start_failures=Counter(
            "portal_qoe_start_failures", "Starts that failed, by cause.", ["cause"]
        ),
    )
    for limit in LIMITS:
        made.throttled.labels(limit)
    for outcome in TOKEN_OUTCOMES:
        made.tokens.labels(outcome)
    for kind in ORIGIN_KINDS:
        made.origin_s.labels(kind)
        for outcome in ORIGIN_OUTCOMES:
            made.origin.labels(kind, outcome)
    for result in SEGMENT_RESULTS:
        made.segments.labels(result)
    for server in SERVERS:
        made.server_errors.labels(server)
    for what in QOE_WHAT:
        made.qoe.labels(what)
    return made


# -- what happens in the portal -----------------------------------------------------------------


def answered(route: str, method: str, status: int, seconds: float) -> None:
    """A request was answered; `seconds` until the head of the answer."""
    if (on := _Telemetry.meters) is not None:
        on.requests.labels(route, method, str(status)).inc()
        on.request_s.labels(route).observe(seconds)


def throttled(limit: str) -> None:
    """Somebody met a limit."""
    if (on := _Telemetry.meters) is not None:
        on.throttled.labels(limit).inc()


@contextlib.contextmanager
def stream_token(done: str) -> Iterator[None]:
    """Count a stream token as `done`, or by the code of the refusal."""
    try:
        yield
    except PortalError as error:
        if (on := _Telemetry.meters) is not None:
            on.tokens.labels(error.code).inc()
        raise
    if (on := _Telemetry.meters) is not None:
        on.tokens.labels(done).inc()


@contextlib.asynccontextmanager
async def from_origin(kind: str, opened: AbstractAsyncContextManager[_T]) -> AsyncIterator[_T]:
    """Count a fetch: how long until it is open, and how it ends.

    An error is counted by its `reason`, which names no host; a viewer who leaves is no fault of the
    origin.
    """
    on = _Telemetry.meters
    if on is None:
        async with opened as found:
            yield found
        return
    began, outcome = time.monotonic(), "left"
    try:
        async with opened as found:
            on.origin_s.labels(kind).observe(time.monotonic() - began)
            yield found
        outcome = "ok"
    except PortalError as error:
        outcome = str(getattr(error, "reason", "origin"))
        raise
    finally:
        on.origin.labels(kind, outcome).inc()


def segment(result: str) -> None:
    """A segment was asked for: `hit`, `miss`, or `uncached` (part of one, or a key)."""
    if (on := _Telemetry.meters) is not None:
        on.segments.labels(result).inc()


def socket_event(handler: str, seconds: float) -> None:
    """An event of a page was handled."""
    if (on := _Telemetry.meters) is not None:
        on.events.labels(handler).inc()
        on.event_s.labels(handler).observe(seconds)


def catalog_confirmed() -> None:
    """This worker's catalog is the current one."""
    if (on := _Telemetry.meters) is not None:
        on.confirmed.set_to_current_time()


@contextlib.contextmanager
def database_work() -> Iterator[None]:
    """Measure a unit of work."""
    on = _Telemetry.meters
    if on is None:
        yield
        return
    began = time.monotonic()
    on.database_busy.inc()
    try:
        yield
    finally:
        on.database_busy.dec()
        on.database_s.observe(time.monotonic() - began)


def server_error(server: str) -> None:
    """`database` or `redis` did not answer."""
    if (on := _Telemetry.meters) is not None:
        on.server_errors.labels(server).inc()


def watching(sessions: int) -> None:
    """How many sessions play now, of all workers."""
    if (on := _Telemetry.meters) is not None:
        on.watching.set(sessions)


# -- what players tell --------------------------------------------------------------------------

QOE_WHAT = (
    "attempts", "starts", "start_failures", "later_failures", "early_exits", "play_seconds",
    "rebuffer_seconds", "degraded_seconds", "rebuffers", "switches", "errors",
    "caption_sessions", "caption_rendered",
)  # fmt: skip
_NAMES = {
    "play_ms": "play_seconds",
    "stall_ms": "rebuffer_seconds",
    "degraded_ms": "degraded_seconds",
    "stalls": "rebuffers",
}


def observe_qoe(
    counters: Counters,
    *,
    start_ms: int | None = None,
    failure: str = "",
    captions_began: bool = False,
    caption_rendered: bool = False,
) -> None:
    """What is new in a viewing session.

    Args:
        counters: each number since the line before; times in ms.
        start_ms: Press of play to first frame (VST), if this brought it.
        failure: Cause of a failure, one of `absorbing.CAUSES`, or "".
        captions_began: Captions were switched on for the first time.
        caption_rendered: A cue was shown for the first time.
    """
    on = _Telemetry.meters
    if on is None:
        return
    for name in counters.__dataclass_fields__:
        if value := getattr(counters, name):
            on.qoe.labels(_NAMES.get(name, name)).inc(
                value / 1000 if name.endswith("_ms") else value
            )
    if start_ms is not None:
        on.start_s.observe(start_ms / 1000)
    if counters.start_failures:
        on.start_failures.labels(failure or "other").inc(counters.start_failures)
    if captions_began:
        on.qoe.labels("caption_sessions").inc()
    if caption_rendered:
        on.qoe.labels("caption_rendered").inc()


def forget_dead_workers(folder: Path) -> None:
    """Take gauges of workers away that have ended; what they counted stays counted."""
    for path in folder.glob("gauge_live*.db"):
        number = path.stem.rpartition("_")[2]
        if number.isdecimal() and not Path(f"/proc/{number}").exists() and _has_proc():
            path.unlink(missing_ok=True)


def _has_proc() -> bool:
    return Path("/proc/self").exists()
