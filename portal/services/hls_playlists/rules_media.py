"""Rules about media playlists (HLS-*-2xx)."""

import re
from collections.abc import Iterator
from datetime import datetime

from portal.services.hls_playlists.model import MediaPlaylist
from portal.services.hls_playlists.parsing import byte_range, integer, segment_duration
from portal.services.hls_playlists.rules import Hit, RuleSet
from portal.services.hls_playlists.rules_any import start_offset
from portal.services.hls_playlists.rules_words import key_fault

MEDIA: RuleSet[MediaPlaylist] = RuleSet()

_FMP4 = (".m4s", ".mp4", ".m4v", ".m4a", ".cmfv", ".cmfa", ".cmft")
_SEGMENT_TAGS = ("EXTINF", "EXT-X-BYTERANGE", "EXT-X-DISCONTINUITY")


@MEDIA.rule(
    "HLS-E-201",
    "There is at least one segment.",
    fix="Check that packaging has finished and that the address leads to the right playlist.",
    source="RFC 8216 4",
)
def _has_segments(playlist: MediaPlaylist) -> Iterator[Hit]:
    if not playlist.segments:
        yield Hit(None, "The playlist lists nothing to play.")


@MEDIA.rule(
    "HLS-E-202",
    "EXT-X-TARGETDURATION is there.",
    fix="Add EXT-X-TARGETDURATION with the longest segment duration, rounded, in seconds.",
    source="RFC 8216 4.3.3.1",
)
def _has_a_target_duration(playlist: MediaPlaylist) -> Iterator[Hit]:
    if not playlist.source.named("EXT-X-TARGETDURATION"):
        yield Hit(None, "The playlist does not state its target duration.")


@MEDIA.rule(
    "HLS-E-203",
    "EXT-X-TARGETDURATION is a whole number of seconds above 0.",
    fix="Write the longest segment duration, rounded, for example #EXT-X-TARGETDURATION:6.",
    source="RFC 8216 4.3.3.1",
)
def _target_duration_is_a_number(playlist: MediaPlaylist) -> Iterator[Hit]:
    for tag in playlist.source.named("EXT-X-TARGETDURATION"):
        if not integer(tag.value):
            yield Hit(tag.line, "The target duration is not a whole number of seconds.")


@MEDIA.rule(
    "HLS-E-204",
    "No segment is longer than the target duration when rounded.",
    fix="Raise EXT-X-TARGETDURATION to the longest segment, or package the film again.",
    source="RFC 8216 4.3.3.1",
)
def _segments_fit(playlist: MediaPlaylist) -> Iterator[Hit]:
    target_s = playlist.target_duration_s
    for segment in playlist.segments:
        # Half a second rounds up here (RFC 8216 says "nearest"); Python's round would not.
        if target_s and segment.duration_s and int(segment.duration_s + 0.5) > target_s:
            yield Hit(
                segment.line,
                f"A segment is {segment.duration_s:g} s long, the target duration is {target_s} s.",
            )


@MEDIA.rule(
    "HLS-E-205",
    "Each EXTINF is a number of seconds.",
    fix="Write the segment's duration and a comma, for example '#EXTINF:6.006,'.",
    source="RFC 8216 4.3.2.1",
)
def _durations_are_numbers(playlist: MediaPlaylist) -> Iterator[Hit]:
    for tag in playlist.source.named("EXTINF"):
        if segment_duration(tag.value) is None:
            yield Hit(tag.line, "The duration of a segment is not a number.")


@MEDIA.rule(
    "HLS-E-206",
    "Each segment has an EXTINF.",
    fix="Put an EXTINF line with the segment's duration before its address.",
    source="RFC 8216 4.3.2.1",
)
def _segments_have_a_duration(playlist: MediaPlaylist) -> Iterator[Hit]:
    for line in playlist.source.stray_uris:
        yield Hit(line, "A segment does not state its duration (EXTINF).")


@MEDIA.rule(
    "HLS-E-207",
    "Each EXTINF is followed by the address of its segment.",
    fix="Put the segment's address after EXTINF, or remove the line.",
    source="RFC 8216 4.3.2.1",
)
def _durations_have_a_segment(playlist: MediaPlaylist) -> Iterator[Hit]:
    for line in playlist.source.uriless:
        yield Hit(line, "A segment's duration is given, but its address is missing.")


@MEDIA.rule(
    "HLS-E-208",
    "The playlist is complete: it has EXT-X-ENDLIST.",
    fix="Finish packaging, which adds #EXT-X-ENDLIST. Live streams cannot be published as films.",
    source="RFC 8216 4.3.3.4",
)
def _is_complete(playlist: MediaPlaylist) -> Iterator[Hit]:
    if not playlist.endlist:
        yield Hit(None, "The playlist does not say that it is complete; players wait for more.")


