"""Every accepted format to WebVTT, and what is refused with which words."""

from __future__ import annotations

import time

import pytest

from portal.services.captions import CaptionError, webvtt
from portal.services.captions.check import check
from portal.services.captions.convert import MAX_CUES, convert
from portal.services.captions.detect import SourceFormat
from portal.services.captions.webvtt import Cue, CueSettings, IssueCode
from tests.services.captions import caption_files as files

TOP = CueSettings(line=5, snap_to_lines=False)
TOP_LEFT = CueSettings(
    line=5, snap_to_lines=False, position=10, position_align="line-left", size=90, align="left"
)


def ttml_cues(paragraphs: str) -> tuple[Cue, ...]:
    return convert(files.ttml(paragraphs), "film.ttml").vtt_document.cues


def test_webvtt_is_read_as_it_is() -> None:
    converted = convert(f"WEBVTT\n\n{files.TIMES}\nHello\n".encode())
    assert converted.source_format is SourceFormat.WEBVTT
    assert converted.vtt_document.cues == (Cue("", 1, 3, "Hello"),)
    assert converted.warnings == ()
    assert converted.encoding == "utf-8"


def test_webvtt_that_is_not_utf8_is_an_error_by_line_until_its_encoding_is_given() -> None:
    data = f"WEBVTT\n\n{files.TIMES}\nca va être gênant\n".encode("cp1252")
    converted = convert(data)
    assert converted.suggested_encoding == "cp1252"
    assert "ca va être gênant" in converted.warnings[0]
    document = converted.vtt_document
    assert [(i.code, i.line_number) for i in document.issues] == [(IssueCode.REPLACED_CHARACTER, 4)]
    assert not check(document, duration_s=None).ok
    told = convert(data, encoding="cp1252")
    assert told.vtt_document.cues[0].text == "ca va être gênant"
    assert check(told.vtt_document, duration_s=None).ok


def test_webvtt_in_utf16_is_taken_over_with_a_warning() -> None:
    converted = convert(f"\ufeffWEBVTT\n\n{files.TIMES}\nПривет\n".encode("utf-16-le"))
    assert converted.vtt_document.cues[0].text == "Привет"
    assert "UTF-16" in converted.warnings[0]


def test_srt() -> None:
    converted = convert(
        "1\n00:00:01,000 --> 00:00:03,000\nUn été sans fin\n".encode("cp1252"), "a.srt"
    )
    assert converted.source_format is SourceFormat.SUBRIP
    assert converted.vtt_document.cues == (Cue("", 1, 3, "Un été sans fin"),)
    assert converted.encoding == "cp1252"


def test_ttml_keeps_styles_references_and_line_breaks() -> None:
    cues = ttml_cues(
        """
        <p begin="1s" end="00:00:03:05" region="bottom">
          Fish &amp; <span tts:fontStyle="italic">chips </span> are 5 &lt; 6<br/>
          <span style="orange">no<span tts:fontWeight="bold"> way</span></span>
        </p>"""
    )
    assert cues == (
        Cue(
            "",
            1.0,
            3.2,
            "Fish &amp; <i>chips</i> are 5 &lt; 6\n<c.colour_ff8800>no</c>"
            " <c.colour_ff8800><b>way</b></c>",
        ),
    )


def test_ttml_colours_without_a_class_get_a_style_sheet() -> None:
    document = convert(
        files.ttml(
            '<p begin="1s" end="2s"><span tts:color="yellow">a</span>'
            '<span style="orange">b</span></p>'
        )
    ).vtt_document
    assert document.cues[0].text == "<c.yellow>a</c><c.colour_ff8800>b</c>"
    assert [style.css for style in document.styles] == [
        "::cue(.colour_ff8800) {\n  color: #ff8800;\n}"
    ]
    assert webvtt.parse(webvtt.serialise(document)) == document


