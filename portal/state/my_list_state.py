"""The page of what is the viewer's own: only its frame is the state's."""

from __future__ import annotations

import reflex as rx

from portal.state.site_state import fill_frame


class MyListState(rx.State):
    """Nothing of its own: the lists come over HTTP, where the viewer's cookie is read."""

    @rx.event
    async def load(self) -> None:
        """Fill the frame."""
        await fill_frame(self)
