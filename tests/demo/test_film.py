"""A built film: what is in the segments is what the playlists say."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import m3u8
import pytest
import webvtt
from PIL import Image

from portal.demo.manifest import DemoManifest, FilmEntry
from portal.demo.packaging import boxes
from portal.demo.packaging.ffmpeg import find_ffmpeg
from tests.demo.conftest import FILM, SECONDS

RENDITIONS = ("720p", "480p", "360p")


@pytest.fixture
def film(demo: DemoManifest) -> FilmEntry:
    return demo.films[FILM]


@pytest.fixture
def folder(demo: DemoManifest, demo_folder: Path) -> Path:
    return demo_folder / "films" / FILM


def load(path: Path) -> m3u8.M3U8:
    return m3u8.loads(path.read_text("utf-8"))


def test_the_multivariant_playlist_says_what_players_need(folder: Path, film: FilmEntry):
    playlist = load(folder / "main.m3u8")
    assert playlist.is_variant
    assert playlist.is_independent_segments
    assert {item.uri.split("/")[0] for item in playlist.playlists} == set(RENDITIONS)
    for item in playlist.playlists:
        info = item.stream_info
        video, audio = info.codecs.split(",")
        assert re.fullmatch(r"avc1\.[0-9A-F]{6}", video)
        assert audio == "mp4a.40.2"
        assert info.frame_rate == 24
        assert info.resolution
        assert info.audio == "stereo"
        assert info.average_bandwidth <= info.bandwidth
    assert [media.type for media in playlist.media] == ["AUDIO"]
    assert playlist.media[0].language == "zxx"
    assert len(playlist.iframe_playlists) == len(RENDITIONS)
    assert not any(media.type == "SUBTITLES" for media in playlist.media)
    assert film.playlist == f"films/{FILM}/main.m3u8"


def test_the_first_variant_is_the_middle_one(folder: Path):
    playlist = load(folder / "main.m3u8")
    assert playlist.playlists[0].uri == "480p/playlist.m3u8"


def test_codecs_and_resolution_are_those_of_the_encoded_files(folder: Path):
    for item in load(folder / "main.m3u8").playlists:
        init = (folder / Path(item.uri).parent / "init.mp4").read_bytes()
        assert item.stream_info.codecs.startswith(boxes.read_codec(init) + ",")
        assert item.stream_info.resolution == boxes.read_dimensions(init)


def test_bandwidth_covers_every_segment(folder: Path):
    audio = load(folder / "audio" / "playlist.m3u8")

    def peak(rendition: Path, playlist: m3u8.M3U8) -> float:
        sizes = [(rendition / s.uri).stat().st_size * 8 / s.duration for s in playlist.segments]
        return max(sizes)

    sound = peak(folder / "audio", audio)
    for item in load(folder / "main.m3u8").playlists:
        rendition = folder / Path(item.uri).parent
        media = load(folder / item.uri)
        assert item.stream_info.bandwidth >= peak(rendition, media)
        assert item.stream_info.bandwidth <= peak(rendition, media) + sound + 2
        total = sum((rendition / s.uri).stat().st_size for s in media.segments)
        seconds = sum(s.duration for s in media.segments)
        assert item.stream_info.average_bandwidth >= total * 8 / seconds


@pytest.mark.parametrize("rendition", [*RENDITIONS, "audio"])
def test_media_playlists_agree_with_the_segments(folder: Path, rendition: str):
    playlist = load(folder / rendition / "playlist.m3u8")
    assert playlist.is_endlist
    assert playlist.playlist_type == "vod"
    assert sum(s.duration for s in playlist.segments) == pytest.approx(SECONDS, abs=0.03)
    timescale = boxes.read_timescale((folder / rendition / "init.mp4").read_bytes())
    at = 0
    for segment in playlist.segments:
        assert segment.duration <= playlist.target_duration + 0.5
        found = list(boxes.read_fragments((folder / rendition / segment.uri).read_bytes()))
        assert found[0].decode_time == at
        length = sum(fragment.duration for fragment in found)
        assert segment.duration == pytest.approx(length / timescale, abs=1e-4)
        at += length


def test_variants_switch_at_the_same_places(folder: Path):
    durations = {
        tuple(s.duration for s in load(folder / name / "playlist.m3u8").segments)
        for name in RENDITIONS
    }
    assert durations == {(2.0,) * (SECONDS // 2)}


@pytest.mark.parametrize("rendition", RENDITIONS)
def test_iframe_ranges_are_whole_fragments_with_one_keyframe(folder: Path, rendition: str):
    playlist = load(folder / rendition / "iframes.m3u8")
    assert playlist.is_i_frames_only
    assert len(playlist.segments) == SECONDS // 2
    for segment in playlist.segments:
        length, start = (int(part) for part in segment.byterange.split("@"))
        data = (folder / rendition / segment.uri).read_bytes()
        part = data[start : start + length]
        assert [box.type for box in boxes.iterate_boxes(part)] == ["moof", "mdat"]
        (fragment,) = boxes.read_fragments(part)
        assert len(fragment.samples) == 1
        assert fragment.samples[0].is_sync
        later = [sample for f in boxes.read_fragments(data[length:]) for sample in f.samples]
        assert not any(sample.is_sync for sample in later)


@pytest.mark.parametrize("rendition", RENDITIONS)
def test_the_first_picture_is_shown_at_zero(folder: Path, rendition: str):
    first = (folder / rendition / "0000.m4s").read_bytes()
    fragment = next(iter(boxes.read_fragments(first)))
    assert fragment.decode_time + fragment.samples[0].composition_offset == 0


@pytest.mark.parametrize("rendition", [*RENDITIONS, "audio"])
def test_a_decoder_reads_it_to_the_end_without_complaint(folder: Path, rendition: str):
    playlist = folder / rendition / "playlist.m3u8"
    command = [find_ffmpeg(), "-v", "warning", "-i", str(playlist), "-f", "null", "-"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0
    assert done.stderr == ""


def test_the_storyboard_covers_the_film(folder: Path, film: FilmEntry):
    assert film.storyboard == f"films/{FILM}/storyboard.vtt"
    cues = webvtt.read(str(folder / "storyboard.vtt"))
    with Image.open(folder / "storyboard.webp") as sprite:
        width, height = sprite.size
    end_before = 0.0
    for cue in cues:
        assert cue.start_in_seconds == end_before
        end_before = cue.end_in_seconds
        found = re.fullmatch(r"storyboard\.webp#xywh=(\d+),(\d+),(\d+),(\d+)", cue.text)
        assert found
        x, y, w, h = (int(part) for part in found.groups())
        assert (w, h) == (160, 90)
        assert x + w <= width
        assert y + h <= height
    assert end_before == SECONDS


def test_the_manifest_lists_renditions_and_captions(demo_folder: Path, film: FilmEntry):
    assert film.duration_s == SECONDS
    assert {item.name for item in film.renditions} == {*RENDITIONS, "audio"}
    assert [(item.language, item.label) for item in film.captions] == [
        ("en", "English"),
        ("pt", "Português"),
        ("ar", "العربية"),
    ]
    for item in film.captions:
        assert (demo_folder / item.path).read_text("utf-8").startswith("WEBVTT\n")
