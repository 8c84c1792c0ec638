"""Reading: sixty public playlists beside what their authors read in them, and any text at all."""

import contextlib
import json
from pathlib import Path
from urllib.parse import urljoin

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.services.hls_playlists import (
    ByteRange,
    CaptionRendition,
    Finding,
    Level,
    MediaPlaylist,
    MultivariantPlaylist,
    PlaylistError,
    add_captions,
    check_all,
    parse,
    rewrite,
)

BASE = "https://origin.example/a/main.m3u8"
FOLDER = Path(__file__).parents[2] / "fixtures" / "m3u8"
NAMES = sorted(path.stem for path in FOLDER.glob("*.m3u8"))
EXPECTED = json.loads((Path(__file__).parent / "expected_findings.json").read_text())


def text_of(name: str) -> str:
    return (FOLDER / f"{name}.m3u8").read_bytes().decode()


def short(finding: Finding) -> str:
    return f"{finding.id}@{finding.line}" + (f"+{finding.more}" if finding.more else "")


def test_there_are_sixty_fixtures_each_with_an_expectation() -> None:
    assert len(NAMES) == 60
    assert sorted(EXPECTED) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_findings_of_each_fixture(name: str) -> None:
    """The expectations were read through by hand beside the playlists."""
    assert [short(finding) for finding in check_all(parse(text_of(name), BASE))] == EXPECTED[name]


@pytest.mark.parametrize("name", NAMES)
def test_reading_agrees_with_the_authors_or_there_is_an_error_that_says_why_not(name: str) -> None:
    """Their parser repairs what is broken (durations, offsets, types); ours reports it."""
    theirs = json.loads((FOLDER / f"{name}.json").read_text())
    playlist = parse(text_of(name), BASE)
    if isinstance(playlist, MultivariantPlaylist):
        same = multivariant_of(playlist) == their_multivariant(theirs)
    else:
        same = media_of(playlist) == their_media(theirs)
    errors = [f for f in check_all(playlist) if f.level is Level.ERROR]
    assert same or errors
    # What they read without repairing has to be read the same even beside errors.
    if isinstance(playlist, MediaPlaylist):
        uris = [s["uri"] for s in theirs.get("segments", []) if "uri" in s]
        assert [segment.url for segment in playlist.segments] == [urljoin(BASE, u) for u in uris]


def multivariant_of(playlist: MultivariantPlaylist) -> tuple:
    return (
        [(v.url, v.bandwidth_bps, v.resolution, v.audio, v.subtitles) for v in playlist.variants],
        sorted((r.type, r.group_id, r.name, r.default, r.url or "") for r in playlist.renditions),
        [(v.url, v.bandwidth_bps) for v in playlist.i_frame_variants],
    )


def their_multivariant(theirs: dict) -> tuple:
    def size(attributes: dict) -> tuple[int, int] | None:
        given = attributes.get("RESOLUTION")
        return (given["width"], given["height"]) if given else None

    variants = []
    for entry in theirs["playlists"]:
        attributes = entry.get("attributes", {})
        variants.append(
            (
                urljoin(BASE, entry["uri"]),
                attributes.get("BANDWIDTH"),
                size(attributes),
                attributes.get("AUDIO"),
                attributes.get("SUBTITLES"),
            )
        )
    renditions = sorted(
        (kind, group, name, media["default"], urljoin(BASE, media["uri"]) if "uri" in media else "")
        for kind, groups in theirs["mediaGroups"].items()
        for group, members in groups.items()
        for name, media in members.items()
    )
    i_frames = [
        (urljoin(BASE, entry["uri"]), entry["attributes"]["BANDWIDTH"])
        for entry in theirs.get("iFramePlaylists", [])
    ]
    return variants, renditions, i_frames


