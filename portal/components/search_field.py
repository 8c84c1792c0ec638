"""The search field with answers as one types: the client half is `assets/site/search.js`."""

from __future__ import annotations

from typing import Any

import reflex as rx
from reflex_base.components.component import field
from reflex_components_core.el.elements.base import BaseHTML

from portal import routes


class SearchField(BaseHTML):
    """An input of a `QueryForm` with a list of films, people and lines below it."""

    library = "$/public/site/search.js"
    tag = "SearchField"

    action: rx.Var[str] = field(doc="Path of the page with all results: no list is opened there.")
    api: rx.Var[str] = field(doc="Path of the search over HTTP.")
    name: rx.Var[str] = field(doc="Name of the field in the form.")
    type: rx.Var[str] = field(doc="Type of the input.")
    placeholder: rx.Var[str] = field(doc="What can be searched for.")
    max_length: rx.Var[int] = field(doc="In characters.")
    auto_complete: rx.Var[str] = field(doc="The browser's own suggestions.")


def search_field(**props: Any) -> rx.Component:
    """See `SearchField`."""
    return SearchField.create(action=routes.BROWSE, api=routes.SEARCH, **props)
