"""Real little servers for the origin fetcher, each on a free port of 127.0.0.1."""

import asyncio
import datetime as dt
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

import httpcore
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

TLS_NAME = "media.example"


@dataclass
class Request:
    """One request as the server read it."""

    target: str
    headers: dict[str, str]
    method: str = "GET"


@dataclass
class Server:
    """A running server and what it was asked."""

    port: int = 0
    requests: list[Request] = field(default_factory=list)
    connections: int = 0
    server_names: list[str | None] = field(default_factory=list)

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"


Answer = Callable[[Request, asyncio.StreamWriter], Awaitable[None]]
Serve = Callable[..., Awaitable[Server]]


@pytest.fixture(scope="session")
def tls_files(tmp_path_factory) -> tuple[Path, Path]:
    """A self-signed certificate for ``TLS_NAME`` and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, TLS_NAME)])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(TLS_NAME)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    folder = tmp_path_factory.mktemp("tls")
    (folder / "cert.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return folder / "cert.pem", folder / "key.pem"


@pytest.fixture
async def serve(tls_files) -> AsyncIterator[Serve]:
    """Start servers; they stop with the test."""
    running: list[asyncio.Server] = []
    tasks: set[asyncio.Task] = set()

    async def start(answer: Answer, *, tls: bool = False) -> Server:
        server = Server()

        async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.current_task()
            assert task is not None
            tasks.add(task)
            server.connections += 1
            try:
                while True:
                    head = await reader.readuntil(b"\r\n\r\n")
                    first, *rest = head.decode("latin-1").split("\r\n")
                    pairs = (line.split(": ", 1) for line in rest if line)
                    method, target, _ = first.split(" ")
                    request = Request(target, {k.lower(): v for k, v in pairs}, method)
                    server.requests.append(request)
                    await answer(request, writer)
            except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
                pass
            finally:
                writer.close()
                tasks.discard(task)

        context = None
        if tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*tls_files)
            context.sni_callback = lambda _, name, __: server.server_names.append(name)
        listener = await asyncio.start_server(handle, "127.0.0.1", 0, ssl=context)
        running.append(listener)
        server.port = listener.sockets[0].getsockname()[1]
        return server

    yield start
    for listener in running:
        listener.close()
    for task in list(tasks):
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


class NoNetwork(httpcore.AsyncNetworkBackend):
    """Records where a connection would go and makes none."""

    def __init__(self) -> None:
        self.contacted: list[tuple[str, int]] = []

    async def connect_tcp(self, host, port, **options):
        self.contacted.append((host, port))
        raise httpcore.ConnectError


@pytest.fixture
def no_network() -> NoNetwork:
    return NoNetwork()
