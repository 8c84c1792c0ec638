"""Draw a title's poster and backdrops and write them in all sizes."""

from __future__ import annotations

import base64
import colorsys
import io
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from portal.demo.art_direction import ArtDirection
from portal.demo.artwork.canvas import Canvas
from portal.demo.artwork.motifs import MOTIFS
from portal.demo.artwork.palettes import MOODS, Colour, Palette, mix
from portal.demo.artwork.stills import cut_still, set_still_poster
from portal.demo.artwork.styles import STYLES
from portal.demo.artwork.typography import set_title
from portal.demo.titles import DemoTitle

POSTER_WIDTHS = (480, 360, 240, 160)
BACKDROP_WIDTHS = (1920, 1280, 640)
PORTRAIT_WIDTH, PORTRAIT_HEIGHT = 780, 1040
SOCIAL_SIZE = (1200, 630)

# Drawn larger than shown and reduced: that is what smooths the edges.
_POSTER_SHEET = (960, 1440)
_WIDE_SHEET = (2560, 1440)
_TALL_SHEET = (1170, 1560)
# Flat art gains nothing from the encoder's filters against camera noise.
_AVIF = {
    "quality": 56,
    "speed": 10,
    "max_threads": 1,
    "advanced": {"deltaq-mode": "0", "aq-mode": "0", "enable-cdef": "0", "enable-restoration": "0"},
}
_SCENES = {"mountain", "sea", "river", "lake", "desert", "road", "bridge", "forest"}


@dataclass(frozen=True, slots=True)
class DrawnArtwork:
    """What a page shows before the pictures are there."""

    dominant_colour: str
    placeholder: str


def draw_artwork(folder: Path, title: DemoTitle, still: Path | None) -> DrawnArtwork:
    """Draw and write all pictures of a title into ``folder``.

    Args:
        folder: An existing folder.
        title: The title.
        still: A frame of its own film, for titles that are drawn from it.
    """
    if still is not None:
        with Image.open(still) as picture:
            wide = picture.convert("RGB")
        tall = cut_still(wide, PORTRAIT_WIDTH / PORTRAIT_HEIGHT, title.art.focus)
        poster = set_still_poster(wide, title)
    else:
        wide = draw_sheet(title.art, "wide", _WIDE_SHEET)
        tall = draw_sheet(title.art, "tall", _TALL_SHEET)
        poster = draw_poster(title)
    _calm(wide, foot=False)
    _calm(tall, foot=True)
    small = _scale(poster, POSTER_WIDTHS[0])
    for width in POSTER_WIDTHS:
        _save(_scale(small if small.width % width == 0 else poster, width), folder, "poster")
    middle = _scale(wide, 1280)
    for width in BACKDROP_WIDTHS:
        _save(_scale(middle if width < 1280 else wide, width), folder, "backdrop")
    _save(_scale(tall, PORTRAIT_WIDTH), folder, "backdrop-portrait")
    _draw_social(middle, small).save(folder / "social.jpg", "JPEG", quality=84, progressive=True)
    return DrawnArtwork(dominant_colour(small), placeholder(small))


def draw_sheet(art: ArtDirection, shape: str, size: tuple[int, int]) -> Image.Image:
    """Draw a title's picture without words.

    Args:
        art: Its art direction.
        shape: ``"poster"``, ``"wide"`` or ``"tall"``.
        size: Width and height of the sheet, in pixels.
    """
    colours = palette_of(art)
    style = STYLES[art.style]
    canvas = Canvas(*size, shape, colours.deep, scenic=art.motif in _SCENES)
    if canvas.dark and style.flips:
        colours = replace(colours, deep=colours.pale, pale=colours.deep)
    style.paint(canvas, MOTIFS[art.motif](), colours, Random(art.seed))
    return canvas.image


def draw_poster(title: DemoTitle) -> Image.Image:
    """Draw a title's poster, words included, on a sheet of twice its largest size."""
    colours = palette_of(title.art)
    style = STYLES[title.art.style]
    picture = draw_sheet(title.art, "poster", _POSTER_SHEET)
    lettering = style.lettering(colours)
    _lay_ground(picture, style.ground, colours)
    set_title(picture, title.title, title.director, lettering, colours)
    return picture


