"""Encode one film and lay it out as CMAF: init, 2 s segments, playlists.

Sound is a rendition of its own: that is what CMAF asks for, all variants share one copy, a
change of quality does not touch the sound that is already buffered, and I-frame ranges hold
video only. Segments of one closed GOP (2 s) keep the first request small, so playing starts early.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from portal.demo.errors import MalformedMedia
from portal.demo.packaging import boxes, playlists
from portal.demo.packaging.ffmpeg import require_output, run_ffmpeg

FRAME_RATE = 24
SEGMENT_S = 2
SAMPLE_RATE = 48_000
MULTIVARIANT = "main.m3u8"


@dataclass(frozen=True, slots=True)
class Rendition:
    """One rung of the ladder; ``max_bitrate`` in bit/s bounds the encoder's buffer model."""

    name: str
    width: int
    height: int
    max_bitrate: int
    crf: float
    x264: str


# x264's fastest preset, with the entropy coding and deblocking that it drops put back: they cost
# little. Dark gradients get more bits (aq-mode 3) where there is enough resolution to see them.
_X264 = "cabac=1:no-deblock=0:deblock=0,0:bframes=2:b-adapt=0:weightp=0:8x8dct=1"
LADDER = (
    Rendition("720p", 1280, 720, 2_400_000, 26.0, f"{_X264}:aq-mode=3"),
    Rendition("480p", 854, 480, 1_000_000, 26.5, f"{_X264}:aq-mode=1"),
    Rendition("360p", 640, 360, 520_000, 26.5, f"{_X264}:aq-mode=1"),
)


@dataclass(frozen=True, slots=True)
class PackagedRendition:
    """A rendition as it lies on disk, with what was measured."""

    name: str
    playlist: str
    codec: str
    bandwidth: int
    average_bandwidth: int
    size: int
    width: int | None = None
    height: int | None = None


def package_film(
    folder: Path,
    frames: Iterable[bytes | memoryview],
    frame_size: tuple[int, int],
    sound: NDArray[np.float32],
    audio_name: str,
) -> list[PackagedRendition]:
    """Encode and package a film into ``folder``: ``main.m3u8`` and a folder per rendition.

    Args:
        folder: An existing, private folder.
        frames: Frames of ``frame_size`` as planar 4:2:0 YCbCr (BT.709, limited range),
            ``FRAME_RATE`` a second.
        frame_size: Width and height of the frames, in pixels.
        sound: Stereo samples, shape ``(n, 2)``, -1..1, at ``SAMPLE_RATE``.
        audio_name: The NAME of the sound rendition, as a player lists it.

    Raises:
        EncodingFailed, OutOfSpace, EncoderMissing: See ``run_ffmpeg``.
        MalformedMedia: ffmpeg's output is not as asked.
    """
    encoded = {rendition: folder / f"{rendition.name}.mp4" for rendition in LADDER}
    run_ffmpeg(_video_arguments(encoded, frame_size), frames)
    audio_file = folder / "audio.mp4"
    run_ffmpeg(_audio_arguments(audio_file), [np.ascontiguousarray(sound, "<f4").tobytes()])

    audio = _package_audio(folder, audio_file, audio_name)
    variants = []
    packaged = []
    for rendition, file in encoded.items():
        variant, entry = _package_video(folder, rendition, file)
        variants.append(variant)
        packaged.append(entry)
    packaged.append(audio[1])
    text = playlists.multivariant_playlist(variants, audio[0])
    (folder / MULTIVARIANT).write_text(text, encoding="utf-8")
    return packaged


def _video_arguments(encoded: dict[Rendition, Path], frame_size: tuple[int, int]) -> list[str]:
    width, height = frame_size
    names = [f"[s{index}]" for index in range(len(encoded))]
    graph = [f"[0:v]split={len(names)}{''.join(names)}"]
    outputs: list[str] = []
    gop = FRAME_RATE * SEGMENT_S
    for index, (rendition, file) in enumerate(encoded.items()):
        graph.append(
            f"[s{index}]scale={rendition.width}:{rendition.height}:"
            f"flags={'bicubic' if index == 0 else 'bilinear'},setsar=1[v{index}]"
        )
        outputs += ["-map", f"[v{index}]", "-c:v", "libx264", "-preset", "ultrafast"]
        outputs += ["-profile:v", "high", "-threads", "1", "-crf", str(rendition.crf)]
        outputs += ["-maxrate", str(rendition.max_bitrate), "-bufsize", str(rendition.max_bitrate)]
        outputs += ["-g", str(gop), "-keyint_min", str(gop), "-sc_threshold", "0"]
        outputs += ["-flags", "+cgop", "-bf", "2", "-x264-params", rendition.x264]
        outputs += ["-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709"]
        outputs += ["-color_range", "tv"]
        outputs += _fragmented(file, "+frag_keyframe")
    source = ["-f", "rawvideo", "-pix_fmt", "yuv420p", "-s", f"{width}x{height}"]
    source += ["-r", str(FRAME_RATE), "-i", "-"]
    return [*source, "-filter_complex", ";".join(graph), *outputs]


def _audio_arguments(file: Path) -> list[str]:
    source = ["-f", "f32le", "-ar", str(SAMPLE_RATE), "-ac", "2", "-i", "-"]
    coding = ["-c:a", "aac", "-b:a", "112k"]
    return [*source, *coding, *_fragmented(file, "", "-frag_duration", str(SEGMENT_S * 1_000_000))]


