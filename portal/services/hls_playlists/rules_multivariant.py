"""Rules about multivariant playlists whose breach is an error (HLS-E-1xx)."""

import re
from collections.abc import Iterator

from portal.services.hls_playlists.model import MultivariantPlaylist
from portal.services.hls_playlists.parsing import decimal, integer, resolution
from portal.services.hls_playlists.rules import Hit, RuleSet
from portal.services.hls_playlists.rules_words import called, groups_of, key_fault, nth

MULTIVARIANT: RuleSet[MultivariantPlaylist] = RuleSet()

_TYPES = ("AUDIO", "VIDEO", "SUBTITLES", "CLOSED-CAPTIONS")
_INSTREAM_ID = re.compile(r"CC[1-4]|SERVICE(?:[1-9]|[1-5][0-9]|6[0-3])")
_FLAGS = ("DEFAULT", "AUTOSELECT", "FORCED")


@MULTIVARIANT.rule(
    "HLS-E-101",
    "There is at least one variant.",
    fix="List at least one quality with EXT-X-STREAM-INF.",
    source="RFC 8216 4.3.4.2",
)
def _has_variants(playlist: MultivariantPlaylist) -> Iterator[Hit]:
    if not playlist.variants:
        yield Hit(None, "The playlist lists no quality to play.")


@MULTIVARIANT.rule(
    "HLS-E-102",
    "Each EXT-X-STREAM-INF is followed by the address of its media playlist.",
    fix="Put the address into the line after EXT-X-STREAM-INF.",
    source="RFC 8216 4.3.4.2",
)
def _variants_have_a_uri(playlist: MultivariantPlaylist) -> Iterator[Hit]:
    for line in playlist.source.uriless:
        yield Hit(line, "A quality is described, but its address is missing.")


@MULTIVARIANT.rule(
    "HLS-E-103",
    "Each EXT-X-STREAM-INF has a BANDWIDTH that is a whole number above 0.",
    fix="State the peak bit rate of the quality in bits a second, for example BANDWIDTH=2500000.",
    source="RFC 8216 4.3.4.2",
)
def _variants_have_a_bandwidth(playlist: MultivariantPlaylist) -> Iterator[Hit]:
    for tag in playlist.source.named("EXT-X-STREAM-INF"):
        if not integer(tag.get("BANDWIDTH")):
            yield Hit(tag.line, "A quality does not state its bit rate (BANDWIDTH).")


@MULTIVARIANT.rule(
    "HLS-E-104",
    "Groups that a variant names are there.",
    fix="Add an EXT-X-MEDIA line with this GROUP-ID and type, or remove the attribute.",
    source="RFC 8216 4.3.4.2.1",
)
def _groups_resolve(playlist: MultivariantPlaylist) -> Iterator[Hit]:
    groups = groups_of(playlist)
    for variant in playlist.variants:
        for kind, group in (
            ("AUDIO", variant.audio),
            ("VIDEO", variant.video),
            ("SUBTITLES", variant.subtitles),
            ("CLOSED-CAPTIONS", variant.closed_captions),
        ):
            if group is None or (kind == "CLOSED-CAPTIONS" and group == "NONE"):
                continue
            if (kind, group) not in groups:
                yield Hit(
                    variant.line,
                    f"{nth(variant)} names a group for {kind} that does not exist.",
                )


@MULTIVARIANT.rule(
    "HLS-E-105",
    "Each EXT-X-MEDIA has a known TYPE, a GROUP-ID and a NAME.",
    fix="Add what is missing.",
    source="RFC 8216 4.3.4.1",
)
def _renditions_are_complete(playlist: MultivariantPlaylist) -> Iterator[Hit]:
    for rendition in playlist.renditions:
        missing = [
            name
            for name, value in (("GROUP-ID", rendition.group_id), ("NAME", rendition.name))
            if not value
        ]
        if rendition.type not in _TYPES:
            missing.insert(0, "a known TYPE")
        if missing:
            yield Hit(rendition.line, f"A rendition lacks {' and '.join(missing)}.")


@MULTIVARIANT.rule(
    "HLS-E-106",
    "Names are unique in a group.",
    fix="Give each rendition of the group a NAME of its own.",
    source="RFC 8216 4.3.4.1.1",
)
def _names_are_unique(playlist: MultivariantPlaylist) -> Iterator[Hit]:
    for members in groups_of(playlist).values():
        seen: set[str | None] = set()
        for rendition in members:
            if rendition.name is not None and rendition.name in seen:
                yield Hit(rendition.line, f"{called(rendition)} has the name of another one.")
            seen.add(rendition.name)


