"""Traces, for an OpenTelemetry collector: what a press of play, a request or an event led to.

Off unless the standard variables name an exporter (`OTEL_TRACES_EXPORTER`, or an OTLP endpoint);
then each function here is one comparison, and nothing of the SDK is imported. What leaves the
process is what `clean_spans.py` lets through.
"""

from __future__ import annotations

import contextlib
import contextvars
import functools
import os
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from portal.services.errors import PortalError

if TYPE_CHECKING:
    from opentelemetry.context import Context
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.trace import Span, Tracer

ENDPOINTS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
EXPORTERS = ("otlp", "console", "none")

_T = TypeVar("_T")
Answered = Callable[[str, str, int], None]
"""Route, method and status of an answer."""


class TracesMisconfigured(Exception):
    """An `OTEL_*` variable cannot be used; the text names it and the fix."""


_quiet: contextvars.ContextVar[bool] = contextvars.ContextVar("quiet", default=False)
"""This request is not recorded."""


class _Traces:
    tracer: Tracer | None = None
    provider: TracerProvider | None = None


def exporter_asked_for() -> str:
    """`otlp`, `console`, or "" while traces are off.

    Raises:
        TracesMisconfigured: The variables ask for what there is not.
    """
    if os.environ.get("OTEL_SDK_DISABLED", "").strip().lower() == "true":
        return ""
    named = os.environ.get("OTEL_TRACES_EXPORTER", "").strip().lower()
    if not named and any(os.environ.get(name) for name in ENDPOINTS):
        named = "otlp"
    if named not in {"", *EXPORTERS}:
        raise TracesMisconfigured(
            f"OTEL_TRACES_EXPORTER must be one of {', '.join(EXPORTERS)}, not {named[:40]!r}."
        )
    for name in ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL"):
        if os.environ.get(name, "http/protobuf") != "http/protobuf":
            raise TracesMisconfigured(
                f"{name} must be http/protobuf: use the collector's port for it, mostly 4318."
            )
    return "" if named == "none" else named


def is_on() -> bool:
    """Whether anything is traced."""
    return _Traces.tracer is not None


def start() -> None:
    """Begin to trace if the variables ask for it; again does nothing.

    Raises:
        TracesMisconfigured: They cannot be used.
    """
    exporter = exporter_asked_for()
    if not exporter or is_on():
        return
    from portal.services.telemetry.trace_provider import make_provider

    _Traces.provider = make_provider(exporter)
    _Traces.tracer = _Traces.provider.get_tracer("portal")


def provider() -> TracerProvider | None:
    """Who makes spans, for the instrumentation of libraries; None while traces are off."""
    return _Traces.provider


def flush() -> None:
    """Send what waits, on the way out; a collector that is away holds nobody up for long."""
    if _Traces.provider is not None:
        _Traces.provider.force_flush(3000)


def instrument(*engines: Any) -> None:
    """Trace statements of these SQLAlchemy engines, and commands to Redis."""
    if _Traces.provider is None:
        return
    from opentelemetry.instrumentation.redis import RedisInstrumentor

    from portal.services.telemetry.statement_spans import trace_statements

    if not RedisInstrumentor().is_instrumented_by_opentelemetry:
        RedisInstrumentor().instrument(tracer_provider=_Traces.provider)
    for engine in engines:
        trace_statements(engine, _Traces.provider)


# -- what happens in the portal -----------------------------------------------------------------


def span(name: str, **attributes: str | int | float | bool) -> AbstractContextManager[None]:
    """A step of what is going on; an attribute `movie_id` becomes `portal.movie_id`."""
    if (tracer := _Traces.tracer) is None or _quiet.get():
        return contextlib.nullcontext()
    return _span(tracer, name, attributes)


@contextlib.contextmanager
def _span(tracer: Tracer, name: str, attributes: dict[str, Any]) -> Iterator[None]:
    named = {f"portal.{key}": value for key, value in attributes.items()}
    with tracer.start_as_current_span(
        name, attributes=named, record_exception=False, set_status_on_exception=False
    ) as made:
        try:
            yield
        except BaseException as error:
            _failed(made, error)
            raise


