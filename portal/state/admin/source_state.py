"""The stream source of the movie that is edited. Its address passes through and is not kept."""

from __future__ import annotations

import reflex as rx

from portal.services import movie_lines
from portal.services.actors import Role
from portal.services.admin_views import FindingLine
from portal.services.clock import utc_now
from portal.services.container import services
from portal.services.errors import PortalError, SourceRefused
from portal.state.admin.editor_state import EditorState, refresh
from portal.state.guards import actor_of
from portal.state.messages import words_for


class SourceState(rx.State):
    """What is being done to the source."""

    busy: str = ""  # what is going on, in words
    problem: str = ""
    refused: list[FindingLine] = []  # what was found in an address that was not taken
    done: int = 0

    @rx.event
    async def load(self) -> None:
        """Begin anew: another film, or a check that a restart has ended."""
        await actor_of(self, Role.EDITOR, acts=False)
        self.busy, self.problem, self.refused = "", "", []

    @rx.event(background=True)
    async def set_url(self, fields: dict[str, str]) -> None:
        """Check an address and make it the source."""
        actor = await actor_of(self, Role.EDITOR)
        async with self:
            if self.busy:
                return
            self.busy = "Fetching the playlists, checking them, and trying their segments…"
            self.problem, self.refused = "", []
            movie_id = (await self.get_state(EditorState)).head.movie_id
        problem, findings = "", []
        try:
            await services().editing.sources.set_url(
                actor, movie_id, str(fields.get("url", "")), now=utc_now()
            )
        except SourceRefused as error:
            problem, findings = error.detail, movie_lines.source_findings(error.findings)
        except Exception as error:
            problem = words_for(error)
        async with self:
            self.busy, self.problem, self.refused = "", problem, findings
            if not problem:
                self.done += 1
                await refresh(self, actor, notice="The source is set and plays.")

    @rx.event(background=True)
    async def check(self) -> None:
        """Look at the stored source again."""
        actor = await actor_of(self, Role.EDITOR)
        async with self:
            if self.busy:
                return
            self.busy, self.problem, self.refused = "Checking the source again…", "", []
            movie_id = (await self.get_state(EditorState)).head.movie_id
        problem = ""
        try:
            await services().editing.sources.check(actor, movie_id, now=utc_now())
        except Exception as error:
            problem = words_for(error)
        async with self:
            self.busy, self.problem = "", problem
            await refresh(self, actor, notice="" if problem else "The source was checked again.")

    @rx.event
    async def remove(self) -> None:
        """Forget the source."""
        actor = await actor_of(self, Role.EDITOR)
        movie_id = (await self.get_state(EditorState)).head.movie_id
        try:
            await services().editing.sources.remove(actor, movie_id, now=utc_now())
        except PortalError as error:
            self.problem = error.detail
            return
        self.problem, self.refused = "", []
        await refresh(self, actor, notice="The source is removed.")
