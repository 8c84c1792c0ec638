"""The table of what a check found."""

from __future__ import annotations

from typing import Any

import reflex as rx

from portal.services.admin_views import FindingLine


def findings_table(found: rx.Var[list[FindingLine]], caption: str) -> rx.Component:
    """Place, rule, words and fix of each finding."""
    return rx.el.div(
        rx.el.table(
            rx.el.caption(caption, class_name="sr-only"),
            rx.el.thead(
                rx.el.tr(
                    *[
                        rx.el.th(words, scope="col")
                        for words in ("Level", "Where", "What, and how to mend it")
                    ]
                )
            ),
            rx.el.tbody(rx.foreach(found, _finding)),
            class_name="findings",
        ),
        class_name="scroll-x",
        tab_index=0,
        role="region",
        custom_attrs={"aria-label": caption},
    )


def _finding(each: rx.Var[FindingLine]) -> Any:
    return rx.el.tr(
        rx.el.td(
            rx.el.span(each.level_words, class_name="level level-" + each.level),
            rx.el.small(each.rule),
        ),
        rx.el.td(each.place),
        rx.el.td(each.words, rx.cond(each.fix != "", rx.el.small(each.fix))),
    )
