"""A document that loads anew starts from what stands in it, not from the visitor's last page."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from reflex.middleware import Middleware
from reflex.state import BaseState, StateUpdate

if TYPE_CHECKING:
    from reflex.app import App
    from reflex_base.event import Event

_FIRST = "hydrate_and_load"


class FreshPages(Middleware):
    """Empties pages' states when a document connects for the first time.

    The visitor's state outlives a document. Its first answer to a new one would be the page before,
    and the page's own load event comes after that: what stood there would flash. With the defaults
    there is nothing to send, and the load event brings what is there already.

    Args:
        states: States of pages that hold nothing but what their load event puts there.
    """

    def __init__(self, states: Iterable[type[BaseState]]) -> None:
        self._states = tuple(states)

    async def preprocess(self, app: App, state: BaseState, event: Event) -> StateUpdate | None:
        """Empty the states before the first event of a document; `hashes` comes with no other."""
        del app
        if event.name.endswith(f".{_FIRST}") and (event.payload or {}).get("hashes"):
            for page in self._states:
                (await state.get_state(page)).reset()  # type: ignore[no-untyped-call]
        return None
