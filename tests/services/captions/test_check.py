"""The quality rules: each is broken once, just kept once, and says what to do."""

from __future__ import annotations

from dataclasses import replace

import pytest

from portal.services.captions import rules, webvtt
from portal.services.captions.check import Finding, Level, Report, check
from portal.services.captions.text_measures import display_width, measure
from portal.services.captions.webvtt import Cue, CueSettings, Document

FILM_S = 3600.0


def cue(start_s: float, end_s: float, text: str = "Good words", **settings: object) -> Cue:
    return Cue("", start_s, end_s, text, CueSettings(**settings))  # type: ignore[arg-type]


def report(*cues: Cue, duration_s: float | None = FILM_S, **options: object) -> Report:
    return check(Document(cues), duration_s=duration_s, **options)  # type: ignore[arg-type]


def found(result: Report) -> list[str]:
    return [finding.rule for finding in result.findings]


LAST = cue(3400, 3402)  # keeps "captions stop early" quiet
QUIET = {"max_hole_s": 10_000}


def test_a_good_track_has_no_findings() -> None:
    result = report(cue(1, 3), cue(4, 6), LAST, **QUIET)
    assert result.findings == ()
    assert result.ok


def test_nothing_parsed() -> None:
    result = report()
    assert found(result) == ["CAP-E-001"]
    assert not result.ok
    assert result.stats.first_start_s is None


@pytest.mark.parametrize(("start_s", "end_s"), [(5, 5), (5, 4.999), (-1, 2), (float("nan"), 2)])
def test_times_that_cannot_be(start_s: float, end_s: float) -> None:
    result = report(cue(start_s, end_s), LAST, **QUIET)
    [finding] = result.errors
    assert finding.rule == "CAP-E-002"
    assert finding.cue_number == 1


def test_the_end_of_the_film() -> None:
    result = report(cue(3590, 3601), cue(3602, 3605), cue(3650, 3652), **QUIET)
    assert [(f.rule, f.cue_number) for f in result.errors] == [("CAP-E-003", 2), ("CAP-E-003", 3)]
    result = report(cue(3595, 3601.001), **QUIET)
    assert [f.rule for f in result.errors] == ["CAP-E-004"]
    assert report(cue(3595, 3601), **QUIET).ok
    assert report(cue(9000, 9002), duration_s=None, **QUIET).ok


def test_overlap_is_an_error_in_one_place_and_a_warning_in_two() -> None:
    result = report(cue(1, 3), cue(2.999, 5), LAST, **QUIET)
    [finding] = result.errors
    assert finding.rule == "CAP-E-005"
    assert finding.cue_index == 1
    assert "cue 1" in finding.message
    assert "00:00:02.999" in finding.fix
    assert report(cue(1, 3), cue(3.1, 5), LAST, **QUIET).ok
    at_top = report(cue(1, 3), cue(2, 4, line=0), LAST, **QUIET)
    assert found(at_top) == ["CAP-W-112"]


def test_overlap_with_a_cue_further_back_is_found() -> None:
    result = report(cue(1, 20, "Long"), cue(2, 3), cue(10, 12), LAST, **QUIET)
    assert [f.cue_number for f in result.errors] == [2, 3]


def test_overlaps_are_found_whatever_the_order_in_the_file() -> None:
    result = report(cue(5, 8), cue(1, 6), LAST, **QUIET)
    assert [(f.rule, f.cue_number) for f in result.errors] == [("CAP-E-005", 1)]


def test_letters_that_could_not_be_read() -> None:
    result = report(cue(1, 3, "caf\ufffd"), LAST, **QUIET)
    assert [f.rule for f in result.errors] == ["CAP-E-006"]
    document = webvtt.parse(b"WEBVTT\n\n00:01.000 --> 00:03.000\ncaf\xe9\n")
    assert "CAP-E-006" in found(check(document, duration_s=None))


def test_lost_text_is_an_error_and_mere_form_a_warning() -> None:
    document = webvtt.parse(
        "WEBVTT\nKind: captions\n\n00:01.000 --> 00:03.000\nGood words\n\nLost words\n"
    )
    result = check(document, duration_s=None)
    assert [(f.rule, f.line_number) for f in result.findings] == [
        ("CAP-E-007", 7),
        ("CAP-W-109", 2),
    ]
    assert result.errors[0].message.startswith("Line 7: ")


