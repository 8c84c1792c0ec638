"""Rewriting: every kind of URI is found, and nothing of the origin is left."""

import re
from pathlib import Path
from urllib.parse import urljoin

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.services.hls_playlists import PlaylistError, UriKind, rewrite, variables_of
from portal.services.hls_playlists.uris import URI_ATTRIBUTES, Resolver

BASE = "https://origin.secret-host.example:8443/vault-dir/film/main.m3u8?sig=abc"
FIXTURES = sorted((Path(__file__).parents[2] / "fixtures" / "m3u8").glob("*.m3u8"))


def collect(text: str, base: str = BASE, **kwargs) -> tuple[str, list[tuple[UriKind, str]]]:
    seen: list[tuple[UriKind, str]] = []

    def replace(kind: UriKind, url: str) -> str:
        seen.append((kind, url))
        return f"u{len(seen)}"

    return rewrite(text, base_url=base, rewrite_uri=replace, **kwargs), seen


def playlist(*lines: str) -> str:
    return "\n".join(["#EXTM3U", *lines, ""])


# Each place where RFC 8216, rfc8216bis or the image playlist extension allows a URI.
PLACES = {
    "variant": ('#EXT-X-STREAM-INF:BANDWIDTH=1,CODECS="a,b"\nx.m3u8', UriKind.PLAYLIST, "x.m3u8"),
    "segment": ("#EXTINF:2,\nx.ts", UriKind.SEGMENT, "x.ts"),
    "caption segment": ("#EXTINF:2,\nx.vtt?a=1", UriKind.CAPTIONS, "x.vtt?a=1"),
    "key": ('#EXT-X-KEY:METHOD=AES-128,URI="x.key"', UriKind.KEY, "x.key"),
    "session key": ('#EXT-X-SESSION-KEY:METHOD=AES-128,URI="x.key"', UriKind.KEY, "x.key"),
    "map": ('#EXT-X-MAP:URI="x.mp4",BYTERANGE="720@0"', UriKind.INIT, "x.mp4"),
    "audio": (
        '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="A",URI="x.m3u8"',
        UriKind.PLAYLIST,
        "x.m3u8",
    ),
    "bare captions": (
        '#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="a",NAME="A",URI="x.webvtt"',
        UriKind.CAPTIONS,
        "x.webvtt",
    ),
    "i-frames": ('#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=1,URI="x.m3u8"', UriKind.PLAYLIST, "x.m3u8"),
    "images": ('#EXT-X-IMAGE-STREAM-INF:BANDWIDTH=1,URI="x.m3u8"', UriKind.PLAYLIST, "x.m3u8"),
    "tiles": ('#EXT-X-TILES:RESOLUTION=1x1,LAYOUT=2x2,URI="x.jpg"', UriKind.SEGMENT, "x.jpg"),
    "session data": ('#EXT-X-SESSION-DATA:DATA-ID="d",URI="x.json"', UriKind.DATA, "x.json"),
    "part": ('#EXT-X-PART:DURATION=0.3,URI="x.mp4"', UriKind.SEGMENT, "x.mp4"),
    "part hint": ('#EXT-X-PRELOAD-HINT:TYPE=PART,URI="x.mp4"', UriKind.SEGMENT, "x.mp4"),
    "map hint": ('#EXT-X-PRELOAD-HINT:TYPE=MAP,URI="x.mp4"', UriKind.INIT, "x.mp4"),
    "report": ('#EXT-X-RENDITION-REPORT:URI="../x.m3u8",LAST-MSN=1', UriKind.PLAYLIST, "../x.m3u8"),
    "steering": (
        '#EXT-X-CONTENT-STEERING:SERVER-URI="/x?a=1",PATHWAY-ID="A"',
        UriKind.DATA,
        "/x?a=1",
    ),
    "interstitial": (
        '#EXT-X-DATERANGE:ID="i",CLASS="com.apple.hls.interstitial",X-ASSET-URI="x.m3u8"',
        UriKind.PLAYLIST,
        "x.m3u8",
    ),
    "asset list": (
        '#EXT-X-DATERANGE:ID="i",CLASS="com.apple.hls.interstitial",X-ASSET-LIST="x.json"',
        UriKind.DATA,
        "x.json",
    ),
}


@pytest.mark.parametrize("name", PLACES)
def test_each_place_of_a_uri_is_rewritten(name: str) -> None:
    line, kind, uri = PLACES[name]
    out, seen = collect(playlist(line))
    assert seen == [(kind, urljoin(BASE, uri))]
    assert line.replace(uri, "u1") in out


