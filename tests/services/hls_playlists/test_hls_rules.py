"""The rule table: a good film breaks no rule, and for each rule a film that breaks it."""

import re

import pytest

from portal.services.hls_playlists import (
    RULES,
    Finding,
    Level,
    MediaPlaylist,
    MultivariantPlaylist,
    check_all,
    check_media,
    check_multivariant,
    parse,
)

BASE = "https://origin.example/film/"
MAIN = """#EXTM3U
#EXT-X-VERSION:6
#EXT-X-INDEPENDENT-SEGMENTS
#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="aud",NAME="English",LANGUAGE="en",DEFAULT=YES,AUTOSELECT=YES,URI="a.m3u8"
#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="sub",NAME="English",LANGUAGE="en",DEFAULT=NO,AUTOSELECT=YES,FORCED=NO,URI="s.m3u8"
#EXT-X-MEDIA:TYPE=CLOSED-CAPTIONS,GROUP-ID="cc",NAME="English",LANGUAGE="en",INSTREAM-ID="CC1"
#EXT-X-STREAM-INF:BANDWIDTH=2000000,AVERAGE-BANDWIDTH=1000000,CODECS="avc1.64001f,mp4a.40.2",RESOLUTION=640x360,FRAME-RATE=24.000,AUDIO="aud",SUBTITLES="sub",CLOSED-CAPTIONS="cc"
lo.m3u8
#EXT-X-STREAM-INF:BANDWIDTH=4000000,AVERAGE-BANDWIDTH=2000000,CODECS="avc1.64001f,mp4a.40.2",RESOLUTION=1280x720,FRAME-RATE=24.000,AUDIO="aud",SUBTITLES="sub",CLOSED-CAPTIONS="cc"
hi.m3u8
#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=100000,CODECS="avc1.64001f",RESOLUTION=640x360,URI="i.m3u8"
"""
MEDIA = """#EXTM3U
#EXT-X-VERSION:6
#EXT-X-TARGETDURATION:4
#EXT-X-MEDIA-SEQUENCE:0
#EXT-X-PLAYLIST-TYPE:VOD
#EXT-X-KEY:METHOD=AES-128,URI="key.bin",IV=0x00000000000000000000000000000001
#EXT-X-MAP:URI="all.mp4",BYTERANGE="720@0"
#EXTINF:4.000,
#EXT-X-BYTERANGE:500000@720
all.mp4
#EXT-X-DISCONTINUITY
#EXTINF:4.000,
#EXT-X-BYTERANGE:500000
all.mp4
#EXTINF:2.500,
#EXT-X-BYTERANGE:250000
all.mp4
#EXT-X-ENDLIST
"""
I_FRAMES = """#EXTM3U
#EXT-X-VERSION:6
#EXT-X-TARGETDURATION:2
#EXT-X-PLAYLIST-TYPE:VOD
#EXT-X-I-FRAMES-ONLY
#EXT-X-MAP:URI="i.mp4",BYTERANGE="720@0"
#EXTINF:2.002,
#EXT-X-BYTERANGE:5000@720
i.mp4
#EXT-X-ENDLIST
"""
SUBTITLES = """#EXTM3U
#EXT-X-VERSION:6
#EXT-X-TARGETDURATION:11
#EXT-X-PLAYLIST-TYPE:VOD
#EXTINF:10.500,
en.vtt
#EXT-X-ENDLIST
"""
FILM = {
    "main": MAIN,
    "a.m3u8": MEDIA,
    "s.m3u8": SUBTITLES,
    "lo.m3u8": MEDIA,
    "hi.m3u8": MEDIA,
    "i.m3u8": I_FRAMES,
}
SECOND_AUDIO = '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="aud",NAME="Deutsch",LANGUAGE="de",URI="a.m3u8"\n'


def check(film: dict[str, str], scheme: str = "https") -> list[Finding]:
    base = BASE.replace("https", scheme)
    playlists = {base + name: parse(text, base + name) for name, text in film.items()}
    source = playlists.pop(base + "main")
    return check_all(source, playlists)


def main(old: str, new: str) -> dict[str, str]:
    assert old in MAIN
    return {**FILM, "main": MAIN.replace(old, new, 1)}


def every(old: str, new: str) -> dict[str, str]:
    """All media playlists changed alike, so that they still agree."""
    assert old in MEDIA
    changed = MEDIA.replace(old, new, 1)
    return {**FILM, "a.m3u8": changed, "lo.m3u8": changed, "hi.m3u8": changed}


