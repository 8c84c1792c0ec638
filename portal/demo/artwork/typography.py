"""Set titles in the shipped display fonts (all under the SIL Open Font License)."""

from __future__ import annotations

from functools import lru_cache
from importlib import resources

from PIL import Image, ImageDraw, ImageFont


@lru_cache(maxsize=64)
def font(name: str, size: int) -> ImageFont.FreeTypeFont:
    """Load a shipped font at a size in pixels."""
    with (resources.files("portal.demo") / "fonts" / f"{name}.ttf").open("rb") as file:
        return ImageFont.truetype(file, size)


def set_title(picture: Image.Image, title: str, director: str) -> None:
    """Set title and director at the foot of a picture."""
    draw = ImageDraw.Draw(picture)
    width, height = picture.size
    size = width // 9
    lines: list[str] = []
    for word in title.split():
        trial = f"{lines[-1]} {word}" if lines else word
        if lines and draw.textlength(trial, font("DMSerifDisplay", size)) <= width * 0.84:
            lines[-1] = trial
        else:
            lines.append(word)
    top = height * 0.9 - len(lines) * size
    for number, line in enumerate(lines):
        place = (width * 0.08, top + number * size)
        draw.text(place, line, font=font("DMSerifDisplay", size), fill="#fff6e6")
    draw.text(
        (width * 0.08, height * 0.93),
        director,
        font=font("JosefinSans-SemiBold", width // 30),
        fill="#fff6e6",
    )
