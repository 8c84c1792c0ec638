"""The one way the portal fetches what a content manager's URL leads to."""

import asyncio
import functools
import logging
import re
import ssl
import time
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing, asynccontextmanager
from types import TracebackType
from typing import Literal, Self

import httpcore
import httpx

from portal.services.origin_fetcher.answers import (
    PROBE_BYTES,
    FetchedText,
    OriginResponse,
    ProbeResult,
    headers_of,
    origin_errors,
    read_body,
    size_of,
)
from portal.services.origin_fetcher.connecting import PinnedBackend, Resolve, resolve_by_system
from portal.services.origin_fetcher.errors import OriginBadStatus, OriginRefused
from portal.services.origin_fetcher.policy import FetchPolicy, host_of, port_of

# httpcore writes host names into its debug log; nothing of an origin may be logged.
logging.getLogger("httpcore").setLevel(logging.INFO)

MAX_TEXT_BYTES = 2 * 1024 * 1024
"""Most bytes of a text, after decompression."""

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_STREAM_STATUSES = frozenset({200, 206, 304, 416})
_RANGE = re.compile(r"bytes=(?:\d{1,19}-\d{0,19}|-\d{1,19})")
_OURS = frozenset(
    {"host", "user-agent", "accept-encoding", "connection", "content-length", "transfer-encoding"}
)
_SENT_TO_STRANGERS = frozenset(
    {"accept", "accept-encoding", "if-modified-since", "if-none-match", "if-range", "range"}
)


