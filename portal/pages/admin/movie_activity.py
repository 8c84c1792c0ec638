"""What was done to a movie, and by whom."""

from __future__ import annotations

import reflex as rx

from portal import routes
from portal.components.links import link
from portal.services.admin_views import ActivityLine, ChangeLine
from portal.state.admin.editor_state import EditorState


def activity_section() -> rx.Component:
    """The newest first."""
    return rx.fragment(
        rx.el.ol(rx.foreach(EditorState.activity, event), class_name="activity"),
        rx.cond(
            EditorState.activity_note != "", rx.el.p(EditorState.activity_note, class_name="hint")
        ),
        rx.cond(
            EditorState.activity.length() > 0,
            link(
                "All of it in the audit",
                to=routes.ADMIN_AUDIT + "?id=" + EditorState.head.movie_id,
                class_name="text-link",
            ),
        ),
    )


def event(each: rx.Var[ActivityLine]) -> rx.Component:
    return rx.el.li(
        rx.el.p(rx.el.b(each.what)),
        rx.el.p(
            each.who,
            " · ",
            rx.el.time(each.when, " · ", each.exact, date_time=each.at),
            class_name="hint",
        ),
        changes(each),
    )


def changes(each: rx.Var[ActivityLine]) -> rx.Component:
    """Before and after, folded."""
    return rx.cond(
        each.changes.length() > 0,
        rx.el.details(
            rx.el.summary("Before and after"),
            rx.el.div(
                rx.el.table(
                    rx.el.thead(
                        rx.el.tr(
                            *[
                                rx.el.th(words, scope="col")
                                for words in ("Field", "Before", "After")
                            ]
                        )
                    ),
                    rx.el.tbody(rx.foreach(each.changes, change)),
                    class_name="findings",
                ),
                class_name="scroll-x",
                tab_index=0,
                role="region",
                custom_attrs={"aria-label": "Before and after"},
            ),
        ),
    )


def change(each: rx.Var[ChangeLine]) -> rx.Component:
    return rx.el.tr(
        rx.el.th(each.label, scope="row"),
        rx.el.td(each.before, class_name="was"),
        rx.el.td(each.after),
    )
