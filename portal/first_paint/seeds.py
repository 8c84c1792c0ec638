"""What a page's load event puts into its state: the same code that fills it over the socket."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from typing import Any

import reflex as rx
from reflex.istate.data import ReflexURL, URLData
from reflex.state import BaseState
from reflex_base.event import EventHandler
from reflex_base.utils import format

# Characters that end a script element or a line of JavaScript, as JSON escapes.
_ESCAPES = {"<": "\\u003c", ">": "\\u003e", "\u2028": "\\u2028", "\u2029": "\\u2029"}
_ESCAPE = str.maketrans(_ESCAPES)


def script_json(value: Any) -> str:
    """JSON that may stand in a script element."""
    return format.json_dumps(value, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPE)


@dataclass(frozen=True, slots=True)
class Seed:
    """A page's state after its load event.

    Attributes:
        page: The instance that the event filled.
        fields: What it changed, by state name and by the browser's name of the field.
    """

    page: BaseState
    fields: dict[str, dict[str, Any]]

    def json(self) -> str:
        """For the document and for the renderer."""
        return script_json(self.fields)


async def seed_of(load: EventHandler, url: str) -> Seed:
    """The state of a page at `url`, as the first delta would bring it.

    A load event that yields shows its first part first; that part is the seed, and the socket
    brings the rest. Only pages that are the same for everybody may be asked for: the state is new,
    it has no cookie and no session.

    Args:
        load: The page's `on_load`.
        url: Address of the page, with scheme and host.

    Raises:
        Exception: What the event raises; load events say most failures in a field `problem`.
    """
    root = rx.State(_reflex_internal_init=True)  # type: ignore[call-arg]
    root.rx_router_url = URLData.from_url(ReflexURL(url))
    root._clean()  # type: ignore[no-untyped-call]
    assert load.state is not None  # noqa: S101
    page = await root.get_state(load.state)
    outcome = load.fn(page)
    if inspect.isasyncgen(outcome):
        try:
            await anext(outcome, None)
        finally:
            await outcome.aclose()
    elif inspect.isawaitable(outcome):
        await outcome
    delta = await root._get_resolved_delta()
    # Fields of Reflex's own root say who asks and how: they are none of the document's business.
    own = {name: dict(fields) for name, fields in delta.items() if name != root.get_full_name()}
    return Seed(page, own)
