"""A drawing surface for artwork: polygons, gradients, shadows, places on the sheet."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import cos, pi, sin

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from portal.demo.artwork.palettes import Colour
from portal.demo.artwork.shapes import Layer, Polygon, arc, oval, place

_TONES = ("main", "second", "accent", "paper")


@dataclass(frozen=True, slots=True)
class Tones:
    """The colours in which a motif is drawn; ``None`` leaves a tone out."""

    main: Colour | None
    second: Colour | None
    accent: Colour | None
    paper: Colour | None

    def of(self, tone: str) -> Colour | None:
        """Return the colour of a tone by its name."""
        found: Colour | None = getattr(self, tone)
        return found

    @classmethod
    def flat(cls, colour: Colour) -> Tones:
        """Return one colour for all that is not cut out: a silhouette."""
        return cls(colour, colour, colour, None)


MEDALLIONS: dict[str, Polygon] = {
    "disc": oval(0, 0, 1),
    "arch": [*arc(0, -0.22, 0, 0.86, 180, 360)[:31], (0.86, 1.04), (-0.86, 1.04)],
    "diamond": [(0, -1.14), (1.14, 0), (0, 1.14), (-1.14, 0)],
    "tablet": [(-0.9, -1.02), (0.9, -1.02), (0.9, 1.02), (-0.9, 1.02)],
}
"""Outlines of the shapes on which motifs lie, within about 1 of their centre."""


class Canvas:
    """An RGB picture with a place for the motif.

    Attributes:
        width: In pixels.
        height: In pixels.
        x: Centre of the motif, in pixels.
        y: Centre of the motif, in pixels.
        size: Half the motif's width, in pixels.
        shape: ``"poster"``, ``"wide"`` (calm at its left) or ``"tall"`` (calm at its foot).
        dark: Whether the sheet is for a dark page with white words on it: all but posters.
        scenic: Whether the motif is a landscape, which wants to fill a shape and be cut by it.
    """

    def __init__(
        self, width: int, height: int, shape: str, ground: Colour, *, scenic: bool = False
    ) -> None:
        self.width, self.height, self.shape = width, height, shape
        self.dark = shape != "poster"
        self.scenic = scenic
        middle = {
            "poster": (0.5, 0.43, 0.36),
            "wide": (0.705, 0.47, 0.36),
            "tall": (0.5, 0.37, 0.30),
        }
        share_x, share_y, share = middle[shape]
        self.x, self.y = share_x * width, share_y * height
        self.size = share * (height if shape == "wide" else width)
        self.image = Image.new("RGB", (width, height), ground)
        self.draw = ImageDraw.Draw(self.image)

    @property
    def reach(self) -> float:
        """Return a distance that is beyond every corner."""
        return float(self.width + self.height)

    def fill(self, polygon: Sequence[tuple[float, float]], colour: Colour) -> None:
        """Fill a polygon given in pixels."""
        if len(polygon) > 2:
            self.draw.polygon([(float(x), float(y)) for x, y in polygon], fill=colour)

    def fill_around(self, polygon: Sequence[tuple[float, float]], colour: Colour) -> None:
        """Fill the whole sheet but for a polygon."""
        far = self.reach
        edge = [(-far, -far), (far, -far), (far, far), (-far, far), (-far, -far)]
        start = polygon[0]
        self.fill([*edge, start, *polygon[1:], start, edge[0]], colour)

    def disc(self, x: float, y: float, radius: float, colour: Colour) -> None:
        """Fill a circle given in pixels."""
        self.draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=colour)

    def hoop(self, x: float, y: float, radius: float, width: float, colour: Colour) -> None:
        """Draw a circle's outline."""
        outer = radius + width / 2
        box = (x - outer, y - outer, x + outer, y + outer)
        self.draw.ellipse(box, outline=colour, width=max(1, round(width)))

    def band(self, y0: float, y1: float, colour: Colour) -> None:
        """Fill a strip across the whole width."""
        self.draw.rectangle((0, y0, self.width, y1), fill=colour)

    def motif(
        self,
        layers: list[Layer],
        tones: Tones,
        *,
        x: float | None = None,
        y: float | None = None,
        size: float | None = None,
        turn: float = 0.0,
    ) -> None:
        """Draw a motif, at its place unless another is given."""
        x, y = self.x if x is None else x, self.y if y is None else y
        size = self.size if size is None else size
        for layer in layers:
            colour = tones.of(layer.tone)
            if colour is not None:
                for polygon in layer.polygons:
                    self.fill(place(polygon, x, y, size, turn), colour)

    def mask(
        self, layers: list[Layer], tones: Sequence[str], x: float, y: float, size: float
    ) -> Image.Image:
        """Return where a motif has one of the given tones, as an ``L`` picture."""
        mask = Image.new("L", (self.width, self.height), 0)
        draw = ImageDraw.Draw(mask)
        for layer in layers:
            for polygon in layer.polygons:
                if len(polygon) > 2:
                    points = [(float(px), float(py)) for px, py in place(polygon, x, y, size)]
                    draw.polygon(points, fill=255 if layer.tone in tones else 0)
        return mask

    def paste(self, picture: Image.Image | Colour, mask: Image.Image) -> None:
        """Put a picture or a colour where the mask is white."""
        self.image.paste(picture, (0, 0, self.width, self.height), mask)
        self.draw = ImageDraw.Draw(self.image)

    def replace(self, picture: Image.Image) -> None:
        """Go on with another picture of the same size."""
        self.image = picture
        self.draw = ImageDraw.Draw(picture)

    def shade(
        self,
        polygons: Sequence[Polygon],
        offset: float,
        spread: float,
        strength: float,
        *,
        around: bool = False,
    ) -> None:
        """Darken what lies under a cut-out, shifted down and blurred.

        Args:
            polygons: The cut-out, in pixels.
            offset: How far the shadow falls, in pixels.
            spread: Its softness, in pixels.
            strength: Its darkness, 0..1.
            around: Whether the sheet lies around the polygons, not inside them.
        """
        scale = 8
        small = Image.new("L", (self.width // scale, self.height // scale), 255 if around else 0)
        pen = ImageDraw.Draw(small)
        for polygon in polygons:
            points = [((x + offset * 0.4) / scale, (y + offset) / scale) for x, y in polygon]
            pen.polygon(points, fill=0 if around else 255)
        small = small.filter(ImageFilter.GaussianBlur(spread / scale))
        small = small.point(lambda value: int(value * strength))
        # Only where there is something to darken: pictures are large.
        box = (0, 0, *small.size) if around else small.getbbox()
        if around:
            xs = [x for polygon in polygons for x, _ in polygon]
            ys = [y for polygon in polygons for _, y in polygon]
            box = (
                max(0, int(min(xs) / scale)),
                max(0, int(min(ys) / scale)),
                min(small.width, int(max(xs) / scale) + 1),
                min(small.height, int(max(ys) / scale) + 1),
            )
        if box is None or box[0] >= box[2] or box[1] >= box[3]:
            return
        size = ((box[2] - box[0]) * scale, (box[3] - box[1]) * scale)
        soft = small.crop(box).resize(size, Image.Resampling.BILINEAR)
        self.image.paste((8, 8, 20), (box[0] * scale, box[1] * scale), soft)

    def overprint(self, mask: Image.Image, ink: Colour) -> None:
        """Print a transparent ink through a mask: it darkens paper, and lights up the dark."""
        box = mask.getbbox()
        if box is None:
            return
        layer = Image.new(
            "RGB", (box[2] - box[0], box[3] - box[1]), (0, 0, 0) if self.dark else (255, 255, 255)
        )
        layer.paste(ink, (0, 0, *layer.size), mask.crop(box))
        merge = ImageChops.screen if self.dark else ImageChops.multiply
        self.image.paste(merge(self.image.crop(box), layer), box[:2])

    def overprinted(self, ground: Colour, ink: Colour) -> Colour:
        """Return the colour of an ink printed on a plain ground."""
        pairs = zip(ground, ink, strict=True)
        if self.dark:
            red, green, blue = (255 - (255 - a) * (255 - b) // 255 for a, b in pairs)
        else:
            red, green, blue = (a * b // 255 for a, b in pairs)
        return red, green, blue

    def medallion(
        self,
        kind: str,
        layers: list[Layer],
        tones: Tones,
        ground: Colour,
        size: float,
        share: float,
    ) -> None:
        """Draw the motif on a plain shape; a landscape fills the shape and is cut by it.

        Args:
            kind: ``"disc"``, ``"arch"``, ``"diamond"`` or ``"tablet"``.
            layers: The motif.
            tones: Its colours.
            ground: The shape's colour.
            size: Half the shape's width, in pixels.
            share: Size of the motif against the shape.
        """
        outline = place(MEDALLIONS[kind], self.x, self.y, size)
        self.fill(outline, ground)
        if not self.scenic:
            share *= 0.90 if kind in ("diamond", "arch") else 1.0
            self.motif(layers, tones, size=size * share)
            return
        mask = Image.new("L", (self.width, self.height), 0)
        ImageDraw.Draw(mask).polygon([(float(x), float(y)) for x, y in outline], fill=255)
        below = self.image
        self.replace(below.copy())
        self.motif(layers, tones, size=size * 1.32)
        below.paste(self.image, (0, 0), mask)
        self.replace(below)

    def rim(self, kind: str, size: float, width: float, colour: Colour) -> None:
        """Draw the outline of a medallion."""
        outline = place(MEDALLIONS[kind], self.x, self.y, size)
        points = [(float(x), float(y)) for x, y in [*outline, outline[0], outline[1]]]
        self.draw.line(points, fill=colour, width=max(1, round(width)), joint="curve")

    def gradient(
        self, paint: Callable[[NDArray[np.float64], NDArray[np.float64]], NDArray[np.float64]]
    ) -> None:
        """Fill the sheet from a function of ``x, y`` in 0..1 to RGB, worked out small."""
        columns, rows = self.width // 8, self.height // 8
        x, y = np.meshgrid((np.arange(columns) + 0.5) / columns, (np.arange(rows) + 0.5) / rows)
        values = np.clip(paint(x, y), 0, 255)
        # Rounding at random spreads the steps that would show as bands when scaled up.
        values += np.random.default_rng(1).uniform(0, 0.99, values.shape[:2])[..., None]
        small = Image.fromarray(np.clip(values, 0, 255).astype(np.uint8))
        self.replace(small.resize((self.width, self.height), Image.Resampling.BILINEAR))

    def wave(self, y: float, swing: float, length: float, phase: float) -> Polygon:
        """Return a polygon below a wavy line; lengths in pixels."""
        steps = 90
        top = []
        for step in range(steps + 1):
            x = self.width * step / steps
            a = 2 * pi * x / length + phase
            top.append((x, y + swing * (sin(a) + 0.45 * sin(2.3 * a + 1.3) + 0.2 * sin(4.1 * a))))
        return [*top, (self.width, self.height + 1), (0, self.height + 1)]

    def ray(self, x: float, y: float, start: float, end: float) -> Polygon:
        """Return a wedge from a point out over the edge; angles in degrees."""
        a, b = start * pi / 180, end * pi / 180
        far = self.reach
        return [(x, y), (x + far * cos(a), y + far * sin(a)), (x + far * cos(b), y + far * sin(b))]


def circle(x: float, y: float, radius: float) -> Polygon:
    """Return a circle in pixels as a polygon."""
    return place(oval(0, 0, 1), x, y, radius)
