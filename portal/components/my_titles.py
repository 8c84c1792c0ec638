"""Continue watching and my list: the client half is `assets/site/my_titles.js`.

The page is the same for everybody; what is somebody's own comes over HTTP when it stands.
"""

from __future__ import annotations

from typing import Any

import reflex as rx
from reflex_base.components.component import field
from reflex_components_core.el.elements.base import BaseHTML

_CLIENT = "$/public/site/my_titles.js"

ROOM_SCRIPT = (
    'try{const m=localStorage.getItem("portal.mine");'
    "if(m)document.documentElement.dataset.mine=m}catch{}"
)
"""For the head: leaves room for rows that were there last time, before anything is painted."""


class SaveButton(BaseHTML):
    """Puts a film on the viewer's list, or takes it off."""

    library = _CLIENT
    tag = "SaveButton"

    movie_id: rx.Var[str] = field(doc="The film.")
    card: rx.Var[bool] = field(doc="Lies on a card: an icon only.")


class MyRow(BaseHTML):
    """A row of the viewer's own on the home page."""

    library = _CLIENT
    tag = "MyRow"

    kind: rx.Var[str] = field(doc="continue or list.")


class MyPage(BaseHTML):
    """Both lists in full."""

    library = _CLIENT
    tag = "MyPage"


class MyWords(BaseHTML):
    """A line that says what was done."""

    library = _CLIENT
    tag = "MyWords"


def save_button(movie: Any, *, on_card: bool = False) -> rx.Component:
    """See `SaveButton`; `movie` is a Var of a card or of a film."""
    return SaveButton.create(movie_id=movie.movie_id, title=movie.title, card=on_card)


def my_row(kind: str) -> rx.Component:
    """See `MyRow`."""
    return MyRow.create(kind=kind)


def my_page() -> rx.Component:
    """See `MyPage`."""
    return MyPage.create()


def my_words() -> rx.Component:
    """See `MyWords`."""
    return MyWords.create()
