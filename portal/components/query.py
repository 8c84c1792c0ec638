"""Controls whose values are the address's query: the client half is `assets/site/query.js`.

The address says at once what was asked for, it can be shared, and Back works; the page's `on_load`
runs with each change of it and loads what it says.
"""

from __future__ import annotations

from typing import Any

import reflex as rx
from reflex_base.components.component import field
from reflex_components_core.el.elements.base import BaseHTML

from portal.services.views import FilterOption

_CLIENT = "$/public/site/query.js"


class QueryForm(BaseHTML):
    """A GET form that sets parameters; without scripts the browser sends it itself."""

    library = _CLIENT
    tag = "QueryForm"

    action: rx.Var[str] = field(doc="Path of the page that reads the query.")


class QuerySelect(BaseHTML):
    """A select inside of a `QueryForm`, holding one parameter. The option "" is for none."""

    library = _CLIENT
    tag = "QuerySelect"

    name: rx.Var[str] = field(doc="The parameter.")
    options: rx.Var[list[FilterOption]] = field(
        doc="What it offers; what would find nothing is off."
    )


class QueryLink(BaseHTML):
    """A link that sets one parameter of the present address; `aria-current` where it is set."""

    library = _CLIENT
    tag = "QueryLink"

    name: rx.Var[str] = field(doc="The parameter.")
    value: rx.Var[str] = field(doc="Its value; empty takes it out.")
    replace: rx.Var[bool] = field(doc="Replace the entry of the history instead of adding one.")


def query_form(*children: Any, action: Any, **props: Any) -> rx.Component:
    """See `QueryForm`."""
    return QueryForm.create(*children, action=action, **props)


def query_select(name: str, options: Any, **props: Any) -> rx.Component:
    """See `QuerySelect`."""
    return QuerySelect.create(name=name, options=options, **props)


def query_link(*children: Any, name: Any, value: Any, **props: Any) -> rx.Component:
    """See `QueryLink`."""
    return QueryLink.create(*children, name=name, value=value, **props)
