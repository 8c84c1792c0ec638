"""An HTTP origin of the tests, on a loopback port, that remembers what it was asked."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Answer = tuple[int, dict[str, str], bytes]


@dataclass
class Origin:
    """Paths to answers; a callable is asked each time."""

    port: int
    files: dict[str, Answer | Callable[[], Answer]] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    @property
    def host(self) -> str:
        """`127.0.0.1:port`, for PORTAL_ORIGIN_ALLOWED_HOSTS."""
        return f"127.0.0.1:{self.port}"

    def url(self, path: str) -> str:
        """Absolute URL of a path."""
        return f"http://{self.host}{path}"

    def put(self, path: str, body: bytes | str, content_type: str = "application/x") -> None:
        """Serve a body under a path."""
        data = body.encode() if isinstance(body, str) else body
        self.files[path] = (200, {"Content-Type": content_type, "X-Origin": "secret-box"}, data)

    def count(self, path: str) -> int:
        """How often a path was asked for."""
        return sum(asked == path for asked, _ in self.asked)


@contextlib.contextmanager
def http_origin() -> Iterator[Origin]:
    """Run an origin while the block runs."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            path = self.path.split("?")[0]
            origin.asked.append((path, dict(self.headers)))
            found = origin.files.get(path, (404, {}, b"not here: secret-origin-words"))
            status, headers, body = found() if callable(found) else found
            wanted = self.headers.get("Range", "")
            if status == 200 and wanted.startswith("bytes="):
                first, _, last = wanted.removeprefix("bytes=").partition("-")
                start, end = int(first), int(last or len(body) - 1)
                headers = {**headers, "Content-Range": f"bytes {start}-{end}/{len(body)}"}
                status, body = 206, body[start : end + 1]
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            with contextlib.suppress(OSError):
                self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    origin = Origin(server.server_port)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield origin
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
