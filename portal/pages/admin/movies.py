"""The table of all movies."""

from __future__ import annotations

from typing import Any

import reflex as rx

from portal import routes
from portal.components.admin.client import (
    PickAll,
    PickBar,
    PickBox,
    PickForm,
    PickNames,
    PickTable,
    WindowFields,
    client,
)
from portal.components.admin.frame import admin_page, cancel_button, dialog, opens
from portal.components.icons import icon
from portal.components.links import link, plain_link
from portal.components.query import query_form, query_link, query_select
from portal.services.admin_views import MovieLine
from portal.services.views import FilterOption
from portal.state.admin.movies_state import SOURCES, MoviesState, RefusedLine
from portal.state.admin.window_state import WindowState

SORTS = [
    FilterOption("", "Last changed first"),
    FilterOption("title", "Title, A to Z"),
    FilterOption("year", "Year"),
    FilterOption("newest", "Newest on the portal"),
]
SOURCE_OPTIONS = [
    FilterOption("", "Any"),
    *[FilterOption(value, words) for value, words in SOURCES.items()],
]


def movies() -> rx.Component:
    return admin_page(
        rx.el.div(
            rx.el.h1("Films"),
            link("New film", to=routes.ADMIN_NEW_MOVIE, class_name="button button-main"),
            class_name="admin-title",
        ),
        state_chips(),
        toolbar(),
        rx.cond(
            MoviesState.problem != "",
            failed(),
            rx.cond(MoviesState.is_loaded, results(), skeleton()),
        ),
        notice(),
        show_dialog(),
        hide_dialog(),
        schedule_dialog(),
        current=routes.ADMIN,
    )


def state_chips() -> rx.Component:
    return rx.el.nav(
        rx.el.ul(
            rx.el.li(query_link("All", name="state", value="", class_name="chip")),
            rx.foreach(MoviesState.states, state_chip),
            role="list",
            class_name="chips",
        ),
        custom_attrs={"aria-label": "State"},
    )


def state_chip(option: rx.Var[FilterOption]) -> rx.Component:
    return rx.el.li(
        query_link(
            rx.el.i(class_name="dot state-" + option.value, custom_attrs={"aria-hidden": "true"}),
            option.label,
            rx.el.small(option.count.to_string(), rx.el.span(" films", class_name="sr-only")),
            name="state",
            value=option.value,
            class_name="chip",
        )
    )


def toolbar() -> rx.Component:
    return query_form(
        rx.el.div(
            rx.el.label("Search films", html_for="site-search", class_name="sr-only"),
            icon("search", 18),
            rx.el.input(
                id="site-search",
                type="search",
                name="q",
                placeholder="Title, people, genre",
                auto_complete="off",
                max_length=100,
                class_name="input",
                custom_attrs={"aria-keyshortcuts": "/"},
            ),
            class_name="admin-search",
        ),
        rx.el.label(
            rx.el.span("Source"),
            query_select("source", rx.Var.create(SOURCE_OPTIONS), class_name="select"),
        ),
        rx.el.label(
            rx.el.span("Order"), query_select("sort", rx.Var.create(SORTS), class_name="select")
        ),
        rx.el.noscript(rx.el.button("Show", type="submit", class_name="button")),
        action=routes.ADMIN,
        class_name="toolbar",
        role="search",
    )


def results() -> rx.Component:
    return rx.el.section(
        rx.el.div(
            rx.el.p(MoviesState.shown, role="status"),
            opens("admin-keys", "Keys ", rx.el.kbd("?"), class_name="text-link keys-hint"),
            class_name="result-line",
        ),
        rx.cond(MoviesState.total > 0, table(), nothing()),
        pager(),
        bulk_bar(),
        custom_attrs={"aria-label": "Films", "data-answers": MoviesState.answers},
    )


def heading(words: str, sort: str, class_name: str = "") -> rx.Component:
    """A column that can be sorted; the order of each is the one that people expect of it."""
    return rx.el.th(
        query_link(words, icon("down", 16), name="sort", value=sort, class_name="sort-link"),
        scope="col",
        class_name=class_name,
        custom_attrs={
            "aria-sort": rx.cond(
                MoviesState.sort == sort, "ascending" if sort == "title" else "descending", "none"
            )
        },
    )


def table() -> rx.Component:
    return client(
        PickTable,
        rx.el.table(
            rx.el.caption("Films, with what each needs", class_name="sr-only"),
            rx.el.thead(
                rx.el.tr(
                    rx.el.th(client(PickAll, movie_ids=MoviesState.ids), scope="col"),
                    heading("Film", "title"),
                    rx.el.th("State", scope="col", class_name="wide-only"),
                    rx.el.th("Captions", scope="col", class_name="wider-only"),
                    rx.el.th("Source check", scope="col", class_name="wider-only"),
                    heading("Changed", "updated", "wide-only"),
                )
            ),
            rx.el.tbody(rx.foreach(MoviesState.rows, row)),
            class_name="films",
        ),
        done=MoviesState.done,
    )


def pill(movie: rx.Var[MovieLine]) -> rx.Component:
    return rx.el.span(
        rx.el.i(class_name="dot state-" + movie.state, custom_attrs={"aria-hidden": "true"}),
        movie.state,
        class_name="pill",
    )


