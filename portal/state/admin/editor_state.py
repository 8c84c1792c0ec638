"""The page of one movie: its form, what keeps it from being published, and what was done to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import unquote

import reflex as rx

from portal import routes
from portal.services import audit_words, movie_form, movie_lines
from portal.services.actors import Actor, Role
from portal.services.admin_views import (
    ActivityLine,
    BlockerLine,
    DifferenceLine,
    FindingLine,
    MovieHead,
    PictureLine,
    RenditionLine,
    SourceLine,
    TrackLine,
)
from portal.services.clock import utc_now
from portal.services.container import services
from portal.services.editing.views import MovieView
from portal.services.errors import (
    EditConflict,
    Forbidden,
    InvalidInput,
    MovieNotFound,
    PortalError,
    PublishingBlocked,
)
from portal.services.models import title_key
from portal.services.repositories.audit_events import AuditFilter
from portal.state.admin.frame_state import fill_admin_frame
from portal.state.admin.window_state import window_of
from portal.state.guards import actor_of
from portal.state.messages import words_for

ACTIVITY_SIZE = 40
NO_PROBLEMS = dict.fromkeys(movie_form.LABELS, "")


class EditorState(rx.State):
    """One movie as a content manager edits it."""

    head: MovieHead = MovieHead()
    form: dict[str, str] = NO_PROBLEMS
    problems: dict[str, str] = NO_PROBLEMS
    page_title: str = "Film"
    outcome: str = ""  # found, missing, failed
    failure: str = ""  # why a part of the page, or an action, did not work

    blockers: list[BlockerLine] = []
    source: SourceLine = SourceLine()
    source_findings: list[FindingLine] = []
    renditions: list[RenditionLine] = []
    tracks: list[TrackLine] = []
    pictures: list[PictureLine] = []
    activity: list[ActivityLine] = []
    activity_note: str = ""

    saved: int = 0  # goes up when a form was stored; the draft in the browser is then let go
    answered: int = 0
    notice: str = ""
    can_undo: bool = False
    watches_serving: bool = False  # hidden just now: when was the last segment served?
    _undo_visibility: str = ""

    conflict: str = ""
    differences: list[DifferenceLine] = []
    _pending: dict[str, Any] = {}
    _theirs_version: int | None = None

    @rx.event
    async def load(self) -> None:
        """Show the movie that the address names."""
        actor = await actor_of(self, Role.EDITOR, acts=False)
        await fill_admin_frame(self, actor)
        movie_id = movie_of(self.router.url.path)
        if movie_id != self.head.movie_id:
            self._forget()
        self._end_conflict()  # what is still in the fields is compared again when it is saved
        try:
            await self._show(actor, movie_id)
        except MovieNotFound:
            self.outcome, self.page_title = "missing", "Film not found"
        except Exception as error:
            self.outcome, self.failure = "failed", words_for(error)

    @rx.event
    async def load_new(self) -> None:
        """Show an empty form."""
        actor = await actor_of(self, Role.EDITOR, acts=False)
        await fill_admin_frame(self, actor)
        self._forget()
        self.page_title = "New film"

    @rx.event
    async def check(self, texts: dict[str, str]) -> None:
        """Say what is wrong with fields while somebody types."""
        await actor_of(self, Role.EDITOR, acts=False)
        found = movie_form.problems(texts, utc_now())
        if not found.get("title") and "title" in texts:
            found["title"] = await self._title_is_taken(texts["title"])
        self.problems = {**self.problems, **found}

    @rx.event
    async def create(self, _version: int, texts: dict[str, str]) -> Any:
        """Make a draft and go on to its page."""
        actor = await actor_of(self, Role.EDITOR)
        self.answered += 1
        try:
            given = movie_form.read(texts, utc_now())
            view = await services().editing.movies.create(actor, given, utc_now())
        except PortalError as error:
            self._refuse(error)
            return None
        self.saved += 1
        self.problems, self.failure = NO_PROBLEMS, ""
        return rx.redirect(routes.admin_movie(view.movie_id, "source"))

    @rx.event
    async def save(self, version: int, texts: dict[str, str]) -> None:
        """Store changed fields; what somebody else changed meanwhile is kept, or asked about."""
        actor = await actor_of(self, Role.EDITOR)
        self.answered += 1
        try:
            given = movie_form.read(texts, utc_now())
            await self._store(actor, given, version)
        except PortalError as error:
            self._refuse(error)

    @rx.event
    async def schedule(self, fields: dict[str, str]) -> None:
        """Store the availability window."""
        actor = await actor_of(self, Role.EDITOR)
        self.answered += 1
        try:
            start, end = window_of(fields)
            given = {"available_from": start, "available_until": end}
            await self._store(actor, given, self.head.version, words="The schedule is saved.")
        except PortalError as error:
            self._refuse(error)

    @rx.event
    async def resolve(self, choices: dict[str, str]) -> None:
        """Store what somebody chose of two versions."""
        actor = await actor_of(self, Role.EDITOR)
        self.answered += 1
        given = {n: v for n, v in self._pending.items() if choices.get(n, "yours") == "yours"}
        try:
            await self._store(actor, given, self._theirs_version)
        except PortalError as error:
            self._refuse(error)

    @rx.event
    async def keep_theirs(self) -> None:
        """Give one's own changes up."""
        actor = await actor_of(self, Role.EDITOR, acts=False)
        self._end_conflict()
        await self._show(actor, self.head.movie_id)
        self.saved += 1
        self.notice = "Your changes are given up; this is what is stored."

    @rx.event
    async def set_visibility(self, visibility: str) -> None:
        """Show, hide, or make a draft again."""
        actor = await actor_of(self, Role.MANAGER)
        await self._publish(actor, visibility, undoes=False)

    @rx.event
    async def undo(self) -> None:
        """Take the last change of visibility back."""
        actor = await actor_of(self, Role.MANAGER)
        if self._undo_visibility:
            await self._publish(actor, self._undo_visibility, undoes=True)

    @rx.event
    async def delete(self) -> Any:
        """Delete a draft."""
        actor = await actor_of(self, Role.EDITOR)
        try:
            await services().editing.movies.delete(actor, self.head.movie_id, now=utc_now())
        except PortalError as error:
            self._refuse(error)
            return None
        return rx.redirect(routes.ADMIN)

    @rx.event
    async def look_again(self) -> None:
        """When was the last segment served?"""
        await actor_of(self, Role.MANAGER, acts=False)
        now = utc_now()
        served = await services().served.at(self.head.movie_id)
        self.head = replace(self.head, served=movie_lines.served_words(served, now))

    @rx.event
    async def dismiss(self) -> None:
        """Put the notice away."""
        await actor_of(self, Role.EDITOR, acts=False)
        self.notice, self.failure, self.can_undo = "", "", False

    async def _store(
        self,
        actor: Actor,
        given: Mapping[str, Any],
        version: int | None,
        *,
        words: str = "Saved.",
    ) -> None:
        movies, now = services().editing.movies, utc_now()
        movie_id = self.head.movie_id
        if given:
            try:
                await movies.update(actor, movie_id, given, version=version, now=now)
            except EditConflict as conflict:
                if any(each.both_changed for each in conflict.differences):
                    self._pending = dict(given)
                    self._theirs_version = conflict.current_version
                    self.conflict = conflict.detail
                    self.differences = movie_lines.difference_lines(conflict.differences, now)
                    return
                # Nobody touched the same field: both changes stand.
                await movies.update(
                    actor, movie_id, given, version=conflict.current_version, now=now
                )
                names = ", ".join(
                    each.label for each in movie_lines.difference_lines(conflict.differences, now)
                )
                if names:
                    words += f" Meanwhile {conflict.changed_by} changed {names}: that is kept too."
        self._end_conflict()
        await self._show(actor, movie_id)
        self.saved += 1
        self.problems, self.failure, self.notice = NO_PROBLEMS, "", words
        self.can_undo = False

    async def _publish(self, actor: Actor, visibility: str, *, undoes: bool) -> None:
        before = self.head.visibility
        try:
            await services().editing.publishing.set_visibility(
                actor, self.head.movie_id, visibility, now=utc_now()
            )
        except PublishingBlocked as error:
            self.blockers = movie_lines.blocker_lines(error.blockers)
            self.failure, self.notice = error.detail, ""
            return
        except PortalError as error:
            self._refuse(error)
            return
        await self._show(actor, self.head.movie_id)
        self.watches_serving = visibility != "visible"
        self._undo_visibility = "" if undoes else before
        self.can_undo = not undoes and before != visibility
        self.failure = ""
        done = {
            "visible": "Viewers can see it now."
            if self.head.state == "live"
            else "It is published. " + self.head.state_words + ".",
            "hidden": "Hidden. Viewers do not see it any more.",
            "draft": "It is a draft again.",
        }[visibility]
        self.notice = f"Taken back. {done}" if undoes else done

    async def _title_is_taken(self, title: str) -> str:
        key = title_key(title)
        snapshot = await services().catalog.snapshot()
        for movie in snapshot.movies.values():
            if movie.title_key == key and movie.id != self.head.movie_id:
                return (
                    f"There is a film called “{movie.title}” already. Add what tells them apart,"
                    " such as the year."
                )
        return ""

    def _refuse(self, error: PortalError) -> None:
        """Say what is wrong; nothing that was typed is touched."""
        fields = error.fields if isinstance(error, InvalidInput) else {}
        self.problems = {**NO_PROBLEMS, **{n: w for n, w in fields.items() if n in NO_PROBLEMS}}
        elsewhere = [words for name, words in fields.items() if name not in NO_PROBLEMS]
        if fields and not elsewhere:
            self.failure = "Nothing was saved: see the fields that are marked."
        else:
            self.failure = " ".join(elsewhere) or error.detail
        self.notice = ""

    def _end_conflict(self) -> None:
        self.conflict, self.differences = "", []
        self._pending, self._theirs_version = {}, None

    def _forget(self) -> None:
        """Nothing of another movie stays."""
        self.head, self.form, self.problems = MovieHead(), NO_PROBLEMS, NO_PROBLEMS
        self.outcome = self.failure = self.notice = ""
        self.blockers, self.source_findings, self.renditions = [], [], []
        self.source, self.tracks, self.pictures, self.activity = SourceLine(), [], [], []
        self.can_undo = self.watches_serving = False
        self._end_conflict()

    async def _show(self, actor: Actor, movie_id: str) -> None:
        running, now = services(), utc_now()
        view = await running.editing.movies.view(actor, movie_id, now)
        record = (await running.catalog.snapshot()).movies.get(movie_id)
        served = await running.served.at(movie_id)
        self._put(view, movie_lines.head(view, record, served, now))
        report = view.source.report if view.source else {}
        self.source = movie_lines.source_line(view.source, now)
        self.source_findings = movie_lines.source_findings(report.get("findings", ()))
        self.renditions = movie_lines.renditions(report.get("renditions", ()))
        self.tracks = [movie_lines.track_line(track, now) for track in view.tracks]
        art = await running.editing.artwork.view(actor, movie_id)
        self.pictures = movie_lines.picture_lines(art)
        await self._show_activity(actor, movie_id)

    def _put(self, view: MovieView, head: MovieHead) -> None:
        self.head, self.form = head, movie_form.to_form(view)
        self.blockers = movie_lines.blocker_lines(view.blockers)
        self.page_title, self.outcome = view.title, "found"

    async def _show_activity(self, actor: Actor, movie_id: str) -> None:
        chosen = AuditFilter(entity="movie", entity_id=movie_id)
        try:
            page = await services().audit_log.page(actor, chosen, limit=ACTIVITY_SIZE)
        except Forbidden:
            self.activity, self.activity_note = [], "Managers see here what was done, and by whom."
            return
        now = utc_now()
        self.activity = [audit_words.activity(event, now) for event in page.events]
        self.activity_note = (
            f"The last {ACTIVITY_SIZE} events." if page.next_before is not None else ""
        )


async def refresh(page: rx.State, actor: Actor, *, notice: str = "", failure: str = "") -> None:
    """Show the movie anew after another part of its page changed it."""
    editor = await page.get_state(EditorState)
    await editor._show(actor, editor.head.movie_id)
    editor.notice, editor.failure, editor.can_undo = notice, failure, False


def movie_of(path: str) -> str:
    """The movie's id in `/admin/movies/<id>` and below."""
    parts = [unquote(part) for part in path.strip("/").split("/")]
    return parts[2][:64] if len(parts) > 2 else ""