def media_of(playlist: MediaPlaylist) -> tuple:
    return (
        playlist.target_duration_s,
        playlist.endlist,
        playlist.media_sequence,
        playlist.discontinuity_sequence,
        playlist.playlist_type,
        [
            (
                segment.url,
                segment.duration_s,
                segment.byterange,
                segment.discontinuity,
                segment.init and segment.init.url,
                segment.keys[0].url if segment.keys else None,
            )
            for segment in playlist.segments
        ],
    )


def their_media(theirs: dict) -> tuple:
    def uri(entry: dict | None) -> str | None:
        return urljoin(BASE, entry["uri"]) if entry else None

    return (
        theirs.get("targetDuration"),
        theirs.get("endList", False),
        theirs.get("mediaSequence"),
        theirs.get("discontinuitySequence"),
        theirs.get("playlistType"),
        [
            (
                urljoin(BASE, segment["uri"]),
                segment.get("duration"),
                ByteRange(**segment["byterange"]) if "byterange" in segment else None,
                segment.get("discontinuity", False),
                uri(segment.get("map")),
                uri(segment.get("key")),
            )
            for segment in theirs.get("segments", [])
            if "uri" in segment
        ],
    )


def test_a_multivariant_playlist_is_measured() -> None:
    playlist = parse(text_of("master-fmp4"), BASE)
    assert isinstance(playlist, MultivariantPlaylist)
    variant = playlist.variants[0]
    assert (variant.bandwidth_bps, variant.average_bandwidth_bps) == (2215219, 2165224)
    assert variant.codecs == ("avc1.640020", "mp4a.40.2")
    assert (variant.resolution, variant.frame_rate) == ((960, 540), 59.94)
    assert (variant.audio, variant.subtitles, variant.closed_captions) == ("aud1", "sub1", "cc1")
    kinds = [rendition.type for rendition in playlist.renditions]
    assert kinds == ["AUDIO"] * 3 + ["SUBTITLES", "CLOSED-CAPTIONS"]
    assert len(playlist.i_frame_variants) == 6
    # Several variants differ in their audio only and share a video playlist.
    assert len(set(playlist.media_urls)) == len(playlist.media_urls)
    assert variant.url in playlist.media_urls


def test_a_media_playlist_is_measured() -> None:
    text = """#EXTM3U
#EXT-X-VERSION:8
#EXT-X-TARGETDURATION:4
#EXT-X-MEDIA-SEQUENCE:7
#EXT-X-DISCONTINUITY-SEQUENCE:2
#EXT-X-PLAYLIST-TYPE:VOD
#EXT-X-DEFINE:NAME="dir",VALUE="deep"
#EXT-X-DEFINE:IMPORT="cdn"
#EXT-X-KEY:METHOD=AES-128,URI="k1",IV=0x1
#EXT-X-KEY:METHOD=SAMPLE-AES,URI="skd://k",KEYFORMAT="com.apple.streamingkeydelivery"
#EXT-X-MAP:URI="{$cdn}/all.mp4",BYTERANGE="720@0"
#EXTINF:4.5, a title
#EXT-X-BYTERANGE:100@720
{$dir}/all.mp4
#EXTINF:4
#EXT-X-BYTERANGE:50
{$dir}/all.mp4
#EXT-X-DISCONTINUITY
#EXT-X-KEY:METHOD=NONE
#EXT-X-GAP
#EXT-X-PROGRAM-DATE-TIME:2026-01-01T00:00:00Z
#EXTINF:.5,
other.mp4
#EXT-X-ENDLIST
"""
    playlist = parse(text, BASE, imported={"cdn": "https://cdn.example"})
    assert isinstance(playlist, MediaPlaylist)
    assert playlist.duration_s == 9.0
    assert (playlist.media_sequence, playlist.discontinuity_sequence) == (7, 2)
    assert (playlist.endlist, playlist.playlist_type) == (True, "VOD")
    assert playlist.source.variables == {"dir": "deep", "cdn": "https://cdn.example"}
    first, second, third = playlist.segments
    assert first.url == "https://origin.example/a/deep/all.mp4"
    assert (first.byterange, second.byterange) == (ByteRange(100, 720), ByteRange(50, 820))
    assert first.init is not None
    assert (first.init.url, first.init.byterange) == (
        "https://cdn.example/all.mp4",
        ByteRange(720, 0),
    )
    assert [(key.method, key.url, key.iv) for key in first.keys] == [
        ("AES-128", "https://origin.example/a/k1", "0x1"),
        ("SAMPLE-AES", None, None),
    ]
    assert (third.keys, third.discontinuity, third.gap) == ((), True, True)
    assert third.program_date_time == "2026-01-01T00:00:00Z"
    assert (second.discontinuity, second.gap, second.program_date_time) == (False, False, None)
    assert "origin.example" not in repr(playlist)