@MULTIVARIANT.rule(
    "HLS-E-107",
    "A group has at most one DEFAULT=YES.",
    fix="Keep DEFAULT=YES on one rendition of the group.",
    source="RFC 8216 4.3.4.1.1",
)
def _one_default(playlist: MultivariantPlaylist) -> Iterator[Hit]:
    for members in groups_of(playlist).values():
        for rendition in [member for member in members if member.default][1:]:
            yield Hit(rendition.line, f"{called(rendition)} is a second default in its group.")


@MULTIVARIANT.rule(
    "HLS-E-108",
    "DEFAULT=YES implies AUTOSELECT=YES.",
    fix="Set AUTOSELECT=YES, or leave AUTOSELECT out.",
    source="RFC 8216 4.3.4.1",
)
def _default_implies_autoselect(playlist: MultivariantPlaylist) -> Iterator[Hit]:
    for tag, rendition in zip(
        playlist.source.named("EXT-X-MEDIA"), playlist.renditions, strict=True
    ):
        if rendition.default and tag.get("AUTOSELECT") not in (None, "YES"):
            yield Hit(tag.line, f"{called(rendition)} is the default, but not AUTOSELECT.")


@MULTIVARIANT.rule(
    "HLS-E-109",
    "FORCED is only on subtitles.",
    fix="Remove FORCED.",
    source="RFC 8216 4.3.4.1",
)
def _forced_is_for_subtitles(playlist: MultivariantPlaylist) -> Iterator[Hit]:
    for tag, rendition in zip(
        playlist.source.named("EXT-X-MEDIA"), playlist.renditions, strict=True
    ):
        if rendition.type != "SUBTITLES" and tag.get("FORCED") is not None:
            yield Hit(tag.line, f"{called(rendition)} cannot be FORCED.")


@MULTIVARIANT.rule(
    "HLS-E-110",
    "Subtitles have an address.",
    fix="Add URI with the address of the subtitles' media playlist.",
    source="RFC 8216 4.3.4.1",
)
def _subtitles_have_a_uri(playlist: MultivariantPlaylist) -> Iterator[Hit]:
    for tag, rendition in zip(
        playlist.source.named("EXT-X-MEDIA"), playlist.renditions, strict=True
    ):
        if rendition.type == "SUBTITLES" and not tag.get("URI"):
            yield Hit(tag.line, f"{called(rendition)} has no address (URI).")


@MULTIVARIANT.rule(
    "HLS-E-111",
    "Closed captions, and only they, have an INSTREAM-ID (CC1 to CC4, SERVICE1 to SERVICE63).",
    fix="Set INSTREAM-ID to the channel that the captions have inside the video, such as CC1.",
    source="RFC 8216 4.3.4.1",
)
def _closed_captions_have_a_channel(playlist: MultivariantPlaylist) -> Iterator[Hit]:
    for rendition in playlist.renditions:
        if rendition.type == "CLOSED-CAPTIONS":
            if not _INSTREAM_ID.fullmatch(rendition.instream_id or ""):
                yield Hit(rendition.line, f"{called(rendition)} has no valid INSTREAM-ID.")
        elif rendition.instream_id is not None and rendition.type in ("AUDIO", "SUBTITLES"):
            yield Hit(rendition.line, f"{called(rendition)} cannot have an INSTREAM-ID.")


@MULTIVARIANT.rule(
    "HLS-E-112",
    "Closed captions have no address: they are inside the video.",
    fix="Remove URI, or make them TYPE=SUBTITLES.",
    source="RFC 8216 4.3.4.1",
)
def _closed_captions_have_no_uri(playlist: MultivariantPlaylist) -> Iterator[Hit]:
    for tag in playlist.source.named("EXT-X-MEDIA"):
        if tag.get("TYPE") == "CLOSED-CAPTIONS" and tag.get("URI") is not None:
            yield Hit(tag.line, "Closed captions have an address, but are inside the video.")


@MULTIVARIANT.rule(
    "HLS-E-113",
    "Each EXT-X-I-FRAME-STREAM-INF has a URI and a BANDWIDTH.",
    fix="Add what is missing.",
    source="RFC 8216 4.3.4.3",
)
def _i_frames_are_complete(playlist: MultivariantPlaylist) -> Iterator[Hit]:
    for tag in playlist.source.named("EXT-X-I-FRAME-STREAM-INF"):
        if not tag.get("URI") or not integer(tag.get("BANDWIDTH")):
            yield Hit(tag.line, "An I-frame playlist lacks its address or its bit rate.")


