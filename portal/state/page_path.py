"""What a page's address says, read on the server from the socket's router data."""

from __future__ import annotations

from urllib.parse import unquote

import reflex as rx

from portal.services.container import services
from portal.services.translation import language


def last_segment(path: str) -> str:
    """The slug of `/movie/<slug>` or `/watch/<slug>/`."""
    return unquote(path.rstrip("/").rsplit("/", 1)[-1])


def social_image(state: rx.State, art: str) -> str:
    """What a shared link shows, for the base path of a movie's artwork; "" without one."""
    return f"{site_origin(state)}{art}/social.jpg" if art else ""


def page_url(state: rx.State, path: str) -> str:
    """The address of a page of `portal.routes`, in the language that is spoken."""
    return site_origin(state) + language().path(path)


def site_origin(state: rx.State) -> str:
    """Scheme and host for links that leave the site: the public URL, else the page's own."""
    return services().settings.public_url or state.router.url.origin
