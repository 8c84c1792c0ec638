"""Properties: nothing but `CaptionError` is raised, and what is written reads back the same."""

from __future__ import annotations

import math
import traceback
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.services.captions import CaptionError, edit, webvtt
from portal.services.captions.check import check
from portal.services.captions.convert import convert
from portal.services.captions.detect import ENCODINGS
from portal.services.captions.dialogue import dialogue_lines
from portal.services.captions.languages import display_name, normalise_language, text_direction
from tests.services.captions import caption_files, webvtt_cases

pieces = st.sampled_from(
    [
        "WEBVTT", "\n", "\n\n", "\r", "\r\n", "\0", "\f", "\v", "\u00a0", "\ufeff", "\ufffd", " ",
        "\t", "-->", "--", "00:00:01.000", "00:00:02.000", "1:00.000", "99:99:99.999", "00:01,5",
        "00:00:01.000 --> 00:00:02.000", "NOTE", "STYLE", "REGION", "id:a", "lines:4", "width:40%",
        "regionanchor:1%,2%", "line:1", "line:-3.5", "line:12.5%,end", "position:5%,center",
        "size:30%", "align:end", "vertical:rl", "region:a", "<b>", "</b>", "<v Ann>", "</v>", "<",
        ">", "&", "&amp;", "&#x110000;", "<00:00:01.500>", "<ruby>", "<rt>", "</ruby>", "<lang fr>",
        "<c.a.b>", "{", "}", "text", "海", "שלום", "1", "42", ":",
    ]
)  # fmt: skip
vtt_texts = st.lists(pieces, max_size=40).map("".join)
vtt_files = vtt_texts.map(lambda text: f"WEBVTT\n\n{text}")


def require_words(error: CaptionError) -> None:
    assert error.detail.strip()
    assert error.reason
    if error.__cause__ is not None:  # then it came out of ttconv, and is no mistake of ours
        frames = traceback.extract_tb(error.__cause__.__traceback__)
        assert not any("captions/timed_text" in frame.filename for frame in frames)


def read(data: bytes, filename: str = "") -> webvtt.Document | None:
    try:
        return convert(data, filename).vtt_document
    except CaptionError as error:
        require_words(error)
        return None


def use(document: webvtt.Document) -> None:
    """Everything that is done with a document that was read."""
    text = webvtt.serialise(document)
    assert webvtt.parse(text) == document
    report = check(document, duration_s=60.0, frame_rate=25)
    assert report.ok == (not report.errors)
    dialogue_lines(document)


@given(st.binary(max_size=2000), st.sampled_from(["", "a.vtt", "a.srt", "a.xml", "a.scc", "a.stl"]))
def test_any_bytes_are_read_or_refused(data: bytes, filename: str) -> None:
    document = read(data, filename)
    if document is not None:
        use(document)


@given(vtt_texts | vtt_files)
def test_anything_like_webvtt_is_read_or_refused_and_round_trips(text: str) -> None:
    document = read(text.encode("utf-8", errors="replace"), "a.vtt")
    if document is not None:
        use(document)


@given(st.binary(max_size=300), st.sampled_from([None, "ru", "ja", "pl", "x"]))
def test_webvtt_in_any_encoding_is_read_or_refused(data: bytes, language: str | None) -> None:
    try:
        converted = convert(b"WEBVTT\n\n00:01.000 --> 00:02.000\n" + data, language=language)
    except CaptionError as error:
        require_words(error)
        return
    use(converted.vtt_document)
    if (encoding := converted.suggested_encoding) is not None:
        assert encoding in ENCODINGS


@given(vtt_texts)
def test_anything_like_subrip_is_read_or_refused(text: str) -> None:
    document = read(f"1\n00:00:01,000 --> 00:00:02,000\n{text}".encode(), "a.srt")
    if document is not None:
        use(document)


@given(st.lists(st.binary(min_size=128, max_size=128), max_size=6), st.binary(max_size=40))
def test_ebu_stl_with_any_blocks_is_read_or_refused(blocks: list[bytes], junk: bytes) -> None:
    data = caption_files.stl() + b"".join(blocks) + junk
    document = read(data, "a.stl")
    if document is not None:
        use(document)


@given(st.binary(min_size=1024, max_size=1400))
def test_ebu_stl_with_any_header_is_read_or_refused(data: bytes) -> None:
    document = read(b"437STL25.01" + data[11:], "a.stl")
    if document is not None:
        use(document)


@given(
    st.lists(
        st.tuples(
            st.from_regex(r"[0-9]{2}:[0-9]{2}:[0-9]{2}[:;][0-9]{2}", fullmatch=True),
            st.lists(
                st.sampled_from(["9420", "9425", "94ad", "942c", "942f", "9429", "91d0", "c8e5"])
                | st.integers(0, 0xFFFF).map("{:04x}".format),
                max_size=12,
            ),
        ),
        max_size=8,
    )
)
def test_scc_with_any_words_is_read_or_refused(lines: list[tuple[str, list[str]]]) -> None:
    data = caption_files.scc(*(f"{time}\t{' '.join(words)}" for time, words in lines))
    document = read(data, "a.scc")
    if document is not None:
        use(document)


xml_values = st.sampled_from(
    [
        "1s",
        "-1s",
        "00:00:01.5",
        "00:00:01:10",
        "1f",
        "10t",
        "99999999h",
        "x",
        "",
        "top",
        "left",
        "tategaki",
        "nowhere",
        "#ff0000",
        "italic",
        "50% 50%",
        "1px 1px",
        "-5c 3em",
        "preserve",
        "seq",
        "container",
        "base",
        "text",
        "none",
        "center",
    ]
)
xml_attributes = st.dictionaries(
    st.sampled_from(
        [
            "begin",
            "end",
            "dur",
            "region",
            "style",
            "tts:color",
            "tts:fontStyle",
            "tts:display",
            "timeContainer",
            "xml:space",
            "tts:ruby",
            "tts:textAlign",
            "tts:origin",
            "tts:extent",
        ]
    ),
    xml_values,
    max_size=4,
)
xml_texts = st.text(st.characters(exclude_characters="<>&\"'", exclude_categories=["C"]))