@pytest.mark.parametrize("name", PLACES)
def test_a_uri_refused_by_the_caller_takes_its_line_with_it(name: str) -> None:
    out = rewrite(playlist(PLACES[name][0]), base_url=BASE, rewrite_uri=lambda kind, url: None)
    assert out == "#EXTM3U\n"


def test_the_places_cover_every_kind_and_every_attribute() -> None:
    assert {kind for _, kind, _ in PLACES.values()} == set(UriKind)
    lines = "\n".join(line for line, _, _ in PLACES.values())
    for tag, attributes in URI_ATTRIBUTES.items():
        for attribute in attributes:
            assert re.search(rf"#{tag}:.*\b{attribute}=", lines), (tag, attribute)


def test_a_refused_segment_takes_only_its_own_tags() -> None:
    text = playlist(
        "#EXT-X-TARGETDURATION:4",
        "#EXTINF:4,",
        "a.ts",
        "#EXT-X-DISCONTINUITY",
        '#EXT-X-MAP:URI="init.mp4"',
        "#EXT-X-PROGRAM-DATE-TIME:2026-01-01T00:00:00Z",
        "#EXTINF:3,",
        "#EXT-X-BYTERANGE:5@6",
        "ftp://x/b.ts",
        "#EXTINF:2,",
        "c.ts",
    )
    out, _ = collect(text)
    assert out.splitlines() == [
        "#EXTM3U",
        "#EXT-X-TARGETDURATION:4",
        "#EXTINF:4,",
        "u1",
        "#EXT-X-DISCONTINUITY",
        '#EXT-X-MAP:URI="u2"',
        "#EXTINF:2,",
        "u3",
    ]


@pytest.mark.parametrize(
    "uri",
    [
        "x.ts",
        "a/b/x.ts",
        "../x.ts",
        "./x.ts",
        "/x.ts",
        "//other.example/x.ts",
        "https://other.example/x.ts",
        "http://other.example:81/a/../x.ts",
        "?x=1",
        "x.ts?a=/../b",
        "a/./b",
        "a//b",
        "a/.",
        "..",
        "a b.ts",
        "ä.ts",
        "x%2e%2e.ts",
    ],
)
@pytest.mark.parametrize("base", [BASE, "https://h", "http://h/a/../b/c?d=/e/f", "https://h/a;b/c"])
def test_uris_resolve_as_rfc_3986_says(uri: str, base: str) -> None:
    assert Resolver(base).resolve(uri) == urljoin(base, uri)


@pytest.mark.parametrize(
    "uri",
    [
        "",
        "ftp://h/x",
        "skd://key",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "http:x.ts",
        "http:///x.ts",
        "data:text/plain,x",
        "http://[::1",
        "urn:uuid:1",
        "about:blank",
    ],
)
def test_what_is_not_http_is_dropped(uri: str) -> None:
    lines = ["#EXTINF:2,", uri] if uri else []
    # RFC 3986 5.2.2 lets "http:x.ts" be read as relative to an http base only; ours is https.
    out, seen = collect(playlist(*lines, f'#EXT-X-MAP:URI="{uri}"'))
    assert (out, seen) == ("#EXTM3U\n", [])


def test_a_key_in_a_data_uri_stays_only_if_it_is_a_key() -> None:
    key = "data:text/plain;base64,AAECAwQFBgcICQoLDA0ODw=="
    out, seen = collect(playlist(f'#EXT-X-KEY:METHOD=AES-128,URI="{key}"'))
    assert key in out
    assert seen == []
    longer = "data:text/plain;base64,aHR0cHM6Ly9vcmlnaW4uc2VjcmV0LWhvc3QuZXhhbXBsZS8="
    assert collect(playlist(f'#EXT-X-KEY:METHOD=AES-128,URI="{longer}"'))[0] == "#EXTM3U\n"
    assert collect(playlist(f'#EXT-X-MAP:URI="{key}"'))[0] == "#EXTM3U\n"