@pytest.mark.parametrize(
    ("region", "settings"),
    [
        ("bottom", CueSettings()),
        ("top", TOP),
        ("left", TOP_LEFT),
        ("tategaki", CueSettings(vertical="rl")),
    ],
)
def test_ttml_regions_become_placement(region: str, settings: CueSettings) -> None:
    [cue] = ttml_cues(f'<p begin="1s" end="2s" region="{region}">x</p>')
    assert cue.settings == settings


def test_ttml_right_to_left_text_starts_at_the_right() -> None:
    [cue] = ttml_cues(
        '<p begin="1s" end="2s" region="left" tts:direction="rtl" tts:textAlign="start">שלום</p>'
    )
    assert cue.settings.align == "right"
    assert cue.settings.position == 50


def test_ttml_ruby_is_kept() -> None:
    [cue] = ttml_cues(
        '<p begin="1s" end="2s"><span tts:ruby="container"><span tts:ruby="base">海</span>'
        '<span tts:ruby="text">うみ</span></span>だ</p>'
    )
    assert cue.text == "<ruby>海<rt>うみ</rt></ruby>だ"
    assert webvtt.plain_text(cue) == "海だ"


def test_ttml_paragraphs_shown_together_become_cues_that_follow_each_other() -> None:
    cues = ttml_cues(
        '<p begin="1s" end="3s" region="bottom">a</p><p begin="2s" end="4s" region="bottom">b</p>'
        '<p begin="2s" end="4s" region="top">elsewhere</p>'
    )
    assert [(c.start_s, c.end_s, c.text) for c in cues] == [
        (1, 2, "a"),
        (2, 3, "a\nb"),
        (2, 4, "elsewhere"),
        (3, 4, "b"),
    ]


def test_words_that_are_repeated_while_they_are_shown_are_one_cue() -> None:
    cues = ttml_cues('<p begin="1s" end="3s">a</p><p begin="2s" end="4s">a</p>')
    assert [(c.start_s, c.end_s, c.text) for c in cues] == [(1, 4, "a")]


def test_ttml_spans_with_times_of_their_own() -> None:
    cues = ttml_cues(
        '<p begin="1s" end="4s"><span>ready</span> <span begin="1s">steady</span>'
        ' <span begin="2s">go</span></p>'
    )
    assert [(c.start_s, c.end_s, c.text) for c in cues] == [
        (1, 2, "ready"),
        (2, 3, "ready steady"),
        (3, 4, "ready steady go"),
    ]


def test_ttml_sequential_time_and_nested_offsets() -> None:
    cues = ttml_cues(
        '<p begin="10s" timeContainer="seq"><span dur="1s">a</span><span dur="2s">b</span></p>'
    )
    assert [(c.start_s, c.end_s, c.text) for c in cues] == [(10, 11, "a"), (11, 13, "b")]


def test_ttml_preserved_space_and_hidden_text() -> None:
    cues = ttml_cues(
        '<p begin="1s" end="2s" xml:space="preserve">a\n  b</p>'
        '<p begin="3s" end="4s" tts:display="none">never</p>'
        '<p begin="5s" end="6s"> \n </p>'
    )
    assert [c.text for c in cues] == ["a\n  b"]


def test_ttml_without_an_end_is_shown_for_a_while_with_a_warning() -> None:
    converted = convert(files.ttml('<p begin="1s">a</p><p begin="3s">b</p>'))
    assert [(c.start_s, c.end_s) for c in converted.vtt_document.cues] == [(1, 3), (3, 8)]
    assert "2 captions had no end" in converted.warnings[0]


