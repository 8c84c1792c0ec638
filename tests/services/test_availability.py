"""When a movie can be watched."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from portal.services.availability import (
    State,
    leaves_soon,
    next_change,
    publishing_blockers,
    state_of,
)

NOW = datetime(2026, 11, 27, 18, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@dataclass
class Film:
    visibility: str = "visible"
    available_from: datetime | None = None
    available_until: datetime | None = None
    has_valid_captions: bool = True
    has_source: bool = True


@pytest.mark.parametrize(
    ("film", "state"),
    [
        (Film(), State.LIVE),
        (Film(visibility="draft"), State.DRAFT),
        (Film(visibility="hidden"), State.HIDDEN),
        (Film(visibility="hidden", available_from=NOW + HOUR), State.HIDDEN),
        (Film(available_from=NOW), State.LIVE),
        (Film(available_from=NOW + HOUR), State.SCHEDULED),
        (Film(available_until=NOW + HOUR), State.LIVE),
        (Film(available_until=NOW), State.EXPIRED),
        (Film(available_from=NOW - HOUR, available_until=NOW - HOUR / 2), State.EXPIRED),
        (Film(has_valid_captions=False), State.DRAFT),
        (Film(has_source=False), State.DRAFT),
    ],
)
def test_state(film: Film, state: State) -> None:
    assert state_of(film, NOW) is state


def test_the_next_change_is_the_nearest_boundary_ahead() -> None:
    film = Film(available_from=NOW + HOUR, available_until=NOW + 2 * HOUR)
    assert next_change(film, NOW) == NOW + HOUR
    assert next_change(film, NOW + HOUR) == NOW + 2 * HOUR
    assert next_change(film, NOW + 2 * HOUR) is None
    assert next_change(Film(visibility="hidden", available_from=NOW + HOUR), NOW) is None


def test_what_blocks_publishing_is_listed_in_the_order_to_mend_it() -> None:
    film = Film(has_source=False, has_valid_captions=False, available_from=NOW, available_until=NOW)
    assert publishing_blockers(film) == [
        "source-missing",
        "caption-missing",
        "window-ends-before-start",
    ]
    assert publishing_blockers(Film()) == []


def test_leaving_soon_is_for_live_films_only() -> None:
    assert leaves_soon(Film(available_until=NOW + timedelta(days=14)), NOW)
    assert not leaves_soon(Film(available_until=NOW + timedelta(days=15)), NOW)
    assert not leaves_soon(Film(visibility="hidden", available_until=NOW + HOUR), NOW)
