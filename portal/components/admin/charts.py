"""Charts: SVG of plain lines, words beside it as text, and a table behind each.

The drawing is stretched to its room, so that words keep their size on every screen; it is hidden
from screen readers, which get its sentence and the table instead.
"""

from __future__ import annotations

from typing import Any

import reflex as rx

from portal.components.links import plain_link
from portal.services.insight_views import Bar, Chart, Line, Mark, Spot

HIDDEN = {"aria-hidden": "true"}


def panel(
    title: str, *content: Any, export: Any = None, wide: bool = False, note: Any = None
) -> rx.Component:
    """A part of the page with its heading."""
    return rx.el.section(
        rx.el.div(
            rx.el.h2(title),
            *([plain_link("CSV", href=export, class_name="mini")] if export is not None else []),
            class_name="panel-head",
        ),
        *([rx.el.p(note, class_name="quiet")] if note is not None else []),
        *content,
        class_name="panel panel-wide" if wide else "panel",
        custom_attrs={"aria-label": title},
    )


def chart(shown: rx.Var[Chart], *, empty: str) -> rx.Component:
    """Lines over time."""
    return rx.cond(
        shown.is_empty,
        rx.el.p(empty, class_name="blank-line"),
        rx.el.figure(
            rx.el.figcaption(shown.summary, class_name="chart-says"),
            rx.cond(shown.lines.length() > 1, _legend(shown)),
            rx.el.div(
                rx.el.div(
                    rx.foreach(shown.up, _up), class_name="chart-up"
                ),
                rx.el.div(_drawing(shown), _goal(shown), class_name="chart-box"),
                rx.el.div(rx.foreach(shown.across, _across), class_name="chart-across"),
                class_name="chart",
                custom_attrs=HIDDEN,
            ),
            _table(shown),
        ),
    )  # fmt: skip


def bars(rows: rx.Var[list[Bar]], *, what: str, counted: str, empty: str) -> rx.Component:
    """A ranking: a table whose rows have a bar."""
    return rx.cond(
        rows.length() > 0,
        rx.el.table(
            rx.el.thead(
                rx.el.tr(
                    rx.el.th(what, scope="col"),
                    rx.el.th(counted, scope="col"),
                    rx.el.th("Share", scope="col"),
                )
            ),
            rx.el.tbody(rx.foreach(rows, _bar)),
            class_name="bars",
        ),
        rx.el.p(empty, class_name="blank-line"),
    )


def bar_of(share: rx.Var[float]) -> rx.Component:
    """A bar below a cell's words."""
    return rx.el.span(
        class_name="bar", custom_attrs=HIDDEN, style={"width": share.to_string() + "%"}
    )


def _bar(each: rx.Var[Bar]) -> rx.Component:
    return rx.el.tr(
        rx.el.th(each.name, bar_of(each.share), scope="row"),
        rx.el.td(each.value),
        rx.el.td(each.note),
        key=each.name,
    )


def _drawing(shown: rx.Var[Chart]) -> rx.Component:
    return rx.el.svg(
        *[
            rx.el.line(x1="0", x2="1000", y1=y, y2=y, class_name="chart-grid")
            for y in ("0", "50", "100")
        ],
        rx.foreach(shown.lines, _area),
        rx.foreach(shown.lines, _line),
        rx.foreach(shown.spots, _spot),
        view_box="0 0 1000 100",
        custom_attrs={"preserveAspectRatio": "none", "focusable": "false"},
    )


def _area(each: rx.Var[Line]) -> rx.Component:
    return rx.el.path(d=each.area, class_name="chart-area")


def _line(each: rx.Var[Line]) -> rx.Component:
    return rx.el.path(d=each.path, class_name="chart-line line-" + each.look)


def _spot(each: rx.Var[Spot]) -> rx.Component:
    return rx.el.rect(
        rx.el.title(each.words),
        x=each.x.to_string(),
        y="0",
        width=each.width.to_string(),
        height="100",
        class_name="chart-spot",
    )


def _goal(shown: rx.Var[Chart]) -> rx.Component:
    return rx.cond(
        shown.goal >= 0,
        rx.el.span(
            class_name="chart-goal",
            style={"bottom": shown.goal.to_string() + "%"},
        ),
    )


def _up(each: rx.Var[Mark]) -> rx.Component:
    return rx.el.span(each.words, style={"bottom": each.at.to_string() + "%"})


def _across(each: rx.Var[Mark]) -> rx.Component:
    # Words at the very ends stay inside of the chart.
    shift = rx.cond(each.at < 1, "0 0", rx.cond(each.at > 99, "-100% 0", "-50% 0"))
    return rx.el.span(each.words, style={"left": each.at.to_string() + "%", "translate": shift})


def _legend(shown: rx.Var[Chart]) -> rx.Component:
    return rx.el.ul(
        rx.foreach(
            shown.lines,
            lambda each: rx.el.li(rx.el.i(class_name="key-" + each.look), each.name),
        ),
        rx.cond(shown.goal >= 0, rx.el.li(rx.el.i(class_name="key-goal"), shown.goal_words)),
        class_name="chart-legend",
        role="list",
        custom_attrs=HIDDEN,
    )


def _table(shown: rx.Var[Chart]) -> rx.Component:
    return rx.el.details(
        rx.el.summary("As a table"),
        rx.el.div(
            rx.el.table(
                rx.el.thead(
                    rx.el.tr(rx.foreach(shown.headings, lambda each: rx.el.th(each, scope="col")))
                ),
                rx.el.tbody(rx.foreach(shown.rows, _row)),
                class_name="findings",
            ),
            class_name="chart-table",
            tab_index=0,
            role="group",
            custom_attrs={"aria-label": "Figures of this chart"},
        ),
    )


def _row(cells: rx.Var[list[str]]) -> rx.Component:
    return rx.el.tr(rx.foreach(cells, _cell))


def _cell(words: rx.Var[str]) -> rx.Component:
    return rx.el.td(words)
