"""Set titles in the shipped display fonts (all under the SIL Open Font License)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from itertools import combinations

from PIL import Image, ImageDraw, ImageFont

from portal.demo.artwork.palettes import Colour, Palette


@dataclass(frozen=True, slots=True)
class Lettering:
    """How a title is set.

    Attributes:
        font: File name of a shipped font, without its ending.
        area: Left, top, right, bottom of the title, as shares of the sheet.
        colour: Of the title; ``None``: whichever of dark and pale is read on the ground.
        credit: Of the director's line, unless the title's follows the ground; ``None`` leaves
            the line out.
        caps: Whether the title is in capitals.
        tracking: Space added between letters, in ems.
        leading: Distance of the lines, in ems.
        align: ``"left"`` or ``"centre"``.
        anchor: ``"top"`` or ``"bottom"`` of the area, where the block sits.
        largest: Largest size, as a share of the sheet's width.
    """

    font: str
    area: tuple[float, float, float, float]
    colour: Colour | None
    credit: Colour | None
    caps: bool = False
    tracking: float = 0.0
    leading: float = 1.0
    align: str = "left"
    anchor: str = "bottom"
    largest: float = 0.17


@lru_cache(maxsize=128)
def font(name: str, size: int) -> ImageFont.FreeTypeFont:
    """Load a shipped font at a size in pixels."""
    with (resources.files("portal.demo") / "fonts" / f"{name}.ttf").open("rb") as file:
        return ImageFont.truetype(file, size)


def _width(text: str, face: ImageFont.FreeTypeFont, spacing: float) -> float:
    return float(face.getlength(text)) + spacing * max(0, len(text) - 1)


def _splits(words: list[str], count: int) -> list[list[str]]:
    """Return all ways to set words in ``count`` lines."""
    ways = []
    for cuts in combinations(range(1, len(words)), count - 1):
        edges = [0, *cuts, len(words)]
        ways.append([" ".join(words[a:b]) for a, b in zip(edges, edges[1:], strict=False)])
    return ways


def _layout(text: str, lettering: Lettering, width: float, height: float) -> tuple[list[str], int]:
    """Return the lines and the size that fill the area best."""
    probe = 100
    face = font(lettering.font, probe)
    words = text.split()
    best: tuple[float, list[str]] = (0.0, [text])
    chosen = 8.0
    for count in range(1, min(5, len(words)) + 1):
        for lines in _splits(words, count):
            widest = max(_width(line, face, lettering.tracking * probe) for line in lines)
            size = min(width / widest * probe, height / (count * lettering.leading))
            # Ragged lines and lone short words read badly, so an even setting may be smaller.
            lengths = [len(line) for line in lines]
            even = 0.72 + 0.28 * min(1.0, min(lengths) / max(lengths) * 1.6)
            lonely = 0.80 if min(lengths) <= 3 else 1.0
            score = size * even * lonely
            if score > best[0] * 1.02:
                best, chosen = (score, lines), size
    return best[1], int(chosen)


def readable(
    picture: Image.Image, area: tuple[float, float, float, float], colours: Palette
) -> Colour:
    """Return the dark or the pale colour of a palette, whichever stands out in an area."""
    left, top, right, bottom = area
    box = (
        left * picture.width,
        top * picture.height,
        right * picture.width,
        bottom * picture.height,
    )
    spot = picture.resize((1, 1), Image.Resampling.BOX, box=box).convert("L").getpixel((0, 0))
    bright = isinstance(spot, int) and spot > 118
    return colours.deep if bright else colours.pale


def set_title(
    picture: Image.Image, title: str, director: str, lettering: Lettering, colours: Palette
) -> None:
    """Set title and director's credit on a picture."""
    colour = lettering.colour or readable(picture, lettering.area, colours)
    draw = ImageDraw.Draw(picture)
    sheet_width, sheet_height = picture.size
    left, top, right, bottom = (
        share * side
        for share, side in zip(lettering.area, (sheet_width, sheet_height) * 2, strict=True)
    )
    text = title.replace("'", "’")
    text = text.upper() if lettering.caps else text
    credit_size = max(9, round(sheet_width * 0.030))
    credit_room = credit_size * 2.3 if lettering.credit else 0
    lines, size = _layout(text, lettering, right - left, bottom - top - credit_room)
    size = max(8, min(size, int(sheet_width * lettering.largest)))
    face = font(lettering.font, size)
    spacing = lettering.tracking * size
    step = size * lettering.leading
    block = step * len(lines) + credit_room
    y = bottom - block if lettering.anchor == "bottom" else top
    for line in lines:
        x = left
        if lettering.align == "centre":
            x = (left + right) / 2 - _width(line, face, spacing) / 2
        _draw_line(draw, x, y + step * 0.5, line, face, spacing, colour)
        y += step
    if lettering.credit:
        credit = lettering.credit if lettering.colour else colour
        small = font("JosefinSans-SemiBold", credit_size)
        words = director.upper()
        gap = credit_size * 0.16
        x = (
            left
            if lettering.align == "left"
            else (left + right) / 2 - _width(words, small, gap) / 2
        )
        _draw_line(draw, x, y + credit_size * 1.5, words, small, gap, credit)


def _draw_line(
    draw: ImageDraw.ImageDraw,
    x: float,
    middle: float,
    text: str,
    face: ImageFont.FreeTypeFont,
    spacing: float,
    colour: Colour,
) -> None:
    if spacing == 0:
        draw.text((x, middle), text, font=face, fill=colour, anchor="lm")
        return
    # Letter by letter, with the font's own kerning kept.
    for index, letter in enumerate(text):
        offset = float(face.getlength(text[: index + 1])) - float(face.getlength(letter))
        draw.text(
            (x + offset + index * spacing, middle), letter, font=face, fill=colour, anchor="lm"
        )