def hi(old: str, new: str) -> dict[str, str]:
    assert old in MEDIA
    return {**FILM, "hi.m3u8": MEDIA.replace(old, new, 1)}


# For each rule: films, each of which breaks it.
BROKEN: dict[str, list[dict[str, str]]] = {
    "HLS-E-001": [
        main("#EXTM3U\n", ""),
        main("#EXTM3U\n", "# made today\n#EXTM3U\n"),
        {"main": ""},
        {"main": "<!DOCTYPE html><html></html>"},
        {"main": '<?xml version="1.0"?><MPD></MPD>'},
        {"main": '{"error": "gone"}'},
    ],
    "HLS-E-002": [main("#EXT-X-VERSION:6\n", "#EXT-X-VERSION:6\n#EXT-X-VERSION:7\n")],
    "HLS-E-003": [main("VERSION:6", "VERSION:six"), main("VERSION:6", "VERSION:0")],
    "HLS-E-004": [main("#EXT-X-INDEP", "#EXT-X-TARGETDURATION:4\n#EXT-X-INDEP")],
    "HLS-E-005": [main("lo.m3u8", "{$host}/lo.m3u8"), every('"key.bin"', '"{$k}"')],
    "HLS-E-006": [main("BANDWIDTH=2000000", "BANDWIDTH=2000000,BANDWIDTH=3000000")],
    "HLS-E-007": [main("hi.m3u8", "ftp://h/hi.m3u8"), every('URI="all.mp4"', 'URI="file:///a"')],
    "HLS-E-008": [every("#EXT-X-ENDLIST\n", "#EXT-X-ENDLIST\n#EXT-X-ENDLIST\n")],
    "HLS-E-009": [
        main("#EXT-X-INDEP", '#EXT-X-DEFINE:VALUE="x"\n#EXT-X-INDEP'),
        main("#EXT-X-INDEP", '#EXT-X-DEFINE:NAME="x"\n#EXT-X-INDEP'),
        main("#EXT-X-INDEP", '#EXT-X-DEFINE:IMPORT="x"\n#EXT-X-INDEP'),
        main("#EXT-X-INDEP", '#EXT-X-DEFINE:NAME="x",VALUE="1"\n' * 2 + "#EXT-X-INDEP"),
    ],
    "HLS-E-010": [
        main("#EXT-X-INDEP", "#EXT-X-START:PRECISE=YES\n#EXT-X-INDEP"),
        main("#EXT-X-INDEP", "#EXT-X-START:TIME-OFFSET=soon\n#EXT-X-INDEP"),
    ],
    "HLS-M-001": [main("#EXT-X-INDEP", "# \x00\n#EXT-X-INDEP"), every("0,\n", "0,\ufffd\n")],
    "HLS-M-002": [
        every("VERSION:6", "VERSION:5"),
        {**FILM, "s.m3u8": SUBTITLES.replace("#EXT-X-VERSION:6\n", "")},
        main("#EXT-X-INDEP", '#EXT-X-DEFINE:NAME="x",VALUE="1"\n#EXT-X-INDEP'),
    ],
    "HLS-S-001": [main("lo.m3u8", "http://h/lo.m3u8"), every("key.bin", "http://h/key.bin")],
    "HLS-S-002": [every("#EXT-X-MAP", "#EXT-X-ALLOW-CACHE:YES\n#EXT-X-MAP"), main("X-I-F", "X-I")],
    "HLS-E-101": [{"main": MAIN[: MAIN.index("#EXT-X-STREAM-INF")]}],
    "HLS-E-102": [main("lo.m3u8\n", ""), main("hi.m3u8\n", "")],
    "HLS-E-103": [main(":BANDWIDTH=2000000,", ":"), main("BANDWIDTH=2000000", "BANDWIDTH=2M")],
    "HLS-E-104": [
        main('AUDIO="aud"', 'AUDIO="other"'),
        main('SUBTITLES="sub"', 'SUBTITLES="aud"'),
        main('CLOSED-CAPTIONS="cc"', 'CLOSED-CAPTIONS="none"'),
        main('AUDIO="aud"', 'AUDIO="aud",VIDEO="v"'),
    ],
    "HLS-E-105": [
        main("TYPE=AUDIO", "TYPE=SOUND"),
        main("TYPE=AUDIO,", ""),
        main('GROUP-ID="aud",', ""),
        main('NAME="English",', ""),
    ],
    "HLS-E-106": [
        main("#EXT-X-MEDIA", SECOND_AUDIO.replace("Deutsch", "English") + "#EXT-X-MEDIA")
    ],
    "HLS-E-107": [
        main("#EXT-X-MEDIA", SECOND_AUDIO.replace("URI", "DEFAULT=YES,URI") + "#EXT-X-MEDIA")
    ],
    "HLS-E-108": [main("DEFAULT=YES,AUTOSELECT=YES", "DEFAULT=YES,AUTOSELECT=NO")],
    "HLS-E-109": [main("DEFAULT=YES", "DEFAULT=YES,FORCED=NO")],
    "HLS-E-110": [main(',URI="s.m3u8"', ""), main('URI="s.m3u8"', 'URI=""')],
    "HLS-E-111": [
        main(',INSTREAM-ID="CC1"', ""),
        main('"CC1"', '"CC5"'),
        main('"CC1"', '"SERVICE64"'),
        main("DEFAULT=YES", 'DEFAULT=YES,INSTREAM-ID="CC1"'),
    ],
    "HLS-E-112": [main('INSTREAM-ID="CC1"', 'INSTREAM-ID="CC1",URI="c.m3u8"')],
    "HLS-E-113": [main(',URI="i.m3u8"', ""), main("BANDWIDTH=100000,", "")],
    "HLS-E-114": [main('CLOSED-CAPTIONS="cc"', "CLOSED-CAPTIONS=NONE")],
    "HLS-E-115": [main("DEFAULT=YES", "DEFAULT=TRUE"), main("DEFAULT=YES", 'DEFAULT="YES"')],
    "HLS-E-116": [
        main("640x360", "360p"),
        main("640x360", "0x360"),
        main("24.000", "film"),
        main("AVERAGE-BANDWIDTH=1000000", "AVERAGE-BANDWIDTH=1e6"),
    ],
    "HLS-E-117": [
        main("#EXT-X-MEDIA", '#EXT-X-SESSION-DATA:VALUE="x"\n#EXT-X-MEDIA'),
        main("#EXT-X-MEDIA", '#EXT-X-SESSION-DATA:DATA-ID="x"\n#EXT-X-MEDIA'),
        main("#EXT-X-MEDIA", '#EXT-X-SESSION-DATA:DATA-ID="x",VALUE="1",URI="u"\n#EXT-X-MEDIA'),
        main("#EXT-X-MEDIA", '#EXT-X-SESSION-DATA:DATA-ID="x",VALUE="1"\n' * 2 + "#EXT-X-MEDIA"),
    ],
    "HLS-E-118": [main("#EXT-X-I-F", "other.m3u8\n#EXT-X-I-F")],
    "HLS-E-119": [
        main("#EXT-X-MEDIA", "#EXT-X-SESSION-KEY:METHOD=NONE\n#EXT-X-MEDIA"),
        main("#EXT-X-MEDIA", '#EXT-X-SESSION-KEY:METHOD=SAMPLE-AES,URI="skd://a"\n#EXT-X-MEDIA'),
    ],
    "HLS-M-101": [main(',CODECS="avc1.64001f,mp4a.40.2"', "")],
    "HLS-M-102": [main(",RESOLUTION=640x360", "")],
    "HLS-M-103": [main(",FRAME-RATE=24.000", "")],
    "HLS-M-104": [main(",AVERAGE-BANDWIDTH=1000000", "")],
    "HLS-M-105": [main("#EXT-X-INDEPENDENT-SEGMENTS\n", "")],
    "HLS-M-106": [main(',LANGUAGE="en"', "")],
    "HLS-M-107": [{**FILM, "main": re.sub(r"#EXT-X-STREAM-INF:.*\nhi.m3u8\n", "", MAIN)}],
    "HLS-M-108": [{**FILM, "main": re.sub(r"#EXT-X-I-FRAME.*\n", "", MAIN)}],
    "HLS-M-109": [main("AVERAGE-BANDWIDTH=1000000", "AVERAGE-BANDWIDTH=2500000")],
    "HLS-M-110": [main(',SUBTITLES="sub"', ""), main(',AUDIO="aud"', "")],
    "HLS-S-101": [
        {**FILM, "main": re.sub(r"#EXT-X-MEDIA:TYPE=[SC].*\n|,[SC][UL]\S*(?=\n)", "", MAIN)}
    ],
    "HLS-S-102": [main('"en"', '"eng"'), main('"en"', '"english"'), main('"en"', '"x"')],
    "HLS-S-103": [main("#EXT-X-MEDIA", SECOND_AUDIO.replace('"aud"', '"b"') + "#EXT-X-MEDIA")],
    "HLS-E-201": [{**FILM, "hi.m3u8": "#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXT-X-ENDLIST\n"}],
    "HLS-E-202": [every("#EXT-X-TARGETDURATION:4\n", "")],
    "HLS-E-203": [every("DURATION:4", f"DURATION:{bad}") for bad in ("NaN", "-4", "4.5", "0", "")],
    "HLS-E-204": [every("4.000", "4.500"), every("4.000", "9.000")],
    "HLS-E-205": [every("4.000", bad) for bad in ("four", "-4", "", "1e3", "nan")],
    "HLS-E-206": [every("#EXTINF:4.000,\n#EXT", "#EXT")],
    "HLS-E-207": [every("all.mp4\n", ""), every("#EXT-X-ENDLIST", "#EXTINF:4,\n#EXT-X-ENDLIST")],
    "HLS-E-208": [every("#EXT-X-ENDLIST\n", "")],
    "HLS-E-209": [every("500000@720", bad) for bad in ("5@", "a@b", "", "0@0", "-1@0", "1@2@3")],
    "HLS-E-210": [every("500000@720", "500000"), every("all.mp4\n#EXT-X-D", "b.mp4\n#EXT-X-D")],
    "HLS-E-211": [every('URI="all.mp4",', ""), every("720@0", "all")],
    "HLS-E-212": [
        every("METHOD=AES-128,", ""),
        every("METHOD=AES-128", "METHOD=ROT13"),
        every("METHOD=AES-128", "METHOD=NONE"),
        every('URI="key.bin",', ""),
        every("IV=0x", "IV="),
        every('"key.bin"', '"skd://x"'),
        every('"key.bin"', '"data:text/plain;base64,AAAA"'),
        every("IV=0x00000000000000000000000000000001", 'KEYFORMAT="com.widevine"'),
    ],
    "HLS-E-213": [every("SEQUENCE:0", f"SEQUENCE:{bad}") for bad in ("", "-1", "one")],
    "HLS-E-214": [every("#EXT-X-DISC", "#EXT-X-DISCONTINUITY-SEQUENCE:0\n#EXT-X-DISC")],
    "HLS-E-215": [every("TYPE:VOD", f"TYPE:{bad}") for bad in ("", "vod", "LIVE")],
    "HLS-E-216": [every('#EXT-X-MAP:URI="all.mp4",BYTERANGE="720@0"\n', "")],
    "HLS-E-217": [every("#EXT-X-MAP", "#EXT-X-SKIP:SKIPPED-SEGMENTS=3\n#EXT-X-MAP")],
    "HLS-E-218": [{**FILM, "hi.m3u8": re.sub(r"#EXTINF:.*", "#EXTINF:0,", MEDIA)}],
    "HLS-M-201": [every("#EXT-X-PLAYLIST-TYPE:VOD\n", ""), every("TYPE:VOD", "TYPE:EVENT")],
    "HLS-M-202": [
        every("#EXT-X-MAP", f"#EXT-X-START:TIME-OFFSET={t}\n#EXT-X-MAP") for t in (11, -11)
    ],
    "HLS-M-203": [
        every("#EXTINF", f"#EXT-X-PROGRAM-DATE-TIME:{bad}\n#EXTINF")
        for bad in ("today", "2026-13-01T00:00:00Z", "2026-01-01", "")
    ],
    "HLS-S-201": [
        {
            **FILM,
            **dict.fromkeys(
                ("a.m3u8", "lo.m3u8", "hi.m3u8"),
                MEDIA.replace("4.000", "12.000").replace("DURATION:4", "DURATION:12"),
            ),
        }
    ],
    "HLS-S-202": [every("#EXTINF", "#EXT-X-GAP\n#EXTINF")],
    "HLS-E-301": [{**FILM, "hi.m3u8": MAIN}, {**FILM, "s.m3u8": MAIN}],
    "HLS-E-302": [
        hi("#EXT-X-DISCONTINUITY\n", ""),
        hi("#EXT-X-MEDIA", "#EXT-X-DISCONTINUITY-SEQUENCE:1\n#EXT-X-MEDIA"),
        hi("#EXTINF:2.5", "#EXT-X-DISCONTINUITY\n#EXTINF:2.5"),
        {
            **FILM,
            "hi.m3u8": MEDIA.replace("#EXT-X-DISCONTINUITY\n", "").replace(
                "#EXTINF:2.5", "#EXT-X-DISCONTINUITY\n#EXTINF:2.5"
            ),
        },
    ],
    "HLS-E-303": [{**FILM, "hi.m3u8": MEDIA[: MEDIA.rindex("#EXTINF:4")] + "#EXT-X-ENDLIST\n"}],
    "HLS-E-304": [
        {**FILM, "i.m3u8": MEDIA},
        {**FILM, "hi.m3u8": I_FRAMES},
        {"main": I_FRAMES},
    ],
    "HLS-E-305": [{**FILM, "a.m3u8": MEDIA[: MEDIA.rindex("#EXTINF:4")] + "#EXT-X-ENDLIST\n"}],
    "HLS-M-301": [hi("TARGETDURATION:4", "TARGETDURATION:5")],
    "HLS-M-302": [hi("500000@720", "5000000@720")],
    "HLS-M-303": [{"main": MEDIA}],
    "HLS-S-301": [{**FILM, "i.m3u8": I_FRAMES.replace("2.002", "2.4")}],
}
CASES = [(rule_id, number) for rule_id, films in BROKEN.items() for number in range(len(films))]


