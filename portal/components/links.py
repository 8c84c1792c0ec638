"""Links: those that React Router follows without loading the page anew, and plain ones."""

from __future__ import annotations

from typing import Any

import reflex as rx
from reflex_base.vars.function import FunctionStringVar
from reflex_components_core.el.elements.inline import A
from reflex_components_core.react_router.dom import ReactRouterLink


def link(*children: Any, to: Any, **props: Any) -> rx.Component:
    """A link inside the portal, with a view transition where the browser has them.

    Args:
        *children: What it shows.
        to: A path of `portal.routes`, or a Var of one.
        **props: As for `rx.el.a`.
    """
    return ReactRouterLink.create(*children, to=to, view_transition=True, **props)


def encoded(value: Any) -> rx.Var[str]:
    """A Var as a part of a query: `R&B` must not end the parameter."""
    return FunctionStringVar.create("encodeURIComponent").call(value).to(str)


def plain_link(*children: Any, href: Any, **props: Any) -> rx.Component:
    """An `<a>` that the browser follows itself: fragments, downloads, pages that load anew.

    `rx.el.a` would make a React Router link of it and put the page's path before a fragment.
    """
    return A.create(*children, href=href, **props)