def element(name: str, attributes: dict[str, str], content: str) -> str:
    listed = "".join(f' {key}="{value}"' for key, value in attributes.items())
    return f"<{name}{listed}>{content}</{name}>"


spans = st.recursive(
    xml_texts | st.just("<br/>"),
    lambda inner: st.builds(
        element, st.just("span"), xml_attributes, st.lists(inner, max_size=3).map("".join)
    ),
    max_leaves=6,
)
paragraphs = st.builds(element, st.just("p"), xml_attributes, st.lists(spans).map("".join))


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(paragraphs, max_size=4).map("".join))
def test_any_ttml_is_read_or_refused(content: str) -> None:
    document = read(caption_files.ttml(content), "a.ttml")
    if document is not None:
        use(document)


any_floats = st.floats() | st.floats(0, 100)
any_cues = st.builds(
    webvtt.Cue,
    id=st.text(max_size=3),
    start_s=any_floats,
    end_s=any_floats,
    text=st.lists(pieces, max_size=6).map("".join) | st.text(max_size=60),
    settings=st.builds(webvtt.CueSettings, line=st.none() | any_floats, region=st.text(max_size=2)),
)
any_documents = st.builds(
    webvtt.Document,
    cues=st.lists(any_cues, max_size=6).map(tuple),
    styles=st.lists(st.builds(webvtt.Style, css=st.text(max_size=9)), max_size=2).map(tuple),
    notes=st.lists(
        st.builds(webvtt.Note, text=st.text(max_size=9), before_cue=st.integers(-3, 9)), max_size=2
    ).map(tuple),
    header=st.text(max_size=9),
)


@given(any_documents, st.none() | any_floats, st.none() | any_floats, st.booleans())
def test_check_is_total(
    document: webvtt.Document, duration_s: float | None, rate: float | None, children: bool
) -> None:
    report = check(document, duration_s=duration_s, frame_rate=rate, children=children)
    assert report.stats.cue_count == len(document.cues)
    for finding in report.findings:
        assert finding.message.strip()
        assert finding.fix.strip()
    dialogue_lines(document)


@given(any_documents)
def test_a_document_is_written_so_that_it_reads_back_or_is_refused(
    document: webvtt.Document,
) -> None:
    try:
        webvtt.parse(webvtt.serialise(document))
    except CaptionError as error:
        require_words(error)


SAMPLE = webvtt.parse(webvtt_cases.load("comments")[0])


@given(
    st.integers(-1, 3), st.none() | any_floats, st.none() | any_floats, st.none() | st.text(),
    st.none() | st.text(max_size=5),
)  # fmt: skip
def test_an_edit_gives_a_valid_document_or_is_refused(
    index: int, start_s: float | None, end_s: float | None, text: str | None, cue_id: str | None
) -> None:
    try:
        edited = edit.replace_cue(
            SAMPLE, index, start_s=start_s, end_s=end_s, text=text, cue_id=cue_id
        )
        edited = edit.insert_cue(edited, start_s=start_s or 0.5, end_s=end_s or 9, text=text or "x")
    except CaptionError:
        return
    assert webvtt.parse(webvtt.serialise(edited)) == edited
    assert len(edited.cues) == len(SAMPLE.cues) + 1
    assert [note.text for note in edited.notes] == [note.text for note in SAMPLE.notes]


@given(any_floats, any_floats)
def test_retiming_gives_a_valid_document_or_is_refused(offset_s: float, factor: float) -> None:
    try:
        edited = edit.scale(edit.shift(SAMPLE, offset_s), factor)
    except CaptionError:
        return
    assert webvtt.parse(webvtt.serialise(edited)) == edited


@given(st.floats(0, 10_000).map(lambda s: round(s, 3)))
def test_shifting_there_and_back_changes_nothing(offset_s: float) -> None:
    assert edit.shift(edit.shift(SAMPLE, offset_s), -offset_s) == SAMPLE


@given(st.text(max_size=40))
def test_plain_text_of_escaped_text_is_the_text(text: str) -> None:
    cue = webvtt.Cue("", 1, 2, webvtt.escape_text(text))
    assert webvtt.plain_text(cue) == text


@given(
    st.text(max_size=12) | st.from_regex(r"[a-z]{2,3}([-_][A-Za-z0-9]{2,8}){0,3}", fullmatch=True)
)
def test_any_language_tag_is_normalised_or_refused(tag: str) -> None:
    assert isinstance(display_name(tag), str)
    assert text_direction(tag) in ("ltr", "rtl")
    try:
        normal = normalise_language(tag)
    except CaptionError:
        return
    assert normalise_language(normal) == normal


@given(st.integers(0, 10**12))
def test_timestamps_are_read_back(milliseconds: int) -> None:
    time_s = milliseconds / 1000
    assert webvtt.parse_timestamp(webvtt.format_timestamp(time_s)) == time_s


@pytest.mark.parametrize("time_s", [math.nan, math.inf, -1.0, 1e300])
def test_impossible_times_are_refused_by_the_writer(time_s: float) -> None:
    cue = replace(SAMPLE.cues[0], end_s=time_s)
    with pytest.raises(CaptionError, match="Cue 1"):
        webvtt.serialise(replace(SAMPLE, cues=(cue,)))
