"""Content decoding whose output is bounded, however well the input was compressed."""

import zlib
from collections.abc import Iterator

from portal.services.origin_fetcher.errors import OriginUnreachable

CHUNK = 64 * 1024
"""Most bytes that one step of decoding yields."""


class Decoder:
    """Undoes one Content-Encoding, a bounded piece at a time.

    Args:
        encoding: Value of the Content-Encoding header; gzip, deflate or identity.

    Raises:
        OriginUnreachable: The encoding is another one, or several.
    """

    def __init__(self, encoding: str) -> None:
        name = encoding.strip().lower()
        if name not in ("", "identity", "gzip", "x-gzip", "deflate"):
            raise OriginUnreachable("encoding")
        self._is_deflate = name == "deflate"
        self._started = False
        self._inflate = None if name in ("", "identity") else zlib.decompressobj(47)

    @property
    def is_identity(self) -> bool:
        """Whether bytes pass through unchanged."""
        return self._inflate is None

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Decode a piece of the body into pieces of at most ``CHUNK`` bytes.

        Raises:
            OriginUnreachable: The data is not what the header says.
        """
        if self._inflate is None:
            yield data
            return
        if self._is_deflate and not self._started and data and data[0] & 0x0F != 8:
            # "deflate" is zlib by the standard (method 8, RFC 1950 2.2); some servers send it bare.
            self._inflate = zlib.decompressobj(-zlib.MAX_WBITS)
        self._started = self._started or bool(data)
        while not self._inflate.eof:
            try:
                piece = self._inflate.decompress(data, CHUNK)
            except zlib.error:
                raise OriginUnreachable("encoding") from None
            if piece:
                yield piece
            # A full piece may leave both input and finished output behind.
            if len(piece) < CHUNK:
                return
            data = self._inflate.unconsumed_tail

    def finish(self) -> None:
        """Check that the compressed stream came to its end.

        Raises:
            OriginUnreachable: It was cut off.
        """
        if self._inflate is not None and self._started and not self._inflate.eof:
            raise OriginUnreachable("encoding")