LEAKS = [
    "# a harmless comment",
    "#",
    "# made by https://origin.secret-host.example/vault-dir",
    "#comment origin.secret-host.example",
    "#EXTINF-not-a-tag:https://origin.secret-host.example/",
    '#EXT-X-VENDOR:URI="x.ts"',
    "#EXT-X-VENDOR:https://origin.secret-host.example/x",
    "#EXT-X-VENDOR:%2F%2Forigin.secret-host.example",
    "#EXT-X-VENDOR:vault-dir/film/x.ts",
    "#EXT-X-VENDOR:host=origin.secret-host.example",
    "#EXT-X-VENDOR:10.1.2.3",
    "#EXT-X-VENDOR:0x7f000001",
    "#EXT-X-PREFETCH:https://origin.secret-host.example/next.ts",
    '#EXT-X-DEFINE:NAME="h",VALUE="https://origin.secret-host.example"',
    "#EXT-X-VENDOR:https:\\/\\/origin.secret-host.example",
    "#EXT-X-VENDOR:aHR0cHM6Ly9vcmlnaW4uc2VjcmV0LWhvc3Q=",
]


@pytest.mark.parametrize("line", LEAKS)
def test_a_line_that_may_name_the_origin_goes(line: str) -> None:
    assert collect(playlist(line))[0] == "#EXTM3U\n"


@pytest.mark.parametrize(
    ("line", "left"),
    [
        ("#EXTINF:2.5,https://origin.secret-host.example/title", "#EXTINF:2.5,"),
        ('#EXTINF:-1 tvg-logo="https://origin.secret-host.example/x.png",T', "#EXTINF:0,"),
        (
            '#EXT-X-SESSION-DATA:DATA-ID="d",VALUE="see https://origin.secret-host.example/"',
            '#EXT-X-SESSION-DATA:DATA-ID="d"',
        ),
        (
            '#EXT-X-DATERANGE:ID="a",X-AD-URL="ads/1",X-COM-TRACKURI="b",PLANNED-DURATION=3',
            '#EXT-X-DATERANGE:ID="a",PLANNED-DURATION=3',
        ),
        (
            '#EXT-X-DATERANGE:ID="a",X-N="ORIGIN.Secret-Host.Example",X-P="/vault-dir/film"',
            '#EXT-X-DATERANGE:ID="a"',
        ),
        (
            '#EXT-X-DATERANGE:ID="a",X-N="origin%2esecret-host%2eexample",X-P="http%3A%2F%2Fb"',
            '#EXT-X-DATERANGE:ID="a"',
        ),
        (
            '#EXT-X-DATERANGE:ID="a",X-N="%77ww.b",X-P="10.1.2.3",X-Q="aHR0cHM6Ly9i"',
            '#EXT-X-DATERANGE:ID="a"',
        ),
        (
            '#EXT-X-STREAM-INF:BANDWIDTH=1,NAME="https://b",X-URI=c, CODECS="avc1.42e00a"',
            '#EXT-X-STREAM-INF:BANDWIDTH=1,CODECS="avc1.42e00a"',
        ),
        (
            '#EXT-X-KEY:METHOD=NONE,KEYFORMAT="https://drm.example/"',
            "#EXT-X-KEY:METHOD=NONE",
        ),
    ],
)
def test_only_the_part_that_may_name_the_origin_goes(line: str, left: str) -> None:
    assert collect(playlist(line))[0] == playlist(left)


def test_tags_without_addresses_stay_as_they_are() -> None:
    lines = [
        "#EXT-X-VERSION:7",
        "#EXT-X-TARGETDURATION:6",
        "#EXT-X-PLAYLIST-TYPE:VOD",
        "#EXT-X-INDEPENDENT-SEGMENTS",
        "#EXT-X-MEDIA-SEQUENCE:3",
        "#EXT-X-DISCONTINUITY-SEQUENCE:2",
        "#EXT-X-START:TIME-OFFSET=-3.5,PRECISE=YES",
        "#EXT-X-PROGRAM-DATE-TIME:2016-06-22T09:20:16.166-04:00",
        "#EXT-X-BITRATE:2000",
        "#EXT-X-CUE-OUT:30.0",
        '#EXT-X-VENDOR:MODE=fast,LABEL="two words"',
        "#EXT-X-ENDLIST",
    ]
    assert collect(playlist(*lines))[0] == playlist(*lines)


def test_a_host_named_by_any_uri_of_the_playlist_is_not_let_through_elsewhere() -> None:
    out, _ = collect(
        playlist(
            '#EXT-X-SESSION-DATA:DATA-ID="cdn-7.example",VALUE="ok"',
            "#EXTINF:2,",
            "https://cdn-7.example/a.ts",
        )
    )
    assert "cdn-7" not in out


