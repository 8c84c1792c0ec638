"""A place in the page that asks for what comes there when it is about to be seen."""

from __future__ import annotations

from typing import Any

import reflex as rx
from reflex_base.components.component import field
from reflex_base.event import no_args_event_spec
from reflex_components_core.el.elements.base import BaseHTML


class OnSight(BaseHTML):
    """An element without size; the client half is `assets/site/on_sight.js`."""

    library = "$/public/site/on_sight.js"
    tag = "OnSight"

    on_sight: rx.EventHandler[no_args_event_spec] = field(doc="It comes near the viewport; once.")


def on_sight(handler: Any) -> rx.Component:
    """See `OnSight`."""
    return OnSight.create(on_sight=handler)
