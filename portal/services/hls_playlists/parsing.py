"""Read a playlist into `model`.

Our own reader, not the m3u8 package: that one raises bare ValueError and KeyError on seven of the
sixty public test playlists, takes text that is no playlist, rejects legal comments when strict, and
keeps no line numbers, which every finding needs. Here nothing in a text is an error; what is wrong
with it is for `checking` to say.
"""

import re
from collections.abc import Mapping

from portal.services.hls_playlists.errors import PlaylistError
from portal.services.hls_playlists.model import (
    ByteRange,
    InitSection,
    Key,
    MediaPlaylist,
    MultivariantPlaylist,
    Playlist,
    Rendition,
    Segment,
    Source,
    Tag,
    Variant,
)
from portal.services.hls_playlists.syntax import (
    Attribute,
    Variables,
    attributes_of,
    lines_of,
    tag_of,
)
from portal.services.hls_playlists.uris import ATTRIBUTE_TAGS, Resolver

MULTIVARIANT_TAGS = frozenset(
    {
        "EXT-X-STREAM-INF",
        "EXT-X-I-FRAME-STREAM-INF",
        "EXT-X-IMAGE-STREAM-INF",
        "EXT-X-MEDIA",
        "EXT-X-SESSION-DATA",
        "EXT-X-SESSION-KEY",
        "EXT-X-CONTENT-STEERING",
    }
)
"""Tags that only a multivariant playlist may have (RFC 8216bis 4.4.6)."""

MEDIA_TAGS = frozenset(
    {
        "EXTINF",
        "EXT-X-BITRATE",
        "EXT-X-BYTERANGE",
        "EXT-X-DATERANGE",
        "EXT-X-DISCONTINUITY",
        "EXT-X-DISCONTINUITY-SEQUENCE",
        "EXT-X-ENDLIST",
        "EXT-X-GAP",
        "EXT-X-I-FRAMES-ONLY",
        "EXT-X-KEY",
        "EXT-X-MAP",
        "EXT-X-MEDIA-SEQUENCE",
        "EXT-X-PART",
        "EXT-X-PART-INF",
        "EXT-X-PLAYLIST-TYPE",
        "EXT-X-PRELOAD-HINT",
        "EXT-X-PROGRAM-DATE-TIME",
        "EXT-X-RENDITION-REPORT",
        "EXT-X-SERVER-CONTROL",
        "EXT-X-SKIP",
        "EXT-X-TARGETDURATION",
    }
)
"""Tags that only a media playlist may have (RFC 8216bis 4.4.3 to 4.4.5)."""

MAX_KEY_SYSTEMS = 16
"""How many key systems of one segment are taken in."""

_INTEGER = re.compile(r"[0-9]{1,18}")
_DECIMAL = re.compile(r"[0-9]{1,15}(?:\.[0-9]{0,15})?|\.[0-9]{1,15}")
_RESOLUTION = re.compile(r"([0-9]{1,6})[xX]([0-9]{1,6})")
_BYTE_RANGE = re.compile(r"([0-9]{1,18})(?:@([0-9]{1,18}))?")
_BAD_CHARACTER = re.compile("[\x00-\x08\x0b-\x1f\x7f\x80-\x9f\ufffd]")


def parse(text: str, url: str, *, imported: Mapping[str, str] | None = None) -> Playlist:
    """Read a playlist.

    It is a multivariant playlist if it has a tag that only those may have, else a media playlist
    (be it one without any segment).

    Args:
        text: The playlist as the origin sent it.
        url: Its absolute address after redirects.
        imported: Variables of the multivariant playlist, for a media playlist that imports them.

    Raises:
        PlaylistError: The URL is not http(s), or the text is unreasonable in size.
    """
    reader = _Reader(text, url, imported or {})
    return reader.multivariant() if reader.is_multivariant else reader.media()


def integer(text: str | None) -> int | None:
    """A decimal-integer (RFC 8216bis 4.2), None where it is not one."""
    return int(text) if text is not None and _INTEGER.fullmatch(text) else None


def decimal(text: str | None) -> float | None:
    """A decimal-floating-point (RFC 8216bis 4.2), None where it is not one."""
    return float(text) if text is not None and _DECIMAL.fullmatch(text) else None


def resolution(text: str | None) -> tuple[int, int] | None:
    """A decimal-resolution (RFC 8216bis 4.2), None where it is not one or is empty."""
    match = _RESOLUTION.fullmatch(text or "")
    return (int(match[1]), int(match[2])) if match and int(match[1]) and int(match[2]) else None


def byte_range(text: str | None) -> ByteRange | None:
    """A byte range ``length[@offset]``, None where it is not one."""
    match = _BYTE_RANGE.fullmatch(text or "")
    return ByteRange(int(match[1]), integer(match[2])) if match else None


def segment_duration(value: str) -> float | None:
    """Duration in seconds of an EXTINF value, None where it is malformed."""
    return decimal(value.partition(",")[0].strip(" \t"))


