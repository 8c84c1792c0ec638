"""The frame of the content managers' pages: header, main, keys."""

from __future__ import annotations

from typing import Any

import reflex as rx

from portal import routes
from portal.components.admin.client import AdminFrame, client
from portal.components.connection import connection_line
from portal.components.icons import icon
from portal.components.limits import limit_line
from portal.components.links import link, plain_link
from portal.components.theme_switch import theme_switch
from portal.state.admin.frame_state import AdminFrameState
from portal.state.site_state import SiteState

KEYS = (
    (("/",), "Search"),
    (("↑", "↓"), "Go from film to film"),
    (("Space",), "Pick the film"),
    (("Shift", "↓"), "Pick several"),
    (("Enter",), "Open the film"),
    (("Esc",), "Pick none, close"),
    (("Ctrl", "S"), "Save"),
    (("Ctrl", "Z"), "Take the last change back"),
    (("?",), "This list"),
)


def admin_page(*content: Any, current: str = "") -> rx.Component:
    """A page: everything in `content` stands in the main landmark."""
    return client(
        AdminFrame,
        plain_link("Skip to content", href="#main", class_name="skip"),
        header(current),
        rx.el.main(*content, id="main", tab_index=-1),
        rx.el.footer(theme_switch(), class_name="site-footer"),
        connection_line(),
        limit_line(),
        keys(),
        class_name="page admin " + SiteState.without,
    )


def header(current: str) -> rx.Component:
    """Where to go, who is signed in, and the way out."""
    return rx.el.header(
        link(
            icon("mark", 24),
            SiteState.site_name,
            rx.el.span(", home page", class_name="sr-only"),
            to=routes.HOME,
            class_name="wordmark",
        ),
        rx.el.nav(
            _nav("Films", routes.ADMIN, current),
            _nav("Insights", routes.ADMIN_INSIGHTS, current),
            _nav("Explain", routes.ADMIN_EXPLAIN, current),
            _nav("Audit", routes.ADMIN_AUDIT, current),
            rx.cond(AdminFrameState.role == "owner", plain_link("People", href=routes.ACCOUNTS)),
            plain_link("Account", href=routes.ACCOUNT),
            class_name="site-nav",
            custom_attrs={"aria-label": "Content"},
        ),
        rx.el.p(
            AdminFrameState.who,
            rx.cond(AdminFrameState.role != "", rx.el.small(AdminFrameState.role)),
            class_name="who",
        ),
        rx.el.form(
            rx.el.button("Sign out", type="submit", class_name="mini"),
            action=routes.LOGOUT,
            method="post",
        ),
        class_name="admin-header",
    )


def _nav(words: str, to: str, current: str) -> rx.Component:
    return link(words, to=to, custom_attrs={"aria-current": "page"} if to == current else {})


def dialog(
    name: str, title: Any, *content: Any, class_name: str = "", **props: Any
) -> rx.Component:
    """A dialog; an element with `data-opens=<name>` opens it."""
    return rx.el.dialog(
        rx.el.div(
            rx.el.h2(title, id=f"{name}-title"),
            *content,
            class_name="dialog-body",
        ),
        id=name,
        class_name=f"dialog {class_name}",
        custom_attrs={"aria-labelledby": f"{name}-title"},
        **props,
    )


def cancel_button(words: str = "Cancel") -> rx.Component:
    """Closes the dialog it stands in."""
    return rx.el.button(words, type="button", class_name="button", custom_attrs={"data-closes": ""})


def opens(name: str, *children: Any, class_name: str = "button", **props: Any) -> rx.Component:
    """A button that opens a dialog."""
    attributes = {"data-opens": name, "aria-haspopup": "dialog", **props.pop("custom_attrs", {})}
    return rx.el.button(
        *children, type="button", class_name=class_name, custom_attrs=attributes, **props
    )


def keys() -> rx.Component:
    """The list of keys."""
    return dialog(
        "admin-keys",
        "Keys",
        rx.el.dl(
            *[
                rx.el.div(rx.el.dt(*[rx.el.kbd(name) for name in names]), rx.el.dd(words))
                for names, words in KEYS
            ],
            class_name="keys",
        ),
        rx.el.div(cancel_button("Close"), class_name="dialog-actions"),
    )
