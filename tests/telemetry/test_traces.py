"""Traces: off unless asked for, recorded by our own sampler, and clean when they leave."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.sdk.trace.sampling import ALWAYS_OFF, ALWAYS_ON, ParentBased, Sampler

from portal.services.container import Services
from portal.services.telemetry import clean_spans, trace_provider, traces
from portal.services.telemetry.clean_spans import CleanSpans
from portal.services.telemetry.trace_provider import PortalTracerProvider, our_own
from tests.support.api_server import api_server
from tests.support.catalog import add_movie
from tests.support.secret_grep import leaks
from tests.telemetry.test_secret_grep import PLANTED

ROOT = Path(__file__).resolve().parents[2]
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
PARENT = "00f067aa0ba902b7"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture
def sampler() -> Sampler:
    return ALWAYS_ON


@pytest.fixture
def exported(sampler: Sampler, monkeypatch: pytest.MonkeyPatch) -> Iterator[InMemorySpanExporter]:
    """What leaves the process, while traces are on."""
    found = InMemorySpanExporter()
    provider = PortalTracerProvider(sampler=our_own(sampler))
    provider.add_span_processor(SimpleSpanProcessor(CleanSpans(found)))
    monkeypatch.setattr(traces._Traces, "provider", provider)
    monkeypatch.setattr(traces._Traces, "tracer", provider.get_tracer("portal"))
    yield found
    from opentelemetry.instrumentation.redis import RedisInstrumentor

    if RedisInstrumentor().is_instrumented_by_opentelemetry:
        RedisInstrumentor().uninstrument()


@pytest.fixture
async def client(
    exported: InMemorySpanExporter, running_services: Services
) -> AsyncIterator[httpx.AsyncClient]:
    del exported, running_services
    async with api_server() as found:
        yield found


def test_off_nothing_of_the_sdk_is_imported() -> None:
    script = (
        "import sys, portal.services.container; from portal.services.telemetry import traces;"
        "traces.start(); assert not traces.is_on();"
        # redis-py imports what is there of `opentelemetry.sdk` by itself.
        "assert not [n for n in sys.modules if n.startswith(('opentelemetry.sdk.trace.export',"
        "'opentelemetry.exporter', 'opentelemetry.instrumentation',"
        "'portal.services.telemetry.trace_provider'))]"
    )
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("OTEL_TRACES_EXPORTER", "jaeger", "must be one of otlp, console, none, not 'jaeger'"),
        ("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc", "must be http/protobuf"),
    ],
)
def test_what_cannot_be_used_is_said(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, words: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(traces.TracesMisconfigured, match=f"{name} {words}"):
        traces.exporter_asked_for()


@pytest.mark.parametrize(
    ("variables", "exporter"),
    [
        ({}, ""),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector:4318"}, "otlp"),
        ({"OTEL_TRACES_EXPORTER": "console"}, "console"),
        ({"OTEL_TRACES_EXPORTER": "none", "OTEL_EXPORTER_OTLP_ENDPOINT": "http://c"}, ""),
        ({"OTEL_TRACES_EXPORTER": "otlp", "OTEL_SDK_DISABLED": "true"}, ""),
    ],
)
def test_the_standard_variables_switch_them_on(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], exporter: str
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert traces.exporter_asked_for() == exporter


@pytest.mark.parametrize(
    ("sampler", "flag", "recorded"),
    [
        (ALWAYS_ON, "00", True),
        (ALWAYS_OFF, "01", False),
        (ParentBased(ALWAYS_OFF), "01", False),
        (ParentBased(ALWAYS_ON), "00", True),
    ],
)
async def test_a_browser_does_not_say_what_is_recorded(
    client: httpx.AsyncClient, exported: InMemorySpanExporter, flag: str, *, recorded: bool
) -> None:
    exported.clear()
    await client.get("/api/movies", headers={"traceparent": f"00-{TRACE}-{PARENT}-{flag}"})
    names = [span.name for span in exported.get_finished_spans()]
    assert ("GET /api/movies" in names) is recorded
    if not recorded:  # nor is anything below it
        await client.post("/api/movies/nothing/stream-token")
        assert exported.get_finished_spans() == ()


async def test_a_request_and_what_it_led_to(
    client: httpx.AsyncClient, exported: InMemorySpanExporter, running_services: Services
) -> None:
    await running_services.db.run(lambda s: add_movie(s, running_services.box, slug="the-film").id)
    await running_services.catalog.announce_change()
    exported.clear()
    answer = await client.post(
        "/api/movies/the-film/stream-token",
        headers={"traceparent": f"00-{TRACE}-{PARENT}-01"},
    )
    assert answer.headers["x-correlation-id"] == TRACE
    spans = {span.name: span for span in exported.get_finished_spans()}
    request = spans["POST /api/movies/{movieId}/stream-token"]
    assert request.parent is not None
    assert format(request.parent.span_id, "016x") == PARENT
    assert request.attributes is not None
    assert request.attributes["portal.correlation_id"] == TRACE
    asks = spans["stream token"]
    assert asks.parent == request.context
    assert asks.attributes is not None
    assert len(str(asks.attributes["portal.viewer"])) == 32
    assert spans["EVALSHA"].parent == asks.context


async def test_a_refusal_names_its_rule(
    client: httpx.AsyncClient, exported: InMemorySpanExporter
) -> None:
    exported.clear()
    await client.post("/api/movies/nothing/stream-token")
    asks = next(each for each in exported.get_finished_spans() if each.name == "stream token")
    assert asks.attributes is not None
    assert asks.attributes["error.type"] == "movie-not-found"
    assert asks.status.description is None


def plant(provider: PortalTracerProvider) -> None:
    """A span as a careless library makes it."""
    tracer = provider.get_tracer("careless.library", "1")
    with tracer.start_as_current_span(f"GET {PLANTED['a source URL']}") as span:
        for number, secret in enumerate(PLANTED.values()):
            span.set_attribute(f"url.part{number}", secret)
            span.add_event("seen", {"what": secret})
        try:
            raise ValueError(PLANTED["a signed token"])
        except ValueError as error:
            span.record_exception(error)
            span.set_status(trace_provider_status(str(error)))


def trace_provider_status(words: str) -> object:
    from opentelemetry.trace import Status, StatusCode

    return Status(StatusCode.ERROR, words)


@pytest.mark.parametrize("cleans", [True, False])
def test_no_secret_leaves_and_the_grep_would_see_one(
    exported: InMemorySpanExporter, monkeypatch: pytest.MonkeyPatch, *, cleans: bool
) -> None:
    """The same span through the portal's exporter as it is, and with its cleaning taken out."""
    if not cleans:
        monkeypatch.setattr(clean_spans, "cleaned", lambda span: span)
    provider = traces.provider()
    assert isinstance(provider, PortalTracerProvider)
    plant(provider)
    [span] = exported.get_finished_spans()
    found = {leak.partition(": ")[2] for leak in leaks(span.to_json(), set())}
    assert found == (set() if cleans else set(PLANTED))
    if cleans:
        assert (span.name, dict(span.attributes or {})) == ("GET", {})
        assert dict(span.events[-1].attributes or {}) == {"exception.type": "ValueError"}


def test_a_browsers_part_becomes_the_root(exported: InMemorySpanExporter) -> None:
    from datetime import UTC, datetime

    at = datetime(2026, 11, 23, 12, 0, 1, tzinfo=UTC)
    traces.played(f"00-{TRACE}-{PARENT}-00", at, 400, "0" * 32)
    [span] = exported.get_finished_spans()
    assert span.context is not None
    assert (format(span.context.trace_id, "032x"), format(span.context.span_id, "016x")) == (
        TRACE,
        PARENT,
    )
    assert span.parent is None
    assert (span.end_time or 0) - (span.start_time or 0) == 400_000_000


def test_the_environment_says_how_much_is_recorded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_TRACES_SAMPLER", "parentbased_traceidratio")
    monkeypatch.setenv("OTEL_TRACES_SAMPLER_ARG", "0.25")
    wanted = our_own(trace_provider.sampler_of_environment())
    assert wanted.get_description().count("0.25") >= 3
