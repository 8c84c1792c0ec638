"""The browse page: the whole catalog, filtered."""

from typing import Any

import reflex as rx

from portal import routes
from portal.components import waiting
from portal.components.cards import card_grid
from portal.components.forms import search_form
from portal.components.icons import icon
from portal.components.layout import page
from portal.components.links import link
from portal.services.views import FilterOption
from portal.state.browse_state import BrowseState

SORTS = (("new", "Newest first"), ("title", "A to Z"), ("year", "By year"), ("short", "Shortest"))


def browse() -> rx.Component:
    return page(
        rx.el.div(
            rx.el.h1("Browse", class_name="browse-title"),
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
        link(
            "All",
            to=routes.BROWSE,
            class_name="chip",
            custom_attrs={"aria-current": rx.cond(BrowseState.genre == "", "true", "false")},
        ),
        rx.foreach(BrowseState.genres, genre_chip),
        class_name="chips",
        custom_attrs={"aria-label": "Genres"},
    )


def genre_chip(option: rx.Var[FilterOption]) -> rx.Component:
    return rx.el.button(
        option.label,
        rx.el.small(option.count, rx.el.span(" films", class_name="sr-only")),
        type="button",
        class_name="chip",
        on_click=BrowseState.choose_genre(rx.cond(option.selected, "", option.value)),
        custom_attrs={"aria-pressed": rx.cond(option.selected, "true", "false")},
    )


def filters() -> rx.Component:
    return search_form(
        rx.el.label(
            "Title, people, genre",
            rx.debounce_input(
                rx.el.input(
                    type="search",
                    name="q",
                    value=BrowseState.text,
                    on_change=BrowseState.choose_text,
                    placeholder="What are you looking for?",
                    max_length=100,
                    auto_complete="off",
                    class_name="field",
                ),
                debounce_timeout=220,
            ),
            class_name="wide",
        ),
        chooser(
            "Captions in", "captions", BrowseState.languages, BrowseState.captions,
            BrowseState.choose_captions, "Any language",
        ),
        chooser(
            "Decade", "decade", BrowseState.decades, BrowseState.decade,
            BrowseState.choose_decade, "Any time",
        ),
        rx.el.label(
            "Order",
            rx.el.select(
                *[rx.el.option(words, value=value) for value, words in SORTS],
                name="sort",
                value=BrowseState.sort,
                on_change=BrowseState.choose_sort,
                class_name="select",
            ),
        ),
        rx.el.button("Search", type="submit", class_name="sr-only", tab_index=-1),
        action=routes.BROWSE,
        class_name="filters",
    )  # fmt: skip


def chooser(
    words: str, name: str, options: Any, value: Any, on_change: Any, everything: str
) -> rx.Component:
    return rx.el.label(
        words,
        rx.el.select(
            rx.el.option(everything, value=""),
            rx.foreach(options, choice),
            name=name,
            value=value,
            on_change=on_change,
            class_name="select",
        ),
    )


def choice(option: rx.Var[FilterOption]) -> rx.Component:
    return rx.el.option(f"{option.label} ({option.count})", value=option.value)


def results() -> rx.Component:
    return rx.fragment(
        rx.el.p(BrowseState.shown, role="status", class_name="count px-[var(--pad)] pb-4"),
        rx.cond(BrowseState.total > 0, card_grid(BrowseState.cards), no_match()),
        pager(),
    )


def no_match() -> rx.Component:
    return rx.el.section(
        rx.el.h2("Nothing like that here"),
        rx.el.p("Try fewer words, another decade, or captions in any language."),
        rx.el.div(
            link(
                icon("close"), "Clear all filters", to=routes.BROWSE, class_name="btn btn-primary"
            ),
            class_name="actions",
        ),
        class_name="state !pt-8",
    )


def pager() -> rx.Component:
    return rx.cond(
        (BrowseState.next_href != "") | (BrowseState.previous_href != ""),
        rx.el.nav(
            rx.cond(
                BrowseState.previous_href != "",
                link(
                    icon("left"), "Previous", to=BrowseState.previous_href,
                    class_name="btn btn-quiet",
                ),
            ),
            rx.el.span(BrowseState.shown),
            rx.cond(
                BrowseState.next_href != "",
                link("Next", icon("right"), to=BrowseState.next_href, class_name="btn btn-quiet"),
            ),
            class_name="pager",
            custom_attrs={"aria-label": "Pages"},
        ),
    )  # fmt: skip
