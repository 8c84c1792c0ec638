"""Edits give new, valid tracks, and hide nothing."""

from __future__ import annotations

import pytest

from portal.services.captions import CaptionError, edit, webvtt
from portal.services.captions.check import check
from portal.services.captions.webvtt import Cue, CueSettings, IssueCode

TRACK = webvtt.parse(
    """WEBVTT

NOTE made by hand

first
00:00:01.000 --> 00:00:03.000 line:0
Hello <00:00:02.000>there

NOTE between

00:00:04.000 --> 00:00:06.000
you

00:00:08.000 --> 00:00:09.000
Bye

NOTE the end
"""
)


def times(document: webvtt.Document) -> list[tuple[float, float]]:
    return [(cue.start_s, cue.end_s) for cue in document.cues]


def notes(document: webvtt.Document) -> list[tuple[str, int]]:
    return [(note.text, note.before_cue) for note in document.notes]


def test_replacing_text_leaves_everything_else() -> None:
    edited = edit.replace_cue(TRACK, 1, text="  <i>you</i>\r\n\r\ntoo --> \n")
    assert edited.cues[1].text == "  <i>you</i>\ntoo --&gt; "
    assert (edited.cues[0], edited.cues[2]) == (TRACK.cues[0], TRACK.cues[2])
    assert notes(edited) == notes(TRACK)
    assert TRACK.cues[1].text == "you"


def test_replacing_times_moves_the_cue_to_its_place() -> None:
    edited = edit.replace_cue(TRACK, 0, start_s=6.5, end_s=7.5)
    assert times(edited) == [(4, 6), (6.5, 7.5), (8, 9)]
    assert edited.cues[1].id == "first"
    assert edited.cues[1].settings == CueSettings(line=0)
    assert times(edit.replace_cue(TRACK, 1, end_s=6.0004)) == times(TRACK)


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"end_s": 1.0}, "end_s", "end after it starts"),
        ({"start_s": -0.5}, "start_s", "zero or more"),
        ({"start_s": float("nan")}, "start_s", "zero or more"),
        ({"cue_id": "a --> b"}, "id", "one line"),
        ({"cue_id": "a\nb"}, "id", "one line"),
        ({"settings": CueSettings(region="nowhere")}, "settings", "cannot be written"),
        ({"settings": CueSettings(size=200)}, "settings", "cannot be written"),
        ({"settings": CueSettings(line=float("inf"))}, "settings", "not a number"),
    ],
)
def test_what_cannot_be_is_refused_by_field(
    change: dict[str, object], field: str, words: str
) -> None:
    with pytest.raises(CaptionError, match=words) as caught:
        edit.replace_cue(TRACK, 0, **change)  # type: ignore[arg-type]
    assert field in caught.value.fields


@pytest.mark.parametrize("index", [-1, 3])
def test_a_cue_that_is_not_there(index: int) -> None:
    for work in (edit.delete_cue, edit.replace_cue):
        with pytest.raises(CaptionError, match=f"no cue {index + 1}; the track has 3"):
            work(TRACK, index)


def test_inserting_goes_to_its_place_in_time() -> None:
    edited = edit.insert_cue(TRACK, start_s=6.5, end_s=7.5, text="new")
    assert [cue.text for cue in edited.cues][2] == "new"
    assert notes(edited) == [("made by hand", 0), ("between", 1), ("the end", 4)]
    assert edit.insert_cue(webvtt.Document(), start_s=0, end_s=1, text="x").cues == (
        Cue("", 0, 1, "x"),
    )


def test_deleting() -> None:
    edited = edit.delete_cue(TRACK, 0)
    assert times(edited) == [(4, 6), (8, 9)]
    assert notes(edited) == [("made by hand", 0), ("between", 0), ("the end", 2)]


