"""What happens when a handler raises: the way to the login, or the reason in words."""

from __future__ import annotations

import json
from urllib.parse import quote

import reflex as rx
from reflex.event import EventSpec

from portal import routes
from portal.services.errors import Unauthenticated
from portal.state.messages import words_for

_TO_LOGIN = (
    "window.location.assign({login} + encodeURIComponent(location.pathname + location.search))"
)
_TELL = "window.dispatchEvent(new CustomEvent('portal:refused', {{detail: {words}}}))"


def on_exception(exception: Exception) -> EventSpec:
    """Answer an event whose handler raised; what was typed on the page stays there."""
    if isinstance(exception, Unauthenticated):
        login = json.dumps(f"{quote(routes.LOGIN)}?next=")
        return rx.call_script(_TO_LOGIN.format(login=login))
    return rx.call_script(_TELL.format(words=json.dumps(words_for(exception))))
