"""What an origin answered, read within bounds."""

import re
from collections.abc import AsyncGenerator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import httpcore

from portal.services.origin_fetcher.decoding import Decoder
from portal.services.origin_fetcher.errors import OriginTimeout, OriginTooLarge, OriginUnreachable

PROBE_BYTES = 1024
"""How much of a resource a probe asks for."""

_PASSED_ON = (
    "accept-ranges",
    "content-length",
    "content-range",
    "content-type",
    "etag",
    "last-modified",
)


@dataclass(frozen=True, slots=True)
class FetchedText:
    """A small text.

    Attributes:
        text: Decoded as UTF-8; what is not UTF-8 became U+FFFD.
        url: Where it came from after redirects. Secret: relative URIs resolve against it.
        etag: As sent, or None.
        content_type: As sent, or an empty string.
    """

    text: str
    url: str
    etag: str | None
    content_type: str

    def __repr__(self) -> str:
        return f"FetchedText({len(self.text)} characters)"


@dataclass(frozen=True, slots=True)
class ProbeResult:
    """What a look at the first bytes of a resource shows.

    Attributes:
        status: 200 or 206.
        content_type: As sent, or an empty string.
        size_bytes: Size of the whole resource, None where the origin does not say.
        accepts_ranges: Whether the origin answered the range that was asked for.
        head: The first bytes, at most ``PROBE_BYTES``.
        elapsed_s: Time from the request to these bytes.
    """

    status: int
    content_type: str
    size_bytes: int | None
    accepts_ranges: bool
    head: bytes
    elapsed_s: float


class OriginResponse:
    """An answer whose body is read piece by piece, inside ``OriginFetcher.stream``.

    Attributes:
        status: 200, 206, 304 or 416.
        headers: Only content-type, content-length, content-range, accept-ranges, etag and
            last-modified, in lower case.
        url: Where it came from after redirects. Secret.
    """

    def __init__(self, response: httpcore.Response, url: str) -> None:
        given = headers_of(response)
        self.status = response.status
        self.headers = {name: given[name] for name in _PASSED_ON if name in given}
        self.url = url
        self._response = response
        self._decoder = Decoder(given.get("content-encoding", ""))
        if not self._decoder.is_identity:
            if response.status == 206:  # a piece of a compressed body cannot be decoded
                raise OriginUnreachable("encoding")
            for name in ("content-length", "content-range", "accept-ranges"):
                self.headers.pop(name, None)

    async def aiter_bytes(self) -> AsyncGenerator[bytes, None]:
        """The body, decompressed, in pieces of at most 64 KiB.

        Raises:
            OriginUnreachable: The body broke off.
            OriginTimeout: The origin fell silent for longer than ``FetchPolicy.idle_s``.
        """
        with origin_errors():
            async for data in self._response.aiter_stream():
                for piece in self._decoder.feed(data):
                    yield piece
        self._decoder.finish()


async def read_body(response: httpcore.Response, max_bytes: int) -> bytes:
    """Read a whole body, decompressed.

    Raises:
        OriginTooLarge: It is, or says to be, longer than ``max_bytes``.
        OriginUnreachable: It is not what its Content-Encoding says.
    """
    given = headers_of(response)
    if (_number(given.get("content-length", "")) or 0) > max_bytes:
        raise OriginTooLarge
    decoder = Decoder(given.get("content-encoding", ""))
    body = bytearray()
    received = 0
    async for data in response.aiter_stream():
        received += len(data)
        for piece in decoder.feed(data):
            body += piece
            if len(body) > max_bytes:
                raise OriginTooLarge
        if received > max_bytes:
            raise OriginTooLarge
    decoder.finish()
    return bytes(body)


def headers_of(response: httpcore.Response) -> dict[str, str]:
    """Response headers by lower-case name; the first of several counts."""
    found: dict[str, str] = {}
    for name, value in response.headers:
        found.setdefault(name.decode("latin-1").lower(), value.decode("latin-1"))
    return found


@contextmanager
def origin_errors() -> Iterator[None]:
    """Turn the transport's errors into this package's, which name no host."""
    # "from None": the causes name hosts and addresses.
    try:
        yield
    except (httpcore.TimeoutException, TimeoutError):
        raise OriginTimeout from None
    except httpcore.ProtocolError:
        raise OriginUnreachable("protocol") from None
    except (httpcore.NetworkError, httpcore.UnsupportedProtocol, OSError):
        raise OriginUnreachable("connect") from None


def size_of(response: OriginResponse) -> int | None:
    """Size in bytes of the whole resource that an answer is, or is a part of."""
    total = response.headers.get("content-range", "").rpartition("/")[2]
    if response.status != 206:
        total = response.headers.get("content-length", "")
    return _number(total)


def _number(text: str) -> int | None:
    return int(text) if re.fullmatch(r"[0-9]{1,19}", text) else None