@pytest.mark.parametrize(
    ("data", "reason", "words"),
    [
        (b"<!DOCTYPE tt><tt xmlns='http://www.w3.org/ns/ttml'/>", "doctype", "Line 1"),
        (
            b"<?xml version='1.0'?>\n<!DOCTYPE tt [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]>"
            b"<tt xmlns='http://www.w3.org/ns/ttml'><body>&b;</body></tt>",
            "doctype",
            "Line 2",
        ),
        (
            b"<!DOCTYPE tt SYSTEM 'file:///etc/passwd'>\n<tt xmlns='http://www.w3.org/ns/ttml'/>",
            "doctype",
            "for safety",
        ),
        (b"<tt xmlns='http://www.w3.org/ns/ttml'>\n<body>&x;</body></tt>", "bad-xml", "Line 2"),
        (b"<tt xmlns='http://www.w3.org/ns/ttml'>\n\n<body></tt>", "bad-xml", "Line 3"),
        (b"<tt/>", "unreadable", "TTML"),
    ],
)
def test_unsafe_or_broken_xml_is_refused(data: bytes, reason: str, words: str) -> None:
    with pytest.raises(CaptionError, match=words) as caught:
        convert(data, "film.ttml")
    assert caught.value.reason == reason
    assert caught.value.source_format == SourceFormat.TTML


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_a_document_type_is_refused_in_any_encoding(encoding: str) -> None:
    text = "<!DOCTYPE tt [<!ENTITY a 'b'>]><tt xmlns='http://www.w3.org/ns/ttml'/>"
    with pytest.raises(CaptionError, match="DOCTYPE"):
        convert(text.encode(encoding), "film.ttml")


def test_deeply_nested_xml_is_refused() -> None:
    with pytest.raises(CaptionError, match="nested too deeply"):
        convert(files.ttml("<p>" + "<span>" * 100 + "</span>" * 100 + "</p>"))


def pop_on(text: str, row: str = "9470") -> str:
    return f"94ae 94ae 9420 9420 {row} {row} {files.scc_text(text)} 942f 942f"


def test_scc_pop_on() -> None:
    data = files.scc(
        f"00:00:01:00\t{pop_on('Hello')}",
        "00:00:03:00\t942c 942c",
        f"00:00:05:00\t{pop_on('Bye')}",
        "00:00:07:00\t942c 942c",
    )
    converted = convert(data, "film.scc")
    assert converted.source_format is SourceFormat.SCC
    assert [c.text for c in converted.vtt_document.cues] == ["Hello", "Bye"]
    first = converted.vtt_document.cues[0]
    # 12 words are sent, one a frame, before the caption is shown; 29.97 frames a second.
    assert first.start_s == pytest.approx(1.0 + 10 / 29.97, abs=0.1)
    assert first.end_s == pytest.approx(3.0, abs=0.1)


def test_scc_at_the_top_of_the_screen_is_placed_there() -> None:
    data = files.scc(f"00:00:01:00\t{pop_on('Hello', '9140')}", "00:00:03:00\t942c 942c")
    [cue] = convert(data).vtt_document.cues
    assert cue.settings.line is not None
    assert cue.settings.line < 20


def test_scc_lines_that_are_none_are_reported() -> None:
    data = files.scc(
        f"00:00:01:00\t{pop_on('Hello')}", "oops", "00:00:03:00\t942c 94", "00:00:04:00\t942c"
    )
    document = convert(data).vtt_document
    assert [(i.code, i.line_number) for i in document.issues] == [
        (IssueCode.UNREADABLE_TIMING, 5),
        (IssueCode.UNREADABLE_TIMING, 7),
    ]
    assert not check(document, duration_s=None).ok


def test_scc_captions_that_are_never_erased_do_not_pile_up() -> None:
    rows = ["9470", "94d0", "9140"] * 20
    lines = [
        f"00:00:{i:02}:00\t9420 {row} {files.scc_text(f'no {i}')} 942f"
        for i, row in enumerate(rows)
    ]
    document = convert(files.scc(*lines)).vtt_document
    assert [cue.text for cue in document.cues] == [f"no {i}" for i in range(60)]


def test_scc_rows_of_endless_text_are_cut_and_reported() -> None:
    document = convert(
        files.scc(f"00:00:01:00\t9420 9470 {files.scc_text('ab' * 500)} 942f", "00:00:09:00\t942c")
    ).vtt_document
    assert len(webvtt.plain_text(document.cues[0])) <= 64
    assert [issue.code for issue in document.issues] == [IssueCode.TEXT_OUTSIDE_CUE]