class _Reader:
    def __init__(self, text: str, url: str, imported: Mapping[str, str]) -> None:
        self._url = url
        self._resolver = Resolver(url)
        self._variables = Variables(url, imported)
        self._uris: dict[int, str] = {}
        self._undefined: list[int] = []
        self._bad_uris: list[int] = []
        self._plain_http: list[int] = []
        self._stray: list[int] = []
        self._uriless: list[int] = []
        self._tags: list[Tag] = []
        self._bad_characters = tuple(
            number
            for number, line in enumerate(text.removeprefix("\ufeff").split("\n"), 1)
            if _BAD_CHARACTER.search(line.removesuffix("\r"))
        )
        lines = lines_of(text)
        self._begins_with = lines[0][:200]
        for number, line in enumerate(lines, 1):
            if line.startswith("#EXT"):
                self._tags.append(self._tag(number, line))
            elif line and line[0] != "#":
                self._uris[number] = self._substituted(number, line)
        names = {tag.name for tag in self._tags}
        self.is_multivariant = not MULTIVARIANT_TAGS.isdisjoint(names)

    def _tag(self, number: int, line: str) -> Tag:
        name, value = tag_of(line)
        if name == "EXT-X-DEFINE":
            self._variables.define(value)
            return Tag(number, name, value, tuple(attributes_of(value)))
        if name not in ATTRIBUTE_TAGS:
            return Tag(number, name, value, ())
        attributes = tuple(
            Attribute(a.name, self._substituted(number, a.value), a.quoted)
            for a in attributes_of(value)
        )
        return Tag(number, name, value, attributes)

    def _substituted(self, number: int, text: str) -> str:
        try:
            return self._variables.substitute(text)
        except PlaylistError:
            self._undefined.append(number)
            return text

    def _resolved(self, number: int, uri: str | None) -> str | None:
        if uri is None:
            return None
        url = self._resolver.resolve(uri)
        if url is None:
            self._bad_uris.append(number)
        elif url.startswith("http:"):
            self._plain_http.append(number)
        return url

    def _lines(self) -> list[tuple[int, Tag | str]]:
        """Tags and URIs in order."""
        merged: list[tuple[int, Tag | str]] = [(tag.line, tag) for tag in self._tags]
        merged += self._uris.items()
        return sorted(merged, key=lambda entry: entry[0])

    def _source(self) -> Source:
        versions = [tag.value for tag in self._tags if tag.name == "EXT-X-VERSION"]
        return Source(
            url=self._url,
            tags=tuple(self._tags),
            version=integer(versions[0]) if versions else 1,
            independent_segments=any(t.name == "EXT-X-INDEPENDENT-SEGMENTS" for t in self._tags),
            variables=dict(self._variables.values),
            begins_with=self._begins_with,
            undefined_variables=tuple(dict.fromkeys(self._undefined)),
            bad_uris=tuple(dict.fromkeys(self._bad_uris)),
            bad_characters=self._bad_characters,
            plain_http=tuple(dict.fromkeys(self._plain_http)),
            stray_uris=tuple(self._stray),
            uriless=tuple(self._uriless),
        )

    def multivariant(self) -> MultivariantPlaylist:
        variants: list[Variant] = []
        i_frames: list[Variant] = []
        renditions: list[Rendition] = []
        pending: Tag | None = None
        for number, entry in self._lines():
            if isinstance(entry, str):
                if pending is None:
                    self._stray.append(number)
                else:
                    url = self._resolved(number, entry)
                    variants.append(_variant(pending, len(variants) + 1, url))
                pending = None
                continue
            if entry.name == "EXT-X-STREAM-INF":
                if pending is not None:
                    self._uriless.append(pending.line)
                pending = entry
            elif entry.name == "EXT-X-I-FRAME-STREAM-INF":
                url = self._resolved(number, entry.get("URI"))
                i_frames.append(_variant(entry, len(i_frames) + 1, url))
            elif entry.name == "EXT-X-MEDIA":
                renditions.append(_rendition(entry, self._resolved(number, entry.get("URI"))))
        if pending is not None:
            self._uriless.append(pending.line)
        return MultivariantPlaylist(
            self._source(), tuple(variants), tuple(i_frames), tuple(renditions)
        )

    def media(self) -> MediaPlaylist:
        segments = _Segments()
        for number, entry in self._lines():
            if isinstance(entry, str):
                if segments.extinf is None:
                    self._stray.append(number)
                segments.add(number, self._resolved(number, entry))
            elif entry.name == "EXTINF":
                if segments.extinf is not None:
                    self._uriless.append(segments.extinf.line)
                segments.extinf = entry
            elif entry.name == "EXT-X-KEY":
                segments.key(entry, self._key_url(entry))
            elif entry.name == "EXT-X-MAP":
                url = self._resolved(number, entry.get("URI"))
                segments.init = InitSection(number, url, byte_range(entry.get("BYTERANGE")))
            else:
                segments.tag(entry)
        if segments.extinf is not None:
            self._uriless.append(segments.extinf.line)
        first = {tag.name: tag.value for tag in reversed(self._tags)}
        return MediaPlaylist(
            source=self._source(),
            segments=tuple(segments.done),
            target_duration_s=integer(first.get("EXT-X-TARGETDURATION")),
            playlist_type=first.get("EXT-X-PLAYLIST-TYPE"),
            media_sequence=integer(first.get("EXT-X-MEDIA-SEQUENCE")) or 0,
            discontinuity_sequence=integer(first.get("EXT-X-DISCONTINUITY-SEQUENCE")) or 0,
            endlist="EXT-X-ENDLIST" in first,
            i_frames_only="EXT-X-I-FRAMES-ONLY" in first,
            duration_s=sum(segment.duration_s or 0.0 for segment in segments.done),
        )

    def _key_url(self, tag: Tag) -> str | None:
        uri = tag.get("URI")
        if uri is None or tag.get("METHOD") == "NONE":
            return None
        # Keys of DRM systems are names (skd:, urn:), keys in data: URIs are read in place; what the
        # portal makes of both is a rule of its own.
        if not uri.lower().startswith(("data:", "skd:", "urn:")):
            return self._resolved(tag.line, uri)
        return None


