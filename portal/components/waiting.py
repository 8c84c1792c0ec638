"""What stands there while something loads, when nothing is found, and when something failed."""

from __future__ import annotations

from typing import Any

import reflex as rx

from portal import routes
from portal.components.i18n import t
from portal.components.links import link


def _boxes(number: int, class_name: str) -> list[rx.Component]:
    return [rx.el.div(class_name=f"sk {class_name}") for _ in range(number)]


def _busy(*content: rx.Component) -> rx.Component:
    return rx.el.div(
        rx.el.p(t("Loading…"), role="status", class_name="sr-only"),
        rx.el.div(*content, custom_attrs={"aria-hidden": "true"}),
    )


def rail() -> rx.Component:
    """The room of a shelf."""
    return rx.el.div(
        rx.el.div(class_name="sk sk-heading"),
        rx.el.div(*_boxes(9, "sk-card"), class_name="sk-rail"),
    )


def _lines() -> list[rx.Component]:
    return [rx.el.div(class_name=f"sk sk-{part}") for part in ("title", "meta", "lede", "button")]


def home_skeleton() -> rx.Component:
    """The room of the hero and two shelves, so that nothing moves when they come."""
    return _busy(
        rx.el.div(
            rx.el.div(rx.el.div(*_lines(), class_name="hero-copy"), class_name="slide"),
            class_name="hero home-hero",
        ),
        rx.el.div(rail(), rail(), class_name="shelves"),
    )


def movie_skeleton() -> rx.Component:
    """The room of a movie's page; the poster is the one that was pressed (`portal.js`)."""
    return _busy(
        rx.el.div(
            rx.el.div(
                rx.el.div(class_name="movie-poster arriving"),
                rx.el.div(*_lines(), class_name="movie-copy"),
                class_name="movie-body",
            ),
            class_name="hero movie-hero",
        ),
        rail(),
    )


def grid_skeleton() -> rx.Component:
    """The room of a page of cards."""
    return _busy(rx.el.div(*_boxes(18, "sk-card"), class_name="grid"))


def message(
    title: Any, *words: Any, actions: list[rx.Component], alert: bool = False
) -> rx.Component:
    """A state that a person has to be told of, with ways on."""
    return rx.el.section(
        rx.el.h1(title),
        *[rx.el.p(text) for text in words],
        rx.el.div(*actions, class_name="actions"),
        class_name="state",
        role="alert" if alert else None,
    )


def failed(words: Any, on_retry: Any) -> rx.Component:
    """Something of ours failed: what happened, and again."""
    return message(
        t("That did not work"),
        words,
        actions=[
            rx.el.button(
                t("Try again"), type="button", on_click=on_retry, class_name="btn btn-primary"
            )
        ],
        alert=True,
    )


def home_link() -> rx.Component:
    """The way home."""
    return link(t("Go to the home page"), to=routes.HOME, class_name="btn btn-quiet")


def browse_link(words: Any = None) -> rx.Component:
    """The way to everything."""
    return link(
        t("Browse all films") if words is None else words,
        to=routes.BROWSE,
        class_name="btn btn-primary",
    )
