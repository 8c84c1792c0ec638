"""A span for each statement, by SQLAlchemy's own events.

The instrumentation that OpenTelemetry has for it does not know SQLAlchemy 2.1 yet. Only the first
word of a statement is told: what stands in it may be somebody's.
"""

from __future__ import annotations

import re
from typing import Any

from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.trace import Span, SpanKind, StatusCode, get_current_span
from sqlalchemy import Engine, event
from sqlalchemy.engine.interfaces import ExceptionContext

_SPAN = "portal_span"
_WORD = re.compile(r"\s*([A-Za-z]+)")


def trace_statements(engine: Engine, provider: TracerProvider) -> None:
    """Trace what an engine executes."""
    tracer = provider.get_tracer(__name__)
    attributes = {"db.system.name": engine.dialect.name}

    def begin(
        _connection: Any, _cursor: Any, statement: str, _parameters: Any, context: Any, _many: bool
    ) -> None:
        if not get_current_span().is_recording():
            return
        word = _WORD.match(statement)
        name = word[1].upper() if word else "statement"
        # Not current: statements have no spans below them.
        setattr(
            context, _SPAN, tracer.start_span(name, kind=SpanKind.CLIENT, attributes=attributes)
        )

    def end(
        _connection: Any, _cursor: Any, _statement: str, _parameters: Any, context: Any, _many: bool
    ) -> None:
        made: Span | None = getattr(context, _SPAN, None)
        if made is not None:
            made.end()

    def fail(failed: ExceptionContext) -> None:
        made: Span | None = getattr(failed.execution_context, _SPAN, None)
        if made is not None:
            made.set_attribute("error.type", type(failed.original_exception).__name__)
            made.set_status(StatusCode.ERROR)
            made.end()

    event.listen(engine, "before_cursor_execute", begin)
    event.listen(engine, "after_cursor_execute", end)
    event.listen(engine, "handle_error", fail)
