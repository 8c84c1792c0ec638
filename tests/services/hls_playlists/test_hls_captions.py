"""Captions as renditions of a multivariant playlist, and the playlists of the tracks themselves."""

import m3u8
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from portal.services.hls_playlists import (
    CaptionRendition,
    PlaylistError,
    add_captions,
    captions_playlist,
    wrap_media_playlist,
)

ENGLISH = CaptionRendition("English", "en", "captions/en.m3u8", default=True, sdh=True)
GERMAN = CaptionRendition("Deutsch", "de", "captions/de.m3u8", autoselect=False)
PLAIN = """#EXTM3U
#EXT-X-VERSION:6
#EXT-X-INDEPENDENT-SEGMENTS
#EXT-X-STREAM-INF:BANDWIDTH=1000,CODECS="avc1.42e00a,mp4a.40.2"
lo.m3u8
#EXT-X-STREAM-INF:BANDWIDTH=2000
hi.m3u8
"""
WITH_SUBTITLES = """#EXTM3U
#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="aud",NAME="English",DEFAULT=YES,AUTOSELECT=YES,URI="a.m3u8"
#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="s1",NAME="English",DEFAULT=YES,AUTOSELECT=YES,URI="s.m3u8"
#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="s2",NAME="Other",DEFAULT=YES,AUTOSELECT=YES,URI="t.m3u8"
#EXT-X-STREAM-INF:BANDWIDTH=1000,AUDIO="aud",SUBTITLES="s1"
lo.m3u8
#EXT-X-STREAM-INF:BANDWIDTH=2000,AUDIO="aud",SUBTITLES="s2"
hi.m3u8
#EXT-X-STREAM-INF:BANDWIDTH=3000,AUDIO="aud"
top.m3u8
"""


def subtitles(text: str) -> list:
    return [media for media in m3u8.loads(text).media if media.type == "SUBTITLES"]


def test_tracks_become_renditions_of_every_variant() -> None:
    out = add_captions(PLAIN, [ENGLISH, GERMAN])
    english, german = subtitles(out)
    assert (english.name, english.language, english.uri) == ("English", "en", "captions/en.m3u8")
    assert (english.default, english.autoselect, english.forced) == ("YES", "YES", "NO")
    assert english.characteristics == (
        "public.accessibility.transcribes-spoken-dialog,"
        "public.accessibility.describes-music-and-sound"
    )
    assert (german.default, german.autoselect, german.characteristics) == ("NO", "NO", None)
    parsed = m3u8.loads(out)
    assert {p.stream_info.subtitles for p in parsed.playlists} == {english.group_id}
    assert parsed.playlists[0].stream_info.codecs == "avc1.42e00a,mp4a.40.2"
    assert out.index("EXT-X-MEDIA:") < out.index("EXT-X-STREAM-INF")


def test_the_portals_tracks_replace_those_of_the_source() -> None:
    out = add_captions(WITH_SUBTITLES, [ENGLISH])
    assert [media.uri for media in subtitles(out)] == ["captions/en.m3u8"]
    parsed = m3u8.loads(out)
    assert len({p.stream_info.subtitles for p in parsed.playlists}) == 1
    assert {p.stream_info.audio for p in parsed.playlists} == {"aud"}
    assert [m.uri for m in parsed.media if m.type == "AUDIO"] == ["a.m3u8"]


def test_the_portals_tracks_can_join_each_group_of_the_source() -> None:
    out = add_captions(WITH_SUBTITLES, [ENGLISH, GERMAN], replace=False)
    groups: dict[str, list] = {}
    for media in subtitles(out):
        groups.setdefault(media.group_id, []).append(media)
    assert set(groups) == {"s1", "s2", "portal-captions"}
    for members in groups.values():
        names = [media.name for media in members]
        assert len(set(names)) == len(names)
        assert [media.uri for media in members if media.default == "YES"] == ["captions/en.m3u8"]
    assert {media.name for media in groups["s1"]} == {"English", "English (2)", "Deutsch"}
    used = [p.stream_info.subtitles for p in m3u8.loads(out).playlists]
    assert used == ["s1", "s2", "portal-captions"]