def _fragmented(file: Path, cut: str, *options: str) -> list[str]:
    flags = f"+cmaf+empty_moov+default_base_moof+negative_cts_offsets{cut}"
    return ["-f", "mp4", "-movflags", flags, "-use_editlist", "0", *options, str(file)]


def _package_video(
    folder: Path, rendition: Rendition, file: Path
) -> tuple[playlists.Variant, PackagedRendition]:
    init, fragments, timescale = _open(file)
    fragments = _start_at_zero(fragments)
    out = folder / rendition.name
    out.mkdir()
    (out / "init.mp4").write_bytes(init)
    segments = []
    for number, fragment in enumerate(fragments):
        key, rest = _split_after_keyframe(fragment)
        head = boxes.write_fragment(key, 2 * number + 1)
        data = head + boxes.write_fragment(rest, 2 * number + 2)
        name = f"{number:04d}.m4s"
        (out / name).write_bytes(data)
        seconds = fragment.duration / timescale
        segments.append(playlists.Segment(name, seconds, len(data), key_length=len(head)))
    (out / "playlist.m3u8").write_text(playlists.media_playlist(segments, "init.mp4"), "utf-8")
    (out / "iframes.m3u8").write_text(playlists.iframe_playlist(segments, "init.mp4"), "utf-8")
    file.unlink()

    bitrate = playlists.measure_bitrate(segments)
    width, height = boxes.read_dimensions(init)
    variant = playlists.Variant(
        uri=f"{rendition.name}/playlist.m3u8",
        iframes_uri=f"{rendition.name}/iframes.m3u8",
        bitrate=bitrate,
        iframes_bitrate=playlists.measure_bitrate(segments, [s.key_length for s in segments]),
        video_codec=boxes.read_codec(init),
        width=width,
        height=height,
        frame_rate=FRAME_RATE,
    )
    return variant, PackagedRendition(
        name=rendition.name,
        playlist=variant.uri,
        codec=variant.video_codec,
        bandwidth=bitrate.peak,
        average_bandwidth=bitrate.average,
        size=sum(segment.size for segment in segments),
        width=width,
        height=height,
    )


def _package_audio(
    folder: Path, file: Path, name: str
) -> tuple[playlists.AudioRendition, PackagedRendition]:
    init, fragments, timescale = _open(file)
    out = folder / "audio"
    out.mkdir()
    (out / "init.mp4").write_bytes(init)
    segments = []
    for number, fragment in enumerate(fragments):
        data = boxes.write_fragment(fragment, number + 1)
        uri = f"{number:04d}.m4s"
        (out / uri).write_bytes(data)
        segments.append(playlists.Segment(uri, fragment.duration / timescale, len(data)))
    (out / "playlist.m3u8").write_text(playlists.media_playlist(segments, "init.mp4"), "utf-8")
    file.unlink()

    bitrate = playlists.measure_bitrate(segments)
    rendition = playlists.AudioRendition(
        "audio/playlist.m3u8", name, bitrate, boxes.read_codec(init)
    )
    return rendition, PackagedRendition(
        name="audio",
        playlist=rendition.uri,
        codec=rendition.codec,
        bandwidth=bitrate.peak,
        average_bandwidth=bitrate.average,
        size=sum(segment.size for segment in segments),
    )


def _open(file: Path) -> tuple[bytes, list[boxes.Fragment], int]:
    init, rest = boxes.split_initialization(require_output(file))
    fragments = list(_merge_short_tail(boxes.read_fragments(rest)))
    if not fragments:
        raise MalformedMedia(f"{file.name} has no fragments.")
    for before, after in pairwise(fragments):
        if before.decode_time + before.duration != after.decode_time:
            raise MalformedMedia(f"{file.name} has a gap at {after.decode_time}.")
    return init, fragments, boxes.read_timescale(init)


def _start_at_zero(fragments: list[boxes.Fragment]) -> list[boxes.Fragment]:
    """Take the encoder's reordering delay out, so that the first picture is shown at 0."""
    delay = fragments[0].samples[0].composition_offset
    return [
        replace(
            fragment,
            samples=tuple(
                replace(sample, composition_offset=sample.composition_offset - delay)
                for sample in fragment.samples
            ),
        )
        for fragment in fragments
    ]


def _merge_short_tail(fragments: Iterator[boxes.Fragment]) -> list[boxes.Fragment]:
    """Join a last sliver of sound (the encoder's padding) to the fragment before it."""
    merged = list(fragments)
    if len(merged) > 1 and 4 * merged[-1].duration < merged[-2].duration:
        tail = merged.pop()
        merged[-1] = replace(merged[-1], samples=merged[-1].samples + tail.samples)
    return merged


def _split_after_keyframe(fragment: boxes.Fragment) -> tuple[boxes.Fragment, boxes.Fragment]:
    """Cut a GOP into its I-frame and the rest, so that the I-frame is a range of its own."""
    first = fragment.samples[0]
    if not first.is_sync or any(sample.is_sync for sample in fragment.samples[1:]):
        raise MalformedMedia("A video fragment is not one closed GOP.")
    if len(fragment.samples) < 2:
        raise MalformedMedia("A video fragment holds a single picture.")
    rest = replace(
        fragment,
        decode_time=fragment.decode_time + first.duration,
        samples=fragment.samples[1:],
    )
    return replace(fragment, samples=(first,)), rest
