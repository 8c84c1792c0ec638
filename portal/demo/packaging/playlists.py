"""HLS playlist text from measured values (RFC 8216, Apple's authoring specification)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil


@dataclass(frozen=True, slots=True)
class Segment:
    """A media segment as written: ``size`` in bytes, ``key_length`` of its leading I-frame."""

    uri: str
    duration_s: float
    size: int
    key_length: int = 0


@dataclass(frozen=True, slots=True)
class Bitrate:
    """Measured bit rates in bit/s: the peak and the average over the whole rendition."""

    peak: int
    average: int


@dataclass(frozen=True, slots=True)
class Variant:
    """What the multivariant playlist says of one video rendition."""

    uri: str
    iframes_uri: str
    bitrate: Bitrate
    iframes_bitrate: Bitrate
    video_codec: str
    width: int
    height: int
    frame_rate: float


@dataclass(frozen=True, slots=True)
class AudioRendition:
    """What the multivariant playlist says of the sound, shared by all variants."""

    uri: str
    name: str
    bitrate: Bitrate
    codec: str


def target_duration(segments: Sequence[Segment]) -> int:
    """EXT-X-TARGETDURATION in whole seconds: no rounded EXTINF may exceed it (4.3.3.1)."""
    return max(1, *(int(segment.duration_s + 0.5) for segment in segments))


def measure_bitrate(segments: Sequence[Segment], sizes: Sequence[int] | None = None) -> Bitrate:
    """Measure peak and average as RFC 8216 4.3.4.2 defines them.

    The peak is the largest bit rate of any contiguous run of segments that lasts between half
    and one and a half target durations.

    Args:
        segments: All segments of the rendition, in order.
        sizes: Bytes to count instead of each segment's size (for I-frame playlists).
    """
    sizes = [segment.size for segment in segments] if sizes is None else sizes
    target = target_duration(segments)
    peak = 0.0
    for first in range(len(segments)):
        duration, size = 0.0, 0
        for index in range(first, len(segments)):
            duration += segments[index].duration_s
            size += sizes[index]
            if duration > 1.5 * target:
                break
            if duration >= 0.5 * target:
                peak = max(peak, size * 8 / duration)
    average = sum(sizes) * 8 / sum(segment.duration_s for segment in segments)
    return Bitrate(peak=ceil(max(peak, average)), average=ceil(average))


def media_playlist(segments: Sequence[Segment], init_uri: str) -> str:
    """Return a complete VOD media playlist."""
    lines = _media_head(segments, init_uri)
    for segment in segments:
        lines += [f"#EXTINF:{segment.duration_s:.5f},", segment.uri]
    return _text([*lines, "#EXT-X-ENDLIST"])


def iframe_playlist(segments: Sequence[Segment], init_uri: str) -> str:
    """Return the I-frame playlist: for each segment the byte range of its first picture.

    Every segment starts with a fragment that holds the keyframe alone, so a range is a complete
    ``moof`` + ``mdat``; its EXTINF is the time to the next I-frame (RFC 8216 4.3.3.6).
    """
    lines = _media_head(segments, init_uri)
    lines.insert(lines.index("#EXT-X-PLAYLIST-TYPE:VOD") + 1, "#EXT-X-I-FRAMES-ONLY")
    for segment in segments:
        lines += [
            f"#EXTINF:{segment.duration_s:.5f},",
            f"#EXT-X-BYTERANGE:{segment.key_length}@0",
            segment.uri,
        ]
    return _text([*lines, "#EXT-X-ENDLIST"])


def multivariant_playlist(variants: Sequence[Variant], audio: AudioRendition) -> str:
    """Return the multivariant playlist.

    The middle variant is listed first, the others follow from the lowest up: players that follow
    Apple's rule start with the first one (HLS authoring specification 9.21: it should suit the
    typical link), hls.js sorts by itself and starts where its configuration says.
    """
    ordered = sorted(variants, key=lambda variant: variant.bitrate.peak)
    ordered.insert(0, ordered.pop(len(ordered) // 2))
    lines = [
        "#EXTM3U",
        "#EXT-X-VERSION:7",
        "#EXT-X-INDEPENDENT-SEGMENTS",
        # The sound is music and weather: "zxx" is BCP 47 for "no linguistic content".
        f'#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="stereo",NAME="{audio.name}",LANGUAGE="zxx",'
        f'DEFAULT=YES,AUTOSELECT=YES,CHANNELS="2",URI="{audio.uri}"',
    ]
    for variant in ordered:
        lines += [
            "#EXT-X-STREAM-INF:"
            f"BANDWIDTH={variant.bitrate.peak + audio.bitrate.peak},"
            f"AVERAGE-BANDWIDTH={variant.bitrate.average + audio.bitrate.average},"
            f'CODECS="{variant.video_codec},{audio.codec}",'
            f"RESOLUTION={variant.width}x{variant.height},"
            f"FRAME-RATE={variant.frame_rate:.3f},"
            'VIDEO-RANGE=SDR,AUDIO="stereo",CLOSED-CAPTIONS=NONE',
            variant.uri,
        ]
    for variant in ordered:
        lines.append(
            "#EXT-X-I-FRAME-STREAM-INF:"
            f"BANDWIDTH={variant.iframes_bitrate.peak},"
            f"AVERAGE-BANDWIDTH={variant.iframes_bitrate.average},"
            f'CODECS="{variant.video_codec}",'
            f"RESOLUTION={variant.width}x{variant.height},"
            f'VIDEO-RANGE=SDR,URI="{variant.iframes_uri}"'
        )
    return _text(lines)


def _media_head(segments: Sequence[Segment], init_uri: str) -> list[str]:
    return [
        "#EXTM3U",
        "#EXT-X-VERSION:7",
        f"#EXT-X-TARGETDURATION:{target_duration(segments)}",
        "#EXT-X-MEDIA-SEQUENCE:0",
        "#EXT-X-PLAYLIST-TYPE:VOD",
        "#EXT-X-INDEPENDENT-SEGMENTS",
        f'#EXT-X-MAP:URI="{init_uri}"',
    ]


def _text(lines: list[str]) -> str:
    return "\n".join(lines) + "\n"
