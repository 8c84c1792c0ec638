"""What the fields of an availability window mean, said while they are being written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

import reflex as rx

from portal.services import local_time, words
from portal.services.actors import Role
from portal.services.clock import utc_now
from portal.services.errors import InvalidInput
from portal.services.local_time import LocalMoment, TimeChoice
from portal.state.guards import actor_of


@dataclass(frozen=True, slots=True)
class EndAnswer:
    """What is said of one end."""

    words: str = ""
    problem: str = ""
    choices: list[TimeChoice] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class WindowAnswer:
    """What is said of a window; `summary` tells both ends against the present."""

    start: EndAnswer = EndAnswer()
    end: EndAnswer = EndAnswer()
    summary: str = ""


class WindowState(rx.State):
    """The fields of the one window that a page shows."""

    answer: WindowAnswer = WindowAnswer()

    @rx.event
    async def ask(self, given: dict[str, str]) -> None:
        """Say what the fields mean."""
        await actor_of(self, Role.EDITOR, acts=False)
        self.answer = answer_to(given, utc_now())


def answer_to(given: Mapping[str, str], now: datetime) -> WindowAnswer:
    """What to say of the fields."""
    start, end = _read(given, "from"), _read(given, "until")
    if start.at and end.at and end.at <= start.at:
        end = LocalMoment(
            problem="The window ends before it starts. Set the end later, or the start earlier."
        )
    return WindowAnswer(_answer("From", start), _answer("Until", end), _summary(start, end, now))


def window_of(given: Mapping[str, str]) -> tuple[datetime | None, datetime | None]:
    """The instants that the fields mean.

    Raises:
        InvalidInput: One of them cannot be read.
    """
    start, end = _read(given, "from"), _read(given, "until")
    wrong = {
        name: moment.problem
        for name, moment in (("available_from", start), ("available_until", end))
        if moment.problem
    }
    if wrong:
        raise InvalidInput(wrong)
    return start.at, end.at


def _read(given: Mapping[str, str], end: str) -> LocalMoment:
    def text(name: str) -> str:
        return str(given.get(name, ""))[:64].strip()

    return local_time.read_local(
        text(f"{end}_day"), text(f"{end}_clock"), text("zone") or "UTC", text(f"{end}_choice")
    )


def _answer(word: str, moment: LocalMoment) -> EndAnswer:
    said = f"{word} {moment.words}" if moment.words else ""
    return EndAnswer(said, moment.problem, list(moment.choices))


def _summary(start: LocalMoment, end: LocalMoment, now: datetime) -> str:
    if start.problem or end.problem:
        return ""
    if end.at is not None and end.at <= now:
        return "This window is over: viewers would not see the film."
    if start.at is not None and start.at > now:
        for_time = f", for {words.time_left(end.at, start.at)}" if end.at else ""
        return f"It goes live in {words.time_left(start.at, now)}{for_time}."
    if end.at is not None:
        return f"It can be watched now, for {words.time_left(end.at, now)} more."
    return "It can be watched from the moment it is shown, without an end."