def test_splitting() -> None:
    edited = edit.split_cue(TRACK, 1, at_s=5, text_before="you", text_after="too")
    assert times(edited) == [(1, 3), (4, 5), (5, 6), (8, 9)]
    assert [cue.text for cue in edited.cues[1:3]] == ["you", "too"]
    with pytest.raises(CaptionError, match=r"between 00:00:04\.000 and 00:00:06\.000"):
        edit.split_cue(TRACK, 1, at_s=6, text_before="a", text_after="b")


def test_shifting_moves_times_within_the_text_too() -> None:
    edited = edit.shift(TRACK, 1.5)
    assert times(edited) == [(2.5, 4.5), (5.5, 7.5), (9.5, 10.5)]
    assert edited.cues[0].text == "Hello <00:00:03.500>there"
    assert edit.shift(edited, -1.5).cues[0].text == "Hello <00:00:02.000>there"


def test_shifting_before_the_film_is_refused_with_the_cue() -> None:
    with pytest.raises(CaptionError, match=r"1 cues.*cue 1 at 00:00:01\.000"):
        edit.shift(TRACK, -2)


def test_scaling() -> None:
    assert times(edit.scale(TRACK, 0.96)) == [(0.96, 2.88), (3.84, 5.76), (7.68, 8.64)]
    assert edit.scale_frame_rate(TRACK, made_for=24, plays_at=25) == edit.scale(TRACK, 0.96)
    for factor in (0.1, 3, float("nan")):
        with pytest.raises(CaptionError, match=r"between 0\.5 and 2"):
            edit.scale(TRACK, factor)
    with pytest.raises(CaptionError, match="frame rate"):
        edit.scale_frame_rate(TRACK, made_for=0, plays_at=25)


def test_aligning_by_two_moments() -> None:
    edited = edit.align(TRACK, (1.0, 2.0), (8.0, 16.0))
    assert times(edited) == [(2, 6), (8, 12), (16, 18)]
    with pytest.raises(CaptionError, match="a second apart"):
        edit.align(TRACK, (1, 2), (1, 3))
    with pytest.raises(CaptionError, match="times their speed"):
        edit.align(TRACK, (1, 2), (9, 50))


def test_trimming_overlaps_mends_what_the_check_finds() -> None:
    track = webvtt.Document(
        (
            Cue("", 1, 4, "a"),
            Cue("", 3, 6, "b"),
            Cue("", 3, 6, "top", CueSettings(line=0)),
            Cue("", 6.01, 8, "c"),
        )
    )
    assert "CAP-E-005" in {f.rule for f in check(track, duration_s=60).errors}
    edited = edit.trim_overlaps(track, frame_rate=25)
    assert times(edited) == [(1, 2.92), (3, 6), (3, 6), (6.01, 8)]
    assert check(edited, duration_s=60).ok


def test_sorting_and_dropping_the_header() -> None:
    track = webvtt.parse(
        "WEBVTT\nX-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:0\n\n"
        "00:05.000 --> 00:06.000\nb\n\n00:01.000 --> 00:02.000\na\n"
    )
    assert [issue.code for issue in track.issues] == [IssueCode.TIMING_ORDER]
    in_order = edit.sort_cues(track)
    assert [cue.text for cue in in_order.cues] == ["a", "b"]
    assert in_order.issues == ()
    assert edit.drop_header(track).header == ""


def test_an_edit_does_not_hide_text_that_was_lost_on_the_way_in() -> None:
    track = webvtt.parse("WEBVTT\n\n00:01.000 --> 00:03.000\nHello\n\nlost\n")
    edited = edit.replace_cue(track, 0, text="Hello you")
    assert [issue.code for issue in edited.issues] == [IssueCode.TEXT_OUTSIDE_CUE]
    assert not check(edited, duration_s=None).ok
    accepted = edit.dismiss_dropped(edited)
    assert check(accepted, duration_s=None).ok


def test_an_edit_shows_what_is_wrong_with_the_new_text() -> None:
    edited = edit.replace_cue(TRACK, 1, text="I <3 you")
    assert [issue.code for issue in edited.issues] == [IssueCode.UNREADABLE_TAG]
    mended = edit.replace_cue(edited, 1, text="I &lt;3 you")
    assert mended.issues == ()
