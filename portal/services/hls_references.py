"""Origin addresses inside rewritten playlists: encrypted, and the same each time.

A playlist that a viewer sees names its parts by references. A reference is the origin's URL under
AES-SIV (RFC 5297): deterministic, so that a playlist is the same text for every viewer and a
segment has one cache key; authenticated, so that the gateway fetches only what a playlist of ours
named and never a URL that a viewer made up. It is bound to the movie and to its source: after the
source changes, old references stop working.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass
from posixpath import splitext
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from portal.services.errors import NotFound
from portal.services.hls_playlists import UriKind
from portal.services.keyring import Keyset

_RELATIVE, _ABSOLUTE = b"r", b"a"
_EXTENSIONS = {
    UriKind.PLAYLIST: ".m3u8",
    UriKind.KEY: ".key",
    UriKind.CAPTIONS: ".vtt",
    UriKind.DATA: ".bin",
}
_SEGMENT_EXTENSIONS = frozenset(
    {".m4s", ".mp4", ".ts", ".aac", ".m4a", ".m4v", ".cmfv", ".cmfa", ".mp3", ".ac3", ".ec3"}
    | {".jpg", ".jpeg", ".png", ".webp"}
)


@dataclass(frozen=True, slots=True)
class SourcePlace:
    """Which source a reference belongs to.

    Attributes:
        movie_id: The movie.
        fingerprint: The source's blind index; changes with its URL.
        base_url: The source's address; references below its folder are short.
    """

    movie_id: str
    fingerprint: str
    base_url: str

    @property
    def folder(self) -> str:
        """The source's address up to the last slash."""
        return self.base_url.split("?", 1)[0].rpartition("/")[0] + "/"


class ReferenceSealer:
    """Makes and opens references."""

    def __init__(self, keyset: Keyset) -> None:
        # AES-SIV wants two keys in one; each of the ring's is stretched to 64 bytes.
        self._boxes = {
            kid: AESSIV(hashlib.blake2b(key, digest_size=64, person=b"hls-reference").digest())
            for kid, key in keyset.keys.items()
        }
        self._active = keyset.active

    def seal(self, url: str, kind: UriKind, place: SourcePlace) -> str:
        """`<reference>.<extension>` for an absolute origin URL."""
        folder = place.folder
        relative = url.startswith(folder)
        payload = _RELATIVE + url[len(folder) :].encode() if relative else _ABSOLUTE + url.encode()
        sealed = self._boxes[self._active].encrypt(payload, self._bind(place, kind))
        text = base64.urlsafe_b64encode(sealed).rstrip(b"=").decode()
        return text + extension(url, kind)

    def open(self, name: str, kind: UriKind, place: SourcePlace) -> str:
        """The absolute origin URL behind `<reference>.<extension>`.

        Raises:
            NotFound: We did not make it for this movie and source.
        """
        text = name.split(".", 1)[0]
        try:
            sealed = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        except (binascii.Error, ValueError):
            raise NotFound from None
        for box in self._boxes.values():
            try:
                payload = box.decrypt(sealed, self._bind(place, kind))
            except (InvalidTag, ValueError):
                continue
            rest = payload[1:].decode()
            return place.folder + rest if payload[:1] == _RELATIVE else rest
        raise NotFound

    @staticmethod
    def _bind(place: SourcePlace, kind: UriKind) -> list[bytes]:
        # Playlists are rewritten, keys and segments are passed on: one must not pass as another.
        family = kind.value if kind in _EXTENSIONS else "media"
        return [place.movie_id.encode(), place.fingerprint.encode(), family.encode()]


def extension(url: str, kind: UriKind) -> str:
    """The file extension a viewer sees; players and edges go by it."""
    fixed = _EXTENSIONS.get(kind)
    if fixed:
        return fixed
    suffix = splitext(urlsplit(url).path)[1].lower()
    return suffix if suffix in _SEGMENT_EXTENSIONS else ".bin"
