"""What the page says when somebody is faster than the limit allows."""

from __future__ import annotations

import reflex as rx


class LimitState(rx.State):
    """Set by the event limits; nothing that was typed is lost, the event is just not run."""

    notice: str = ""