def test_a_good_film_breaks_no_rule() -> None:
    assert check(FILM) == []


def test_every_rule_has_a_film_that_breaks_it() -> None:
    assert set(BROKEN) == {rule.id for rule in RULES}


@pytest.mark.parametrize(("rule_id", "number"), CASES)
def test_a_broken_rule_is_found(rule_id: str, number: int) -> None:
    film = BROKEN[rule_id][number]
    found = check(film)
    (rule,) = [rule for rule in RULES if rule.id == rule_id]
    hits = [finding for finding in found if finding.id == rule_id]
    assert hits
    for finding in hits:
        assert finding.level is rule.level
        assert finding.fix == rule.fix
        assert re.fullmatch(r"[A-Z].*\.", finding.message)
        assert "origin.example" not in finding.message
    # The levels do not run away: what only should or must be does not come with an error.
    if rule.level is not Level.ERROR:
        assert [f.id for f in found if f.level is Level.ERROR] == []


def test_ids_are_unique_and_say_the_level() -> None:
    ids = [rule.id for rule in RULES]
    assert len(set(ids)) == len(ids)
    letters = {"E": Level.ERROR, "M": Level.MUST, "S": Level.SHOULD}
    for rule in RULES:
        assert re.fullmatch(r"HLS-[EMS]-[0-3]\d\d", rule.id)
        assert rule.level is letters[rule.id[4]]
        for text in (rule.title, rule.fix):
            assert re.fullmatch(r"\S.*[.]", text), rule.id
        assert rule.source


