"""Movie cards, and the shelves and grids that hold them."""

from __future__ import annotations

from typing import Any

import reflex as rx

from portal.components.icons import icon
from portal.components.links import link
from portal.components.pictures import art_color, poster
from portal.services.views import MovieCard, MovieRow


def movie_card(movie: rx.Var[MovieCard] | MovieCard) -> rx.Component:
    """A poster with title, year and length, leading to the movie's page."""
    return rx.el.li(
        link(
            rx.el.div(
                poster(movie.art),
                rx.cond(movie.badge != "", rx.el.span(movie.badge, class_name="badge")),
                class_name="card-art",
                custom_attrs=art_color(movie.color),
            ),
            rx.el.div(movie.title, class_name="card-title"),
            rx.el.div(movie.year, " · ", movie.genre, class_name="card-meta"),
            to="/movie/" + movie.slug,
            class_name="card",
        )
    )


def _arrow(direction: int, rail_id: Any, title: Any) -> rx.Component:
    words = "Scroll back in " if direction < 0 else "Scroll on in "
    return rx.el.button(
        icon("left" if direction < 0 else "right"),
        type="button",
        class_name="arrow",
        # Cards are reached by Tab and arrow keys; these are for the mouse.
        tab_index=-1,
        custom_attrs={
            "data-scroll": str(direction),
            "aria-controls": rail_id,
            "aria-label": words + title,
            "aria-disabled": "true" if direction < 0 else "false",
        },
    )


def shelf(row: rx.Var[MovieRow] | MovieRow) -> rx.Component:
    """A row of cards that scrolls sideways."""
    rail_id = "rail-" + row.key
    heading_id = "shelf-" + row.key
    return rx.el.section(
        rx.el.div(
            rx.el.h2(row.title, id=heading_id, class_name="shelf-title"),
            rx.cond(
                row.href != "",
                link(
                    "See all",
                    rx.el.span(" in " + row.title, class_name="sr-only"),
                    to=row.href,
                    class_name="see-all",
                ),
            ),
            rx.el.div(
                _arrow(-1, rail_id, row.title), _arrow(1, rail_id, row.title),
                class_name="shelf-arrows",
            ),
            class_name="shelf-head",
        ),
        rx.el.ul(
            rx.foreach(row.cards, movie_card),
            id=rail_id,
            class_name="rail",
            # Safari drops the list role of a list without bullets.
            role="list",
            custom_attrs={"aria-labelledby": heading_id},
        ),
        custom_attrs={"aria-labelledby": heading_id},
    )  # fmt: skip


def simple_shelf(key: str, title: str, cards: Any) -> rx.Component:
    """A shelf whose title is known when the page is built."""
    heading_id = f"shelf-{key}"
    return rx.el.section(
        rx.el.div(
            rx.el.h2(title, id=heading_id, class_name="shelf-title"),
            rx.el.div(
                _arrow(-1, f"rail-{key}", title), _arrow(1, f"rail-{key}", title),
                class_name="shelf-arrows",
            ),
            class_name="shelf-head",
        ),
        rx.el.ul(
            rx.foreach(cards, movie_card),
            id=f"rail-{key}",
            class_name="rail",
            role="list",
            custom_attrs={"aria-labelledby": heading_id},
        ),
        custom_attrs={"aria-labelledby": heading_id},
    )  # fmt: skip


def card_grid(cards: Any) -> rx.Component:
    """Cards in as many columns as fit."""
    return rx.el.ul(rx.foreach(cards, movie_card), class_name="grid", role="list")
