"""The line that says that somebody was faster than the limit allows."""

from __future__ import annotations

import reflex as rx

from portal.state.limit_state import LimitState


def limit_line() -> rx.Component:
    """A quiet line; it goes with the next event that is allowed."""
    return rx.el.div(
        rx.cond(LimitState.notice != "", rx.el.p(LimitState.notice, class_name="offline")),
        role="status",
    )
