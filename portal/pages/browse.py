"""The browse page: the whole catalog, filtered by its address."""

from typing import Any

import reflex as rx

from portal import routes
from portal.components import waiting
from portal.components.cards import card_grid
from portal.components.i18n import known, number, t, tn
from portal.components.icons import icon
from portal.components.layout import page
from portal.components.links import link
from portal.components.query import query_form, query_link, query_select
from portal.services.views import FilterOption, LineView
from portal.state.browse_state import ActiveFilter, BrowseState

SORTS = [
    FilterOption("", known("Newest first")),
    FilterOption("title", known("A to Z")),
    FilterOption("year", known("By year")),
    FilterOption("short", known("Shortest first")),
]


def browse() -> rx.Component:
    return page(
        rx.el.div(
            rx.el.h1(BrowseState.heading, class_name="browse-title"),
            genre_chips(),
            filters(),
            class_name="browse-head",
        ),
        rx.cond(
            BrowseState.problem != "",
            waiting.failed(BrowseState.problem, BrowseState.load),
            rx.cond(BrowseState.is_loaded, results(), waiting.grid_skeleton()),
        ),
        current=routes.BROWSE,
    )


def genre_chips() -> rx.Component:
    return rx.el.nav(
        rx.el.ul(
            rx.el.li(query_link(t("All genres"), name="genre", value="", class_name="chip")),
            rx.foreach(BrowseState.genres, genre_chip),
            role="list",
            class_name="chips",
        ),
        custom_attrs={"aria-label": t("Genres")},
    )


def genre_words(option: rx.Var[FilterOption]) -> tuple[Any, ...]:
    return (
        t(option.label),
        rx.el.small(number(option.count), custom_attrs={"aria-hidden": "true"}),
        rx.el.span(", ", tn("{n} film", "{n} films", option.count), class_name="sr-only"),
    )


def genre_chip(option: rx.Var[FilterOption]) -> rx.Component:
    return rx.el.li(
        rx.cond(
            option.is_empty,
            rx.el.span(
                *genre_words(option),
                class_name="chip off",
                role="link",
                custom_attrs={"aria-disabled": "true"},
            ),
            query_link(*genre_words(option), name="genre", value=option.value, class_name="chip"),
        )
    )


def filters() -> rx.Component:
    return query_form(
        chooser("captions", BrowseState.languages, icon("captions"), t("Captions in")),
        chooser("decade", BrowseState.decades, t("Decade")),
        chooser("length", BrowseState.lengths, t("Length")),
        rx.cond(
            BrowseState.ratings.length() > 1,
            chooser("rating", BrowseState.ratings, t("Age rating")),
        ),
        chooser("sort", rx.Var.create(SORTS), t("Order")),
        rx.el.noscript(rx.el.button(t("Show"), type="submit", class_name="btn btn-quiet")),
        action=routes.BROWSE,
        class_name="filters",
        custom_attrs={"aria-label": t("Filters")},
    )


def chooser(name: str, options: rx.Var[list[FilterOption]], *words: Any) -> rx.Component:
    return rx.el.label(
        rx.el.span(*words),
        query_select(name, options, class_name="select"),
    )


def results() -> rx.Component:
    return rx.el.section(
        rx.el.div(
            rx.el.p(BrowseState.shown, role="status"),
            rx.cond(BrowseState.active.length() > 0, active_filters()),
            class_name="result-bar",
        ),
        rx.cond(
            BrowseState.total > 0,
            card_grid(BrowseState.cards),
            rx.cond(BrowseState.lines.length() > 0, rx.fragment(), no_match()),
        ),
        more(),
        rx.cond(BrowseState.lines.length() > 0, spoken()),
        custom_attrs={"aria-label": t("Films")},
    )


def spoken() -> rx.Component:
    """Lines of dialogue; each leads to its second."""
    return rx.el.section(
        rx.el.h2(t("Said in films")),
        rx.el.ul(rx.foreach(BrowseState.lines, spoken_line), role="list"),
        class_name="spoken",
    )


def spoken_line(line: rx.Var[LineView]) -> rx.Component:
    return rx.el.li(
        link(
            rx.el.q(
                line.before, rx.el.mark(line.match), line.after, lang=line.language, dir="auto"
            ),
            rx.el.small(rx.el.b(line.title, dir="auto"), " · ", line.time, " · ", line.label),
            to=line.href,
        )
    )


def active_filters() -> rx.Component:
    return rx.fragment(
        rx.el.ul(
            rx.foreach(BrowseState.active, active_filter),
            role="list",
            class_name="active-filters",
            custom_attrs={"aria-label": t("Filters that are on")},
        ),
        link(t("Clear all"), to=routes.BROWSE, class_name="see-all"),
    )


def active_filter(given: rx.Var[ActiveFilter]) -> rx.Component:
    return rx.el.li(
        query_link(
            rx.el.span(t("Remove filter"), " ", class_name="sr-only"),
            given.words,
            icon("close", 16),
            name=given.name,
            value="",
            class_name="tag",
        )
    )


def no_match() -> rx.Component:
    return rx.el.div(
        rx.el.h2(t("Nothing like that here")),
        rx.el.p(t("Try fewer words, another decade, or captions in any language.")),
        rx.el.div(
            link(t("Clear all filters"), to=routes.BROWSE, class_name="btn btn-primary"),
            class_name="actions",
        ),
        class_name="state no-match",
    )


def more() -> rx.Component:
    return rx.el.nav(
        rx.cond(
            BrowseState.is_continued,
            query_link(
                icon("left"), t("From the start"), name="from", value="", class_name="btn btn-quiet"
            ),
        ),
        rx.cond(
            BrowseState.next_page != "",
            query_link(
                t("Load more"),
                name="page",
                value=BrowseState.next_page,
                replace=True,
                class_name="btn btn-quiet",
                # portal.js moves the focus to the first film that came.
                custom_attrs={"data-more": ""},
            ),
        ),
        rx.cond(
            BrowseState.next_from != "",
            query_link(
                t("Next films"), icon("right"), name="from", value=BrowseState.next_from,
                class_name="btn btn-quiet",
            ),
        ),
        class_name="pager",
        custom_attrs={"aria-label": t("More films")},
    )  # fmt: skip
