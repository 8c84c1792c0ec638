"""The portal's own icons: one path each on a 24 x 24 grid, filled with the text's colour."""

from __future__ import annotations

import reflex as rx

PATHS = {
    "play": "M8 5.1v13.8c0 .8.9 1.3 1.5.8l10.2-6.9a1 1 0 0 0 0-1.6L9.5 4.3c-.6-.5-1.5 0-1.5.8z",
    "info": "M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20zm1 15h-2v-6h2zm0-8h-2V7h2z",
    "search": "M15.5 14h-.8l-.3-.3a6.5 6.5 0 1 0-.7.7l.3.3v.8l5 5 1.5-1.5zm-6 0a4.5 4.5 0 1 1 0-9 "
    "4.5 4.5 0 0 1 0 9z",
    "left": "M15.4 7.4 14 6l-6 6 6 6 1.4-1.4L10.8 12z",
    "right": "M8.6 16.6 10 18l6-6-6-6-1.4 1.4 4.6 4.6z",
    "captions": "M4 5a2 2 0 0 0-2 2v10c0 1.1.9 2 2 2h16a2 2 0 0 0 2-2V7a2 2 0 0 0-2-2zm2.5 4h4"
    "v1.8H8v2.4h2.5V15h-4zm7 0h4v1.8H15v2.4h2.5V15h-4z",
    "clock": "M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20zm4.2 14.2L11 13V7h1.6v5.1l4.4 2.7z",
    "down": "M7.4 8.6 12 13.2l4.6-4.6L18 10l-6 6-6-6z",
    "close": "M19 6.4 17.6 5 12 10.6 6.4 5 5 6.4l5.6 5.6L5 17.6 6.4 19l5.6-5.6 5.6 5.6 1.4-1.4"
    "-5.6-5.6z",
    "mark": "M12 2.5a9.5 9.5 0 1 0 0 19 9.5 9.5 0 0 0 0-19zm-2.6 4.9 7.8 4.6-7.8 4.6z",
}


def icon(name: str, size: int = 20) -> rx.Component:
    """An icon that says nothing to screen readers: the text beside it does.

    Args:
        name: A key of `PATHS`.
        size: Width and height in CSS pixels.
    """
    return rx.el.svg(
        rx.el.path(d=PATHS[name]),
        view_box="0 0 24 24",
        custom_attrs={
            "width": str(size),
            "height": str(size),
            "fill": "currentColor",
            "aria-hidden": "true",
            "focusable": "false",
        },
    )
