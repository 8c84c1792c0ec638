"""Insights: how films do, for managers."""

from __future__ import annotations

from typing import Any

import reflex as rx

from portal import routes
from portal.components.admin.charts import bar_of, bars, chart, panel
from portal.components.admin.client import Pulse, client
from portal.components.admin.frame import admin_page
from portal.components.icons import icon
from portal.components.links import link
from portal.components.query import query_form, query_link
from portal.services.insight_views import FilmLine, PartLine, Tile, Watched
from portal.state.admin.insights_state import RANGES, InsightsState

VIEW = InsightsState.view
ASK_EVERY_S = 5.0
ASK_TIMES = 720  # an hour; a page that is left open all day asks no more
NOTHING_PLAYED = "Nothing was played in this time."
PARTS = (
    "Plays", "Watched", "Half start within", "95 % start within", "Failed to start",
    "Rebuffering", "Degraded",
)  # fmt: skip


def insights() -> rx.Component:
    """All films."""
    return page(rx.el.h1("Insights"), is_of_all=True)


def movie_insights() -> rx.Component:
    """One film."""
    head = rx.el.div(
        link(icon("left", 18), "All films", to=routes.ADMIN_INSIGHTS, class_name="back"),
        rx.el.h1(InsightsState.page_title),
    )
    return page(head, is_of_all=False)


def page(head: rx.Component, *, is_of_all: bool) -> rx.Component:
    """The page: ranges, then what was found."""
    edit = rx.cond(
        InsightsState.editor_href != "",
        link("Edit the film", to=InsightsState.editor_href, class_name="button"),
    )
    return admin_page(
        rx.el.div(head, *([] if is_of_all else [edit]), class_name="admin-title"),
        ranges(),
        rx.cond(
            InsightsState.problem != "",
            failed(),
            rx.cond(InsightsState.is_loaded, found(is_of_all=is_of_all), skeleton()),
        ),
        current=routes.ADMIN_INSIGHTS,
    )


def ranges() -> rx.Component:
    """Links for the usual times, a form for any other."""
    return rx.el.div(
        rx.el.nav(
            rx.el.ul(
                *[
                    rx.el.li(
                        query_link(
                            each.label,
                            name="range",
                            value=each.value,
                            class_name=rx.cond(
                                InsightsState.chosen == each.value, "range range-on", "range"
                            ),
                        )
                    )
                    for each in RANGES
                ],
                role="list",
            ),
            class_name="ranges",
            custom_attrs={"aria-label": "Time"},
        ),
        rx.cond(
            InsightsState.chosen == "custom",
            query_form(
                rx.el.input(type="hidden", name="range", value="custom", read_only=True),
                rx.el.label(
                    rx.el.span("From (UTC)"),
                    rx.el.input(type="date", name="since", class_name="input"),
                ),
                rx.el.label(
                    rx.el.span("To (UTC)"),
                    rx.el.input(type="date", name="until", class_name="input"),
                ),
                rx.el.button("Show", type="submit", class_name="button"),
                action=InsightsState.here,
                class_name="range-form",
            ),
        ),
        class_name="range-bar",
    )


def found(*, is_of_all: bool) -> rx.Component:
    """What there is to be told."""
    return rx.fragment(
        rx.el.p(VIEW.span, class_name="quiet", role="status"),
        now_watching(is_of_all=is_of_all),
        rx.el.dl(rx.foreach(VIEW.tiles, tile), class_name="tiles"),
        rx.cond(VIEW.is_empty, nothing(), charts(is_of_all=is_of_all)),
        client(
            Pulse,
            active=InsightsState.is_live,
            seconds=ASK_EVERY_S,
            times=ASK_TIMES,
            on_pulse=InsightsState.look_again,
        ),
    )


def now_watching(*, is_of_all: bool) -> rx.Component:
    """Who watches at this moment."""
    count = rx.cond(
        InsightsState.watching < 0,
        rx.el.p("Who watches now is not known at this moment."),
        rx.el.p(
            rx.el.strong(InsightsState.watching.to_string()),
            rx.cond(InsightsState.watching == 1, " person watches", " people watch"),
            " right now",
        ),
    )
    films = rx.el.ul(rx.foreach(InsightsState.watched, watched), role="list")
    return rx.el.section(
        rx.el.span(class_name="live-dot", custom_attrs={"aria-hidden": "true"}),
        count,
        *([films] if is_of_all else []),
        class_name="now",
        custom_attrs={"aria-label": "Now watching"},
    )


def watched(each: rx.Var[Watched]) -> rx.Component:
    return rx.el.li(
        link(each.title, to=each.href, class_name="text-link"),
        " ",
        rx.el.small(each.viewers.to_string()),
        key=each.href,
    )


def tile(each: rx.Var[Tile]) -> rx.Component:
    return rx.el.div(
        rx.el.dt(each.label),
        rx.el.dd(
            rx.el.strong(each.value),
            rx.el.small(
                rx.match(
                    each.tone,
                    ("good", rx.el.span("Goal met: ", class_name="sr-only")),
                    ("bad", rx.el.span("Goal missed: ", class_name="sr-only")),
                    rx.fragment(),
                ),
                each.note,
                class_name="tone-" + each.tone,
            ),
        ),
        class_name="tile",
        key=each.label,
    )  # fmt: skip


def file(table: str) -> Any:
    """Where a table is as a file."""
    return InsightsState.export_href + f"&table={table}"