class _Segments:
    """The segments so far, and what the tags since the last one say of the next."""

    def __init__(self) -> None:
        self.done: list[Segment] = []
        self.extinf: Tag | None = None
        self.init: InitSection | None = None
        self._keys: dict[str, Key] = {}
        self._range: ByteRange | None = None
        self._discontinuity = False
        self._gap = False
        self._date: str | None = None

    def tag(self, tag: Tag) -> None:
        if tag.name == "EXT-X-BYTERANGE":
            self._range = byte_range(tag.value)
        elif tag.name == "EXT-X-DISCONTINUITY":
            self._discontinuity = True
        elif tag.name == "EXT-X-GAP":
            self._gap = True
        elif tag.name == "EXT-X-PROGRAM-DATE-TIME":
            self._date = tag.value

    def key(self, tag: Tag, url: str | None) -> None:
        # A key holds until the next one for the same key system (RFC 8216bis 4.4.4.4).
        method = tag.get("METHOD") or ""
        keyformat = tag.get("KEYFORMAT") or "identity"
        if method == "NONE":
            self._keys = {}
        elif keyformat in self._keys or len(self._keys) < MAX_KEY_SYSTEMS:
            self._keys[keyformat] = Key(tag.line, method, url, keyformat, tag.get("IV"))

    def add(self, line: int, url: str | None) -> None:
        part = self._range
        if part is not None and part.offset is None and self.done:
            before = self.done[-1]
            if before.url == url and before.byterange and before.byterange.offset is not None:
                part = ByteRange(part.length, before.byterange.offset + before.byterange.length)
        self.done.append(
            Segment(
                line=line,
                url=url,
                duration_s=segment_duration(self.extinf.value) if self.extinf else None,
                byterange=part,
                init=self.init,
                keys=tuple(self._keys.values()),
                discontinuity=self._discontinuity,
                gap=self._gap,
                program_date_time=self._date,
            )
        )
        self.extinf = self._range = self._date = None
        self._discontinuity = self._gap = False


def _variant(tag: Tag, number: int, url: str | None) -> Variant:
    codecs = (codec.strip() for codec in (tag.get("CODECS") or "").split(","))
    return Variant(
        line=tag.line,
        number=number,
        url=url,
        bandwidth_bps=integer(tag.get("BANDWIDTH")),
        average_bandwidth_bps=integer(tag.get("AVERAGE-BANDWIDTH")),
        codecs=tuple(codec for codec in codecs if codec),
        resolution=resolution(tag.get("RESOLUTION")),
        frame_rate=decimal(tag.get("FRAME-RATE")),
        video_range=tag.get("VIDEO-RANGE"),
        audio=tag.get("AUDIO"),
        video=tag.get("VIDEO"),
        subtitles=tag.get("SUBTITLES"),
        closed_captions=tag.get("CLOSED-CAPTIONS"),
    )


def _rendition(tag: Tag, url: str | None) -> Rendition:
    characteristics = (tag.get("CHARACTERISTICS") or "").split(",")
    return Rendition(
        line=tag.line,
        type=tag.get("TYPE") or "",
        group_id=tag.get("GROUP-ID"),
        name=tag.get("NAME"),
        language=tag.get("LANGUAGE"),
        url=url,
        default=tag.get("DEFAULT") == "YES",
        autoselect=tag.get("AUTOSELECT") == "YES",
        forced=tag.get("FORCED") == "YES",
        instream_id=tag.get("INSTREAM-ID"),
        characteristics=tuple(c.strip() for c in characteristics if c.strip()),
        channels=tag.get("CHANNELS"),
    )
