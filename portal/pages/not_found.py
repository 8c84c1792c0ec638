"""An address that leads nowhere."""

import reflex as rx

from portal.components import waiting
from portal.components.layout import page


def not_found() -> rx.Component:
    return page(
        waiting.message(
            "There is nothing here",
            "This address leads nowhere. The films are where they were.",
            actions=[waiting.home_link(), waiting.browse_link()],
        )
    )