def test_findings_name_line_and_playlist_and_come_worst_first() -> None:
    film = main(",RESOLUTION=640x360", "")
    film["hi.m3u8"] = MEDIA.replace("2.500", "x").replace("#EXT-X-PLAYLIST-TYPE:VOD\n", "")
    film["s.m3u8"] = SUBTITLES.replace("10.500", "12.500")
    shown = [(f.level, f.id, f.where, f.line) for f in check(film)]
    assert shown == [
        (Level.ERROR, "HLS-E-204", 'subtitles "English"', 6),
        (Level.ERROR, "HLS-E-205", "variant 2 (1280x720)", 14),
        (Level.MUST, "HLS-M-102", "", 7),
        (Level.MUST, "HLS-M-201", "variant 2 (1280x720)", None),
    ]


def test_a_rule_that_is_broken_everywhere_does_not_drown_the_rest() -> None:
    text = MEDIA.replace("#EXT-X-ENDLIST", "#EXTINF:9,\n/x.mp4\n" * 500 + "#EXT-X-ENDLIST")
    playlist = parse(text, BASE + "x")
    assert isinstance(playlist, MediaPlaylist)
    found = [finding for finding in check_media(playlist) if finding.id == "HLS-E-204"]
    assert len(found) == 10
    assert [finding.more for finding in found] == [0] * 9 + [490]


def test_single_playlists_can_be_checked_with_a_name() -> None:
    playlist = parse(MAIN.replace(",RESOLUTION=640x360", ""), BASE + "x")
    assert isinstance(playlist, MultivariantPlaylist)
    (finding,) = check_multivariant(playlist, "the source")
    assert (finding.id, finding.where) == ("HLS-M-102", "the source")


def test_http_is_told_for_the_source_itself() -> None:
    found = check(FILM, scheme="http")
    assert {finding.id for finding in found} == {"HLS-S-001"}
    assert found[0].line is None


def test_playlists_that_were_not_fetched_are_not_missed() -> None:
    assert check({"main": MAIN}) == []
