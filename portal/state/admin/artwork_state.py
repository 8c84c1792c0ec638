"""The pictures of the movie that is edited."""

from __future__ import annotations

import reflex as rx

from portal.services.actors import Role
from portal.services.clock import utc_now
from portal.services.container import services
from portal.services.editing.pictures import Focus
from portal.state.admin.editor_state import EditorState, refresh
from portal.state.guards import actor_of
from portal.state.messages import words_for


class ArtworkState(rx.State):
    """What is being done to the pictures."""

    busy: bool = False
    problem: str = ""

    @rx.event
    async def load(self) -> None:
        """Begin anew."""
        await actor_of(self, Role.EDITOR, acts=False)
        self.busy, self.problem = False, ""

    @rx.event
    async def uploaded(self, _answer: str) -> None:
        """A picture came by HTTP: show it."""
        actor = await actor_of(self, Role.EDITOR, acts=False)
        self.problem = ""
        await refresh(self, actor, notice="The picture is in place.")

    @rx.event(background=True)
    async def set_focus(self, kind: str, x: float, y: float) -> None:
        """Crop a picture again around another point."""
        actor = await actor_of(self, Role.EDITOR)
        async with self:
            if self.busy:
                return
            self.busy, self.problem = True, ""
            movie_id = (await self.get_state(EditorState)).head.movie_id
        problem = ""
        try:
            await services().editing.artwork.set_focus(
                actor, movie_id, str(kind), Focus(float(x), float(y)), now=utc_now()
            )
        except Exception as error:
            problem = words_for(error)
        async with self:
            self.busy, self.problem = False, problem
            if not problem:
                await refresh(self, actor, notice="The picture was cropped anew.")