@MEDIA.rule(
    "HLS-E-209",
    "Byte ranges are numbers: length, or length@offset.",
    fix="Write for example #EXT-X-BYTERANGE:75232@0.",
    source="RFC 8216 4.3.2.2",
)
def _byte_ranges_are_numbers(playlist: MediaPlaylist) -> Iterator[Hit]:
    for tag in playlist.source.named("EXT-X-BYTERANGE"):
        parsed = byte_range(tag.value)
        if parsed is None or parsed.length == 0:
            yield Hit(tag.line, "A byte range is malformed or empty.")


@MEDIA.rule(
    "HLS-E-210",
    "A byte range without an offset follows a range of the same file.",
    fix="Write the offset: #EXT-X-BYTERANGE:length@offset.",
    source="RFC 8216 4.3.2.2",
)
def _offsets_are_known(playlist: MediaPlaylist) -> Iterator[Hit]:
    for segment in playlist.segments:
        if segment.byterange is not None and segment.byterange.offset is None:
            yield Hit(segment.line, "It is not clear where in its file this segment begins.")


@MEDIA.rule(
    "HLS-E-211",
    "EXT-X-MAP has a URI, and its BYTERANGE is length@offset.",
    fix='Write for example #EXT-X-MAP:URI="init.mp4",BYTERANGE="720@0".',
    source="RFC 8216 4.3.2.5",
)
def _init_sections_are_sound(playlist: MediaPlaylist) -> Iterator[Hit]:
    for tag in playlist.source.named("EXT-X-MAP"):
        if not tag.get("URI"):
            yield Hit(tag.line, "An initialization section has no address (URI).")
        given = tag.get("BYTERANGE")
        if given is not None and byte_range(given) is None:
            yield Hit(tag.line, "The byte range of an initialization section is malformed.")


@MEDIA.rule(
    "HLS-E-212",
    "Encryption keys are complete, and plain: AES-128 or SAMPLE-AES with a key file.",
    fix="Package the film without DRM; METHOD=AES-128 with an https address is fine.",
    source="RFC 8216 4.3.2.4; this portal relays no DRM system",
)
def _keys_are_sound(playlist: MediaPlaylist) -> Iterator[Hit]:
    for tag in playlist.source.named("EXT-X-KEY"):
        fault = key_fault(tag)
        if fault is not None:
            yield Hit(tag.line, f"The key {fault}.")


@MEDIA.rule(
    "HLS-E-213",
    "EXT-X-MEDIA-SEQUENCE and EXT-X-DISCONTINUITY-SEQUENCE are whole numbers.",
    fix="Write for example #EXT-X-MEDIA-SEQUENCE:0, or remove the line.",
    source="RFC 8216 4.3.3.2, 4.3.3.3",
)
def _sequences_are_numbers(playlist: MediaPlaylist) -> Iterator[Hit]:
    for tag in playlist.source.named("EXT-X-MEDIA-SEQUENCE", "EXT-X-DISCONTINUITY-SEQUENCE"):
        if integer(tag.value) is None:
            yield Hit(tag.line, f"{tag.name} is not a whole number.")


@MEDIA.rule(
    "HLS-E-214",
    "EXT-X-MEDIA-SEQUENCE and EXT-X-DISCONTINUITY-SEQUENCE are before the first segment.",
    fix="Move the line to the head of the playlist.",
    source="RFC 8216 4.3.3.2, 4.3.3.3",
)
def _sequences_are_at_the_head(playlist: MediaPlaylist) -> Iterator[Hit]:
    begun = False
    for tag in playlist.source.tags:
        begun = begun or tag.name in _SEGMENT_TAGS
        if begun and tag.name in ("EXT-X-MEDIA-SEQUENCE", "EXT-X-DISCONTINUITY-SEQUENCE"):
            yield Hit(tag.line, f"{tag.name} is not at the head of the playlist.")


@MEDIA.rule(
    "HLS-E-215",
    "EXT-X-PLAYLIST-TYPE is VOD or EVENT.",
    fix="Write #EXT-X-PLAYLIST-TYPE:VOD.",
    source="RFC 8216 4.3.3.5",
)
def _type_is_known(playlist: MediaPlaylist) -> Iterator[Hit]:
    for tag in playlist.source.named("EXT-X-PLAYLIST-TYPE"):
        if tag.value not in ("VOD", "EVENT"):
            yield Hit(tag.line, "The playlist type is neither VOD nor EVENT.")


