"""The head script that warms a film's stream before the player is there."""

from __future__ import annotations

import reflex as rx

EARLY_INTENT_PATH = "/early-intent.js"


def early_intent_script() -> rx.Component:
    """For the head of every page. Blocking: it is small, and it must see the first press."""
    return rx.el.script(src=EARLY_INTENT_PATH)
