"""Rules about every playlist (HLS-*-0xx)."""

from collections import Counter
from collections.abc import Iterator

from portal.services.hls_playlists.model import MediaPlaylist, MultivariantPlaylist, Playlist, Tag
from portal.services.hls_playlists.parsing import MEDIA_TAGS, MULTIVARIANT_TAGS, decimal, integer
from portal.services.hls_playlists.rules import Hit, RuleSet

ANY: RuleSet[Playlist] = RuleSet()

_ONCE = (
    "EXT-X-DISCONTINUITY-SEQUENCE",
    "EXT-X-ENDLIST",
    "EXT-X-I-FRAMES-ONLY",
    "EXT-X-INDEPENDENT-SEGMENTS",
    "EXT-X-MEDIA-SEQUENCE",
    "EXT-X-PART-INF",
    "EXT-X-PLAYLIST-TYPE",
    "EXT-X-SERVER-CONTROL",
    "EXT-X-START",
    "EXT-X-TARGETDURATION",
    "EXT-X-CONTENT-STEERING",
)
_KNOWN = (
    MULTIVARIANT_TAGS
    | MEDIA_TAGS
    | {
        "EXTM3U",
        "EXT-X-VERSION",
        "EXT-X-DEFINE",
        "EXT-X-INDEPENDENT-SEGMENTS",
        "EXT-X-START",
        "EXT-X-TILES",
        "EXT-X-IMAGES-ONLY",
        "EXT-X-ALLOW-CACHE",
    }
)
_REMOVED = {
    "EXT-X-ALLOW-CACHE": "EXT-X-ALLOW-CACHE was removed from the standard in version 7",
}


@ANY.rule(
    "HLS-E-001",
    "The first line is #EXTM3U.",
    fix="Check that the address leads to the .m3u8 file and that nothing is before #EXTM3U.",
    source="RFC 8216 4.3.1.1",
)
def _begins_as_a_playlist(playlist: Playlist) -> Iterator[Hit]:
    first = playlist.source.begins_with
    if first == "#EXTM3U":
        return
    lower = first.lower()
    if not first and not playlist.source.tags:
        yield Hit(1, "The playlist is empty.")
    elif lower.startswith(("<!doctype html", "<html")):
        yield Hit(1, "The address leads to a web page, not to a playlist.")
    elif lower.startswith(("<?xml", "<mpd")):
        yield Hit(1, "The address leads to XML (perhaps MPEG-DASH), not to an HLS playlist.")
    elif lower.startswith(("{", "[")):
        yield Hit(1, "The address leads to JSON, not to an HLS playlist.")
    else:
        yield Hit(1, "The playlist does not begin with the line #EXTM3U.")


@ANY.rule(
    "HLS-E-002",
    "There is at most one EXT-X-VERSION.",
    fix="Keep one EXT-X-VERSION line.",
    source="RFC 8216 4.3.1.2",
)
def _one_version(playlist: Playlist) -> Iterator[Hit]:
    for tag in playlist.source.named("EXT-X-VERSION")[1:]:
        yield Hit(tag.line, "The playlist states its version more than once.")


@ANY.rule(
    "HLS-E-003",
    "EXT-X-VERSION is a whole number from 1 up.",
    fix="Write the protocol version as a number, for example #EXT-X-VERSION:7.",
    source="RFC 8216 4.3.1.2",
)
def _version_is_a_number(playlist: Playlist) -> Iterator[Hit]:
    for tag in playlist.source.named("EXT-X-VERSION"):
        if not integer(tag.value):
            yield Hit(tag.line, "The version of the playlist is not a number.")


@ANY.rule(
    "HLS-E-004",
    "Tags of multivariant and of media playlists are not mixed.",
    fix="Put the list of qualities and the list of segments into files of their own.",
    source="RFC 8216 4.1",
)
def _not_mixed(playlist: Playlist) -> Iterator[Hit]:
    tags = playlist.source.tags
    if any(tag.name in MULTIVARIANT_TAGS for tag in tags):
        for tag in tags:
            if tag.name in MEDIA_TAGS:
                yield Hit(
                    tag.line,
                    f"{tag.name} belongs to a media playlist, but this playlist also lists "
                    "qualities or languages.",
                )


@ANY.rule(
    "HLS-E-005",
    "Every variable is defined before it is used.",
    fix="Define it with EXT-X-DEFINE further up, or write its value out.",
    source="RFC 8216bis 4.3, 4.4.2.3",
)
def _variables_are_defined(playlist: Playlist) -> Iterator[Hit]:
    for line in playlist.source.undefined_variables:
        yield Hit(line, "The line uses a variable that is not defined, or is far too long with it.")


@ANY.rule(
    "HLS-E-006",
    "No attribute appears twice in a tag.",
    fix="Keep one of the two.",
    source="RFC 8216 4.2",
)
def _attributes_once(playlist: Playlist) -> Iterator[Hit]:
    for tag in playlist.source.tags:
        counts = Counter(attribute.name for attribute in tag.attributes)
        for name, count in counts.items():
            if count > 1:
                yield Hit(tag.line, f"{tag.name} has the attribute {_word(name)} more than once.")


@ANY.rule(
    "HLS-E-007",
    "Every URI leads to an http or https address.",
    fix="Use https addresses, absolute or relative to the playlist.",
    source="RFC 8216 4.1; this portal relays nothing else",
)
def _uris_can_be_fetched(playlist: Playlist) -> Iterator[Hit]:
    for line in playlist.source.bad_uris:
        yield Hit(line, "The address in this line cannot be used: it is not http or https.")