def test_reading_speed() -> None:
    fast = cue(1, 2, "x" * 21)
    [finding] = report(fast, LAST, **QUIET).warnings
    assert finding.rule == "CAP-W-101"
    assert "21 characters a second" in finding.message
    assert "20 characters" in finding.fix
    assert "00:00:02.050" in finding.fix
    assert found(report(cue(1, 2, "x" * 20), LAST, **QUIET)) == []
    assert found(report(cue(1, 2, "x" * 18), LAST, children=True, **QUIET)) == ["CAP-W-101"]
    assert found(report(cue(1, 2, "x" * 17), LAST, children=True, **QUIET)) == []


def test_tags_references_and_marks_do_not_count_as_characters() -> None:
    text = "<v Ann><i>" + "&amp;" * 20 + "</i></v>\u200f"
    assert found(report(cue(1, 2, text), LAST, **QUIET)) == []
    pointed = "שָׁלוֹם " * 4  # 24 letters and spaces, 16 vowel points
    assert display_width(pointed) == 20
    ruby = "<ruby>" + "海<rt>うみうみ</rt>" * 10 + "</ruby>"
    assert found(report(cue(1, 2, ruby), LAST, **QUIET)) == []


def test_wide_characters_count_twice() -> None:
    assert found(report(cue(1, 2, "海" * 10), LAST, **QUIET)) == []
    assert found(report(cue(1, 2, "海" * 11), LAST, **QUIET)) == ["CAP-W-101"]
    assert found(report(cue(1, 6, "海" * 21), LAST, **QUIET)) == []
    assert found(report(cue(1, 6, "海" * 22), LAST, **QUIET)) == ["CAP-W-102"]


def test_line_length_and_lines() -> None:
    assert found(report(cue(1, 6, "x" * 42 + "\n" + "y" * 42), LAST, **QUIET)) == []
    assert found(report(cue(1, 6, "x" * 43), LAST, **QUIET)) == ["CAP-W-102"]
    assert found(report(cue(1, 6, "a\nb\nc"), LAST, **QUIET)) == ["CAP-W-103"]


def test_durations() -> None:
    assert found(report(cue(1, 1.832, "No"), LAST, **QUIET)) == ["CAP-W-104"]
    assert found(report(cue(1, 1.833, "No"), LAST, **QUIET)) == []
    assert found(report(cue(1, 8), LAST, **QUIET)) == []
    assert found(report(cue(1, 8.001), LAST, **QUIET)) == ["CAP-W-105"]


def test_gaps_are_measured_in_frames() -> None:
    def gap(seconds: float, rate: float | None) -> list[str]:
        return found(
            report(cue(1, 3), cue(round(3 + seconds, 3), 6), LAST, frame_rate=rate, **QUIET)
        )

    assert gap(0.0, 25) == ["CAP-W-106"]
    assert gap(0.078, 25) == ["CAP-W-106"]
    assert gap(0.08, 25) == []
    assert gap(0.083, 24) == []
    assert gap(0.083, None) == []
    assert gap(0.06, None) == ["CAP-W-106"]
    assert gap(0.06, 50) == []


def test_holes_and_tracks_that_stop_early() -> None:
    result = report(cue(1, 3), cue(184, 186), LAST)
    assert [(f.rule, f.cue_number) for f in result.warnings] == [
        ("CAP-W-107", 2),
        ("CAP-W-107", 3),
    ]
    assert "3.0 minutes" in result.warnings[0].message
    assert found(report(cue(1, 3), cue(183, 185), LAST, max_hole_s=4000)) == []
    early = report(cue(1, 3), cue(2990, 2999), max_hole_s=4000)
    assert "CAP-W-108" in found(early)
    assert "CAP-W-108" not in found(report(cue(2990, 3001), max_hole_s=4000))


def test_other_warnings() -> None:
    assert found(report(cue(1, 3, "<i> </i>"), LAST, **QUIET)) == ["CAP-W-110"]
    assert found(report(cue(1, 3, "cafÃ© â€œyesâ€\u009d"), LAST, **QUIET)) == ["CAP-W-111"]
    assert found(report(cue(1, 3, "São Paulo, Ânimo, â"), LAST, **QUIET)) == []
    document = Document(
        (cue(1, 3), LAST),
        styles=(webvtt.Style("::cue{background:url(x)}", 3),),
        header="\nX-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:900000",
    )
    assert found(check(document, duration_s=FILM_S, max_hole_s=9999)) == ["CAP-W-113", "CAP-W-114"]


