"""The frame of every page: skip link, header, main, footer."""

from __future__ import annotations

from typing import Any

import reflex as rx

from portal import routes
from portal.components.forms import search_form
from portal.components.icons import icon
from portal.components.links import link, plain_link
from portal.settings import current_settings


def _nav_link(words: str, to: str, current: str) -> rx.Component:
    attributes = {"aria-current": "page"} if to == current else {}
    return link(words, to=to, custom_attrs=attributes)


def header(current: str = "") -> rx.Component:
    """Wordmark, main navigation and search. The search form works without scripts."""
    return rx.el.header(
        link(
            icon("mark", 26),
            current_settings().site_name,
            to=routes.HOME,
            class_name="wordmark",
            custom_attrs={"aria-label": f"{current_settings().site_name}, home"},
        ),
        rx.el.nav(
            _nav_link("Home", routes.HOME, current),
            _nav_link("Browse", routes.BROWSE, current),
            class_name="site-nav",
            custom_attrs={"aria-label": "Main"},
        ),
        rx.cond(current == routes.BROWSE, rx.fragment(), _search()),
        class_name="site-header",
    )


def _search() -> rx.Component:
    return search_form(
        rx.el.label("Search films", html_for="site-search", class_name="sr-only"),
        icon("search", 18),
        rx.el.input(
            id="site-search",
            type="search",
            name="q",
            placeholder="Search films, people",
            auto_complete="off",
            max_length=100,
            class_name="field",
        ),
        action=routes.BROWSE,
        class_name="search",
    )


def footer() -> rx.Component:
    """What the portal is, and where to go."""
    return rx.el.footer(
        rx.el.p(
            f"{current_settings().site_name}: every film here has captions, or it is not here."
        ),
        rx.el.p(
            link("Browse all films", to=routes.BROWSE),
            " · ",
            plain_link("For content managers", href=routes.ADMIN, rel="nofollow"),
        ),
        class_name="site-footer",
    )


def page(*content: Any, current: str = "") -> rx.Component:
    """A page: everything in `content` stands in the main landmark."""
    return rx.el.div(
        plain_link("Skip to content", href="#main", class_name="skip"),
        header(current),
        rx.el.main(*content, id="main", tab_index=-1, custom_attrs={"style": {"outline": "none"}}),
        footer(),
        rx.el.noscript(
            rx.el.p(
                "Playing films needs JavaScript. The catalog can be read without it.",
                class_name="state",
            )
        ),
        class_name="page",
    )
