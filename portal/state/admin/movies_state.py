"""The table of all movies: what the address asks for, and what is done to the picked ones."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

import reflex as rx

from portal.services.actors import Actor, Role
from portal.services.admin_views import MovieLine
from portal.services.availability import State
from portal.services.clock import utc_now
from portal.services.container import services
from portal.services.editing.publishing import BulkResult, Refusal, UndoStep
from portal.services.errors import InvalidInput, PortalError, Unavailable
from portal.services.movie_listing import MAX_TEXT, SORTS, ListQuery
from portal.services.movie_rows import StateCounts, line
from portal.services.views import FilterOption
from portal.state.admin.frame_state import fill_admin_frame
from portal.state.admin.window_state import window_of
from portal.state.guards import actor_of
from portal.state.messages import words_for

PAGE_SIZE = 50
SHOWN_REFUSALS = 20
SOURCES = {
    "ok": "Checked",
    "warnings": "Could be better",
    "failed": "Failed",
    "unchecked": "Not checked",
    "missing": "None",
}
_STATES = {
    State.LIVE: "Live",
    State.SCHEDULED: "Scheduled",
    State.DRAFT: "Draft",
    State.HIDDEN: "Hidden",
    State.EXPIRED: "Expired",
}
_counts = StateCounts()
_preparing: set[asyncio.Task[None]] = set()


@dataclass(frozen=True, slots=True)
class RefusedLine:
    """A movie that a change left as it was."""

    title: str = ""
    reason: str = ""
    href: str = ""


class MoviesState(rx.State):
    """One page of the table; the rest stays on the server."""

    rows: list[MovieLine] = []
    ids: list[str] = []
    states: list[FilterOption] = []
    shown: str = ""
    answers: str = ""  # the words that these rows answer
    total: int = 0
    sort: str = "updated"
    next_from: str = ""
    is_continued: bool = False
    is_filtered: bool = False
    is_loaded: bool = False
    problem: str = ""

    done: int = 0  # changes made; the page then lets go of what was picked
    notice: str = ""
    refused: list[RefusedLine] = []
    can_undo: bool = False
    _undo: tuple[UndoStep, ...] = ()

    @rx.event
    async def load(self) -> None:
        """Show what the address asks for."""
        actor = await actor_of(self, Role.EDITOR, acts=False)
        await fill_admin_frame(self, actor)
        await self._fill()
        _prepare_search()

    @rx.event
    async def act(self, action: str, movie_ids: list[str], fields: dict[str, str]) -> None:
        """Show, hide or schedule the picked movies."""
        actor = await actor_of(self, Role.MANAGER)
        ids = [str(each)[:64] for each in movie_ids]
        try:
            result = await _change(actor, action, ids, fields)
        except PortalError as error:
            self._tell(error.detail)
            return
        self._undo, self.can_undo = result.undo, bool(result.undo)
        self.done += 1
        self._tell(_said(action, result), result.refused)
        await self._fill()

    @rx.event
    async def undo(self) -> None:
        """Take the last change back."""
        actor = await actor_of(self, Role.MANAGER)
        steps, self._undo, self.can_undo = self._undo, (), False
        if not steps:
            return
        try:
            result = await services().editing.publishing.undo(actor, steps, utc_now())
        except PortalError as error:
            self._undo, self.can_undo = steps, True
            self._tell(error.detail)
            return
        films = _films(result.changed)
        self._tell(f"Taken back: {films} as before.", result.refused)
        await self._fill()

    @rx.event
    async def dismiss(self) -> None:
        """Put the notice away, and with it the way back."""
        await actor_of(self, Role.EDITOR, acts=False)
        self.notice, self.refused = "", []
        self._undo, self.can_undo = (), False

    def _tell(self, words: str, refused: tuple[Refusal, ...] = ()) -> None:
        self.notice = words
        self.refused = [
            RefusedLine(
                each.title or "A film", each.reason, f"/admin/movies/{quote(each.movie_id)}"
            )
            for each in refused[:SHOWN_REFUSALS]
        ]

    async def _fill(self) -> None:
        query = read_query(self.router.url.query_parameters)
        now = utc_now()
        try:
            snapshot = await services().catalog.snapshot()
            found = await asyncio.to_thread(
                services().listing.page, snapshot, query, now, limit=PAGE_SIZE, everything=True
            )
            counts = await asyncio.to_thread(_counts.of, snapshot, now)
        except InvalidInput:  # a cursor of another order: from the start
            self.problem = "This page of the list is not there any more. Start from the first."
            return
        except Exception as error:
            self.problem = words_for(error)
            return
        self.rows = [line(movie, state, now) for movie, state in found.movies]
        self.ids = [row.movie_id for row in self.rows]
        self.answers = query.text
        self.total, self.sort = found.total, query.sort
        self.next_from = found.next_cursor
        self.is_continued = bool(query.cursor)
        self.is_filtered = bool(query.text or query.state or query.source)
        self.states = [
            FilterOption(state, words, counts[state], query.state == state)
            for state, words in _STATES.items()
        ]
        number = len(self.rows)
        self.shown = (
            _films(number) if number == found.total else f"{number} of {_films(found.total)}"
        )
        self.problem, self.is_loaded = "", True


def _prepare_search() -> None:
    """Whoever looks at the table will search it: the first key then need not wait."""

    async def prepare() -> None:
        with contextlib.suppress(Unavailable):
            snapshot = await services().catalog.snapshot()
            await asyncio.to_thread(services().listing.prepare_search, snapshot)

    if not _preparing:
        task = asyncio.create_task(prepare())
        _preparing.add(task)
        task.add_done_callback(_preparing.discard)


def read_query(given: Mapping[str, str]) -> ListQuery:
    """The address's parameters; nonsense counts as absent."""

    def text(name: str, limit: int = MAX_TEXT) -> str:
        return str(given.get(name, "")).strip()[:limit]

    state, source, sort = text("state"), text("source"), text("sort")
    return ListQuery(
        text=text("q"),
        state=state if state in list(State) else "",
        source=source if source in SOURCES else "",
        sort=sort if sort in SORTS else "updated",
        cursor=text("from", 2000),
    )


async def _change(
    actor: Actor, action: str, ids: list[str], fields: Mapping[str, str]
) -> BulkResult:
    publishing, now = services().editing.publishing, utc_now()
    if not ids:
        raise InvalidInput({"movie_ids": "Pick a film first."})
    if action == "show":
        return await publishing.set_visibility_of(actor, ids, "visible", now)
    if action == "hide":
        return await publishing.set_visibility_of(actor, ids, "hidden", now)
    if action == "schedule":
        start, end = window_of(fields)
        return await publishing.schedule(actor, ids, start, end, now)
    raise InvalidInput({"action": "Choose show, hide or schedule."})


def _said(action: str, result: BulkResult) -> str:
    did = {"show": "Shown to viewers", "hide": "Hidden", "schedule": "Scheduled"}[action]
    parts = [f"{did}: {_films(result.changed)}."] if result.changed else []
    if result.unchanged:
        parts.append(f"{_films(result.unchanged)} {_was(result.unchanged)} so already.")
    if result.refused:
        number = len(result.refused)
        parts.append(f"{_films(number)} could not be changed and {_was(number)} left as before.")
    return " ".join(parts)


def _films(number: int) -> str:
    return "1 film" if number == 1 else f"{number:,} films"


def _was(number: int) -> str:
    return "was" if number == 1 else "were"
