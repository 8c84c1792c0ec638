"""Bit rates and playlist text, from segments of known size."""

from __future__ import annotations

from math import ceil

import m3u8

from portal.demo.packaging.playlists import (
    AudioRendition,
    Bitrate,
    Segment,
    Variant,
    iframe_playlist,
    measure_bitrate,
    media_playlist,
    multivariant_playlist,
    target_duration,
)


def segments(*pairs: tuple[float, int]) -> list[Segment]:
    return [Segment(f"{n}.m4s", duration, size, 100) for n, (duration, size) in enumerate(pairs)]


def variant(name: str, peak: int) -> Variant:
    rate = Bitrate(peak, peak // 2)
    return Variant(f"{name}.m3u8", f"{name}-i.m3u8", rate, rate, "avc1.64001F", 16, 9, 24)


def test_the_peak_is_the_worst_run_of_segments():
    rate = measure_bitrate(segments((2, 1000), (2, 9000), (2, 2000)))
    assert rate == Bitrate(peak=36_000, average=16_000)


def test_a_short_last_segment_counts_only_with_its_neighbour():
    # 0.4 s is less than half a target duration: alone it says nothing of the link needed.
    rate = measure_bitrate(segments((2, 1000), (2, 1000), (0.4, 1000)))
    assert rate.peak == ceil(2000 * 8 / 2.4)


def test_no_rounded_duration_exceeds_the_target():
    assert target_duration(segments((2.4, 1), (1.9, 1))) == 2
    assert target_duration(segments((2.5, 1), (1.9, 1))) == 3


def test_a_media_playlist_reads_back():
    text = media_playlist(segments((2, 10), (1.92, 10)), "init.mp4")
    playlist = m3u8.loads(text)
    assert playlist.is_endlist
    assert playlist.playlist_type == "vod"
    assert playlist.is_independent_segments
    assert playlist.segment_map[0].uri == "init.mp4"
    assert [segment.duration for segment in playlist.segments] == [2, 1.92]


def test_an_iframe_playlist_has_a_range_for_each_segment():
    playlist = m3u8.loads(iframe_playlist(segments((2, 10), (2, 10)), "init.mp4"))
    assert playlist.is_i_frames_only
    assert [segment.byterange for segment in playlist.segments] == ["100@0", "100@0"]


def test_the_middle_variant_is_listed_first_then_upwards():
    audio = AudioRendition("a.m3u8", "Rain", Bitrate(100, 90), "mp4a.40.2")
    variants = [variant("high", 3000), variant("low", 1000), variant("mid", 2000)]
    playlist = m3u8.loads(multivariant_playlist(variants, audio))
    assert [item.uri for item in playlist.playlists] == ["mid.m3u8", "low.m3u8", "high.m3u8"]
    info = playlist.playlists[0].stream_info
    assert info.bandwidth == 2100
    assert info.average_bandwidth == 1090
    assert info.codecs == "avc1.64001F,mp4a.40.2"
    assert len(playlist.iframe_playlists) == 3
