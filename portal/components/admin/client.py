"""The client components of `assets/manage`, one class each."""

from __future__ import annotations

from typing import Any

import reflex as rx
from reflex_base.components.component import field
from reflex_base.event import passthrough_event_spec
from reflex_components_core.el.elements.base import BaseHTML

from portal.state.admin.window_state import WindowAnswer

_FRAME = "$/public/manage/frame.js"
_PICKS = "$/public/manage/picks.js"
_WINDOW = "$/public/manage/window_fields.js"


class AdminFrame(BaseHTML):
    """Around a page: dialogs, keys, and the line for what was refused."""

    library = _FRAME
    tag = "AdminFrame"


class PickTable(BaseHTML):
    """Around the table: arrow keys and picking."""

    library = _PICKS
    tag = "PickTable"

    done: rx.Var[int] = field(doc="Goes up when what was asked for is done: picks are let go.")


class PickBox(rx.Component):
    """The checkbox of a row."""

    library = _PICKS
    tag = "PickBox"

    movie_id: rx.Var[str] = field(doc="Which film.")
    title: rx.Var[str] = field(doc="Its title.")


class PickAll(rx.Component):
    """The checkbox above all rows."""

    library = _PICKS
    tag = "PickAll"

    movie_ids: rx.Var[list[str]] = field(doc="The films on the page.")


class PickBar(BaseHTML):
    """Says how many films are picked; hidden while none is."""

    library = _PICKS
    tag = "PickBar"


class PickNames(rx.Component):
    """The titles of the picked films, or their number."""

    library = _PICKS
    tag = "PickNames"


class PickForm(BaseHTML):
    """A form whose submission does something to the picked films."""

    library = _PICKS
    tag = "PickForm"

    action: rx.Var[str] = field(doc="What is done.")
    on_act: rx.EventHandler[passthrough_event_spec(str, list[str], dict[str, str])] = field(
        doc="The action, the films' ids, the form's fields."
    )


class WindowFields(rx.Component):
    """Date, time and time zone of both ends of an availability window."""

    library = _WINDOW
    tag = "WindowFields"

    start: rx.Var[str] = field(doc="The stored start as ISO 8601, or none.")
    end: rx.Var[str] = field(doc="The stored end as ISO 8601, or none.")
    answer: rx.Var[WindowAnswer] = field(doc="What the server reads in the fields.")
    on_ask: rx.EventHandler[passthrough_event_spec(dict[str, str])] = field(
        doc="Something else was written: all fields."
    )


def client(component: type[rx.Component], *children: Any, **props: Any) -> rx.Component:
    """One of the components above."""
    return component.create(*children, **props)
