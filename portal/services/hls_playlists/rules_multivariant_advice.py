"""Rules about multivariant playlists that players get by without (HLS-M-1xx, HLS-S-1xx)."""

import re
from collections import defaultdict
from collections.abc import Iterator

import langcodes

from portal.services.hls_playlists.model import MultivariantPlaylist, Rendition
from portal.services.hls_playlists.rules import Hit, RuleSet
from portal.services.hls_playlists.rules_words import called, groups_of, nth, with_video

MULTIVARIANT_ADVICE: RuleSet[MultivariantPlaylist] = RuleSet()


@MULTIVARIANT_ADVICE.rule(
    "HLS-M-101",
    "Each variant states its CODECS.",
    fix='Add for example CODECS="avc1.64001f,mp4a.40.2"; players skip what they cannot play.',
    source="Apple HLS authoring specification",
)
def _codecs(playlist: MultivariantPlaylist) -> Iterator[Hit]:
    for variant in playlist.variants:
        if not variant.codecs:
            yield Hit(variant.line, f"{nth(variant)} does not state its CODECS.")


@MULTIVARIANT_ADVICE.rule(
    "HLS-M-102",
    "Each variant with video states its RESOLUTION.",
    fix="Add RESOLUTION, for example RESOLUTION=1280x720.",
    source="Apple HLS authoring specification",
)
def _resolution(playlist: MultivariantPlaylist) -> Iterator[Hit]:
    for variant in with_video(playlist):
        if variant.resolution is None:
            yield Hit(variant.line, f"{nth(variant)} does not state its RESOLUTION.")


@MULTIVARIANT_ADVICE.rule(
    "HLS-M-103",
    "Each variant with video states its FRAME-RATE.",
    fix="Add FRAME-RATE, for example FRAME-RATE=23.976.",
    source="Apple HLS authoring specification",
)
def _frame_rate(playlist: MultivariantPlaylist) -> Iterator[Hit]:
    for variant in with_video(playlist):
        if not variant.frame_rate:
            yield Hit(variant.line, f"{nth(variant)} does not state its FRAME-RATE.")


@MULTIVARIANT_ADVICE.rule(
    "HLS-M-104",
    "Each variant states its AVERAGE-BANDWIDTH.",
    fix="Add AVERAGE-BANDWIDTH in bits a second; players choose qualities better with it.",
    source="Apple HLS authoring specification",
)
def _average_bandwidth(playlist: MultivariantPlaylist) -> Iterator[Hit]:
    for variant in playlist.variants:
        if not variant.average_bandwidth_bps:
            yield Hit(variant.line, f"{nth(variant)} does not state its AVERAGE-BANDWIDTH.")


@MULTIVARIANT_ADVICE.rule(
    "HLS-M-105",
    "EXT-X-INDEPENDENT-SEGMENTS is there.",
    fix="Add #EXT-X-INDEPENDENT-SEGMENTS if each segment begins with a keyframe, as it has to.",
    source="Apple HLS authoring specification",
)
def _independent_segments(playlist: MultivariantPlaylist) -> Iterator[Hit]:
    if not playlist.source.independent_segments:
        yield Hit(None, "The playlist does not say that its segments can be decoded on their own.")


@MULTIVARIANT_ADVICE.rule(
    "HLS-M-106",
    "Audio, subtitle and closed-caption renditions state their LANGUAGE.",
    fix='Add LANGUAGE, for example LANGUAGE="en".',
    source="Apple HLS authoring specification",
)
def _language(playlist: MultivariantPlaylist) -> Iterator[Hit]:
    for rendition in playlist.renditions:
        if rendition.type in ("AUDIO", "SUBTITLES", "CLOSED-CAPTIONS") and not rendition.language:
            yield Hit(rendition.line, f"{called(rendition)} does not state its LANGUAGE.")


@MULTIVARIANT_ADVICE.rule(
    "HLS-M-107",
    "There are several bit rates.",
    fix="Offer at least two qualities, so that the film plays on slow connections too.",
    source="Apple HLS authoring specification",
)
def _several_bit_rates(playlist: MultivariantPlaylist) -> Iterator[Hit]:
    if len({variant.url or variant.line for variant in playlist.variants}) == 1:
        yield Hit(playlist.variants[0].line, "There is only one quality.")


