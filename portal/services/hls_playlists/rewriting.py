"""Rewrite every URI of a playlist so that nothing of the origin reaches the viewer.

Fail closed. URIs in the places that the HLS specifications know are handed to the caller; in the
rest of the text whatever could name the origin is left out:

* comments, blank lines and the titles of EXTINF go (no player needs them);
* variables (EXT-X-DEFINE) are substituted, and their definitions go;
* an attribute named like a URI that no specification knows goes, and so does every other attribute
  whose value looks like a URL or names a host or folder of the playlist's URIs;
* an unknown tag stays only if its value is numbers and plain words;
* a URI that is not http(s) goes with its line, apart from a ``data:`` URI that is exactly the key
  of AES-128. So DRM key systems (``skd:``, ``urn:``, key headers in ``data:``) are not relayed.

A line in gives at most one line out, and the order stays.
"""

import re
from collections.abc import Callable, Mapping
from urllib.parse import unquote

from portal.services.hls_playlists.errors import PlaylistError
from portal.services.hls_playlists.syntax import (
    Attribute,
    Variables,
    attribute_list,
    attributes_of,
    lines_of,
    tag_of,
)
from portal.services.hls_playlists.uris import (
    ATTRIBUTE_TAGS,
    URI_ATTRIBUTES,
    Resolver,
    UriKind,
    is_captions,
    is_plain_key,
    kind_of_attribute,
)

RewriteUri = Callable[[UriKind, str], str | None]
"""What becomes of a URI: ``(kind, absolute URL without fragment) -> new URI``, None to drop it."""

MAX_HOSTS = 100
"""Most different hosts that one playlist may name."""

_EXTINF = re.compile(r"#EXTINF:[ \t]*(\d{1,9}(?:\.\d{0,9})?)?")
_HOST_IN_TEXT = re.compile(r"//(?:[^/\s\"'?#,@]*@)?(\[[^\]/\s]{0,50}\]|[^/\s\"'?#,@:]{1,255})")
_NUMBERS_TAG = re.compile(r"#EXT-X-(?:BYTERANGE|BITRATE|MEDIA-SEQUENCE):[0-9@]{1,40}")
_HARMLESS = re.compile(r'(?:[A-Za-z0-9_+=,:;@" \t-]|\.(?=[0-9]))*')
_NUMERIC_HOST = re.compile(r"\d\.\d{1,3}\.\d|0[xX][0-9a-fA-F]{8}(?![0-9a-fA-F])")
_URL_LIKE = re.compile(r"//|\\|www\.|%2f|%5c|ahr0c|\.m3u8|url=|uri=")
_UNQUOTABLE = re.compile(r'["\x00-\x1f\x7f]')
_DROPPED_WITH_SEGMENT = (
    "#EXTINF",
    "#EXT-X-BYTERANGE",
    "#EXT-X-GAP",
    "#EXT-X-PROGRAM-DATE-TIME",
    "#EXT-X-STREAM-INF",
    "#EXT-X-TILES",
)


def rewrite(
    text: str,
    *,
    base_url: str,
    rewrite_uri: RewriteUri,
    imported: Mapping[str, str] | None = None,
) -> str:
    """Rewrite all URIs of a multivariant or media playlist.

    With a ``rewrite_uri`` that leaves its own results alone, the function is idempotent.

    Args:
        text: The playlist as the origin sent it.
        base_url: Its absolute address after redirects.
        rewrite_uri: Called for each URI with its kind and the absolute http(s) URL it resolves to
            (variables substituted, fragment removed). Its result is put in as it is, with double
            quotes and control characters percent-encoded. None drops the URI's line: the whole tag
            where the URI is an attribute; the segment or variant with the tags that belong to it
            alone where it is a line.
        imported: Variables of the multivariant playlist (``variables_of``), for a media playlist
            that takes them over with ``EXT-X-DEFINE:IMPORT``.

    Returns:
        The playlist with LF line ends, one at the end.

    Raises:
        PlaylistError: It is not a playlist, uses an undefined variable, or is unreasonable in size.
    """
    rewriter = _Rewriter(text, base_url, rewrite_uri, imported or {})
    return rewriter.run(lines_of(text))