def test_without_a_default_of_ours_theirs_stays() -> None:
    out = add_captions(WITH_SUBTITLES, [GERMAN], replace=False)
    assert [m.uri for m in subtitles(out) if m.default == "YES"] == ["s.m3u8", "t.m3u8"]


def test_only_the_first_of_several_defaults_is_it() -> None:
    tracks = [CaptionRendition(f"T{n}", "en", f"{n}.m3u8", default=n > 0) for n in range(3)]
    assert [
        media.uri for media in subtitles(add_captions(PLAIN, tracks)) if media.default == "YES"
    ] == ["1.m3u8"]


def test_adding_twice_changes_nothing_more() -> None:
    once = add_captions(WITH_SUBTITLES, [ENGLISH, GERMAN])
    assert add_captions(once, [ENGLISH, GERMAN]) == once


def test_without_tracks_the_text_is_left_alone() -> None:
    assert add_captions(WITH_SUBTITLES, []) == WITH_SUBTITLES


def test_a_media_playlist_has_to_be_wrapped_first() -> None:
    media = "#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\na.ts\n"
    with pytest.raises(PlaylistError, match="multivariant"):
        add_captions(media, [ENGLISH])
    wrapped = wrap_media_playlist(
        "media.m3u8",
        bandwidth_bps=3_000_000,
        average_bandwidth_bps=2_000_000,
        codecs="avc1.4d401f,mp4a.40.2",
        resolution=(1280, 720),
        frame_rate=24000 / 1001,
    )
    (variant,) = m3u8.loads(add_captions(wrapped, [ENGLISH])).playlists
    assert variant.uri == "media.m3u8"
    info = variant.stream_info
    assert (info.bandwidth, info.average_bandwidth) == (3_000_000, 2_000_000)
    assert (info.codecs, info.resolution, info.frame_rate) == (
        "avc1.4d401f,mp4a.40.2",
        (1280, 720),
        23.976,
    )
    assert info.subtitles == "portal-captions"


def test_a_default_track_may_be_selected_by_itself() -> None:
    track = CaptionRendition("English", "en", "en.m3u8", default=True, autoselect=False)
    (media,) = subtitles(add_captions(PLAIN, [track]))
    assert (media.default, media.autoselect) == ("YES", "YES")


@example(['one "two"\n{$three}'])
@given(st.lists(st.text(), min_size=1, max_size=5))
def test_any_name_makes_a_readable_line_and_is_unique(names: list[str]) -> None:
    tracks = [CaptionRendition(name, "en", f"{n}.m3u8") for n, name in enumerate(names)]
    out = add_captions(PLAIN, tracks)
    assert out.count("\n") == PLAIN.count("\n") + len(names)
    assert "{$" not in out
    media = [line for line in out.split("\n") if line.startswith("#EXT-X-MEDIA:")]
    assert len({line.split('NAME="')[1].split('"')[0] for line in media}) == len(names)


@pytest.mark.parametrize("duration_s", [0.04, 2.0, 7199.9996, 7200.0, 7200.4, 7200.5])
def test_a_caption_playlist_is_one_segment_as_long_as_the_film(duration_s: float) -> None:
    parsed = m3u8.loads(captions_playlist(duration_s, "en.vtt?v=3"))
    (segment,) = parsed.segments
    assert segment.uri == "en.vtt?v=3"
    assert segment.duration == pytest.approx(duration_s, abs=0.001)
    assert parsed.is_endlist
    assert parsed.target_duration >= round(segment.duration)


@pytest.mark.parametrize("duration_s", [0, -1, float("nan"), float("inf")])
def test_a_caption_playlist_needs_a_duration(duration_s: float) -> None:
    with pytest.raises(ValueError, match="duration"):
        captions_playlist(duration_s, "en.vtt")