LINES = st.one_of(
    st.sampled_from(sorted({line for n in NAMES for line in text_of(n).splitlines()})),
    st.text(max_size=40),
    st.builds(
        "#EXT-X-{}:{}={}".format,
        st.sampled_from(["MEDIA", "STREAM-INF", "KEY", "MAP", "DEFINE", "START", "SESSION-DATA"]),
        st.sampled_from(["URI", "TYPE", "NAME", "METHOD", "BANDWIDTH", "TIME-OFFSET", "IMPORT"]),
        st.one_of(st.text(max_size=10), st.text(max_size=10).map('"{}"'.format)),
    ),
)


@settings(max_examples=400, deadline=None)
@given(
    st.one_of(st.text(max_size=300), st.lists(LINES, max_size=25).map("\n".join)),
    st.booleans(),
)
def test_any_text_is_read_and_checked_or_refused(text: str, begins: bool) -> None:
    try:
        playlist = parse(f"#EXTM3U\n{text}" if begins else text, BASE)
    except PlaylistError:
        return
    lines = text.count("\n") + text.count("\r") + 2
    for finding in check_all(playlist):
        assert finding.message.endswith(".")
        assert "origin.example" not in finding.message
        assert finding.line is None or 1 <= finding.line <= lines


@pytest.mark.parametrize("url", ["", "main.m3u8", "ftp://h/x", "https://"])
def test_an_address_is_needed(url: str) -> None:
    with pytest.raises(PlaylistError):
        parse("#EXTM3U", url)


def test_a_huge_text_is_refused() -> None:
    with pytest.raises(PlaylistError, match="lines"):
        parse("#EXTM3U\n" + "x\n" * 300_000, BASE)


HOSTILE = {
    "key systems": "".join(
        f'#EXT-X-KEY:METHOD=AES-128,URI="k",KEYFORMAT="f{n}"\n' for n in range(20_000)
    )
    + "x.ts\n" * 50_000,
    "digits": "#EXT-X-VENDOR:" + "1" * 2_000_000,
    "variants": "".join(f"#EXT-X-STREAM-INF:BANDWIDTH=1\nv{n}\n" for n in range(20_000)),
    "groups": "".join(
        f'#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="g{n}",NAME="n",URI="u"\n' for n in range(20_000)
    )
    + "#EXT-X-STREAM-INF:BANDWIDTH=1\nx.m3u8",
    "commas": "#EXT-X-MEDIA:" + "a," * 1_000_000,
    "open quotes": '#EXT-X-MEDIA:A="' * 100_000,
    "blanks": "#EXT-X-MEDIA:" + " " * 2_000_000 + "=",
    "dots": "../" * 600_000,
}


@pytest.mark.timeout(60)  # each takes about a second; with one quadratic step it takes minutes
@pytest.mark.parametrize("name", HOSTILE)
def test_time_grows_no_faster_than_the_text(name: str) -> None:
    text = f"#EXTM3U\n{HOSTILE[name]}\n"
    check_all(parse(text, BASE))
    rewrite(text, base_url=BASE, rewrite_uri=lambda kind, url: "x")
    with contextlib.suppress(PlaylistError):
        add_captions(text, [CaptionRendition("English", "en", "u")], replace=False)