@MEDIA.rule(
    "HLS-E-216",
    "Fragmented MP4 segments have an initialization section (EXT-X-MAP).",
    fix='Add #EXT-X-MAP:URI="..." before the first segment.',
    source="RFC 8216 3.3, 4.3.2.5",
)
def _fmp4_has_init(playlist: MediaPlaylist) -> Iterator[Hit]:
    if playlist.source.named("EXT-X-SKIP"):
        return  # the section may be in the part that is left out
    for segment in playlist.segments:
        path = (segment.url or "").partition("?")[0].lower()
        if path.endswith(_FMP4) and segment.init is None:
            yield Hit(segment.line, "An MP4 segment has no initialization section.")
            return


@MEDIA.rule(
    "HLS-E-217",
    "The playlist is whole, not the difference to an earlier one.",
    fix="Use the address without _HLS_skip.",
    source="RFC 8216bis 4.4.5.2",
)
def _is_whole(playlist: MediaPlaylist) -> Iterator[Hit]:
    for tag in playlist.source.named("EXT-X-SKIP"):
        yield Hit(tag.line, "The playlist leaves out segments that an earlier one listed.")


@MEDIA.rule(
    "HLS-E-218",
    "Segments last longer than nothing.",
    fix="State the real durations, or remove the empty segments.",
    source="RFC 8216 4.3.2.1",
)
def _lasts(playlist: MediaPlaylist) -> Iterator[Hit]:
    if playlist.segments and playlist.duration_s == 0:
        yield Hit(None, "All segments together last 0 seconds.")


@MEDIA.rule(
    "HLS-M-201",
    "A complete playlist has EXT-X-PLAYLIST-TYPE:VOD.",
    fix="Add #EXT-X-PLAYLIST-TYPE:VOD.",
    source="Apple HLS authoring specification",
)
def _is_vod(playlist: MediaPlaylist) -> Iterator[Hit]:
    if playlist.endlist and playlist.playlist_type in (None, "EVENT"):
        yield Hit(None, "The playlist does not say that it is a film on demand (VOD).")


@MEDIA.rule(
    "HLS-M-202",
    "EXT-X-START lies within the film.",
    fix="Choose a TIME-OFFSET that is shorter than the film.",
    source="RFC 8216 4.3.5.2",
)
def _start_is_within(playlist: MediaPlaylist) -> Iterator[Hit]:
    for tag in playlist.source.named("EXT-X-START"):
        if abs(start_offset(tag) or 0) > playlist.duration_s > 0:
            yield Hit(tag.line, "The film would start outside of itself.")


@MEDIA.rule(
    "HLS-M-203",
    "EXT-X-PROGRAM-DATE-TIME is an ISO 8601 time.",
    fix="Write for example #EXT-X-PROGRAM-DATE-TIME:2026-11-27T18:00:00.000Z, or remove it.",
    source="RFC 8216 4.3.2.6",
)
def _dates_are_dates(playlist: MediaPlaylist) -> Iterator[Hit]:
    for tag in playlist.source.named("EXT-X-PROGRAM-DATE-TIME"):
        if not _is_time(tag.value):
            yield Hit(tag.line, "The date of a segment is not an ISO 8601 time.")


@MEDIA.rule(
    "HLS-S-201",
    "Segments are about 6 seconds long.",
    fix="Package with segments of 2 to 6 seconds: shorter ones start and switch faster.",
    source="Apple HLS authoring specification",
)
def _segments_are_short(playlist: MediaPlaylist) -> Iterator[Hit]:
    if playlist.i_frames_only or not playlist.segments:
        return
    longest = max(playlist.segments, key=lambda segment: segment.duration_s or 0)
    if (longest.duration_s or 0) > 10 and not _is_text(longest.url):
        yield Hit(longest.line, f"The longest segment has {longest.duration_s:g} seconds.")


@MEDIA.rule(
    "HLS-S-202",
    "No segment is missing (EXT-X-GAP).",
    fix="Package the missing part again.",
    source="RFC 8216bis 4.4.4.7",
)
def _no_gaps(playlist: MediaPlaylist) -> Iterator[Hit]:
    for segment in playlist.segments:
        if segment.gap:
            yield Hit(segment.line, "A segment is marked as missing; players skip it.")


def _is_text(url: str | None) -> bool:
    return (url or "").partition("?")[0].lower().endswith((".vtt", ".webvtt", ".ttml"))


def _is_time(text: str) -> bool:
    try:
        # Python 3.11 reads all of ISO 8601 but a colonless hour offset such as +0100.
        datetime.fromisoformat(re.sub(r"([+-]\d\d)(\d\d)$", r"\1:\2", text))
    except ValueError:
        return False
    return "T" in text
