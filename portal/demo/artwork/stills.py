"""Posters of the flagship titles: a frame of the film, and large quiet letters."""

from __future__ import annotations

import numpy as np
from PIL import Image

from portal.demo.artwork.palettes import Palette, parse
from portal.demo.artwork.typography import Lettering, set_title
from portal.demo.titles import DemoTitle

_PALE = parse("#fff6e4")
_INK = parse("#1b1a1e")
_COLOURS = Palette(_INK, _INK, _PALE, _PALE, _PALE)
_SHEET = (960, 1440)


def set_still_poster(picture: Image.Image, title: DemoTitle) -> Image.Image:
    """Return a poster from a frame that is cut to the poster's shape."""
    poster = picture.resize(_SHEET, Image.Resampling.LANCZOS)
    bright = title.film == "ink"
    colour = _INK if bright else _PALE
    if not bright:
        _darken(poster)
    area = (0.075, 0.06, 0.925, 0.30) if bright else (0.075, 0.70, 0.925, 0.955)
    lettering = Lettering(
        "Cormorant-SemiBold", area, colour, colour, leading=0.90, align="left",
        anchor="top" if bright else "bottom", largest=0.165,
    )
    set_title(poster, title.title, title.director, lettering, _COLOURS)
    return poster


def _darken(poster: Image.Image) -> None:
    width, height = poster.size
    rows = np.clip((np.arange(height) / height - 0.52) / 0.36, 0, 1)
    mask = Image.fromarray((rows * rows * (3 - 2 * rows) * 190).astype(np.uint8)[:, None])
    poster.paste((4, 5, 12), (0, 0, width, height), mask.resize((width, height)))