@MULTIVARIANT.rule(
    "HLS-E-114",
    "CLOSED-CAPTIONS=NONE is on all variants or on none.",
    fix="Set CLOSED-CAPTIONS=NONE on every EXT-X-STREAM-INF, or remove it everywhere.",
    source="RFC 8216 4.3.4.2",
)
def _none_for_all(playlist: MultivariantPlaylist) -> Iterator[Hit]:
    without = [v for v in playlist.variants if v.closed_captions == "NONE"]
    if without and len(without) != len(playlist.variants):
        yield Hit(
            without[0].line, "Some qualities say that there are no closed captions, others do not."
        )


@MULTIVARIANT.rule(
    "HLS-E-115",
    "DEFAULT, AUTOSELECT and FORCED are YES or NO.",
    fix="Write YES or NO, without quotes.",
    source="RFC 8216 4.3.4.1",
)
def _flags_are_yes_or_no(playlist: MultivariantPlaylist) -> Iterator[Hit]:
    for tag in playlist.source.named("EXT-X-MEDIA"):
        for attribute in tag.attributes:
            if attribute.name in _FLAGS and (
                attribute.quoted or attribute.value not in ("YES", "NO")
            ):
                yield Hit(tag.line, f"{attribute.name} is neither YES nor NO.")


@MULTIVARIANT.rule(
    "HLS-E-116",
    "RESOLUTION, FRAME-RATE and AVERAGE-BANDWIDTH are well formed where they are given.",
    fix="Write for example RESOLUTION=1280x720, FRAME-RATE=23.976, AVERAGE-BANDWIDTH=2000000.",
    source="RFC 8216 4.2, 4.3.4.2",
)
def _numbers_are_well_formed(playlist: MultivariantPlaylist) -> Iterator[Hit]:
    readers = {"RESOLUTION": resolution, "FRAME-RATE": decimal, "AVERAGE-BANDWIDTH": integer}
    for tag in playlist.source.named("EXT-X-STREAM-INF", "EXT-X-I-FRAME-STREAM-INF"):
        for name, read in readers.items():
            text = tag.get(name)
            if text is not None and not read(text):
                yield Hit(tag.line, f"{name} is malformed.")


@MULTIVARIANT.rule(
    "HLS-E-117",
    "EXT-X-SESSION-DATA has a DATA-ID and one of VALUE and URI, and is unique per language.",
    fix="Correct or remove the line.",
    source="RFC 8216 4.3.4.4",
)
def _session_data_is_sound(playlist: MultivariantPlaylist) -> Iterator[Hit]:
    seen = set()
    for tag in playlist.source.named("EXT-X-SESSION-DATA"):
        if not tag.get("DATA-ID") or (tag.get("VALUE") is None) == (tag.get("URI") is None):
            yield Hit(tag.line, "Session data lacks its DATA-ID, or has not one of VALUE and URI.")
        key = tag.get("DATA-ID"), tag.get("LANGUAGE")
        if key in seen:
            yield Hit(tag.line, "Session data appears twice in the same language.")
        seen.add(key)


@MULTIVARIANT.rule(
    "HLS-E-119",
    "Keys announced for the whole film are plain AES-128 keys.",
    fix="Remove EXT-X-SESSION-KEY, or use METHOD=AES-128 with an https address.",
    source="RFC 8216 4.3.4.5; this portal relays no DRM system",
)
def _session_keys_are_plain(playlist: MultivariantPlaylist) -> Iterator[Hit]:
    for tag in playlist.source.named("EXT-X-SESSION-KEY"):
        if key_fault(tag) is not None or tag.get("METHOD") == "NONE":
            yield Hit(tag.line, "A key announced for the whole film cannot be used.")


@MULTIVARIANT.rule(
    "HLS-E-118",
    "Each address belongs to an EXT-X-STREAM-INF.",
    fix="Put an EXT-X-STREAM-INF line before the address, or remove it.",
    source="RFC 8216 4.3.4.2",
)
def _no_stray_uri(playlist: MultivariantPlaylist) -> Iterator[Hit]:
    for line in playlist.source.stray_uris:
        yield Hit(line, "There is an address without a description of its quality before it.")
