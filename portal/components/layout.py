"""The frame of every page: skip link, header, main, footer."""

from __future__ import annotations

from typing import Any

import reflex as rx

from portal import routes
from portal.components.connection import connection_line
from portal.components.i18n import t
from portal.components.icons import icon
from portal.components.language_links import language_links
from portal.components.limits import limit_line
from portal.components.links import encoded, link, plain_link
from portal.components.my_titles import my_words
from portal.components.query import query_form
from portal.components.search_field import search_field
from portal.components.theme_switch import theme_switch
from portal.services.views import FilterOption
from portal.state.site_state import SiteState


def _nav_link(words: Any, to: str, current: str) -> rx.Component:
    attributes = {"aria-current": "page"} if to == current else {}
    return link(words, to=to, custom_attrs=attributes)


def header(current: str = "") -> rx.Component:
    """Wordmark, main navigation and search. The search form works without scripts."""
    return rx.el.header(
        link(
            icon("mark", 26),
            SiteState.site_name,
            rx.el.span(" ", t("Home page"), class_name="sr-only"),
            to=routes.HOME,
            class_name="wordmark",
        ),
        rx.el.nav(
            _nav_link(t("Films"), routes.HOME, current),
            _nav_link(t("Browse"), routes.BROWSE, current),
            _nav_link(t("My list"), routes.MY_LIST, current),
            genre_menu(),
            class_name="site-nav",
            custom_attrs={"aria-label": t("Main menu")},
        ),
        search(),
        class_name="site-header",
    )


def genre_menu() -> rx.Component:
    """All genres, unfolded by a native disclosure; `portal.js` closes it again."""
    return rx.el.details(
        rx.el.summary(t("Genres"), icon("down", 16)),
        rx.el.ul(
            rx.foreach(SiteState.menu_genres, _genre),
            role="list",
            custom_attrs={"aria-label": t("Genres")},
        ),
        class_name="menu",
    )


def _genre(genre: rx.Var[FilterOption]) -> rx.Component:
    return rx.el.li(link(t(genre.label), to=routes.BROWSE + "?genre=" + encoded(genre.value)))


def search() -> rx.Component:
    """The search field: it answers as one types, on the browse page by what the page shows."""
    return query_form(
        rx.el.label(t("Search films"), html_for="site-search", class_name="sr-only"),
        icon("search", 18),
        search_field(
            id="site-search",
            type="search",
            name="q",
            placeholder=t("Titles, people, words said"),
            auto_complete="off",
            max_length=100,
            class_name="field",
            custom_attrs={"enterKeyHint": "search", "aria-keyshortcuts": "/"},
        ),
        role="search",
        action=routes.BROWSE,
        class_name="search",
    )


def footer() -> rx.Component:
    """What the portal is, and where to go."""
    return rx.el.footer(
        rx.el.p(
            t("{site}: every film here has captions, or it is not here.", site=SiteState.site_name)
        ),
        rx.el.nav(
            link(t("Browse all films"), to=routes.BROWSE),
            plain_link(t("For content managers"), href=routes.ADMIN, rel="nofollow"),
            custom_attrs={"aria-label": t("More")},
        ),
        rx.el.nav(
            language_links(class_name="languages"),
            custom_attrs={"aria-label": t("Language")},
        ),
        theme_switch(),
        class_name="site-footer",
    )


def page(*content: Any, current: str = "") -> rx.Component:
    """A page: everything in `content` stands in the main landmark."""
    return rx.el.div(
        plain_link(t("Skip to content"), href="#main", class_name="skip"),
        header(current),
        rx.el.main(*content, id="main", tab_index=-1),
        footer(),
        connection_line(),
        limit_line(),
        my_words(),
        rx.el.noscript(
            rx.el.p(t("Playing films needs JavaScript. The catalog can be read without it.")),
            class_name="no-script",
        ),
        class_name="page " + SiteState.without,
    )
