"""A small OpenTelemetry collector: takes OTLP over HTTP, keeps what came, shows trees."""

from __future__ import annotations

import contextlib
import re
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from tests.support.ports import free_port

_NO_TEXT = re.compile(rb"[^\x20-\x7e]+")


@dataclass
class Span:
    """What came of one span; times in ns since 1970."""

    name: str
    trace_id: str
    id: str
    parent: str
    began: int
    ended: int
    attributes: dict[str, str]
    children: list[Span] = field(default_factory=list)

    def find(self, name: str) -> list[Span]:
        """All spans of a name here and below."""
        here = [self] if self.name == name else []
        return here + [found for child in self.children for found in child.find(name)]

    def tree(self, since: int = 0, depth: int = 0) -> str:
        """As text: when it began after the root, how long it took, its name."""
        since = since or self.began
        at, took = (self.began - since) / 1e6, (self.ended - self.began) / 1e6
        more = self.attributes.get("portal.kind") or self.attributes.get("portal.asks", "")
        name = f"{self.name} ({more})" if more else self.name
        lines = [f"{at:8.1f} {took:8.1f}  {'  ' * depth}{name}"]
        ordered = sorted(self.children, key=lambda child: child.began)
        return "\n".join([*lines, *(child.tree(since, depth + 1) for child in ordered)])


@dataclass
class Collector:
    """What was received, also in a file as it came."""

    url: str
    path: Path
    bodies: list[bytes] = field(default_factory=list)

    def spans(self) -> list[Span]:
        """All spans so far, without their children."""
        return [
            Span(
                span.name,
                span.trace_id.hex(),
                span.span_id.hex(),
                span.parent_span_id.hex(),
                span.start_time_unix_nano,
                span.end_time_unix_nano,
                {each.key: _text(each.value) for each in span.attributes},
            )
            for body in list(self.bodies)
            for resource in ExportTraceServiceRequest.FromString(body).resource_spans
            for scope in resource.scope_spans
            for span in scope.spans
        ]

    def trace(self, trace_id: str) -> list[Span]:
        """The roots of a trace: spans whose parent did not come."""
        spans = {span.id: span for span in self.spans() if span.trace_id == trace_id}
        for span in spans.values():
            if span.parent in spans:
                spans[span.parent].children.append(span)
        return [span for span in spans.values() if span.parent not in spans]

    def wait_for(self, done: Callable[[], bool], timeout_s: float = 20.0) -> None:
        """Wait until something is true of what came."""
        deadline = time.monotonic() + timeout_s
        while not done():
            assert time.monotonic() < deadline, "the spans did not come"
            time.sleep(0.2)


def _text(value: object) -> str:
    kind = value.WhichOneof("value")  # type: ignore[attr-defined]
    return str(getattr(value, kind)) if kind else ""


@contextlib.contextmanager
def otlp_collector(path: Path) -> Iterator[Collector]:
    """Run a collector while the block runs; all that comes is added to a file."""
    port = free_port()
    found = Collector(f"http://127.0.0.1:{port}", path)
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            with lock, path.open("ab") as file:
                found.bodies.append(body)
                # Its texts, a line each: between them are lengths and numbers.
                file.write(_NO_TEXT.sub(b"\n", body) + b"\n")
            self.send_response(200)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            del format, args

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
