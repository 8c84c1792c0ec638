"""Form fields: a label, what is wrong, a hint."""

from __future__ import annotations

from typing import Any

import reflex as rx

from portal.components.icons import icon


def text_field(
    name: str,
    label: str,
    problem: Any = "",
    *,
    hint: Any = "",
    lines: int = 1,
    class_name: str = "",
    prefix: str = "field",
    **props: Any,
) -> rx.Component:
    """A field of a form.

    Args:
        name: Its name in the form.
        label: What people call it.
        problem: What is wrong with it: words or a Var, "" for nothing.
        hint: What to write.
        lines: More than one makes a text area.
        class_name: Of the room around it.
        prefix: Of the ids: two forms of a page may have fields of the same name.
        **props: As for the input.
    """
    field_id, below = f"{prefix}-{name}", f"{prefix}-{name}-below"
    attributes = {
        "aria-describedby": below,
        "aria-invalid": rx.cond(problem != "", "true", "false"),
        **props.pop("custom_attrs", {}),
    }
    common: dict[str, Any] = {
        "id": field_id,
        "name": name,
        "auto_complete": "off",
        "custom_attrs": attributes,
        **props,
    }
    control = (
        rx.el.textarea(rows=lines, **common)
        if lines > 1
        else rx.el.input(**{"type": "text", **common}, class_name="input")
    )
    return rx.el.div(
        rx.el.label(label, html_for=field_id),
        control,
        rx.el.p(
            rx.cond(
                problem != "",
                rx.el.span(problem, class_name="field-problem"),
                rx.el.span(hint, class_name="hint"),
            ),
            id=below,
            custom_attrs={"aria-live": "polite"},
        ),
        class_name=f"field-room {class_name}",
    )


def choice(name: str, label: str, options: dict[str, str], **props: Any) -> rx.Component:
    """A select with its label."""
    return rx.el.label(
        rx.el.span(label),
        rx.el.select(
            *[rx.el.option(words, value=value) for value, words in options.items()],
            name=name,
            class_name="select",
            # Else what it offers would be a part of its own name.
            custom_attrs={"aria-label": label},
            **props,
        ),
        class_name="field-room",
    )


def problem_line(words: Any) -> rx.Component:
    """What went wrong in a part of a page."""
    return rx.el.div(
        rx.cond(
            words != "",
            rx.el.p(icon("info", 18), words, class_name="banner banner-bad"),
        ),
        role="alert",
    )