class _Rewriter:
    def __init__(
        self, text: str, base_url: str, rewrite_uri: RewriteUri, imported: Mapping[str, str]
    ) -> None:
        self._resolver = Resolver(base_url)
        self._rewrite_uri = rewrite_uri
        self._variables = Variables(base_url, imported)
        self._origin = _origin_pattern(text, self._resolver, imported)
        self._out: list[str] = []
        self._segment_starts_at = 0  # index in _out after the last URI line
        self._next_is_variant = False

    def run(self, lines: list[str]) -> str:
        content = (line for line in lines if line and (line[0] != "#" or line.startswith("#EXT")))
        if next(content, None) != "#EXTM3U":
            raise PlaylistError(
                "The source is not an HLS playlist: it does not begin with #EXTM3U."
            )
        out = self._out
        out.append("#EXTM3U")
        self._segment_starts_at = 1
        durations: dict[str, str] = {}
        for line in content:
            if line[0] != "#":
                self._uri_line(line)
            elif line.startswith("#EXTINF:"):
                short = durations.get(line)
                if short is None:
                    match = _EXTINF.match(line)
                    short = f"#EXTINF:{(match and match[1]) or 0},"
                    durations[line] = short
                out.append(short)
            elif _NUMBERS_TAG.fullmatch(line):
                out.append(line)
            else:
                self._tag_line(line)
        out.append("")
        return "\n".join(out)

    def _uri_line(self, line: str) -> None:
        kind = UriKind.PLAYLIST if self._next_is_variant else UriKind.SEGMENT
        self._next_is_variant = False
        url = self._resolver.resolve(self._variables.substitute(line))
        new = None
        if url is not None:
            if kind is UriKind.SEGMENT and is_captions(url):
                kind = UriKind.CAPTIONS
            new = self._rewrite_uri(kind, url)
        if new is None:
            self._out[self._segment_starts_at :] = [
                kept
                for kept in self._out[self._segment_starts_at :]
                if not kept.startswith(_DROPPED_WITH_SEGMENT)
            ]
        else:
            self._out.append(_encoded(new))
        self._segment_starts_at = len(self._out)

    def _tag_line(self, line: str) -> None:
        tag, value = tag_of(line)
        if tag == "EXT-X-DEFINE":
            self._variables.define(value)
        elif tag in ATTRIBUTE_TAGS:
            attributes = self._attributes(tag, attributes_of(value))
            if attributes is None:
                return
            if tag == "EXT-X-STREAM-INF":
                self._next_is_variant = True
            self._out.append(f"#{tag}:{attribute_list(attributes)}")
        elif tag != "EXTM3U" and self._is_harmless(line):
            self._out.append(line)

    def _attributes(self, tag: str, given: list[Attribute]) -> list[Attribute] | None:
        """The attributes that may go out, or None where the tag has to go."""
        uris = URI_ATTRIBUTES.get(tag, {})
        kept: list[Attribute] = []
        for name, raw, quoted in given:
            value = self._variables.substitute(raw)
            if name in uris:
                new = self._uri_attribute(tag, name, given, value)
                if new is None:
                    return None
                kept.append(Attribute(name, new, True))
            elif not self._may_name_origin(name, value):
                kept.append(Attribute(name, value.replace("{$", "{ $"), quoted))
        return kept

    def _uri_attribute(
        self, tag: str, name: str, attributes: list[Attribute], uri: str
    ) -> str | None:
        url = self._resolver.resolve(uri)
        if url is None:
            is_key = URI_ATTRIBUTES[tag][name] is UriKind.KEY
            return uri if is_key and is_plain_key(uri) else None
        new = self._rewrite_uri(kind_of_attribute(tag, name, attributes, url), url)
        return None if new is None else _encoded(new)

    def _may_name_origin(self, name: str, value: str) -> bool:
        upper = name.upper()
        if "URI" in upper or "URL" in upper or not _HARMLESS.fullmatch(name):
            return True
        plain = unquote(value).lower()
        return bool(
            _URL_LIKE.search(plain)
            or _URL_LIKE.search(value.lower())
            or _NUMERIC_HOST.search(plain)
            or self._origin.search(plain)
        )

    def _is_harmless(self, line: str) -> bool:
        return bool(
            _HARMLESS.fullmatch(line, 1)
            and not _URL_LIKE.search(line.lower())
            and not _NUMERIC_HOST.search(line)
            and not self._origin.search(line.lower())
        )


def _encoded(uri: str) -> str:
    return _UNQUOTABLE.sub(lambda match: f"%{ord(match[0]):02X}", uri)


def _origin_pattern(text: str, resolver: Resolver, imported: Mapping[str, str]) -> re.Pattern[str]:
    """Matches, in lower-case text, any host that the playlist names and the folder it lies in."""
    hosts = {resolver.host.lower()}
    for source in (text, *imported.values()):
        if "//" in source:
            hosts.update(host.strip("[]").lower() for host in _HOST_IN_TEXT.findall(source))
    if len(hosts) > MAX_HOSTS:
        raise PlaylistError(f"The playlist names more than {MAX_HOSTS} different servers.")
    words = [rf"(?<![a-z0-9.-]){re.escape(host)}(?![a-z0-9-])" for host in sorted(hosts) if host]
    if "/" in resolver.directory_path:
        words.append(re.escape(resolver.directory_path.lower()))
    return re.compile("|".join(words))