def palette_of(art: ArtDirection) -> Palette:
    """Return the palette of an art direction."""
    options = MOODS[art.mood]
    return options[art.seed // 7 % len(options)]


def _lay_ground(picture: Image.Image, ground: str, colours: Palette) -> None:
    """Prepare the foot of a poster so that the title can be read."""
    width, height = picture.size
    if ground == "panel":
        picture.paste(colours.pale, (0, round(height * 0.715), width, height))
    elif ground == "block":
        dark = mix(colours.deep, (10, 9, 14), 0.5)
        edge = round(width * 0.062)
        picture.paste(dark, (edge, round(height * 0.735), width - edge, height - edge))
    elif ground == "fade":
        dark = mix(colours.deep, (6, 6, 10), 0.5)
        rows = np.clip((np.arange(height) / height - 0.56) / 0.26, 0, 1)
        _shade(picture, dark, rows * rows * (3 - 2 * rows) * 235, down=True)


def dominant_colour(picture: Image.Image) -> str:
    """Return a picture's weightiest colour, darkened so that white text can be read on it."""
    small = picture.resize((24, 36), Image.Resampling.BOX)
    pixels = np.asarray(small, np.float32).reshape(-1, 3) / 255
    spread = pixels.max(axis=1) - pixels.min(axis=1)
    weights = spread**1.5 + 0.02
    red, green, blue = (pixels * weights[:, None]).sum(axis=0) / weights.sum()
    hue, saturation, value = colorsys.rgb_to_hsv(float(red), float(green), float(blue))
    channels = colorsys.hsv_to_rgb(hue, min(saturation, 0.75), min(max(value, 0.16), 0.34))
    return "#" + "".join(f"{round(channel * 255):02x}" for channel in channels)


def placeholder(picture: Image.Image) -> str:
    """Return a ``data:`` URL of the picture at 4 by 6 pixels, to be blurred by scaling up."""
    small = picture.resize((4, 6), Image.Resampling.BOX)
    data = io.BytesIO()
    small.save(data, "WEBP", quality=50, method=6)
    return "data:image/webp;base64," + base64.b64encode(data.getvalue()).decode("ascii")


def _draw_social(wide: Image.Image, poster: Image.Image) -> Image.Image:
    """Return the picture for shared links: the backdrop with the poster on it."""
    part = round(wide.width * SOCIAL_SIZE[1] / SOCIAL_SIZE[0])
    top = (wide.height - part) // 2
    box = (0, top, wide.width, top + part)
    social = wide.resize(SOCIAL_SIZE, Image.Resampling.BILINEAR, box=box)
    tall = round(SOCIAL_SIZE[1] * 0.82)
    small = poster.resize((tall * 2 // 3, tall), Image.Resampling.BICUBIC)
    left = top = (SOCIAL_SIZE[1] - tall) // 2
    edge = 10
    box = (left - edge, top - edge, left + small.width + edge, top + tall + edge)
    shade = Image.new("L", SOCIAL_SIZE, 0)
    shade.paste(120, box)
    social.paste((0, 0, 0), (0, 0, *SOCIAL_SIZE), shade)
    social.paste(small, (left, top))
    return social


def _calm(picture: Image.Image, *, foot: bool) -> None:
    """Darken where a page puts white words, at the left or at the foot, if it is bright there."""
    width, height = picture.size
    box = (0, height * 0.55, width, height) if foot else (0, 0, width * 0.45, height)
    spot = picture.resize((1, 1), Image.Resampling.BOX, box=box)
    light = np.asarray(spot, float).mean()
    strength = min(0.80, max(0.0, (light - 48) / 150))
    if strength < 0.04:
        return
    along = np.linspace(0, 1, height if foot else width)
    share = np.clip((along - 0.38) / 0.5, 0, 1) if foot else np.clip((0.66 - along) / 0.56, 0, 1)
    red, green, blue = (int(value) for value in np.asarray(spot)[0, 0] // 9)
    _shade(picture, (red, green, blue), share * share * (3 - 2 * share) * strength * 255, down=foot)


def _shade(
    picture: Image.Image, colour: Colour, strength: NDArray[np.float64], *, down: bool
) -> None:
    """Lay a colour over a picture, its strength (0..255) changing along one side."""
    width, height = picture.size
    line = strength.astype(np.uint8)
    mask = np.broadcast_to(line[:, None] if down else line[None, :], (height, width))
    touched = np.flatnonzero(line)
    if not len(touched):
        return
    first, last = int(touched[0]), int(touched[-1]) + 1
    box = (0, first, width, last) if down else (first, 0, last, height)
    part = np.ascontiguousarray(mask[box[1] : box[3], box[0] : box[2]])
    picture.paste(colour, box, Image.fromarray(part))


def _scale(picture: Image.Image, width: int) -> Image.Image:
    """Scale a picture down; by whole factors where that is possible, which is fast and clean."""
    if picture.width % width == 0:
        factor = picture.width // width
        return picture if factor == 1 else picture.reduce(factor)
    height = round(picture.height * width / picture.width)
    return picture.resize((width, height), Image.Resampling.BOX)


def _save(picture: Image.Image, folder: Path, name: str) -> None:
    path = folder / f"{name}-{picture.width}.avif"
    try:
        picture.save(path, "AVIF", **_AVIF)
    except ValueError:  # an AVIF encoder other than libaom, which does not know these options
        plain = {key: value for key, value in _AVIF.items() if key != "advanced"}
        picture.save(path, "AVIF", **plain)
