"""The frame of the styleguide's samples, and what shows the tokens of the stylesheet."""

from __future__ import annotations

from typing import Any

import reflex as rx
from reflex_components_core.el.elements.base import BaseHTML

COLORS = (
    "bg", "surface", "raised", "line", "control", "fg", "fg-soft", "muted", "accent",
    "accent-strong", "fill", "fill-strong", "on-accent", "danger",
)  # fmt: skip
TEXT_SIZES = ("xs", "sm", "md", "lg", "xl", "title")
SPACES = ("1", "2", "3", "4", "6", "8", "12", "16")
RADII = ("radius", "radius-lg", "radius-full")


class Styleguide(BaseHTML):
    """Around all samples; brings the page's own stylesheet, which no other page loads."""

    library = "$/public/site/styleguide.js"
    tag = "Styleguide"


def sample(name: str, *content: Any, about: str = "") -> rx.Component:
    """One component in one or more states, under its name.

    Args:
        name: What it is called in the code.
        *content: The component itself, in its states.
        about: What to know when it is used.
    """
    key = name.lower().replace(" ", "-").replace(",", "")
    return rx.el.section(
        rx.el.div(
            rx.el.h2(name, id=key, class_name="section-title"),
            rx.el.p(about) if about else None,
            class_name="sample-head",
        ),
        *content,
        class_name="sample",
        custom_attrs={"aria-labelledby": key},
    )


def _rule(**styles: str) -> dict[str, Any]:
    return {"style": rx.Var.create(styles)}


def color_tokens() -> rx.Component:
    """Every colour of the present theme."""
    swatches = [
        rx.el.li(
            rx.el.span(class_name="swatch", custom_attrs=_rule(background=f"var(--color-{name})")),
            rx.el.code(f"--color-{name}"),
        )
        for name in COLORS
    ]
    return rx.el.ul(*swatches, class_name="swatches", role="list")


def text_tokens() -> rx.Component:
    """The type scale in both families."""
    return rx.el.ul(
        *[
            rx.el.li(
                rx.el.code(f"--text-{name}"),
                rx.el.span(
                    "Light kept for later", custom_attrs=_rule(fontSize=f"var(--text-{name})")
                ),
            )
            for name in TEXT_SIZES
        ],
        class_name="type-scale",
        role="list",
    )


def measure_tokens() -> rx.Component:
    """Space and radius."""
    spaces = [
        rx.el.li(
            rx.el.span(class_name="space", custom_attrs=_rule(width=f"var(--space-{name})")),
            rx.el.code(f"--space-{name}"),
        )
        for name in SPACES
    ]
    radii = [
        rx.el.li(
            rx.el.span(class_name="swatch", custom_attrs=_rule(borderRadius=f"var(--{name})")),
            rx.el.code(f"--{name}"),
        )
        for name in RADII
    ]
    return rx.el.ul(*spaces, *radii, class_name="swatches", role="list")
