"""Forms that lead to an address: React Router follows them; without scripts the browser does."""

from __future__ import annotations

from typing import Any

import reflex as rx
from reflex_base.components.component import field
from reflex_components_core.el.elements.base import BaseHTML


class RouterForm(BaseHTML):
    """React Router's `Form`. Reflex's own prevents what a form without a handler does by itself."""

    library = "react-router"
    tag = "Form"
    alias = "RouterForm"

    action: rx.Var[str] = field(doc="Path that the form leads to.")
    method: rx.Var[str] = field(doc="`get`: the fields become the query.")
    replace: rx.Var[bool] = field(doc="Replace the history entry.")


def search_form(*children: Any, action: str, **props: Any) -> rx.Component:
    """A search landmark whose fields become the query of `action`."""
    return RouterForm.create(*children, action=action, method="get", role="search", **props)
