"""Forms, table lines and audit events in words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from portal.services import audit_words, movie_form, movie_lines, movie_rows
from portal.services.audit_log import AuditView
from portal.services.availability import State
from portal.services.errors import InvalidInput

NOW = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)


class Film:
    """What the rules look at."""

    visibility = "visible"
    available_from: datetime | None = None
    available_until: datetime | None = None
    has_valid_captions = True
    has_source = True

    def __init__(self, **values: Any) -> None:
        self.__dict__.update(values)


@pytest.mark.parametrize(
    ("values", "state", "words"),
    [
        ({}, State.LIVE, "Viewers can watch it"),
        (
            {"available_from": NOW + timedelta(days=4, hours=1)},
            State.SCHEDULED,
            "Goes live Fri 27 Nov 18:00 UTC · in 4 days",
        ),
        (
            {"available_until": NOW + timedelta(hours=5)},
            State.LIVE,
            "Leaves Mon 23 Nov 22:00 UTC · in 5 hours",
        ),
        ({"available_until": NOW}, State.EXPIRED, "Left Mon 23 Nov 17:00 UTC"),
        ({"has_source": False}, State.DRAFT, "Needs work: no source"),
        ({"visibility": "draft"}, State.DRAFT, "Ready to publish"),
    ],
)
def test_a_state_is_said_with_what_comes_next(
    values: dict[str, Any], state: State, words: str
) -> None:
    assert movie_rows.state_words(Film(**values), state, NOW) == words


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("1:32:00", 5520),
        ("92", 5520),
        ("1 h 32 min", 5520),
        ("47 min", 2820),
        ("44 s", 44),
        ("", 0),
    ],
)
def test_a_running_time_is_read_as_people_write_it(text: str, seconds: int) -> None:
    assert movie_form.from_form({"runtime_s": text}) == {"runtime_s": seconds}


def test_what_stands_for_nothing_is_named() -> None:
    with pytest.raises(InvalidInput) as refused:
        movie_form.from_form({"runtime_s": "long", "year": "MMXX", "genres": "Drama, , Noir"})
    assert set(refused.value.fields) == {"runtime_s", "year"}


def test_every_field_survives_the_form() -> None:
    values = {
        "title": "A", "year": 1994, "runtime_s": 5520, "genres": ["Drama", "Noir"],
        "cast": ["Ana", "Idris"], "featured": 2,
    }  # fmt: skip
    texts = {name: movie_form.shown(name, value) for name, value in values.items()}
    assert movie_form.from_form(texts) == values


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("00:01:04.500", 64.5), ("1:04,5", 64.5), ("64.5", 64.5), ("", None), ("1:2:3:4", None)],
)
def test_times_of_cues(text: str, seconds: float | None) -> None:
    assert movie_lines.seconds_of(text) == seconds
    if seconds is not None:
        assert movie_lines.seconds_of(movie_lines.stamp(seconds)) == seconds


def test_findings_that_repeat_are_one_line() -> None:
    finding = {
        "rule": "HLS-S-001",
        "level": "should",
        "message": "Plain http.",
        "fix": "Use https.",
    }
    lines = movie_lines.source_findings([{**finding, "line": number} for number in range(1, 9)])
    assert [line.place for line in lines] == ["line 1; line 2; line 3 and 5 more places"]


def event(action: str, before: Any, after: Any) -> AuditView:
    return AuditView(
        7, NOW, "a", "ana@films.example", "", action, "movie", "m", before, after, "", ""
    )


def test_an_event_is_told_with_its_fields() -> None:
    line = audit_words.activity(
        event("movie.update", {"version": 1, "runtime_s": 60}, {"version": 2, "runtime_s": 5520}),
        NOW + timedelta(minutes=5),
    )
    assert (line.what, line.when) == ("Changed Running time", "5 minutes ago")
    assert [(c.label, c.before, c.after) for c in line.changes] == [
        ("Running time", "0:01:00", "1:32:00")
    ]


def test_an_event_of_an_unknown_shape_is_told_too() -> None:
    line = audit_words.activity(
        event("comet.pass_by", None, {"genres": 7, "tail": {"km": 3}, "long": "x" * 9000}), NOW
    )
    assert line.what == "Comet: pass by"
    assert max(len(change.after) for change in line.changes) < 500
