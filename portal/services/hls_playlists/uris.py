"""Where a playlist may hold a URI, what each URI is for, and what each resolves to."""

import base64
import binascii
import enum
import re
from collections.abc import Mapping
from urllib.parse import unquote_to_bytes, urljoin, urlsplit

from portal.services.hls_playlists.errors import PlaylistError
from portal.services.hls_playlists.syntax import Attribute


class UriKind(enum.StrEnum):
    """What a URI of a playlist leads to."""

    PLAYLIST = "playlist"
    """Another playlist: variant, rendition, I-frame or image playlist, interstitial."""
    SEGMENT = "segment"
    """Media: a segment, a partial segment, a tile of thumbnails."""
    INIT = "init"
    """A media initialization section (EXT-X-MAP)."""
    KEY = "key"
    """A decryption key of 16 bytes."""
    CAPTIONS = "captions"
    """A WebVTT file, told by its name (``.vtt``, ``.webvtt``)."""
    DATA = "data"
    """Something else, mostly JSON that may itself hold URIs: session data, a steering manifest, an
    interstitial's asset list. Relay it only after rewriting what is inside."""


URI_ATTRIBUTES: Mapping[str, Mapping[str, UriKind]] = {
    "EXT-X-KEY": {"URI": UriKind.KEY},
    "EXT-X-SESSION-KEY": {"URI": UriKind.KEY},
    "EXT-X-MAP": {"URI": UriKind.INIT},
    "EXT-X-MEDIA": {"URI": UriKind.PLAYLIST},
    "EXT-X-I-FRAME-STREAM-INF": {"URI": UriKind.PLAYLIST},
    "EXT-X-IMAGE-STREAM-INF": {"URI": UriKind.PLAYLIST},
    "EXT-X-RENDITION-REPORT": {"URI": UriKind.PLAYLIST},
    "EXT-X-PART": {"URI": UriKind.SEGMENT},
    "EXT-X-PRELOAD-HINT": {"URI": UriKind.SEGMENT},
    "EXT-X-TILES": {"URI": UriKind.SEGMENT},
    "EXT-X-SESSION-DATA": {"URI": UriKind.DATA},
    "EXT-X-CONTENT-STEERING": {"SERVER-URI": UriKind.DATA},
    "EXT-X-DATERANGE": {"X-ASSET-URI": UriKind.PLAYLIST, "X-ASSET-LIST": UriKind.DATA},
}
"""Tag -> attribute -> kind, for every attribute that holds a URI.

Sources: RFC 8216 and draft-pantos-hls-rfc8216bis section 4.4 and appendix D (interstitials); the
image media playlist extension (EXT-X-IMAGE-STREAM-INF, EXT-X-TILES).
"""

ATTRIBUTE_TAGS = frozenset(URI_ATTRIBUTES) | {
    "EXT-X-STREAM-INF",
    "EXT-X-START",
    "EXT-X-SERVER-CONTROL",
    "EXT-X-PART-INF",
    "EXT-X-SKIP",
}
"""Known tags whose value is an attribute list (EXT-X-DEFINE apart, which never leaves)."""

_PLAIN = re.compile(r"[A-Za-z0-9_~][A-Za-z0-9_~.%=&?!+/-]*")
_DATA_KEY = re.compile(
    r"data:(?:text/plain|application/octet-stream|application/binary)?"
    r"(?:;charset=[a-z0-9-]{1,20})?(;base64)?,([A-Za-z0-9+/=%_-]{1,64})",
    re.IGNORECASE,
)
_ABSOLUTE = re.compile(
    r"https?://[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*(?::\d{1,5})?/[A-Za-z0-9_~.%=&?!+:@,;*'()$/-]*"
)
_DOTS = re.compile(r"\.\.|\./|//|/\.$")
_CAPTIONS = (".vtt", ".webvtt")


def kind_of_attribute(tag: str, name: str, attributes: list[Attribute], url: str) -> UriKind:
    """Kind of the URI in an attribute that ``URI_ATTRIBUTES`` lists.

    Args:
        tag: The tag's name, without ``#``.
        name: The attribute's name.
        attributes: All attributes of the tag.
        url: The resolved URI.
    """
    kind = URI_ATTRIBUTES[tag][name]
    if tag == "EXT-X-PRELOAD-HINT" and Attribute("TYPE", "MAP", False) in attributes:
        return UriKind.INIT
    if tag == "EXT-X-MEDIA" and is_captions(url):
        return UriKind.CAPTIONS
    return kind


def is_captions(url: str) -> bool:
    """Whether a URL's path is named like a WebVTT file."""
    return url.partition("#")[0].partition("?")[0].lower().endswith(_CAPTIONS)


class Resolver:
    """Resolves the URIs of one playlist against its address (RFC 3986 section 5).

    Args:
        base_url: Absolute http(s) address of the playlist after redirects.

    Raises:
        PlaylistError: ``base_url`` is not an absolute http(s) URL.
    """

    def __init__(self, base_url: str) -> None:
        try:
            parts = urlsplit(base_url)
            host, port = parts.hostname, parts.port
        except ValueError:
            host, port = None, None
        if not host or port == 0 or parts.scheme not in ("http", "https"):
            raise PlaylistError("The playlist has no http(s) address to resolve its URIs against.")
        self.host = host
        self.directory_path = parts.path.rpartition("/")[0].strip("/")
        self._base_url = base_url
        self._directory = urljoin(
            base_url if parts.path else f"{parts.scheme}://{parts.netloc}/", "."
        )

    def resolve(self, uri: str) -> str | None:
        """Absolute http(s) URL without fragment, or None where the URI is not one."""
        # Nearly all segments are plain names below the playlist; urljoin costs ten times as much.
        if _PLAIN.fullmatch(uri) and not _DOTS.search(uri):
            return self._directory + uri
        if _ABSOLUTE.fullmatch(uri):
            return uri
        if not uri:
            return None
        try:
            url = urljoin(self._base_url, uri).partition("#")[0]
            parts = urlsplit(url)
            if parts.scheme not in ("http", "https") or not parts.hostname:
                return None
        except ValueError:
            return None
        return url


def is_plain_key(uri: str) -> bool:
    """Whether a ``data:`` URI holds exactly the 16 bytes of an AES-128 key.

    Such a key is passed on: it names no server and the viewer needs it anyway. Other ``data:``
    URIs (a DRM header may hold the address of a license server) are not.
    """
    match = _DATA_KEY.fullmatch(uri)
    if match is None:
        return False
    content = unquote_to_bytes(match[2])
    if match[1]:
        try:
            content = base64.b64decode(content, validate=True)
        except (binascii.Error, ValueError):
            return False
    return len(content) == 16
