"""The head script that warms a film's stream before the player is there."""

from __future__ import annotations

import reflex as rx

from portal.components.player.component import source


def early_intent_script() -> rx.Component:
    """For the head of every page (`head_components`).

    Inline: it runs while the document is parsed, a round trip before any file of ours is there.
    """
    lines = [line.strip() for line in source("early_intent.js").splitlines()]
    text = "\n".join(line for line in lines if line and not line.startswith("//"))
    return rx.el.script(text)