def charts(*, is_of_all: bool) -> rx.Component:
    """Everything below the tiles."""
    return rx.el.div(
        panel("Plays", chart(VIEW.plays, empty=NOTHING_PLAYED), export=file("time")),
        panel("Watched", chart(VIEW.hours, empty=NOTHING_PLAYED)),
        panel("Start time", chart(VIEW.starts, empty="No film has started in this time.")),
        panel("Quality", chart(VIEW.quality, empty="No film stood still in this time.")),
        panel(
            "How far people watch",
            chart(VIEW.completion, empty=NOTHING_PLAYED),
            export=file("completion"),
        ),
        panel(
            "Captions",
            bars(VIEW.captions, what="Language", counted="Plays", empty="Nobody had captions on."),
            export=file("captions"),
        ),
        panel(
            "Failures",
            bars(VIEW.failures, what="Cause", counted="Films", empty="No film failed. Good."),
            export=file("failures"),
        ),
        *([throttles()] if is_of_all else []),
        panel(
            "By picture size", parts(VIEW.renditions, "Rendition", starts=False),
            export=file("renditions"), wide=True,
        ),
        panel(
            "By browser", parts(VIEW.browsers, "Browser", starts=is_of_all),
            export=file("browsers"), wide=True,
        ),
        *([films()] if is_of_all else []),
        class_name="panels",
    )  # fmt: skip


def throttles() -> rx.Component:
    return panel(
        "Rate limits",
        chart(VIEW.throttles, empty="No request met a limit."),
        rx.cond(
            VIEW.limits.length() > 0,
            bars(VIEW.limits, what="Limit", counted="Requests", empty=""),
        ),
        export=file("throttles"),
    )


def parts(rows: rx.Var[list[PartLine]], what: str, *, starts: bool) -> rx.Component:
    """Renditions or browsers; a rendition has no start time of its own."""
    headings = [each for each in PARTS if starts or "within" not in each]
    if what == "Rendition":
        headings = ["Watched", "Rebuffering", "Degraded"]
    return rx.cond(
        rows.length() > 0,
        rx.el.div(
            rx.el.table(
                rx.el.thead(
                    rx.el.tr(*[rx.el.th(words, scope="col") for words in (what, *headings)])
                ),
                rx.el.tbody(rx.foreach(rows, lambda each: part(each, headings))),
                class_name="findings figures",
            ),
            class_name="scroll-x",
            tab_index=0,
            role="group",
            custom_attrs={"aria-label": f"By {what.lower()}"},
        ),
        rx.el.p(NOTHING_PLAYED, class_name="blank-line"),
    )


def part(each: rx.Var[PartLine], headings: list[str]) -> rx.Component:
    cells = dict(
        zip(
            PARTS,
            (
                each.plays, each.hours, each.start_p50, each.start_p95, each.failures,
                each.rebuffer, each.degraded,
            ),
            strict=True,
        )
    )  # fmt: skip
    return rx.el.tr(
        rx.el.th(each.name, scope="row"),
        *[rx.el.td(cells[words]) for words in headings],
        key=each.name,
    )


def films() -> rx.Component:
    headings = (
        "Film", "Plays", "Watched", "Saw the end", "95 % start within", "Failed to start",
        "Rebuffering",
    )  # fmt: skip
    return panel(
        "Films",
        rx.el.div(
            rx.el.table(
                rx.el.thead(rx.el.tr(*[rx.el.th(words, scope="col") for words in headings])),
                rx.el.tbody(rx.foreach(VIEW.films, film)),
                class_name="findings figures",
            ),
            class_name="scroll-x",
            tab_index=0,
            role="group",
            custom_attrs={"aria-label": "Films"},
        ),
        export=file("films"),
        wide=True,
        note="The 25 that were played most; the file has all.",
    )


def film(each: rx.Var[FilmLine]) -> rx.Component:
    return rx.el.tr(
        rx.el.th(
            rx.cond(
                each.href != "",
                link(each.title, to=each.href, class_name="text-link"),
                rx.el.span(each.title, class_name="quiet"),
            ),
            bar_of(each.share),
            scope="row",
        ),
        rx.el.td(each.plays),
        rx.el.td(each.hours),
        rx.el.td(each.finished),
        rx.el.td(each.start_p95),
        rx.el.td(each.failures),
        rx.el.td(each.rebuffer),
    )


def nothing() -> rx.Component:
    return rx.el.div(
        rx.el.h2("Nothing was played yet"),
        rx.el.p("Choose a longer time, or come back when somebody has watched a film."),
        class_name="blank",
    )


def failed() -> rx.Component:
    return rx.el.div(
        rx.el.h2("Insights cannot be shown"),
        rx.el.p(InsightsState.problem),
        rx.el.button(
            "Try again",
            type="button",
            on_click=InsightsState.load,
            class_name="button button-main",
        ),
        class_name="blank",
        role="alert",
    )


def skeleton() -> rx.Component:
    return rx.el.div(
        rx.el.p("Loading…", role="status", class_name="sr-only"),
        rx.el.div(
            *[rx.el.div(class_name="sk sk-tile") for _ in range(8)],
            class_name="tiles",
            custom_attrs={"aria-hidden": "true"},
        ),
        rx.el.div(
            *[rx.el.div(class_name="sk sk-panel") for _ in range(4)],
            class_name="panels",
            custom_attrs={"aria-hidden": "true"},
        ),
    )
