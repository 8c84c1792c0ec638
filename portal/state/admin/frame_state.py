"""The frame of the content managers' pages: who is signed in."""

from __future__ import annotations

import reflex as rx

from portal.services.actors import Actor
from portal.services.container import services
from portal.state.site_state import SiteState, switched_off


class AdminFrameState(rx.State):
    """Header of every page. It has no event of its own: each page's loading fills it."""

    who: str = ""
    role: str = ""


async def fill_admin_frame(page: rx.State, actor: Actor) -> None:
    """Say who is signed in."""
    frame = await page.get_state(AdminFrameState)
    frame.who, frame.role = actor.label, str(actor.role)
    site = await page.get_state(SiteState)
    site.site_name = services().settings.site_name
    site.without = switched_off()
