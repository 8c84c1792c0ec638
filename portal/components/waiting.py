"""What stands there while something loads, when nothing is found, and when something failed."""

from __future__ import annotations

from typing import Any

import reflex as rx

from portal import routes
from portal.components.links import link


def _boxes(number: int, class_name: str) -> list[rx.Component]:
    return [rx.el.div(class_name=f"sk {class_name}") for _ in range(number)]


def _busy(*content: rx.Component) -> rx.Component:
    return rx.el.div(
        rx.el.p("Loading…", role="status", class_name="sr-only"),
        rx.el.div(*content, custom_attrs={"aria-hidden": "true"}),
    )


def hero_skeleton(shelves: int = 2) -> rx.Component:
    """The room of a hero and some shelves, so that nothing moves when they come."""
    rails = [
        rx.el.div(
            rx.el.div(class_name="sk h-8 w-48 mx-[var(--pad)] mb-3"),
            rx.el.div(
                *_boxes(9, "w-[var(--card)] aspect-[2/3] shrink-0"),
                class_name="flex gap-4 px-[var(--pad)] overflow-hidden pb-10",
            ),
        )
        for _ in range(shelves)
    ]
    copy = rx.el.div(
        rx.el.div(class_name="sk h-16 w-[min(70vw,30rem)]"),
        rx.el.div(class_name="sk h-5 w-[min(50vw,18rem)] mt-5"),
        rx.el.div(class_name="sk h-24 w-[min(84vw,40rem)] mt-5"),
        rx.el.div(class_name="sk h-12 w-40 mt-6 !rounded-full"),
    )
    return _busy(
        rx.el.div(rx.el.div(copy, class_name="hero-body"), class_name="hero"),
        rx.el.div(*rails, class_name="shelves"),
    )


def grid_skeleton() -> rx.Component:
    """The room of a page of cards."""
    cells = [
        rx.el.div(
            rx.el.div(class_name="sk aspect-[2/3]"), rx.el.div(class_name="sk h-4 w-3/4 mt-3")
        )
        for _ in range(18)
    ]
    return _busy(rx.el.div(*cells, class_name="grid"))


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
        "That did not work",
        words,
        actions=[
            rx.el.button(
                "Try again", type="button", on_click=on_retry, class_name="btn btn-primary"
            )
        ],
        alert=True,
    )


def home_link() -> rx.Component:
    """The way home."""
    return link("Go to the home page", to=routes.HOME, class_name="btn btn-primary")


def browse_link(words: str = "Browse all films") -> rx.Component:
    """The way to everything."""
    return link(words, to=routes.BROWSE, class_name="btn btn-quiet")
