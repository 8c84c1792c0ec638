"""SubRip, as tolerant as players and without silent losses."""

from __future__ import annotations

import pytest

from portal.services.captions import webvtt
from portal.services.captions.srt import parse_srt
from portal.services.captions.webvtt import CueSettings, IssueCode


def texts(source: str) -> list[str]:
    return [cue.text for cue in parse_srt(source).document.cues]


def only_text(body: str) -> str:
    [text] = texts(f"1\n00:00:01,000 --> 00:00:02,000\n{body}\n")
    return text


def test_a_plain_file() -> None:
    result = parse_srt(
        "1\r\n00:00:01,000 --> 00:00:02,500\r\nHello\r\nyou\r\n\r\n"
        "2\r\n01:00:00,001 --> 01:00:01,000\r\nBye\r\n"
    )
    assert result.document.cues == (
        webvtt.Cue("", 1.0, 2.5, "Hello\nyou"),
        webvtt.Cue("", 3600.001, 3601.0, "Bye"),
    )
    assert [cue.line_number for cue in result.document.cues] == [2, 7]
    assert result.warnings == ()
    assert result.document.issues == ()


@pytest.mark.parametrize(
    ("timing", "start_s", "end_s"),
    [
        ("00:00:01,000 --> 00:00:02,000", 1.0, 2.0),
        ("00:00:01.000 --> 00:00:02.000", 1.0, 2.0),
        ("  0:0:1,5-->0:0:2  ", 1.5, 2.0),
        ("00:01 --> 00:02", 1.0, 2.0),
        ("00:00:01,000 -> 00:00:02,000", 1.0, 2.0),
        ("00:00:01,000 --> 00:00:02,000 X1:100 X2:200 Y1:100 Y2:200", 1.0, 2.0),
        ("100:00:00,000 --> 100:00:00,0005", 360000.0, 360000.0),
    ],
)
def test_times_as_they_are_met(timing: str, start_s: float, end_s: float) -> None:
    [cue] = parse_srt(f"1\n{timing}\nx\n").document.cues
    assert (cue.start_s, cue.end_s) == (start_s, end_s)


def test_missing_numbers_and_blank_lines_are_mended_with_a_warning() -> None:
    source = "00:00:01,000 --> 00:00:02,000\na\n2\n00:00:03,000 --> 00:00:04,000\nb\n\nc\n"
    result = parse_srt(source)
    assert [cue.text for cue in result.document.cues] == ["a", "b\nc"]
    assert any("no blank line above" in warning for warning in result.warnings)
    assert any("Blank lines in the text" in warning for warning in result.warnings)


def test_an_unreadable_timing_line_loses_its_text_loudly() -> None:
    source = (
        "1\n00:00:01,000 --> 00:00:02,000\na\n\n2\n00:00:0x,000 --> 00:00:04,000\nlost\n\n"
        "3\n00:00:05:10 --> 00:00:06:00\nframes\n"
    )
    document = parse_srt(source).document
    assert [cue.text for cue in document.cues] == ["a"]
    assert [(issue.code, issue.line_number) for issue in document.issues] == [
        (IssueCode.UNREADABLE_TIMING, 6),
        (IssueCode.UNREADABLE_TIMING, 10),
    ]
    assert "frames" in document.issues[1].message


def test_text_above_the_first_cue_is_reported() -> None:
    document = parse_srt("Downloaded somewhere\n\n1\n00:00:01,000 --> 00:00:02,000\na\n").document
    assert [(issue.code, issue.line_number) for issue in document.issues] == [
        (IssueCode.TEXT_OUTSIDE_CUE, 1)
    ]


def test_cues_are_sorted_with_a_warning() -> None:
    result = parse_srt("1\n0:0:5,0 --> 0:0:6,0\nb\n\n2\n0:0:1,0 --> 0:0:2,0\na\n")
    assert [cue.text for cue in result.document.cues] == ["a", "b"]
    assert "in order" in result.warnings[0]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<i>a</i>", "<i>a</i>"),
        ("<I>a</I> <B >b</B>", "<i>a</i> <b>b</b>"),
        ("<b><i>a</b></i>", "<b><i>a</i></b>"),
        ("<i>a", "<i>a</i>"),
        ("a</i>", "a"),
        ("<i></i>a", "a"),
        ('<font color="#FFFF00">a</font>', "<c.yellow>a</c>"),
        ("<font color=red face='x'>a</font>", "<c.red>a</c>"),
        ('<font color="#123456">a</font>', "a"),
        ("<font size=4>a</font>", "a"),
        ("I <3 you & <John>", "I &lt;3 you &amp; &lt;John>"),
        ("a &amp; b &lt;c&gt; &bogus; &#39;", "a &amp; b &lt;c&gt; &amp;bogus; &#39;"),
        ("{\\i1}a{\\i0} {b}", "a {b}"),
        ("a\\Nb\\hc", "a\nb\u00a0c"),
        ("-\u2028-", "-\u2028-"),
    ],
)
def test_tags_become_cue_text(source: str, expected: str) -> None:
    text = only_text(source)
    assert text == expected
    issues = webvtt.parse(f"WEBVTT\n\n00:01.000 --> 00:02.000\n{text}\n").issues
    assert issues == ()


@pytest.mark.parametrize(
    ("code", "settings"),
    [
        ("{\\an8}", CueSettings(line=10, snap_to_lines=False)),
        ("{\\pos(1,2)\\an2}", CueSettings()),
        (
            "{\\an7}",
            CueSettings(
                line=10,
                snap_to_lines=False,
                position=10,
                position_align="line-left",
                size=90,
                align="left",
            ),
        ),
        (
            "{\\an3}",
            CueSettings(position=90, position_align="line-right", size=90, align="right"),
        ),
    ],
)
def test_alignment_codes_become_placement(code: str, settings: CueSettings) -> None:
    [cue] = parse_srt(f"1\n00:00:01,000 --> 00:00:02,000\n{code}x\n").document.cues
    assert cue.settings == settings
    assert cue.text == "x"


def test_misnested_tags_cannot_multiply() -> None:
    source = "<b>" * 500 + "<i>" * 5_000 + "x" + "</b>" * 500
    assert len(only_text(source)) < 20_000
