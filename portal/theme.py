"""Names of what `assets/portal.css` defines, for Python code that needs a value.

The stylesheet is the one place of colours, type, space and motion (custom properties on `:root`);
this module holds only what must be known before it is loaded.
"""

from __future__ import annotations

STYLESHEET = "/portal.css"
SCRIPT = "/portal.js"
FAVICON = "/favicon.svg"
BACKGROUND = "#0b0a0d"  # --color-bg: the browser's own bars

# How wide pictures are shown, so that the browser picks the right file before the stylesheet.
CARD_SIZES = "(max-width: 640px) 31vw, (min-width: 2200px) 11vw, 12.4vw"
SCENE_SIZES = "(max-width: 640px) 68vw, 23vw"
POSTER_SIZES = "(max-width: 640px) 42vw, 19vw"
BACKDROP_SIZES = "100vw"
PHONE = "(max-width: 640px)"

# What is written on what, by the names of the tokens, with the contrast that it needs (WCAG 2.2:
# 4.5 for text, 3 for what marks a control or a state). `tests/test_theme.py` computes all of them
# in both themes.
TEXT_ON = {
    "fg": ("bg", "surface", "raised"),
    "fg-soft": ("bg", "surface", "raised"),
    "muted": ("bg", "surface", "raised"),
    "accent": ("bg", "surface", "raised"),
    "accent-strong": ("bg", "surface", "raised"),
    "danger": ("bg", "surface", "raised"),
    "on-accent": ("fill", "fill-strong"),
    "bg": ("fg",),  # a chip that is on
}
MARKS_ON = {
    "control": ("bg", "surface"),
    "accent": ("bg", "surface", "raised"),
    "accent-strong": ("bg", "surface", "raised"),  # the ring of what has the focus
}
