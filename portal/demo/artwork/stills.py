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
_TITLE_ABOVE = {"neon", "snow", "ink"}
_ON_PAPER = {"ink"}
_HEADROOM = 0.17


def cut_still(picture: Image.Image, aspect: float, focus: float) -> Image.Image:
    """Cut a frame to a narrower aspect, ``focus`` (share of its width) in the middle."""
    part = round(picture.height * aspect)
    left = min(max(0, round(picture.width * focus - part / 2)), picture.width - part)
    return picture.crop((left, 0, left + part, picture.height))


def set_still_poster(still: Image.Image, title: DemoTitle) -> Image.Image:
    """Return a poster made from a frame of the title's film."""
    paper = title.film in _ON_PAPER
    poster = _extend(still, title.art.focus) if paper else _fit(still, title.art.focus)
    above = title.film in _TITLE_ABOVE
    if not paper:
        _darken(poster, above=above)
    colour = _INK if paper else _PALE
    lettering = Lettering(
        "Cormorant-SemiBold",
        (0.075, 0.05, 0.925, 0.27) if above else (0.075, 0.70, 0.925, 0.955),
        colour,
        colour,
        leading=0.90,
        anchor="top" if above else "bottom",
        largest=0.165,
    )
    set_title(poster, title.title, title.director, lettering, _COLOURS)
    return poster


def _fit(still: Image.Image, focus: float) -> Image.Image:
    part = cut_still(still, _SHEET[0] / _SHEET[1], focus)
    return part.resize(_SHEET, Image.Resampling.BICUBIC)


def _extend(still: Image.Image, focus: float) -> Image.Image:
    """Return the frame on a taller sheet, its upper edge drawn out to make room for words."""
    room = round(_SHEET[1] * _HEADROOM)
    part = cut_still(still, _SHEET[0] / (_SHEET[1] - room), focus)
    scaled = part.resize((_SHEET[0], _SHEET[1] - room), Image.Resampling.BICUBIC)
    poster = Image.new("RGB", _SHEET)
    edge = scaled.crop((0, 0, _SHEET[0], 24)).resize((_SHEET[0], room), Image.Resampling.BICUBIC)
    poster.paste(edge, (0, 0))
    poster.paste(scaled, (0, room))
    return poster


def _darken(poster: Image.Image, *, above: bool) -> None:
    width, height = poster.size
    rows = np.arange(height) / height
    share = np.clip((0.40 - rows) / 0.40 if above else (rows - 0.52) / 0.36, 0, 1)
    line = (share * share * (3 - 2 * share) * 190).astype(np.uint8)
    mask = Image.fromarray(np.repeat(line[:, None], width, axis=1))
    poster.paste((4, 5, 12), (0, 0, width, height), mask)