def test_ebu_stl_counts_from_the_start_of_the_programme() -> None:
    data = files.stl(
        ((10, 0, 1, 0), (10, 0, 3, 0), b"Hello \x80there\x81 you\x8asecond line"),
        ((10, 0, 4, 0), (10, 0, 6, 12), b"Z\xc8urich"),
    )
    converted = convert(data, "film.stl")
    assert converted.source_format is SourceFormat.EBU_STL
    assert converted.encoding is None
    assert [(c.start_s, c.end_s, c.text) for c in converted.vtt_document.cues] == [
        (1.0, 3.0, "Hello <i>there</i> you\nsecond line"),
        (4.0, 6.48, "Zürich"),
    ]


def test_ebu_stl_with_a_wrong_start_keeps_its_times() -> None:
    data = files.stl(((0, 0, 1, 0), (0, 0, 3, 0), b"Hello"), start=b"10000000")
    assert convert(data).vtt_document.cues[0].start_s == 1.0


def test_captions_that_ttconv_drops_or_misplaces_block_publishing() -> None:
    for data in (
        files.stl(
            ((10, 0, 1, 0), (10, 0, 3, 0), b"Hello"), ((10, 0, 5, 0), (10, 0, 4, 0), b"reversed")
        ),
        files.ttml('<p begin="soon" end="2s">x</p>'),
    ):
        document = convert(data).vtt_document
        assert [issue.code for issue in document.issues] == [IssueCode.UNREADABLE_TIMING]
        assert not check(document, duration_s=None).ok


def test_ebu_stl_that_is_cut_off_is_refused() -> None:
    data = files.stl(((10, 0, 1, 0), (10, 0, 3, 0), b"Hello"))
    with pytest.raises(CaptionError, match=r"EBU STL.*cut off"):
        convert(data[:-10], "film.stl")


def test_too_many_captions_are_refused() -> None:
    cue = f"{files.TIMES}\nx\n\n"
    with pytest.raises(CaptionError, match="20,001 captions"):
        convert(f"WEBVTT\n\n{cue * (MAX_CUES + 1)}".encode())


def test_a_file_of_junk_is_refused_rather_than_listed() -> None:
    with pytest.raises(CaptionError, match="more than 20,000 problems"):
        convert(b"WEBVTT\n\n" + b"-->\n" * 30_000)


def test_what_is_converted_reads_back_and_has_no_issues_of_its_own() -> None:
    for data in (
        files.ttml('<p begin="1s" end="2s">5 &lt; 6 --&gt; &amp;amp; <br/><br/>x</p>'),
        b"1\n00:00:01,000 --> 00:00:02,000\n5 < 6 & <b>7\n",
        files.stl(((10, 0, 1, 0), (10, 0, 3, 0), b"5 < 6 & 7")),
    ):
        document = convert(data).vtt_document
        parsed = webvtt.parse(webvtt.serialise(document))
        assert parsed == document
        assert parsed.issues == ()


def test_two_hours_of_captions_show_their_speed(capsys: pytest.CaptureFixture[str]) -> None:
    """Prints how long each step takes; asserts no absolute time."""
    cues = tuple(
        Cue("", i * 3.6, i * 3.6 + 2.5, f"Line {i}, <i>spoken</i> softly\nand another line")
        for i in range(2000)
    )
    vtt = webvtt.serialise(webvtt.Document(cues))
    clock = webvtt.format_timestamp
    paragraphs = "".join(
        f'<p begin="{clock(c.start_s)}" end="{clock(c.end_s)}" region="bottom">Line {i}</p>'
        for i, c in enumerate(cues)
    )
    measured = {}
    for name, work in (
        ("parse WebVTT", lambda: webvtt.parse(vtt)),
        ("check", lambda: check(webvtt.Document(cues), duration_s=7200)),
        ("convert TTML", lambda: convert(files.ttml(paragraphs))),
    ):
        begin = time.perf_counter()
        work()
        measured[name] = (time.perf_counter() - begin) * 1000
    with capsys.disabled():
        figures = ", ".join(f"{name} {ms:.0f} ms" for name, ms in measured.items())
        print(f"\n2,000 cues, 2 hours: {figures}")
