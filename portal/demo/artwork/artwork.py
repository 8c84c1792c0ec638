"""Draw a title's poster and backdrops and write them in all sizes."""

from __future__ import annotations

import base64
import colorsys
import io
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from portal.demo.artwork.typography import set_title
from portal.demo.titles import DemoTitle

POSTER_SIZE = (720, 1080)
POSTER_WIDTHS = (160, 240, 360, 480)
BACKDROP_SIZE = (1920, 1080)
BACKDROP_WIDTHS = (640, 1280, 1920)
PORTRAIT_SIZE = (780, 1040)
SOCIAL_SIZE = (1200, 630)
_AVIF = {"quality": 58, "speed": 9, "max_threads": 1}


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
    backdrop = _backdrop(title, still)
    poster = _crop(backdrop, POSTER_SIZE)
    set_title(poster, title.title, title.director)
    for width in POSTER_WIDTHS:
        _save(poster.resize((width, width * 3 // 2), Image.Resampling.LANCZOS), folder, "poster")
    for width in BACKDROP_WIDTHS:
        scaled = backdrop.resize((width, width * 9 // 16), Image.Resampling.LANCZOS)
        _save(scaled, folder, "backdrop")
    _save(_crop(backdrop, PORTRAIT_SIZE), folder, "backdrop-portrait")
    social = _crop(backdrop, SOCIAL_SIZE)
    set_title(social, title.title, title.director)
    social.save(folder / "social.jpg", "JPEG", quality=84, optimize=True, progressive=True)
    return DrawnArtwork(dominant_colour(poster), placeholder(poster))


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


def _backdrop(title: DemoTitle, still: Path | None) -> Image.Image:
    if still is not None:
        with Image.open(still) as picture:
            return picture.convert("RGB")
    rng = np.random.default_rng(title.art.seed)
    low = Image.fromarray(rng.integers(20, 170, (4, 6, 3), dtype=np.uint8))
    return low.resize(BACKDROP_SIZE, Image.Resampling.BICUBIC)


def _crop(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    width, height = picture.size
    aspect = size[0] / size[1]
    if width / height > aspect:
        part = round(height * aspect)
        left = round((width - part) * 0.62)
        box = (left, 0, left + part, height)
    else:
        part = round(width / aspect)
        top = (height - part) // 2
        box = (0, top, width, top + part)
    return picture.resize(size, Image.Resampling.LANCZOS, box=box)


def _save(picture: Image.Image, folder: Path, name: str) -> None:
    picture.save(folder / f"{name}-{picture.width}.avif", "AVIF", **_AVIF)