def row(movie: rx.Var[MovieLine]) -> rx.Component:
    return rx.el.tr(
        rx.el.td(client(PickBox, movie_id=movie.movie_id, title=movie.title)),
        rx.el.td(
            rx.el.div(
                rx.el.span(
                    rx.cond(
                        movie.art != "",
                        rx.el.img(
                            src=movie.art + "/poster-160.avif",
                            alt="",
                            loading="lazy",
                            custom_attrs={"width": "40", "height": "60", "decoding": "async"},
                        ),
                    ),
                    class_name="thumb",
                    custom_attrs={"style": rx.Var.create({"background": movie.color})},
                ),
                rx.el.div(
                    link(movie.title, to=movie.href, class_name="film-link"),
                    rx.el.small(movie.facts),
                    rx.el.p(pill(movie), " ", movie.state_words, class_name="narrow-only"),
                ),
                class_name="film",
            )
        ),
        rx.el.td(pill(movie), rx.el.small(movie.state_words), class_name="wide-only state-cell"),
        rx.el.td(movie.captions, class_name="wider-only"),
        rx.el.td(
            rx.el.span(movie.source_words, class_name="check check-" + movie.source),
            class_name="wider-only",
        ),
        rx.el.td(movie.updated, class_name="wide-only quiet"),
        key=movie.movie_id,
        custom_attrs={"data-row": ""},
    )


def nothing() -> rx.Component:
    return rx.cond(
        MoviesState.is_filtered,
        rx.el.div(
            rx.el.h2("No film fits"),
            rx.el.p("Try fewer words, or another state."),
            link("Show all films", to=routes.ADMIN, class_name="button"),
            class_name="blank",
        ),
        rx.el.div(
            rx.el.h2("The catalog is empty"),
            rx.el.p(
                "A film needs a title, a stream source and captions. It begins as a draft that"
                " only you see."
            ),
            link("Add the first film", to=routes.ADMIN_NEW_MOVIE, class_name="button button-main"),
            class_name="blank",
        ),
    )


def pager() -> rx.Component:
    return rx.el.nav(
        rx.cond(
            MoviesState.is_continued,
            query_link(icon("left"), "First page", name="from", value="", class_name="button"),
        ),
        rx.cond(
            MoviesState.next_from != "",
            query_link(
                "Next page", icon("right"), name="from", value=MoviesState.next_from,
                class_name="button",
            ),
        ),
        class_name="pager",
        custom_attrs={"aria-label": "More films"},
    )  # fmt: skip


def bulk_bar() -> rx.Component:
    return client(
        PickBar,
        opens("bulk-show", "Show…"),
        opens("bulk-hide", "Hide…"),
        opens("bulk-schedule", "Schedule…"),
        class_name="bulk-bar",
    )


def show_dialog() -> rx.Component:
    return _bulk_dialog(
        "show",
        rx.fragment("Show ", client(PickNames), "?"),
        "Show to viewers",
        rx.el.p(
            "Viewers can find and watch them as soon as their availability begins. A film without"
            " valid captions or without a source is left as it is, and named."
        ),
    )


def hide_dialog() -> rx.Component:
    return _bulk_dialog(
        "hide",
        rx.fragment("Hide ", client(PickNames), "?"),
        "Hide from viewers",
        rx.el.p(
            "They disappear from the catalog at once, and whoever is watching is stopped within"
            " seconds. Nothing is deleted, and you can take it back."
        ),
    )


def schedule_dialog() -> rx.Component:
    return _bulk_dialog(
        "schedule",
        rx.fragment("Schedule ", client(PickNames)),
        "Set the window",
        rx.el.p("All of them get this window, in place of the one that they have."),
        client(WindowFields, start="", end="", answer=WindowState.answer, on_ask=WindowState.ask),
    )


def _bulk_dialog(action: str, title: Any, words: str, *content: Any) -> rx.Component:
    return dialog(
        f"bulk-{action}",
        title,
        client(
            PickForm,
            *content,
            rx.el.div(
                cancel_button(),
                rx.el.button(words, type="submit", class_name="button button-main"),
                class_name="dialog-actions",
            ),
            action=action,
            on_act=MoviesState.act,
        ),
    )


def notice() -> rx.Component:
    return rx.el.div(
        rx.cond(
            MoviesState.notice != "",
            rx.el.div(
                rx.el.p(MoviesState.notice),
                rx.cond(
                    MoviesState.refused.length() > 0,
                    rx.el.ul(rx.foreach(MoviesState.refused, refused_line), role="list"),
                ),
                rx.el.div(
                    rx.cond(
                        MoviesState.can_undo,
                        rx.el.button(
                            "Undo",
                            type="button",
                            on_click=MoviesState.undo,
                            class_name="mini mini-main",
                            custom_attrs={"data-undo": "", "aria-keyshortcuts": "Control+Z"},
                        ),
                    ),
                    rx.el.button(
                        "Dismiss", type="button", on_click=MoviesState.dismiss, class_name="mini"
                    ),
                ),
                class_name="toast",
            ),
        ),
        role="status",
        class_name="toast-room",
    )


def refused_line(each: rx.Var[RefusedLine]) -> rx.Component:
    return rx.el.li(link(each.title, to=each.href), ": ", each.reason)


def failed() -> rx.Component:
    return rx.el.div(
        rx.el.h2("The films could not be loaded"),
        rx.el.p(MoviesState.problem),
        rx.el.div(
            rx.el.button(
                "Try again", type="button", on_click=MoviesState.load,
                class_name="button button-main",
            ),
            plain_link("Start over", href=routes.ADMIN, class_name="button"),
            class_name="actions",
        ),
        class_name="blank",
        role="alert",
    )  # fmt: skip


def skeleton() -> rx.Component:
    return rx.el.div(
        rx.el.p("Loading…", role="status", class_name="sr-only"),
        rx.el.div(
            *[rx.el.div(class_name="sk sk-line") for _ in range(9)],
            custom_attrs={"aria-hidden": "true"},
        ),
    )
