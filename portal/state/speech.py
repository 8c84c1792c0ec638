"""Events are answered in the language of the page that they come from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reflex.middleware import Middleware

from portal.languages import ENGLISH, by_code
from portal.services.translation import speak

if TYPE_CHECKING:
    from reflex.app import App
    from reflex.state import BaseState, StateUpdate
    from reflex_base.event import Event

LANGUAGE = "language"
"""In the router data of an event; `portal/frontend_plugin.py` puts it there."""


class Speech(Middleware):
    """Speaks the page's language for the rest of the event's task. To be the first one."""

    async def preprocess(self, app: App, state: BaseState, event: Event) -> StateUpdate | None:
        """Speak it. An event that another one caused knows it from the state."""
        del app
        code = event.router_data.get(LANGUAGE) or state.router_data.get(LANGUAGE)
        speak(by_code(str(code)) or ENGLISH)
        return None
