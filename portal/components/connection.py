"""A quiet line while the socket is away. Nothing is covered, and a playing film needs no socket."""

from __future__ import annotations

import reflex as rx
from reflex_components_core.core.banner import has_connection_errors

from portal.components.i18n import t


def connection_line() -> rx.Component:
    """Says "Reconnecting" once a lost connection could not be had back at once."""
    return rx.el.div(
        rx.cond(has_connection_errors, rx.el.p(t("Reconnecting…"), class_name="offline")),
        role="status",
    )
