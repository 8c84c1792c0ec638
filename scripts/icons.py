"""Draws the icons of the installed portal from the mark of `assets/favicon.svg`.

    python -m scripts.icons

The mark is a disc with a triangle cut out of it, on a grid of 24 x 24. A maskable icon keeps it
within the inner 80 %, which every launcher shows.
"""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageDraw

from portal import theme

ICONS = Path(__file__).resolve().parents[1] / "assets" / "icons"
AMBER = "#f4b84a"  # --color-fill
_GRID = 24
_OVERSAMPLING = 8  # Pillow draws without anti-aliasing; the picture is made smaller afterwards
_TRIANGLE = ((9.4, 7.4), (17.2, 12.0), (9.4, 16.6))
_RADIUS = 9.5


def icon(size: int, *, share: float, background: str | None = None) -> Image.Image:
    """One icon.

    Args:
        size: Width and height in pixels.
        share: How much of the width the disc takes.
        background: What it lies on; None: nothing.
    """
    large = size * _OVERSAMPLING
    picture = Image.new("RGBA", (large, large), background or (0, 0, 0, 0))
    scale = large * share / (2 * _RADIUS)
    middle = large / 2

    def at(x: float, y: float) -> tuple[float, float]:
        return middle + (x - _GRID / 2) * scale, middle + (y - _GRID / 2) * scale

    draw = ImageDraw.Draw(picture)
    low, high = _GRID / 2 - _RADIUS, _GRID / 2 + _RADIUS
    draw.ellipse((*at(low, low), *at(high, high)), fill=AMBER)
    draw.polygon([at(*corner) for corner in _TRIANGLE], fill=background or (0, 0, 0, 0))
    return picture.resize((size, size), Image.Resampling.LANCZOS)


def main() -> None:
    """Write all of them."""
    ICONS.mkdir(exist_ok=True)
    for size in (192, 512):
        icon(size, share=0.92).save(ICONS / f"icon-{size}.png", optimize=True)
        solid = icon(size, share=0.62, background=theme.BACKGROUND).convert("RGB")
        solid.save(ICONS / f"maskable-{size}.png", optimize=True)
    touch = icon(180, share=0.7, background=theme.BACKGROUND).convert("RGB")
    touch.save(ICONS / "apple-touch-icon.png", optimize=True)


if __name__ == "__main__":
    main()
