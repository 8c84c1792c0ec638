"""What the viewer is in the middle of, and their list."""

import reflex as rx

from portal import routes
from portal.components.i18n import t
from portal.components.layout import page
from portal.components.my_titles import my_page


def my_list() -> rx.Component:
    return page(
        rx.el.h1(t("My films"), class_name="page-title"),
        my_page(),
        current=routes.MY_LIST,
    )