def note(**attributes: str | int | float | bool) -> None:
    """Attributes of the span that is current: `movie_id` becomes `portal.movie_id`."""
    if _Traces.tracer is None or _quiet.get():
        return
    from opentelemetry.trace import get_current_span

    get_current_span().set_attributes({f"portal.{k}": v for k, v in attributes.items()})


@contextlib.asynccontextmanager
async def around(
    name: str, opened: AbstractAsyncContextManager[_T], kind: str
) -> AsyncIterator[_T]:
    """A span from the opening of something to its end.

    It is nobody's current span: what is opened in one task may be read to its end in another.
    """
    if (tracer := _Traces.tracer) is None or _quiet.get():
        async with opened as found:
            yield found
        return
    from opentelemetry.trace import SpanKind

    made = tracer.start_span(name, kind=SpanKind.CLIENT, attributes={"portal.kind": kind})
    try:
        async with opened as found:
            yield found
    except BaseException as error:
        _failed(made, error)
        raise
    finally:
        made.end()


def _failed(made: Span, error: BaseException) -> None:
    from opentelemetry.trace import StatusCode

    code = error.code if isinstance(error, PortalError) else type(error).__name__
    made.set_attribute("error.type", code)
    made.set_status(StatusCode.ERROR)


@contextlib.contextmanager
def request(headers: Iterable[tuple[bytes, bytes]], correlation_id: str) -> Iterator[Answered]:
    """The span of a request, a child of what its `traceparent` names; yields whom to tell.

    `route`, `method` and `status` are told when the head of the answer is known: before that nobody
    knows which route it is.
    """
    if (tracer := _Traces.tracer) is None:
        yield lambda *_: None
        return
    from opentelemetry.trace import SpanKind, StatusCode

    def answered(route: str, method: str, status: int) -> None:
        made.update_name(f"{method} {route}")
        made.set_attribute("http.route", route)
        made.set_attribute("http.request.method", method)
        made.set_attribute("http.response.status_code", status)
        if status >= 500:
            made.set_status(StatusCode.ERROR)

    with tracer.start_as_current_span(  # a browser's own flag does not count: `our_own`
        "request",
        context=_parent(headers),
        kind=SpanKind.SERVER,
        attributes={"portal.correlation_id": correlation_id},
        record_exception=False,
        set_status_on_exception=False,
    ) as made:
        if made.is_recording():
            yield answered
            return
        # Most requests, where a part is recorded: nothing below them costs anything either.
        from opentelemetry.instrumentation.utils import suppress_instrumentation

        quiet = _quiet.set(True)
        try:
            with suppress_instrumentation():
                yield lambda *_: None
        finally:
            _quiet.reset(quiet)


def _parent(headers: Iterable[tuple[bytes, bytes]]) -> Context:
    from opentelemetry.context import Context
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    given = next((value for name, value in headers if name == b"traceparent"), b"")
    carrier = {"traceparent": given.decode("latin-1")}
    return TraceContextTextMapPropagator().extract(carrier, context=Context())


def played(traceparent: str, first_frame: datetime, start_ms: int, movie_id: str) -> None:
    """The browser's part: from the press of play to the first frame, as its player told us.

    Args:
        traceparent: What the player sent with its requests (W3C Trace Context).
        first_frame: When the film began to move.
        start_ms: How long before that the viewer had pressed.
        movie_id: The film.
    """
    if _Traces.provider is None:
        return
    from portal.services.telemetry.trace_provider import browser_span

    browser_span(
        _Traces.provider,
        traceparent,
        first_frame - timedelta(milliseconds=start_ms),
        first_frame,
        {"portal.movie_id": movie_id, "portal.start_ms": start_ms},
    )


def carried(work: Callable[..., _T]) -> Callable[..., _T]:
    """For a thread: the same work, there below the span that is current here."""
    if _Traces.tracer is None or _quiet.get():
        return work
    return functools.partial(contextvars.copy_context().run, work)
