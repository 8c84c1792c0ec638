"""A document as it goes over the wire: compressed once, with its ETag."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Protocol

import brotli
from starlette.responses import Response

# The first answer is not to wait for the last percent; `best` is made beside it.
HTML = "text/html; charset=utf-8"
# Kept by the browser and asked for anew each time: a publish is seen at once.
REVALIDATE = "private, no-cache"
_QUICK = 5
_BEST = 11


@dataclass
class Document:
    """Text, kept compressed.

    Attributes:
        etag: Weak, of the text: each encoding of it is the same document.
        br: The text in brotli.
        media_type: With its charset.
        cache_control: Of every answer.
    """

    etag: str
    br: bytes
    media_type: str = HTML
    cache_control: str = REVALIDATE
    _gzip: bytes = field(default=b"", repr=False)

    @classmethod
    def of(cls, document: str, media_type: str = HTML, cache_control: str = REVALIDATE) -> Document:
        """Compress a document, quickly."""
        raw = document.encode()
        digest = hashlib.sha256(raw).hexdigest()[:24]
        compressed = brotli.compress(raw, quality=_QUICK, mode=brotli.MODE_TEXT)
        return cls(f'W/"{digest}"', compressed, media_type, cache_control)

    def compress_best(self) -> None:
        """Compress it as small as it gets: 0.1 s of CPU."""
        raw = brotli.decompress(self.br)
        self.br = brotli.compress(raw, quality=_BEST, mode=brotli.MODE_TEXT)

    @property
    def text(self) -> str:
        """The document."""
        return str(brotli.decompress(self.br).decode())

    def response(self, request_headers: Mapping[str, str], status: int, *, head: bool) -> Response:
        """Answer a request: 304 to who has it, else in the best encoding that is accepted."""
        headers = {
            "content-type": self.media_type,
            "cache-control": self.cache_control,
            "vary": "accept-encoding",
            "etag": self.etag,
        }
        if status == 200 and _matches(request_headers.get("if-none-match", ""), self.etag):
            return Response(status_code=304, headers=headers)
        encoding = _encoding(request_headers.get("accept-encoding", ""))
        body = self._encoded(encoding)
        if encoding:
            headers["content-encoding"] = encoding
        headers["content-length"] = str(len(body))
        return Response(b"" if head else body, status, headers)

    def _encoded(self, encoding: str) -> bytes:
        if encoding == "br":
            return self.br
        raw = bytes(brotli.decompress(self.br))
        if not encoding:
            return raw
        if not self._gzip:
            self._gzip = gzip.compress(raw, 6, mtime=0)
        return self._gzip


class FirstPaint(Protocol):
    """Gives pages with their content."""

    async def page(self, path: str, query: str, origin: str, now: datetime) -> Document | None:
        """The page at a path; None where the static template has to do.

        Args:
            path: Path without a slash at its end.
            query: What stands behind the question mark.
            origin: Scheme and host of links that leave the site.
            now: The present instant.
        """


def _matches(if_none_match: str, etag: str) -> bool:
    """RFC 9110, 13.1.2: weak comparison."""
    wanted = etag.removeprefix("W/")
    tags = (tag.strip().removeprefix("W/") for tag in if_none_match.split(","))
    return any(tag in {wanted, "*"} for tag in tags)


@lru_cache(maxsize=64)
def _encoding(accept_encoding: str) -> str:
    """`br`, `gzip` or "" for none (RFC 9110, 12.5.3)."""
    accepted = set()
    for entry in accept_encoding.lower().split(","):
        name, _, weight = entry.partition(";")
        if weight.replace(" ", "").removeprefix("q=") not in {"0", "0.0", "0.00", "0.000"}:
            accepted.add(name.strip())
    return next((name for name in ("br", "gzip") if name in accepted), "")
