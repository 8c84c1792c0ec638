"""When a movie can be watched: pure functions of (movie, now).

`draft` was never published; `hidden` was taken back by a manager; `scheduled` is visible but starts
later; `expired` is visible but ended; `live` can be watched. A movie without a valid caption track
or without a source is never live, whatever its row says.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

LEAVING_SOON = timedelta(days=14)
NEW_FOR = timedelta(days=30)


class Publishable(Protocol):
    """What these rules look at."""

    @property
    def visibility(self) -> str:
        """draft | visible | hidden."""

    @property
    def available_from(self) -> datetime | None:
        """Start of the availability window; None: at once."""

    @property
    def available_until(self) -> datetime | None:
        """End of the availability window, itself excluded; None: no end."""

    @property
    def has_valid_captions(self) -> bool:
        """At least one valid captions-or-subtitles track."""

    @property
    def has_source(self) -> bool:
        """An `.m3u8` is known."""


class State(StrEnum):
    """What a movie is at an instant."""

    DRAFT = "draft"
    HIDDEN = "hidden"
    SCHEDULED = "scheduled"
    LIVE = "live"
    EXPIRED = "expired"


class RuleName(StrEnum):
    """What must be true of a movie that can be watched, in the order of asking."""

    VISIBLE = "visible"
    SOURCE = "source"
    CAPTIONS = "captions"
    BEGUN = "window-begun"
    NOT_ENDED = "window-not-ended"


def rules(movie: Publishable, now: datetime) -> list[tuple[RuleName, bool]]:
    """Each rule and whether it holds: all of them hold for exactly what `state_of` calls live."""
    return [
        (RuleName.VISIBLE, movie.visibility == "visible"),
        (RuleName.SOURCE, movie.has_source),
        (RuleName.CAPTIONS, movie.has_valid_captions),
        (RuleName.BEGUN, _has_begun(movie, now)),
        (RuleName.NOT_ENDED, not _has_ended(movie, now)),
    ]


def _has_begun(movie: Publishable, now: datetime) -> bool:
    return movie.available_from is None or now >= movie.available_from


def _has_ended(movie: Publishable, now: datetime) -> bool:
    return movie.available_until is not None and now >= movie.available_until


def state_of(movie: Publishable, now: datetime) -> State:
    """The state of a movie at `now`."""
    if movie.visibility == "hidden":
        return State.HIDDEN
    if movie.visibility != "visible" or not movie.has_valid_captions or not movie.has_source:
        return State.DRAFT
    if _has_ended(movie, now):
        return State.EXPIRED
    if not _has_begun(movie, now):
        return State.SCHEDULED
    return State.LIVE


def next_change(movie: Publishable, now: datetime) -> datetime | None:
    """The next instant at which `state_of` gives something else by itself."""
    if state_of(movie, now) not in (State.SCHEDULED, State.LIVE):
        return None
    instants = (movie.available_from, movie.available_until)
    return min((at for at in instants if at is not None and at > now), default=None)


def publishing_blockers(movie: Publishable) -> list[str]:
    """What keeps a movie from being published, as codes in the order to mend them."""
    blockers = []
    if not movie.has_source:
        blockers.append("source-missing")
    if not movie.has_valid_captions:
        blockers.append("caption-missing")
    if (
        movie.available_from is not None
        and movie.available_until is not None
        and movie.available_until <= movie.available_from
    ):
        blockers.append("window-ends-before-start")
    return blockers


def leaves_soon(movie: Publishable, now: datetime) -> bool:
    """Whether a live movie ends within two weeks."""
    return (
        movie.available_until is not None
        and state_of(movie, now) is State.LIVE
        and movie.available_until - now <= LEAVING_SOON
    )
