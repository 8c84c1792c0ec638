"""When a movie can be watched."""

from __future__ import annotations

import reflex as rx

from portal.components.admin.client import SendForm, WindowFields, client
from portal.state.admin.editor_state import EditorState
from portal.state.admin.window_state import WindowState


def schedule_section() -> rx.Component:
    """The window, with words that say what it means."""
    return rx.fragment(
        rx.el.p(
            "Outside of its window a film is in the catalog only as coming, or not at all. Both"
            " ends are instants: they are the same moment for every viewer in the world.",
            class_name="quiet",
        ),
        client(
            SendForm,
            client(
                WindowFields,
                start=EditorState.head.start,
                end=EditorState.head.end,
                answer=WindowState.answer,
                on_ask=WindowState.ask,
            ),
            rx.el.div(
                rx.el.button("Save the schedule", type="submit", class_name="button button-main"),
                class_name="actions-row",
            ),
            done=0,
            busy=False,
            on_send=EditorState.schedule,
            class_name="narrow-form",
            custom_attrs={"data-draft": ""},
        ),
    )