def test_a_host_of_one_word_is_not_let_through_either() -> None:
    text = playlist("#EXT-X-VENDOR:FROM=vault7", '#EXT-X-DATERANGE:ID="a",X-FROM="at vault7"')
    assert collect(text, base="https://vault7/x.m3u8")[0] == playlist('#EXT-X-DATERANGE:ID="a"')
    assert "#EXT-X-VENDOR:FROM=vault7" in collect(text)[0]


def test_fragments_are_left_out() -> None:
    assert collect(playlist("x.ts#t=1"))[1] == [(UriKind.SEGMENT, urljoin(BASE, "x.ts"))]


def test_values_of_variables_are_not_read_again_nor_redefined() -> None:
    text = playlist(
        '#EXT-X-DEFINE:NAME="a",VALUE="{$b}"',
        '#EXT-X-DEFINE:NAME="b",VALUE="one"',
        '#EXT-X-DEFINE:NAME="b",VALUE="two"',
        '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="{$b}",NAME="{$a}"',
    )
    # A reference that is left would make players refuse the playlist: nothing defines it any more.
    assert collect(text)[0] == playlist('#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="one",NAME="{ $b}"')


def test_variables_are_substituted_and_never_leave() -> None:
    text = playlist(
        '#EXT-X-DEFINE:NAME="dir",VALUE="deep/er"',
        '#EXT-X-DEFINE:QUERYPARAM="sig"',
        '#EXT-X-DEFINE:IMPORT="cdn"',
        '#EXT-X-MAP:URI="{$cdn}/{$dir}/init.mp4"',
        "#EXTINF:2,",
        "{$dir}/x.ts?s={$sig}",
    )
    out, seen = collect(text, imported={"cdn": "https://cdn.example/a"})
    assert seen == [
        (UriKind.INIT, "https://cdn.example/a/deep/er/init.mp4"),
        (UriKind.SEGMENT, urljoin(BASE, "deep/er/x.ts?s=abc")),
    ]
    assert out == playlist('#EXT-X-MAP:URI="u1"', "#EXTINF:2,", "u2")


def test_variables_of_a_multivariant_playlist_can_be_handed_on() -> None:
    text = playlist('#EXT-X-DEFINE:NAME="a",VALUE="1"', '#EXT-X-DEFINE:QUERYPARAM="sig"')
    assert variables_of(text, url=BASE) == {"a": "1", "sig": "abc"}


@pytest.mark.parametrize(
    "lines",
    [
        ("#EXTINF:2,", "{$nowhere}/x.ts"),
        ('#EXT-X-MAP:URI="{$nowhere}"',),
        ('#EXT-X-DEFINE:IMPORT="cdn"', "{$cdn}"),
        # A definition counts only for the lines below it (RFC 8216bis 4.4.2.3).
        ("{$a}", '#EXT-X-DEFINE:NAME="a",VALUE="1"'),
    ],
)
def test_an_undefined_variable_is_an_error(lines: tuple[str, ...]) -> None:
    with pytest.raises(PlaylistError, match="variable"):
        collect(playlist(*lines))


def test_variables_cannot_blow_a_playlist_up() -> None:
    long = playlist(f'#EXT-X-DEFINE:NAME="a",VALUE="{"x" * 9_000}"', "{$a}{$a}")
    with pytest.raises(PlaylistError, match="too long"):
        collect(long)
    many = playlist(f'#EXT-X-DEFINE:NAME="a",VALUE="{"x" * 9_000}"', *["{$a}"] * 2_000)
    with pytest.raises(PlaylistError, match="too long"):
        collect(many)


@pytest.mark.parametrize(
    "text",
    ["", "\n\n", "<html></html>", "#EXT-X-VERSION:3\n#EXTM3U\n", "#EXTM3U8\n", "a.ts\n#EXTM3U\n"],
)
def test_what_does_not_begin_as_a_playlist_is_refused(text: str) -> None:
    with pytest.raises(PlaylistError, match="EXTM3U"):
        collect(text)


def test_line_ends_and_byte_order_marks_do_not_matter() -> None:
    text = "\ufeff#EXTM3U\r\n \t#EXTINF:2,\r\n\r\n x.ts \r\n#EXT-X-ENDLIST\r#EXT-X-GAP\x00\r\n"
    assert collect(text)[0] == "#EXTM3U\n#EXTINF:2,\nu1\n#EXT-X-ENDLIST\n#EXT-X-GAP\n"


