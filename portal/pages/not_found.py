"""An address that leads nowhere."""

import reflex as rx

from portal.components import waiting
from portal.components.cards import simple_shelf
from portal.components.i18n import t
from portal.components.layout import page
from portal.state.not_found_state import NotFoundState


def not_found() -> rx.Component:
    return page(
        waiting.message(
            t("There is nothing here"),
            t("This address leads nowhere. The films are where they were."),
            actions=[waiting.browse_link(), waiting.home_link()],
        ),
        rx.cond(
            NotFoundState.is_loaded,
            simple_shelf("instead", t("New on the portal"), NotFoundState.suggestions),
            rx.el.div(waiting.rail(), custom_attrs={"aria-hidden": "true"}),
        ),
    )
