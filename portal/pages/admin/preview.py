"""A movie's page as viewers will see it."""

from __future__ import annotations

import reflex as rx

from portal import routes
from portal.components import waiting
from portal.components.layout import page
from portal.components.links import link
from portal.pages.movie import found
from portal.state.admin.preview_state import PreviewState


def preview() -> rx.Component:
    return page(
        rx.el.div(
            rx.el.p(
                rx.el.b("Preview. "),
                "This is what viewers see once it is published. You can play it; they cannot yet.",
            ),
            link(
                "Back to editing",
                to="/admin/movies/" + PreviewState.film_id,
                class_name="text-link",
            ),
            class_name="preview-line",
            role="note",
            custom_attrs={
                "style": rx.Var.create(
                    {
                        "position": "fixed",
                        "zIndex": 45,
                        "insetInline": "0",
                        "bottom": "0",
                        "display": "flex",
                        "flexWrap": "wrap",
                        "gap": ".3rem 1.5rem",
                        "justifyContent": "center",
                        "padding": ".6rem 1rem",
                        "background": "var(--color-fill)",
                        "color": "var(--color-on-accent)",
                        "--color-fg": "var(--color-on-accent)",
                    }
                )
            },
        ),
        rx.match(
            PreviewState.outcome,
            ("found", found()),
            (
                "missing",
                waiting.message(
                    "There is no such film",
                    "It may have been a draft that somebody deleted.",
                    actions=[link("All films", to=routes.ADMIN, class_name="btn btn-primary")],
                ),
            ),
            ("failed", waiting.failed(PreviewState.problem, PreviewState.load)),
            waiting.movie_skeleton(),
        ),
    )