def test_findings_come_in_the_order_of_the_film_errors_first() -> None:
    result = report(cue(10, 12, "x" * 60), cue(1, 3, "y" * 50), cue(50, 49), LAST, **QUIET)
    levels = [finding.level for finding in result.findings]
    assert levels == sorted(levels, key=lambda level: level is not Level.ERROR)
    times = [f.time_s for f in result.warnings if f.time_s is not None]
    assert times == sorted(times)


def test_a_finding_names_cue_time_rule_and_fix() -> None:
    [finding] = report(cue(61.5, 69.5), LAST, **QUIET).findings
    assert finding == Finding(
        rule="CAP-W-105",
        level=Level.WARNING,
        message="Cue 1 at 00:01:01.500 is shown for 8.0 s; 7 s is the most.",
        fix="End it earlier, or split it in two.",
        cue_index=0,
        time_s=61.5,
        line_number=None,
    )


def test_stats() -> None:
    stats = report(
        cue(10, 12, "one two three"), cue(11, 14, "海海"), cue(20, 21, "four"), **QUIET
    ).stats
    assert stats.cue_count == 3
    assert stats.character_count == 13 + 4 + 4
    assert stats.word_count == 3 + 1 + 1
    assert stats.shown_s == pytest.approx(5.0)
    assert stats.coverage == pytest.approx(5 / FILM_S)
    assert stats.words_per_minute == pytest.approx(60.0)
    assert (stats.longest_hole_s, stats.longest_hole_at_s) == (10.0, 0.0)
    assert (stats.first_start_s, stats.last_end_s) == (10, 21)


@pytest.mark.parametrize(
    ("text", "widths", "words"),
    [
        ("", (), 0),
        ("a b\n  \n c ", (3, 1), 3),
        ("привет, мир", (11,), 2),
        ("ｆｕｌｌ", (8,), 2),
        ("한국어 자막", (11,), 3),
        ("e\u0301te\u0301", (3,), 1),
        ("\u200bzero\ufeff", (4,), 1),
        ("नमस्ते", (4,), 1),
    ],
)
def test_measures(text: str, widths: tuple[int, ...], words: int) -> None:
    size = measure(text)
    assert size.line_widths == widths
    assert size.words == words


def test_captions_that_count_from_one_hour_are_recognised() -> None:
    result = report(cue(3601, 3603), cue(7100, 7103))
    [suggestion] = result.suggestions
    assert (suggestion.kind, suggestion.value) == ("shift", -3600.0)


def test_captions_made_for_another_frame_rate_are_recognised() -> None:
    result = report(cue(10, 12), cue(3540 * 25 / 24, 3545 * 25 / 24), **QUIET)
    values = {round(s.value, 4) for s in result.suggestions if s.kind == "scale"}
    assert round(24 / 25, 4) in values


def test_nothing_is_suggested_for_captions_that_fit() -> None:
    assert report(cue(10, 12), LAST).suggestions == ()
    assert report(cue(10, 12), cue(99_000, 99_002)).suggestions == ()


def test_the_rule_table_is_complete_and_each_id_is_its_own() -> None:
    ids = [rule.id for rule in rules.RULES]
    assert len(set(ids)) == len(ids)
    assert ids == sorted(ids)
    listed = {id(value) for value in vars(rules).values() if isinstance(value, rules.Rule)}
    assert listed == {id(rule) for rule in rules.RULES}
    table = rules.rules_table()
    assert all(f"| {rule.id} | {rule.level} |" in table for rule in rules.RULES)


def test_every_rule_can_be_broken() -> None:
    document = Document(
        (
            cue(1, 2, "x" * 60 + "\nb\nc"),
            cue(1.5, 1.6, "caf\ufffd"),
            cue(1.55, 1.7, "cafÃ©", line=0),
            cue(1.62, 12, ""),
            cue(300, 299),
            cue(300, 302),
            cue(302, 304),
            cue(3599, 3700),
            cue(3650, 3700),
        ),
        styles=(webvtt.Style("@import 'x'"),),
        header="\nX-TIMESTAMP-MAP=x",
        issues=webvtt.parse("WEBVTT\n\nlost\n\nNOTE a --> b\n").issues,
    )
    broken = set(found(check(document, duration_s=3600)))
    broken |= set(found(check(Document(), duration_s=3600)))
    broken |= set(found(report(cue(1, 3))))
    broken |= set(found(check(replace(document, cues=document.cues[-2:-1]), duration_s=3600)))
    assert broken == {rule.id for rule in rules.RULES}
