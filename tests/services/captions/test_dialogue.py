"""The words for the dialogue search."""

from __future__ import annotations

from portal.services.captions import webvtt
from portal.services.captions.dialogue import DialogueLine, dialogue_lines


def lines(body: str) -> list[DialogueLine]:
    return dialogue_lines(webvtt.parse(f"WEBVTT\n\n{body}\n"))


def test_tags_references_ruby_and_line_breaks_are_gone() -> None:
    assert lines(
        "00:01.000 --> 00:02.000\n<i>Fish</i> &amp;\n<ruby>海<rt>うみ</rt></ruby>  chips"
    ) == [DialogueLine(1.0, 2.0, "Fish & 海 chips")]


def test_voices_are_kept_and_cut_the_cue() -> None:
    body = "00:01.000 --> 00:02.000\n<v Ann>Where?</v>\n<v Bo>There!</v>"
    assert lines(body) == [
        DialogueLine(1.0, 2.0, "Where?", "Ann"),
        DialogueLine(1.0, 2.0, "There!", "Bo"),
    ]


def test_dashes_before_speakers_are_left_out_but_not_within_words() -> None:
    [line] = lines("00:01.000 --> 00:02.000\n- Well-known?\n– Yes - very.\n-")
    assert line.text == "Well-known? Yes - very. -"


def test_order_and_repeats() -> None:
    body = (
        "00:05.000 --> 00:06.000\nlater\n\n00:01.000 --> 00:02.000\nsame\n\n"
        "00:02.000 --> 00:03.000\nsame\n\n00:04.000 --> 00:04.500\nsame\n\n"
        "00:07.000 --> 00:08.000\n<i></i>"
    )
    assert lines(body) == [
        DialogueLine(1.0, 3.0, "same"),
        DialogueLine(4.0, 4.5, "same"),
        DialogueLine(5.0, 6.0, "later"),
    ]


def test_letters_are_composed() -> None:
    [line] = lines("00:01.000 --> 00:02.000\ncafe\u0301")
    assert line.text == "café"
