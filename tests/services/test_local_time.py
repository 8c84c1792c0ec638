"""Local times as instants, at the changes of the clock above all."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from portal.services.local_time import EARLIER, LATER, place_of, read_local


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type]


def test_a_plain_time_is_told_in_both_clocks() -> None:
    found = read_local("2026-11-27", "18:00", "Europe/Lisbon")
    assert found.at == utc(2026, 11, 27, 18)
    assert found.words == "Friday 27 November 2026, 18:00 in Lisbon, that is 18:00 UTC"


def test_another_day_in_utc_is_named() -> None:
    found = read_local("2026-11-27", "18:00", "America/Los_Angeles")
    assert found.words.endswith("that is 02:00 UTC on Saturday 28 November")


def test_nothing_written_is_no_moment_and_no_problem() -> None:
    found = read_local("", "", "Europe/Lisbon")
    assert (found.at, found.problem) == (None, "")


@pytest.mark.parametrize(
    ("day", "clock", "zone", "words"),
    [
        ("2026-11-27", "", "Europe/Lisbon", "Add a time"),
        ("", "18:00", "Europe/Lisbon", "Add a date"),
        ("2026-02-30", "18:00", "Europe/Lisbon", "no date and time"),
        ("2026-11-27", "18:00", "Europe/Atlantis", "no such time zone"),
        ("2026-11-27", "18:00", "../../etc/passwd", "no such time zone"),
        ("9999-12-31", "23:59", "America/Los_Angeles", "no date and time"),
    ],
)
def test_what_cannot_be_read_says_why(day: str, clock: str, zone: str, words: str) -> None:
    found = read_local(day, clock, zone)
    assert found.at is None
    assert words in found.problem


@pytest.mark.parametrize(
    ("zone", "day", "clock", "gap"),
    [
        ("Europe/Lisbon", "2027-03-28", "01:30", ("01:00", "02:00")),
        ("America/New_York", "2027-03-14", "02:00", ("02:00", "03:00")),
        ("Australia/Lord_Howe", "2027-10-03", "02:15", ("02:00", "02:30")),  # half an hour
    ],
)
def test_a_time_that_the_clock_skips_is_refused_with_the_next_one(
    zone: str, day: str, clock: str, gap: tuple[str, str]
) -> None:
    found = read_local(day, clock, zone)
    assert found.at is None
    assert f"the clocks go from {gap[0]} to {gap[1]}" in found.problem
    assert [choice.value for choice in found.choices] == [gap[1]]
    assert read_local(day, gap[1], zone).at is not None


def test_a_time_that_the_clock_shows_twice_is_asked_about() -> None:
    asked = read_local("2026-10-25", "01:30", "Europe/Lisbon")
    assert asked.at is None
    assert "twice on Sunday 25 October 2026 in Lisbon" in asked.problem
    assert [choice.value for choice in asked.choices] == [EARLIER, LATER]
    assert read_local("2026-10-25", "01:30", "Europe/Lisbon", EARLIER).at == utc(
        2026, 10, 25, 0, 30
    )
    later = read_local("2026-10-25", "01:30", "Europe/Lisbon", LATER)
    assert later.at == utc(2026, 10, 25, 1, 30)
    assert "the second time it is 01:30" in later.words


def test_places_are_named_as_people_do() -> None:
    assert place_of("America/New_York") == "New York"
    assert place_of("Etc/UTC") == "UTC"
