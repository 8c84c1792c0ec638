"""The OpenTelemetry SDK as the portal uses it; imported only while traces are on."""

from __future__ import annotations

import os
import sys
from datetime import datetime
from typing import Any

from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, ConsoleSpanExporter, SpanExporter
from opentelemetry.sdk.trace.sampling import Decision, ParentBased, Sampler
from opentelemetry.sdk.trace.sampling import (
    _get_from_env_or_default as sampler_of_environment,
)
from opentelemetry.sdk.util.instrumentation import InstrumentationScope
from opentelemetry.trace import SpanContext, SpanKind, TraceFlags, TraceState

from portal.services.telemetry.clean_spans import CleanSpans

_NS = 1_000_000_000


class PortalTracerProvider(TracerProvider):
    """A provider that also takes spans which ended elsewhere."""

    def take(self, span: ReadableSpan) -> None:
        """Export a span that somebody else made."""
        self._active_span_processor.on_end(span)


def make_provider(exporter: str) -> PortalTracerProvider:
    """A provider that exports in batches, off the event loop.

    Args:
        exporter: `otlp` or `console`; its own `OTEL_*` variables say where to and how.
    """
    # Resource() of the environment, without detectors: they would name host and command line.
    resource = Resource.create({SERVICE_NAME: os.environ.get("OTEL_SERVICE_NAME", "portal")})
    made = PortalTracerProvider(resource=resource, sampler=our_own(sampler_of_environment()))
    made.add_span_processor(BatchSpanProcessor(CleanSpans(_exporter(exporter))))
    return made


def our_own(wanted: Sampler) -> Sampler:
    """The sampler of the environment, asked for traces that browsers began, too.

    A browser's own flag would let anybody switch recording on for each of their requests, or off.
    """
    root = getattr(wanted, "_root", wanted)
    return ParentBased(root, remote_parent_sampled=root, remote_parent_not_sampled=root)


def _exporter(named: str) -> SpanExporter:
    if named == "console":
        return ConsoleSpanExporter(
            out=sys.stderr, formatter=lambda span: span.to_json(indent=None) + "\n"
        )
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

    return OTLPSpanExporter()


def browser_span(
    provider: TracerProvider,
    traceparent: str,
    began: datetime,
    ended: datetime,
    attributes: dict[str, Any],
) -> None:
    """Export the root that a browser made and cannot export itself.

    Its id is the parent that the player named in its requests; no exporter's credentials or address
    have to be in the page.
    """
    _version, trace_id, span_id, _flags = traceparent.split("-")
    number = int(trace_id, 16)
    decided = provider.sampler.should_sample(None, number, "play").decision
    if decided is not Decision.RECORD_AND_SAMPLE or not isinstance(provider, PortalTracerProvider):
        return
    context = SpanContext(
        number, int(span_id, 16), False, TraceFlags(TraceFlags.SAMPLED), TraceState()
    )
    provider.take(
        ReadableSpan(
            name="play",
            context=context,
            resource=provider.resource,
            attributes=attributes,
            kind=SpanKind.CLIENT,
            start_time=int(began.timestamp() * _NS),
            end_time=int(ended.timestamp() * _NS),
            instrumentation_scope=InstrumentationScope("portal.player"),
        )
    )
