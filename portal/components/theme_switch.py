"""The choice of a theme. Reflex keeps it on the device and puts it on before the first paint."""

from __future__ import annotations

import reflex as rx
from reflex_base.style import color_mode, set_color_mode

from portal.components.i18n import t, tc


def theme_switch() -> rx.Component:
    """Dark, light, or as the system is; the page follows at once."""
    return rx.el.label(
        t("Looks"),
        rx.el.select(
            rx.el.option(tc("theme", "Dark"), value="dark"),
            rx.el.option(tc("theme", "Light"), value="light"),
            rx.el.option(t("As this device"), value="system"),
            value=color_mode,
            on_change=set_color_mode,
        ),
        class_name="theme",
    )
