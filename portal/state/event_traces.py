"""Reflex's own trace points: a span for each run of an event handler, below what enqueued it."""

from __future__ import annotations

from reflex_base import otel

from portal.services.telemetry import traces


def trace_events() -> None:
    """Switch them on, if traces are; the portal's metrics are its own."""
    provider = traces.provider()
    if provider is None:
        return
    from opentelemetry.metrics import NoOpMeterProvider

    otel.enable(tracer_provider=provider, meter_provider=NoOpMeterProvider())
