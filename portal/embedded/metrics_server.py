"""Shows Prometheus what all workers counted, on a port of its own.

A process of its own, as the private Redis is: a thread in the supervisor would be forked into its
workers. It knows a folder of numbers and nothing else: no database, no key, no setting.

    python -m portal.embedded.metrics_server HOST PORT FOLDER
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

from portal.services.telemetry.metrics import FOLDER, forget_dead_workers

PATH = "/metrics"
_PR_SET_PDEATHSIG = 1


@contextlib.contextmanager
def metrics_server(host: str, port: int, folder: Path) -> Iterator[None]:
    """Let workers that are started inside the block count, and show it to who asks at the port."""
    shutil.rmtree(folder, ignore_errors=True)  # of a run before: these numbers begin at zero
    folder.mkdir(parents=True)
    os.environ[FOLDER] = str(folder.resolve())
    process = subprocess.Popen(  # noqa: S603  our own arguments
        [sys.executable, "-m", "portal.embedded.metrics_server", host, str(port), str(folder)],
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=_die_with_parent if sys.platform == "linux" else None,  # noqa: PLW1509  no threads yet
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait()
        del os.environ[FOLDER]
        shutil.rmtree(folder, ignore_errors=True)


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def serve(host: str, port: int, folder: Path) -> None:
    """Answer for ever."""
    from prometheus_client import CollectorRegistry, generate_latest
    from prometheus_client.exposition import CONTENT_TYPE_LATEST
    from prometheus_client.multiprocess import MultiProcessCollector

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            """Answer one scrape."""
            if urlsplit(self.path).path != PATH:
                self.send_error(404)
                return
            forget_dead_workers(folder)
            registry = CollectorRegistry()
            MultiProcessCollector(registry, str(folder))  # type: ignore[no-untyped-call]
            body = generate_latest(registry)
            self.send_response(200)
            self.send_header("Content-Type", CONTENT_TYPE_LATEST)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            with contextlib.suppress(OSError):
                self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """A scrape each few seconds is no news."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        address_family = socket.AF_INET6 if ":" in host else socket.AF_INET

    with Server((host, port), Handler) as server:
        server.serve_forever()


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        serve(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]))
