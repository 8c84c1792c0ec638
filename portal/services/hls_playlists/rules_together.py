"""Rules about all playlists of a film together (HLS-*-3xx)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from portal.services.hls_playlists.model import (
    MediaPlaylist,
    MultivariantPlaylist,
    Playlist,
    Rendition,
    Variant,
)
from portal.services.hls_playlists.rules import Hit, RuleSet
from portal.services.hls_playlists.rules_words import nth


@dataclass(frozen=True, slots=True)
class Film:
    """The playlists of one film, as far as they were fetched.

    Attributes:
        source: What the film's address leads to.
        children: What the addresses in a multivariant playlist lead to, by these addresses.
    """

    source: Playlist
    children: Mapping[str, Playlist]

    @property
    def multivariant(self) -> MultivariantPlaylist | None:
        """The multivariant playlist, None where the source is a media playlist."""
        return self.source if isinstance(self.source, MultivariantPlaylist) else None

    def media(self, entry: Variant | Rendition) -> MediaPlaylist | None:
        """The media playlist of a variant or rendition."""
        child = self.children.get(entry.url or "")
        return child if isinstance(child, MediaPlaylist) else None

    def variants(self) -> list[tuple[Variant, MediaPlaylist]]:
        """Variants whose media playlist is known and has segments, each playlist once."""
        found: dict[str, tuple[Variant, MediaPlaylist]] = {}
        for variant in self.multivariant.variants if self.multivariant else ():
            media = self.media(variant)
            if media is not None and media.segments:
                found.setdefault(variant.url or "", (variant, media))
        return list(found.values())


TOGETHER: RuleSet[Film] = RuleSet()

_PEAK_TOLERANCE = 1.1
"""Apple: the measured peak bit rate of VOD is within 10 % of BANDWIDTH."""


@TOGETHER.rule(
    "HLS-E-301",
    "What a multivariant playlist lists are media playlists.",
    fix="Let each address lead to a list of segments.",
    source="RFC 8216 4.3.4.1, 4.3.4.2, 4.3.4.3",
)
def _children_are_media(film: Film) -> Iterator[Hit]:
    main = film.multivariant
    if main is None:
        return
    entries: list[Variant | Rendition] = [
        *main.variants,
        *main.renditions,
        *main.i_frame_variants,
    ]
    for entry in entries:
        if isinstance(film.children.get(entry.url or ""), MultivariantPlaylist):
            yield Hit(entry.line, "The address leads to another list of qualities, not segments.")


@TOGETHER.rule(
    "HLS-E-302",
    "Discontinuities are at the same times in all variants.",
    fix="Package all qualities in one run, with the same cuts.",
    source="RFC 8216 6.2.4",
)
def _discontinuities_agree(film: Film) -> Iterator[Hit]:
    variants = film.variants()
    for variant, media in variants[1:]:
        first = variants[0][1]
        ours, theirs = _discontinuities(media), _discontinuities(first)
        tolerance_s = max(media.target_duration_s or 0, 1) / 2
        if (
            media.discontinuity_sequence != first.discontinuity_sequence
            or len(ours) != len(theirs)
            or any(abs(a - b) > tolerance_s for a, b in zip(ours, theirs, strict=True))
        ):
            yield Hit(
                variant.line,
                f"{nth(variant)} has discontinuities at other times than the first one.",
            )


@TOGETHER.rule(
    "HLS-E-303",
    "All variants are equally long.",
    fix="Package the film again; one quality is incomplete.",
    source="RFC 8216 6.2.4",
)
def _durations_agree(film: Film) -> Iterator[Hit]:
    variants = film.variants()
    if not variants:
        return
    longest_s = max(media.duration_s for _, media in variants)
    for variant, media in variants:
        if longest_s - media.duration_s > max(media.target_duration_s or 0, 1):
            yield Hit(
                variant.line,
                f"{nth(variant)} lasts {media.duration_s:.1f} s, another quality "
                f"{longest_s:.1f} s.",
            )


@TOGETHER.rule(
    "HLS-E-304",
    "I-frame variants lead to playlists with EXT-X-I-FRAMES-ONLY, and variants do not.",
    fix="Swap the addresses, or add or remove EXT-X-I-FRAMES-ONLY.",
    source="RFC 8216 4.3.3.6, 4.3.4.3",
)
def _i_frames_where_expected(film: Film) -> Iterator[Hit]:
    main = film.multivariant
    if main is None:
        if isinstance(film.source, MediaPlaylist) and film.source.i_frames_only:
            yield Hit(None, "The source has single pictures only (EXT-X-I-FRAMES-ONLY).")
        return
    for entries, expected in ((main.variants, False), (main.i_frame_variants, True)):
        for entry in entries:
            media = film.media(entry)
            if media is not None and media.i_frames_only is not expected:
                what = "has single pictures only" if media.i_frames_only else "has no I-frame list"
                yield Hit(entry.line, f"The playlist of this line {what}.")


@TOGETHER.rule(
    "HLS-E-305",
    "Audio renditions last as long as the film.",
    fix="Package the film again; one language is incomplete.",
    source="RFC 8216 4.3.4.1.1, 6.2.4",
)
def _audio_is_complete(film: Film) -> Iterator[Hit]:
    variants = film.variants()
    if film.multivariant is None or not variants:
        return
    longest_s = max(media.duration_s for _, media in variants)
    for rendition in film.multivariant.renditions:
        media = film.media(rendition)
        if rendition.type != "AUDIO" or media is None or not media.segments:
            continue
        if longest_s - media.duration_s > max(media.target_duration_s or 0, 1):
            yield Hit(
                rendition.line,
                f'The audio "{(rendition.name or "")[:60]}" lasts {media.duration_s:.1f} s, the '
                f"film {longest_s:.1f} s.",
            )


@TOGETHER.rule(
    "HLS-M-301",
    "All variants have the same target duration.",
    fix="Package all qualities with the same segment length.",
    source="RFC 8216 6.2.4",
)
def _target_durations_agree(film: Film) -> Iterator[Hit]:
    variants = [v for v in film.variants() if v[1].target_duration_s]
    for variant, media in variants[1:]:
        if media.target_duration_s != variants[0][1].target_duration_s:
            yield Hit(variant.line, f"{nth(variant)} has another target duration than the first.")


@TOGETHER.rule(
    "HLS-M-302",
    "BANDWIDTH is not below the real peak bit rate.",
    fix="State the measured peak of video and audio together as BANDWIDTH.",
    source="RFC 8216 4.3.4.2; Apple HLS authoring specification",
)
def _bandwidth_is_true(film: Film) -> Iterator[Hit]:
    for variant, media in film.variants():
        # Sizes are known where segments are byte ranges; a segment is the peak over its duration.
        rates = [
            segment.byterange.length * 8 / segment.duration_s
            for segment in media.segments
            if segment.byterange is not None and segment.duration_s and segment.duration_s >= 1
        ]
        stated = variant.bandwidth_bps
        if rates and stated and max(rates) > stated * _PEAK_TOLERANCE:
            yield Hit(
                variant.line,
                f"{nth(variant)} states {stated / 1e6:.2f} Mbit/s, but needs up to "
                f"{max(rates) / 1e6:.2f}.",
            )


@TOGETHER.rule(
    "HLS-M-303",
    "There is a multivariant playlist.",
    fix="Use the address of the multivariant playlist, or package the film in several qualities.",
    source="Apple HLS authoring specification",
)
def _is_multivariant(film: Film) -> Iterator[Hit]:
    if film.multivariant is None:
        yield Hit(None, "The source is a single quality; it cannot adapt to the connection.")


@TOGETHER.rule(
    "HLS-S-301",
    "There is a keyframe every 2 seconds.",
    fix="Encode with a keyframe every 2 seconds, so that seeking is quick and exact.",
    source="Apple HLS authoring specification",
)
def _keyframes(film: Film) -> Iterator[Hit]:
    for variant in film.multivariant.i_frame_variants if film.multivariant else ():
        media = film.media(variant)
        if media is None or not media.i_frames_only:
            continue
        longest_s = max((segment.duration_s or 0 for segment in media.segments), default=0)
        if longest_s > 2.1:  # 2 s at 23.976 frames a second are 2.002 s
            yield Hit(variant.line, f"Keyframes are up to {longest_s:.1f} s apart.")


def _discontinuities(media: MediaPlaylist) -> list[float]:
    """Times in seconds from the start; one before the first segment is none."""
    times = []
    at = 0.0
    for segment in media.segments:
        if segment.discontinuity and at > 0:
            times.append(at)
        at += segment.duration_s or 0.0
    return times