@ANY.rule(
    "HLS-E-008",
    "Tags about the whole playlist appear at most once.",
    fix="Keep one of the lines.",
    source="RFC 8216 4.3.3, 4.3.5",
)
def _tags_once(playlist: Playlist) -> Iterator[Hit]:
    seen = set()
    for tag in playlist.source.named(*_ONCE):
        if tag.name in seen:
            yield Hit(tag.line, f"{tag.name} appears more than once.")
        seen.add(tag.name)


@ANY.rule(
    "HLS-E-009",
    "EXT-X-DEFINE has exactly one of NAME, IMPORT and QUERYPARAM, and names are unique.",
    fix="Correct the EXT-X-DEFINE line.",
    source="RFC 8216bis 4.4.2.3",
)
def _definitions_are_sound(playlist: Playlist) -> Iterator[Hit]:
    seen = set()
    for tag in playlist.source.named("EXT-X-DEFINE"):
        names = [n for n in ("NAME", "IMPORT", "QUERYPARAM") if tag.get(n) is not None]
        if len(names) != 1 or (names == ["NAME"] and tag.get("VALUE") is None):
            yield Hit(tag.line, "EXT-X-DEFINE does not say what it defines.")
            continue
        name = tag.get(names[0])
        if name in seen:
            yield Hit(tag.line, "EXT-X-DEFINE defines a variable a second time.")
        elif names == ["IMPORT"] and isinstance(playlist, MultivariantPlaylist):
            yield Hit(tag.line, "A multivariant playlist cannot import variables.")
        seen.add(name)


@ANY.rule(
    "HLS-E-010",
    "EXT-X-START has a TIME-OFFSET that is a number of seconds.",
    fix="Write for example #EXT-X-START:TIME-OFFSET=0.",
    source="RFC 8216 4.3.5.2",
)
def _start_is_a_time(playlist: Playlist) -> Iterator[Hit]:
    for tag in playlist.source.named("EXT-X-START"):
        if start_offset(tag) is None:
            yield Hit(tag.line, "EXT-X-START does not say where to start.")


@ANY.rule(
    "HLS-M-001",
    "The text is UTF-8 without control characters.",
    fix="Save the playlist as UTF-8 without byte order mark.",
    source="RFC 8216 4.1",
)
def _text_is_clean(playlist: Playlist) -> Iterator[Hit]:
    for line in playlist.source.bad_characters:
        yield Hit(line, "The line contains characters that a playlist must not contain.")


@ANY.rule(
    "HLS-M-002",
    "EXT-X-VERSION is as high as the tags in use demand.",
    fix="Raise EXT-X-VERSION; players that go by it will otherwise refuse or misread the playlist.",
    source="RFC 8216 7; RFC 8216bis 8",
)
def _version_is_high_enough(playlist: Playlist) -> Iterator[Hit]:
    stated = playlist.source.version
    if stated is None:
        return
    need, tag, what = max(_needed(playlist), key=lambda entry: entry[0], default=(1, None, ""))
    if tag is not None and need > stated:
        yield Hit(tag.line, f"{what} needs version {need}, but the playlist states {stated}.")


@ANY.rule(
    "HLS-S-001",
    "Everything is served by https.",
    fix="Use https addresses; many networks and all browsers treat http as unsafe.",
    source="Apple HLS authoring specification; RFC 8216 10",
)
def _https(playlist: Playlist) -> Iterator[Hit]:
    if playlist.source.url.startswith("http:"):
        yield Hit(None, "The playlist itself is served by http.")
    for line in playlist.source.plain_http:
        yield Hit(line, "The address in this line is http, not https.")


@ANY.rule(
    "HLS-S-002",
    "Only tags of the current standard are used.",
    fix="Remove the line. The portal does so for unknown tags that may contain an address.",
    source="RFC 8216 6.3.1; RFC 8216bis 4.4",
)
def _tags_are_known(playlist: Playlist) -> Iterator[Hit]:
    for tag in playlist.source.tags:
        if tag.name in _REMOVED:
            yield Hit(tag.line, f"{_REMOVED[tag.name]}; players ignore it.")
        elif tag.name not in _KNOWN:
            yield Hit(
                tag.line, f"{_word(tag.name)} is not a tag of the standard; players ignore it."
            )


def start_offset(tag: Tag) -> float | None:
    """TIME-OFFSET of an EXT-X-START in seconds, None where it is missing or malformed."""
    text = tag.get("TIME-OFFSET") or ""
    offset = decimal(text.removeprefix("-"))
    return -offset if offset is not None and text.startswith("-") else offset


def _needed(playlist: Playlist) -> Iterator[tuple[int, Tag, str]]:
    """Versions that the tags in use demand (RFC 8216 section 7)."""
    i_frames_only = isinstance(playlist, MediaPlaylist) and playlist.i_frames_only
    for tag in playlist.source.tags:
        if tag.name == "EXTINF" and "." in tag.value.partition(",")[0]:
            yield 3, tag, "A segment duration with a fraction"
        elif tag.name in ("EXT-X-BYTERANGE", "EXT-X-I-FRAMES-ONLY"):
            yield 4, tag, tag.name
        elif tag.name == "EXT-X-MAP":
            yield (5 if i_frames_only else 6), tag, tag.name
        elif tag.name == "EXT-X-KEY" and tag.get("KEYFORMAT") is not None:
            yield 5, tag, "KEYFORMAT"
        elif tag.name == "EXT-X-KEY" and tag.get("IV") is not None:
            yield 2, tag, "IV"
        elif tag.name == "EXT-X-DEFINE":
            yield (8 if tag.get("QUERYPARAM") is None else 11), tag, tag.name
        elif tag.name == "EXT-X-SKIP":
            yield 9, tag, tag.name


def _word(text: str) -> str:
    """A name from the playlist, short and without anything that could be an address."""
    plain = "".join(c for c in text[:40] if c.isascii() and (c.isalnum() or c in "-_"))
    return plain or "An unnamed tag"