@MULTIVARIANT_ADVICE.rule(
    "HLS-M-108",
    "There are I-frame playlists.",
    fix="Add EXT-X-I-FRAME-STREAM-INF; they give previews while seeking on Apple devices.",
    source="Apple HLS authoring specification",
)
def _i_frames(playlist: MultivariantPlaylist) -> Iterator[Hit]:
    if with_video(playlist) and not playlist.i_frame_variants:
        yield Hit(None, "There is no I-frame playlist.")


@MULTIVARIANT_ADVICE.rule(
    "HLS-M-109",
    "AVERAGE-BANDWIDTH is not above BANDWIDTH.",
    fix="Measure both again: BANDWIDTH is the peak, AVERAGE-BANDWIDTH the average.",
    source="RFC 8216 4.3.4.2",
)
def _average_below_peak(playlist: MultivariantPlaylist) -> Iterator[Hit]:
    for variant in playlist.variants:
        if (variant.average_bandwidth_bps or 0) > (variant.bandwidth_bps or float("inf")):
            yield Hit(variant.line, f"{nth(variant)} has an average bit rate above its peak.")


@MULTIVARIANT_ADVICE.rule(
    "HLS-M-110",
    "Subtitles are on all variants or on none, and so is other audio.",
    fix="Name a group of the same TYPE on every EXT-X-STREAM-INF.",
    source="RFC 8216 4.3.4.2.1; Apple HLS authoring specification",
)
def _groups_on_all(playlist: MultivariantPlaylist) -> Iterator[Hit]:
    for kind, groups in (
        ("Subtitles", [variant.subtitles for variant in playlist.variants]),
        ("Audio groups", [v.audio for v in playlist.variants if v.has_video]),
    ):
        if any(groups) and not all(groups):
            yield Hit(None, f"{kind} are given for some qualities only: they vanish on a switch.")


@MULTIVARIANT_ADVICE.rule(
    "HLS-S-101",
    "Captions are in the playlist.",
    fix="Nothing, if the portal has captions for this film: it adds them. Else upload some.",
    source="Apple HLS authoring specification; WCAG 1.2.2",
)
def _captions(playlist: MultivariantPlaylist) -> Iterator[Hit]:
    if not any(r.type in ("SUBTITLES", "CLOSED-CAPTIONS") for r in playlist.renditions):
        yield Hit(None, "The source brings no captions or subtitles of its own.")


@MULTIVARIANT_ADVICE.rule(
    "HLS-S-102",
    "LANGUAGE is a BCP 47 tag in its shortest form.",
    fix="Write for example en, fr, pt-BR or zh-Hant.",
    source="RFC 8216 4.3.4.1; RFC 5646 2.2.1",
)
def _language_tags(playlist: MultivariantPlaylist) -> Iterator[Hit]:
    for rendition in playlist.renditions:
        if rendition.language and not _is_shortest_tag(rendition.language):
            yield Hit(rendition.line, f"{called(rendition)} has an unusual LANGUAGE.")


@MULTIVARIANT_ADVICE.rule(
    "HLS-S-103",
    "Groups of a type offer the same renditions.",
    fix="Give each group the same names and languages, so that a switch of quality keeps them.",
    source="RFC 8216 4.3.4.1.1",
)
def _groups_match(playlist: MultivariantPlaylist) -> Iterator[Hit]:
    by_type: dict[str, list[list[Rendition]]] = defaultdict(list)
    for (kind, _), members in groups_of(playlist).items():
        by_type[kind].append(members)
    for groups in by_type.values():
        names = [{(member.name, member.language) for member in members} for members in groups]
        for members, offered in zip(groups[1:], names[1:], strict=True):
            if offered != names[0]:
                kind = members[0].type.lower().replace("-", " ")
                yield Hit(members[0].line, f"Groups of {kind} differ in what they offer.")


def _is_shortest_tag(tag: str) -> bool:
    if not re.fullmatch(r"[A-Za-z0-9-]{2,35}", tag) or not langcodes.tag_is_valid(tag):
        return False
    first = tag.partition("-")[0].lower()
    return len(first) == 2 or langcodes.standardize_tag(first).partition("-")[0] == first