class OriginFetcher:
    """Fetches from origins within a policy, keeping connections open for the next request.

    One for the process, made and closed inside the running event loop; safe for concurrent use.

    Args:
        policy: What may be fetched and how long it may take.
        resolve: How names become addresses; the system's resolver by default.
        ssl_context: Trust for https; the system's and Mozilla's authorities by default.
        network: What opens connections to checked addresses; asyncio by default.
        max_connections: Open connections at once, over all origins.
    """

    def __init__(
        self,
        policy: FetchPolicy | None = None,
        *,
        resolve: Resolve = resolve_by_system,
        ssl_context: ssl.SSLContext | None = None,
        network: httpcore.AsyncNetworkBackend | None = None,
        max_connections: int = 200,
    ) -> None:
        self.policy = policy or FetchPolicy()
        network = network or httpcore.AnyIOBackend()
        ssl_context = ssl_context or _default_ssl_context()

        def pool(backend: httpcore.AsyncNetworkBackend) -> httpcore.AsyncConnectionPool:
            return httpcore.AsyncConnectionPool(
                ssl_context=ssl_context,
                max_connections=max_connections,
                # httpcore closes an idle connection when all of them, not only the idle ones, are
                # more than this.
                max_keepalive_connections=max_connections,
                keepalive_expiry=30.0,
                network_backend=backend,
            )

        # Two pools, so that no connection that was opened without checks serves a stranger.
        self._pool = pool(PinnedBackend(self.policy, resolve, network))
        self._trusted_pool = pool(network)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close all connections."""
        await self._pool.aclose()
        await self._trusted_pool.aclose()

    async def fetch_text(
        self,
        url: str,
        *,
        max_bytes: int = MAX_TEXT_BYTES,
        headers: Mapping[str, str] | None = None,
    ) -> FetchedText:
        """Fetch a playlist or another small text.

        Args:
            url: Absolute URL.
            max_bytes: Most bytes taken, after decompression.
            headers: Extra request headers. After a redirect to another origin only conditional and
                content negotiation headers are sent on.

        Raises:
            OriginBadStatus: The status is not 200 (so also with 304, if asked for by ``headers``).
            OriginError: Any other failure, see ``errors``.
        """
        wanted = {"accept-encoding": "gzip", **_caller_headers(headers)}
        with origin_errors():
            async with asyncio.timeout(self.policy.total_s):
                response, final_url = await self._open("GET", url, wanted)
                try:
                    if response.status != 200:
                        raise OriginBadStatus(response.status)
                    body = await read_body(response, max_bytes)
                finally:
                    await response.aclose()
        given = headers_of(response)
        return FetchedText(
            text=body.decode("utf-8-sig", "replace"),
            url=final_url,
            etag=given.get("etag"),
            content_type=given.get("content-type", ""),
        )

    @asynccontextmanager
    async def stream(
        self,
        url: str,
        *,
        method: Literal["GET", "HEAD"] = "GET",
        range_header: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> AsyncGenerator[OriginResponse, None]:
        """Open a segment, init section or key, to be read inside the ``async with``.

        Args:
            url: Absolute URL.
            method: GET or HEAD.
            range_header: A viewer's Range header. Anything but one plain range of bytes is left
                out, as RFC 9110 14.2 allows; the answer is then the whole resource.
            headers: As for ``fetch_text``; for example ``if-none-match``.

        Raises:
            OriginBadStatus: The status is none of 200, 206, 304, 416.
            OriginError: Any other failure, see ``errors``; reading the body may raise too.
        """
        wanted = {"accept-encoding": "identity", **_caller_headers(headers)}
        if range_header is not None and _RANGE.fullmatch(range_header):
            wanted["range"] = range_header
        with origin_errors():
            async with asyncio.timeout(self.policy.total_s):
                response, final_url = await self._open(method, url, wanted)
        try:
            if response.status not in _STREAM_STATUSES:
                raise OriginBadStatus(response.status)
            yield OriginResponse(response, final_url)
        finally:
            await response.aclose()

    async def probe(self, url: str) -> ProbeResult:
        """Ask for the first bytes of a resource, to see that it is there.

        A ranged GET: many origins answer HEAD differently from GET, or not at all.

        Raises:
            OriginBadStatus: The status is neither 200 nor 206.
            OriginError: Any other failure, see ``errors``.
        """
        started = time.monotonic()
        head = b""
        with origin_errors():
            async with (
                asyncio.timeout(self.policy.total_s),
                self.stream(url, range_header=f"bytes=0-{PROBE_BYTES - 1}") as response,
            ):
                if response.status not in (200, 206):
                    raise OriginBadStatus(response.status)
                async with aclosing(response.aiter_bytes()) as pieces:
                    async for piece in pieces:
                        head = (head + piece)[:PROBE_BYTES]
                        if len(head) == PROBE_BYTES:
                            break
        return ProbeResult(
            status=response.status,
            content_type=response.headers.get("content-type", ""),
            size_bytes=size_of(response),
            accepts_ranges=response.status == 206,
            head=head,
            elapsed_s=time.monotonic() - started,
        )

    async def _open(
        self, method: str, url: str, headers: Mapping[str, str]
    ) -> tuple[httpcore.Response, str]:
        """Follow redirects to a response, which the caller has to close, and its URL."""
        target = self.policy.check_url(url)
        for _ in range(self.policy.max_redirects + 1):
            response = await self._send(method, target, headers)
            if response.status not in _REDIRECTS:
                return response, str(target)
            location = headers_of(response).get("location")
            await response.aclose()
            if location is None:
                raise OriginBadStatus(response.status)
            following = self._redirected(target, location)
            if _origin(following) != _origin(target):
                headers = {k: v for k, v in headers.items() if k in _SENT_TO_STRANGERS}
            target = following
        raise OriginRefused("redirect")

    def _redirected(self, target: httpx.URL, location: str) -> httpx.URL:
        try:
            following = str(target.join(location))
        except (httpx.InvalidURL, ValueError):
            raise OriginRefused("redirect") from None
        if not self.policy.may_lead(str(target), following):
            raise OriginRefused("redirect")
        return self.policy.check_url(following)

    async def _send(
        self, method: str, target: httpx.URL, headers: Mapping[str, str]
    ) -> httpcore.Response:
        trusted = self.policy.trusted_origin(target)
        pool = self._pool if trusted is None else self._trusted_pool
        sent = {
            "host": target.netloc.decode("ascii"),
            "accept": "*/*",
            "user-agent": "movie-portal",
            **headers,
            **(trusted.headers if trusted is not None else {}),
        }
        idle_s = self.policy.idle_s
        request = httpcore.Request(
            method,
            httpcore.URL(
                scheme=target.raw_scheme,
                host=target.raw_host,
                port=port_of(target),
                target=target.raw_path,
            ),
            headers=list(sent.items()),
            extensions={
                "timeout": {
                    "connect": self.policy.connect_s,
                    "read": idle_s,
                    "write": idle_s,
                    "pool": self.policy.total_s,
                }
            },
        )
        try:
            return await pool.handle_async_request(request)
        except (httpcore.RemoteProtocolError, httpcore.ReadError, httpcore.WriteError):
            # An idle connection may be closed by the origin just as it is used again. GET and HEAD
            # may be sent twice.
            return await pool.handle_async_request(request)


def _caller_headers(headers: Mapping[str, str] | None) -> dict[str, str]:
    lower = {name.lower(): value for name, value in (headers or {}).items()}
    return {name: value for name, value in lower.items() if name not in _OURS}


def _origin(url: httpx.URL) -> tuple[str, str, int]:
    return url.scheme, host_of(url), port_of(url)


@functools.cache
def _default_ssl_context() -> ssl.SSLContext:
    # Mozilla's list, for containers without one, and the system's, for an operator's own authority.
    context = httpx.create_ssl_context(trust_env=False)
    context.load_default_certs()
    return context
