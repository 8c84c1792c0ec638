"""What an address asks for, and the measures."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from portal.services.insights import charts, figures, words
from portal.services.insights.ranges import LONGEST_DAYS, span_of
from portal.services.qoe.rollups import hour_of, instant_of

NOW = datetime(2026, 11, 23, 12, 40, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "grain", "steps"),
    [("24h", "h", 24), ("7d", "h", 168), ("30d", "d", 30), ("90d", "d", 90), ("1y", "d", 365)],
)
def test_a_preset_ends_now(name: str, grain: str, steps: int) -> None:
    span = span_of(name, "", "", NOW)
    assert (span.name, span.grain, len(span.hours)) == (name, grain, steps)
    assert instant_of(span.end - 1) <= NOW + timedelta(hours=24)
    assert span.hours[-1] <= hour_of(NOW) < span.end
    assert len(span.before().hours) == steps
    assert span.before().end == span.first


@pytest.mark.parametrize("name", ["", "nonsense", "custom", "2y"])
def test_nonsense_is_the_usual_time(name: str) -> None:
    span = span_of(name, "x", "2026-13-40", NOW)
    assert span.hours == span_of("30d", "", "", NOW).hours
    assert span.name == ("custom" if name == "custom" else "30d")  # whose fields are shown


def test_a_custom_time_has_its_last_day_and_is_bounded() -> None:
    span = span_of("custom", "2026-11-20", "2026-11-21", NOW)
    assert (span.grain, len(span.hours)) == ("h", 48)
    assert span.dates() == ("2026-11-20", "2026-11-21")
    assert span_of("custom", "2026-11-21", "2026-11-20", NOW) == span
    old = span_of("custom", "2026-03-01", "2026-03-02", NOW)
    assert (old.grain, len(old.hours)) == ("d", 2)  # sums by hour are not kept for so long
    assert len(span_of("custom", "2000-01-01", "2199-01-01", NOW).hours) == LONGEST_DAYS + 1
    assert span_of("custom", "2026-12-24", "", NOW).dates()[1] == "2026-11-23"


def test_measures_are_shares_of_what_their_definitions_say() -> None:
    sums = {
        "attempts": 200, "starts": 190, "start_failures": 4, "early_exits": 6,
        "play_ms": 990_000, "stall_ms": 10_000, "degraded_ms": 40_000,
        "caption_sessions": 50, "caption_rendered": 49, "tenth_1": 190, "tenth_10": 95,
    }  # fmt: skip
    assert figures.vsf(sums) == 0.02
    assert figures.ebvs(sums) == 0.03
    assert figures.rebuffer_ratio(sums) == 0.01
    assert figures.degradation(sums) == 0.05
    assert figures.caption_rendered(sums) == 0.98
    assert figures.finished(sums) == 0.5
    assert figures.vsf({}) is None
    assert figures.completion({}) == [None] * 10


@pytest.mark.parametrize(
    ("value", "top"), [(0, 1), (0.9, 1), (1, 1), (1.1, 2), (3, 4), (5, 6), (7, 10), (1234, 2000)]
)
def test_an_axis_ends_at_a_round_number(value: float, top: float) -> None:
    assert charts.nice_top(value) == pytest.approx(top)


def test_a_line_is_broken_where_nothing_is_known() -> None:
    span = span_of("custom", "2026-01-01", "2026-01-04", NOW)
    chart = charts.over_time(span, [("A", [1.0, None, 2.0, 2.0])], str, summary="")
    assert chart.lines[0].path.count("M") == 2
    assert [row[1] for row in chart.rows] == ["2.0", "2.0", words.NOTHING, "1.0"]
    assert charts.over_time(span, [("A", [None] * 4)], str, summary="").is_empty


def test_figures_in_words() -> None:
    assert words.percent(None) == words.NOTHING
    assert [words.percent(v) for v in (0, 0.00001, 0.003, 0.025, 0.5)] == [
        "0 %", "< 0.01 %", "0.30 %", "2.5 %", "50 %",
    ]  # fmt: skip
    assert [words.duration(v) for v in (412.3, 1500, 12_000)] == ["412 ms", "1.50 s", "12 s"]
    assert [words.hours(v) for v in (0, 600_000, 9_000_000)] == ["0 h", "10 min", "2.5 h"]
