"""Movie cards, and the shelves and grids that hold them."""

from __future__ import annotations

from typing import Any

import reflex as rx

from portal.components.i18n import t
from portal.components.icons import icon
from portal.components.links import link
from portal.components.my_titles import save_button
from portal.components.pictures import art_color, poster, scene
from portal.services.views import MovieCard, MovieRow


def movie_card(movie: rx.Var[MovieCard]) -> rx.Component:
    """A poster with title, year and length, leading to the movie's page.

    Its caption languages come up with hover and focus; they are always there for screen readers.
    """
    return rx.el.li(
        link(
            rx.el.div(
                poster(movie.art), class_name="card-art", custom_attrs=art_color(movie.color)
            ),
            rx.el.span(movie.title, class_name="card-title"),
            rx.el.span(movie.year, " · ", movie.runtime, class_name="card-meta"),
            # These lie on the poster; they come after the title for those who hear the page.
            rx.cond(movie.badge != "", rx.el.span(movie.badge, class_name="badge")),
            _captions(movie),
            to="/movie/" + movie.slug,
            class_name="card",
        ),
        _play_at_once(movie),
        save_button(movie, on_card=True),
        class_name="cell",
    )


def wide_card(movie: rx.Var[MovieCard]) -> rx.Component:
    """A scene with the date that matters, for films that come or leave."""
    return rx.el.li(
        link(
            rx.el.div(scene(movie.art), class_name="card-art", custom_attrs=art_color(movie.color)),
            rx.el.span(movie.title, class_name="card-title"),
            rx.el.span(movie.badge, class_name="card-when"),
            _captions(movie),
            to="/movie/" + movie.slug,
            class_name="card",
        ),
        _play_at_once(movie),
        save_button(movie, on_card=True),
        class_name="cell wide",
    )


def _captions(movie: rx.Var[MovieCard]) -> rx.Component:
    return rx.el.span(
        icon("captions", 18),
        rx.el.span(t("Captions:"), " ", class_name="sr-only"),
        rx.el.span(movie.captions),
        class_name="card-captions",
    )


def _play_at_once(movie: rx.Var[MovieCard]) -> rx.Component:
    """A short cut for the mouse; everybody else plays from the movie's page, one step on."""
    return rx.cond(
        movie.is_coming,
        rx.fragment(),
        link(
            icon("play", 24),
            to="/watch/" + movie.slug,
            class_name="card-play",
            tab_index=-1,
            custom_attrs={"aria-hidden": "true", "title": t("Play"), "data-movie": movie.slug},
        ),
    )


def _arrow(direction: int, rail_id: Any, title: Any) -> rx.Component:
    words = (
        t("Scroll back in {shelf}", shelf=title)
        if direction < 0
        else t("Scroll on in {shelf}", shelf=title)
    )
    return rx.el.button(
        icon("left" if direction < 0 else "right"),
        type="button",
        class_name="arrow",
        # Cards are reached by Tab and arrow keys; these are for the mouse.
        tab_index=-1,
        custom_attrs={
            "data-scroll": str(direction),
            "aria-controls": rail_id,
            "aria-label": words,
            "aria-disabled": "true" if direction < 0 else "false",
        },
    )


def _shelf(key: Any, title: Any, cards: rx.Component, see_all: Any = None) -> rx.Component:
    rail_id, heading_id = "rail-" + key, "shelf-" + key
    return rx.el.section(
        rx.el.div(
            rx.el.h2(title, id=heading_id, class_name="shelf-title"),
            see_all,
            rx.el.div(
                _arrow(-1, rail_id, title), _arrow(1, rail_id, title), class_name="shelf-arrows"
            ),
            class_name="shelf-head",
        ),
        rx.el.ul(
            cards,
            id=rail_id,
            class_name="rail",
            # Safari drops the list role of a list without bullets.
            role="list",
            custom_attrs={"aria-labelledby": heading_id},
        ),
        class_name="shelf",
        custom_attrs={"aria-labelledby": heading_id},
    )


def shelf(row: rx.Var[MovieRow]) -> rx.Component:
    """A row of cards that scrolls sideways."""
    see_all = rx.cond(
        row.href != "",
        link(
            rx.el.span(t("See all"), custom_attrs={"aria-hidden": "true"}),
            rx.el.span(t("See all in {shelf}", shelf=row.title), class_name="sr-only"),
            to=row.href,
            class_name="see-all",
        ),
    )
    cards = rx.cond(
        row.is_wide, rx.foreach(row.cards, wide_card), rx.foreach(row.cards, movie_card)
    )
    return _shelf(row.key, row.title, cards, see_all)


def simple_shelf(key: str, title: Any, cards: Any) -> rx.Component:
    """A shelf whose title is known when the page is built; nothing at all without cards."""
    return rx.cond(cards.length() > 0, _shelf(key, title, rx.foreach(cards, movie_card)))


def card_grid(cards: Any) -> rx.Component:
    """Cards in as many columns as fit."""
    return rx.el.ul(rx.foreach(cards, movie_card), class_name="grid", role="list")