def test_a_result_cannot_break_out_of_its_line() -> None:
    out = rewrite(
        playlist('#EXT-X-MAP:URI="a"'), base_url=BASE, rewrite_uri=lambda kind, url: 'a"\n#EXT-X:b'
    )
    assert out == playlist('#EXT-X-MAP:URI="a%22%0A#EXT-X:b"')


def test_too_many_hosts_or_lines_are_refused() -> None:
    with pytest.raises(PlaylistError, match="servers"):
        collect(playlist(*(f"https://h{n}.example/x.ts" for n in range(200))))
    with pytest.raises(PlaylistError, match="lines"):
        collect(playlist(*["x.ts"] * 200_001))


@pytest.mark.parametrize("base", ["", "/a/b", "ftp://h/a", "https://", "https://h:99999/"])
def test_a_playlist_without_an_http_address_is_refused(base: str) -> None:
    with pytest.raises(PlaylistError, match="address"):
        collect(playlist("x.ts"), base=base)


def absolute(text: str, host: str, folder: str) -> str:
    """The same playlist with every URI absolute, below one host and folder."""

    def make(kind: UriKind, url: str) -> str:
        return f"https://{host}/{folder}/" + url.rpartition("/")[2]

    try:
        return rewrite(text, base_url="https://h/", rewrite_uri=make)
    except PlaylistError:
        return playlist()


FREE_TEXT = st.text(
    st.characters(codec="utf-8", exclude_characters='"\n\r', exclude_categories=["Cs"]), max_size=20
)
HIDING_PLACES = [
    "# {0}",
    "#EXT-X-VENDOR:{0}",
    '#EXT-X-VENDOR:A="{1}{0}"',
    '#EXT-X-SESSION-DATA:DATA-ID="{1}",VALUE="{0}"',
    '#EXT-X-DATERANGE:ID="{1}",X-WHERE="{1}{0}{1}"',
    '#EXT-X-DATERANGE:ID="{1}",X-URI="{0}",X-ASSET-URI="{0}"',
    '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="g",NAME="{1} {0}",URI="{0}"',
    '#EXT-X-CONTENT-STEERING:SERVER-URI="{0}",PATHWAY-ID="{1}"',
    '#EXT-X-DEFINE:NAME="n",VALUE="{0}"\n#EXT-X-MAP:URI="{{$n}}"',
    "#EXTINF:2,{0}\n{0}",
    '#EXT-X-KEY:METHOD=AES-128,URI="{0}",KEYFORMAT="{1}"',
]


@settings(max_examples=300, deadline=None)
@given(
    fixture=st.sampled_from(FIXTURES),
    host=st.from_regex(r"[a-z]{3,8}(-[a-z]{3,8})?\.hidden(\.example)?", fullmatch=True),
    folder=st.from_regex(r"keep[a-z0-9]{3,8}/out[a-z0-9]{3,8}", fullmatch=True),
    lines=st.lists(st.tuples(st.sampled_from(HIDING_PLACES), FREE_TEXT), max_size=6),
    scheme=st.sampled_from(["https://", "http://", "//", "HTTPS://"]),
)
def test_no_host_or_folder_of_the_origin_is_left(fixture, host, folder, lines, scheme) -> None:
    text = absolute(fixture.read_text(), host, folder)
    for template, filler in lines:
        text += template.format(f"{scheme}{host}/{folder}/a.ts", filler) + "\n"
    base = f"https://{host}/{folder}/main.m3u8"
    out, _ = collect(text, base=base)
    for secret in (host, *folder.split("/")):
        assert secret not in out.lower()


@settings(max_examples=300, deadline=None)
@given(
    st.one_of(
        st.text(max_size=400),
        st.lists(
            st.one_of(
                st.sampled_from(
                    [line for place in PLACES.values() for line in place[0].split("\n")]
                ),
                st.sampled_from([line for f in FIXTURES for line in f.read_text().split("\n")]),
                st.text(max_size=30),
                st.builds("#EXT-X-DATERANGE:{}".format, st.text(max_size=30)),
            ),
            max_size=20,
        ).map(lambda lines: playlist(*lines)),
    )
)
def test_any_text_is_rewritten_or_refused_and_a_second_time_changes_nothing(text: str) -> None:
    def same(kind: UriKind, url: str) -> str:
        return url

    try:
        once = rewrite(text, base_url=BASE, rewrite_uri=same)
    except PlaylistError:
        return
    assert rewrite(once, base_url=BASE, rewrite_uri=same) == once
