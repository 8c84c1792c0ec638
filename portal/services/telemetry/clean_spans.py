"""What of a span may leave the process: named attributes, and nothing else.

Instrumentation of libraries records URLs, statements, addresses and the words of exceptions. Rather
than cut secrets out of them, only what is known to hold none goes through: a list that a new
version of a library cannot make longer.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from opentelemetry.sdk.trace import Event, ReadableSpan
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult
from opentelemetry.trace import Status

_OURS = "portal."
_KNOWN = frozenset(
    {
        "http.request.method", "http.route", "http.response.status_code", "error.type",
        "db.system", "db.system.name", "db.operation", "db.operation.name",
        "db.redis.args_length", "db.redis.pipeline_length",
        "reflex.event.name", "reflex.event.background", "code.function.name",
    }
)  # fmt: skip
_OF_EVENTS = frozenset({"exception.type"})
_WORD = re.compile(r"[A-Za-z_]+")


class CleanSpans(SpanExporter):
    """Hands spans on with what may be known of them.

    Args:
        exporter: Who sends them.
    """

    def __init__(self, exporter: SpanExporter) -> None:
        self._exporter = exporter

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Send spans."""
        return self._exporter.export([cleaned(span) for span in spans])

    def shutdown(self) -> None:
        """Send no more."""
        self._exporter.shutdown()

    def force_flush(self, timeout_millis: int = 30000) -> bool:
        """Send what waits."""
        return self._exporter.force_flush(timeout_millis)


def cleaned(span: ReadableSpan) -> ReadableSpan:
    """The same span with the attributes that are known; no words of errors, no links."""
    attributes = {
        name: value
        for name, value in (span.attributes or {}).items()
        if name in _KNOWN or name.startswith(_OURS)
    }
    events = [
        Event(
            event.name,
            {k: v for k, v in (event.attributes or {}).items() if k in _OF_EVENTS},
            event.timestamp,
        )
        for event in span.events
    ]
    return ReadableSpan(
        name=span.name if _is_ours(span) else _first_word(span.name),
        context=span.context,
        parent=span.parent,
        resource=span.resource,
        attributes=attributes,
        events=events,
        kind=span.kind,
        status=Status(span.status.status_code),
        start_time=span.start_time,
        end_time=span.end_time,
        instrumentation_scope=span.instrumentation_scope,
    )


def _is_ours(span: ReadableSpan) -> bool:
    """Whether the portal or Reflex named it: by patterns and handlers."""
    scope = span.instrumentation_scope
    return scope is not None and scope.name.startswith(("portal", "reflex"))


def _first_word(name: str) -> str:
    """Of a library's span, which may be named by a path, a host or a key: what it does."""
    word = _WORD.match(name)
    return word.group() if word else "span"
