"""The cues of one caption track, edited beside the playing film. Each change is a new version."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import unquote

import reflex as rx

from portal.services import movie_lines
from portal.services.actors import Actor, Role
from portal.services.admin_views import CorrectionLine, CueLine
from portal.services.clock import utc_now
from portal.services.container import services
from portal.services.editing import caption_edits
from portal.services.editing.caption_edits import Edit
from portal.services.editing.caption_views import TrackDetail
from portal.services.errors import InvalidInput, NotFound, PortalError
from portal.state.admin.editor_state import movie_of
from portal.state.admin.frame_state import fill_admin_frame
from portal.state.guards import actor_of
from portal.state.messages import words_for

PAGE_SIZE = 150


class CueState(rx.State):
    """One track, and a page of its cues."""

    cues: list[CueLine] = []
    first: int = 0  # index of the first cue on the page
    total: int = 0
    shown: str = ""
    version: int = 0
    film_id: str = ""
    film_title: str = ""
    film_art: str = ""
    track_label: str = ""
    language: str = ""
    verdict: str = ""
    is_valid: bool = False
    suggestions: list[CorrectionLine] = []
    page_title: str = "Captions"
    outcome: str = ""  # found, missing, failed
    problem: str = ""
    notice: str = ""
    answered: int = 0
    saved: int = 0
    _track_id: str = ""

    @rx.event
    async def load(self) -> None:
        """Show the track that the address names."""
        actor = await actor_of(self, Role.EDITOR, acts=False)
        await fill_admin_frame(self, actor)
        path = self.router.url.path
        self.film_id = movie_of(path)
        self._track_id = unquote(path.rstrip("/").rsplit("/", 1)[-1])[:64]
        self.first, self.problem, self.notice = 0, "", ""
        try:
            await self._show(actor)
        except NotFound:
            self.outcome, self.page_title = "missing", "Captions not found"
        except Exception as error:
            self.outcome, self.problem = "failed", words_for(error)

    @rx.event
    async def go_to(self, first: int) -> None:
        """Show the cues from another one on."""
        actor = await actor_of(self, Role.EDITOR, acts=False)
        self.first = max(0, min(int(first), self.total - 1))
        await self._show(actor)

    @rx.event
    async def go_to_time(self, at_s: float) -> None:
        """Show the cues around a moment of the film."""
        actor = await actor_of(self, Role.EDITOR, acts=False)
        found = await self._detail(actor)
        before = sum(cue.end_s < float(at_s) for cue in found.cues)
        self.first = max(0, min(before - 3, self.total - 1))
        self._put(found)

    @rx.event
    async def save_cue(self, number: int, version: int, fields: dict[str, str]) -> None:
        """Change a cue."""
        actor = await actor_of(self, Role.EDITOR)
        await self._edit(
            actor,
            lambda: caption_edits.change_cue(int(number), **_cue(fields)),
            version,
        )

    @rx.event
    async def add_cue(self, version: int, fields: dict[str, str]) -> None:
        """Add a cue at its place in time."""
        actor = await actor_of(self, Role.EDITOR)
        await self._edit(
            actor,
            lambda: caption_edits.add_cue(**_cue(fields)),
            version,
        )

    @rx.event
    async def remove_cue(self, number: int, version: int) -> None:
        """Remove a cue."""
        actor = await actor_of(self, Role.EDITOR)
        await self._edit(actor, lambda: caption_edits.remove_cue(int(number)), version)

    @rx.event
    async def correct(self, operation: str) -> None:
        """Correct the whole track: put it in order, trim overlaps."""
        actor = await actor_of(self, Role.EDITOR)
        await self._edit(actor, lambda: caption_edits.correction(str(operation)), self.version)

    @rx.event
    async def shift(self, fields: dict[str, str]) -> None:
        """Move all cues by seconds."""
        actor = await actor_of(self, Role.EDITOR)
        await self._edit(actor, lambda: caption_edits.shift(_seconds(fields)), self.version)

    @rx.event
    async def apply(self, kind: str, value: float) -> None:
        """Apply what the report suggests."""
        actor = await actor_of(self, Role.EDITOR)
        make = caption_edits.scale if kind == "scale" else caption_edits.shift
        await self._edit(actor, lambda: make(float(value)), self.version)

    async def _edit(self, actor: Actor, make: Callable[[], Edit], version: int) -> None:
        self.answered += 1
        try:
            change = make()
            found = await services().editing.captions.edit(
                actor, self.film_id, self._track_id, change, version=int(version), now=utc_now()
            )
        except PortalError as error:
            self.problem, self.notice = error.detail, ""
            return
        self.saved += 1
        self.problem = ""
        self.notice = f"{change.note}: saved as version {found.track.version}."
        self._put(found)

    async def _show(self, actor: Actor) -> None:
        movie = await services().editing.movies.view(actor, self.film_id, utc_now())
        self.film_title, self.film_art = movie.title, movie.art
        self._put(await self._detail(actor))

    async def _detail(self, actor: Actor) -> TrackDetail:
        return await services().editing.captions.detail(actor, self.film_id, self._track_id)

    def _put(self, found: TrackDetail) -> None:
        self.total = len(found.cues)
        self.first = min(self.first, max(0, self.total - 1))
        page = found.cues[self.first : self.first + PAGE_SIZE]
        self.cues = movie_lines.cue_lines(page, found.report)
        last = self.first + len(page)
        self.shown = f"Cues {self.first + 1} to {last} of {self.total:,}" if page else "No cues"
        line = movie_lines.track_line(found.track, utc_now())
        self.version, self.language = line.version, line.language
        self.track_label, self.verdict, self.is_valid = line.label, line.verdict, line.is_valid
        self.suggestions = movie_lines.corrections(found.report)
        self.page_title, self.outcome = f"{line.label} · {self.film_title}", "found"


def _cue(fields: dict[str, str]) -> dict[str, object]:
    wrong = {}
    times = {}
    for name, words in (("start", "start"), ("end", "end")):
        at_s = movie_lines.seconds_of(str(fields.get(name, ""))[:32])
        if at_s is None:
            wrong[name] = f"The {words} is no time. Write it like 00:01:04.500."
        else:
            times[f"{name}_s"] = at_s
    if wrong:
        raise InvalidInput(wrong)
    return {**times, "text": str(fields.get("text", ""))[:5000]}


def _seconds(fields: dict[str, str]) -> float:
    try:
        return float(str(fields.get("offset", "")).strip().replace(",", "."))
    except ValueError:
        raise InvalidInput({"offset": "Write seconds, such as 1.5 or -2."}) from None
