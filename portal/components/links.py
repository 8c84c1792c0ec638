"""Links that React Router follows without loading the page anew; plain `<a href>` without scripts."""

from __future__ import annotations

from typing import Any

import reflex as rx
from reflex_components_core.react_router.dom import ReactRouterLink


def link(*children: Any, to: Any, **props: Any) -> rx.Component:
    """A link inside the portal, with a view transition where the browser has them.

    Args:
        *children: What it shows.
        to: A path of `portal.routes`, or a Var of one.
        **props: As for `rx.el.a`.
    """
    return ReactRouterLink.create(*children, to=to, view_transition=True, **props)
