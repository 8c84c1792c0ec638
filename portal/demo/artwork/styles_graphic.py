"""Graphic styles of artwork: inversion, repetition in colour, technical drawing, woodblock."""

from __future__ import annotations

from math import cos, hypot, pi, sin
from random import Random

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from portal.demo.artwork.canvas import Canvas, Tones
from portal.demo.artwork.palettes import Palette, mix
from portal.demo.artwork.shapes import Layer, place

Field = NDArray[np.float64]


def split(canvas: Canvas, motif: list[Layer], colours: Palette, rng: Random) -> None:
    """Two halves, each the other's negative, with the motif across the seam."""
    first, other = rng.choice(
        [(colours.base, colours.pale), (colours.warm, colours.deep), (colours.deep, colours.soft)]
    )
    slant = rng.choice((-0.55, -0.30, 0.30, 0.55))
    x, y, size = canvas.x, canvas.y, canvas.size
    seam = Image.new("L", (canvas.width, canvas.height), 0)
    far = canvas.reach
    edge = [
        (x - slant * far, y - far),
        (x + slant * far, y + far),
        (x + 3 * far, y + far),
        (x + 3 * far, y - far),
    ]
    ImageDraw.Draw(seam).polygon(edge, fill=255)
    canvas.band(0, canvas.height, first)
    canvas.motif(
        motif,
        Tones(other, mix(other, first, 0.40), mix(other, first, 0.15), first),
        size=size * 1.02,
    )
    left = canvas.image
    canvas.replace(Image.new("RGB", left.size, other))
    canvas.motif(
        motif,
        Tones(first, mix(first, other, 0.40), mix(first, other, 0.15), other),
        size=size * 1.02,
    )
    right = canvas.image
    left.paste(right, (0, 0), seam)
    canvas.replace(left)
    canvas.fill(
        [
            (x - slant * far - 3, y - far),
            (x - slant * far + 3, y - far),
            (x + slant * far + 3, y + far),
            (x + slant * far - 3, y + far),
        ],
        colours.warm if colours.warm not in (first, other) else colours.pale,
    )


def pop(canvas: Canvas, motif: list[Layer], colours: Palette, rng: Random) -> None:
    """The motif in a grid of fields, each printed in other inks, as a silkscreen would."""
    columns, rows = {"poster": (2, 2), "wide": (3, 2), "tall": (2, 3)}[canvas.shape]
    inks = [colours.deep, colours.base, colours.warm, colours.soft, colours.pale]
    grounds = [
        colours.base,
        colours.warm,
        colours.soft,
        colours.deep,
        mix(colours.base, colours.soft, 0.5),
        mix(colours.warm, colours.soft, 0.45),
    ]
    rng.shuffle(grounds)
    area = canvas.height * (0.715 if canvas.shape == "poster" else 1.0)
    left = canvas.width * (0.40 if canvas.shape == "wide" else 0.0)
    wide, tall = (canvas.width - left) / columns, area / rows
    if left:
        canvas.band(0, canvas.height, mix(colours.deep, (8, 8, 14), 0.35))
    for number in range(columns * rows):
        column, row = number % columns, number // columns
        x0, y0 = left + column * wide, row * tall
        ground = grounds[number % len(grounds)]
        canvas.draw.rectangle((x0, y0, x0 + wide, y0 + tall), fill=ground)
        options = [ink for ink in inks if ink != ground]
        bright = sum(ground) > 330
        main = colours.deep if bright else colours.pale
        second, accent = rng.sample([ink for ink in options if ink != main] or options, 2)
        size = min(wide, tall) * 0.40
        cx, cy = x0 + wide / 2, y0 + tall / 2
        shift = size * 0.045
        canvas.motif(
            motif, Tones.flat(mix(ground, accent, 0.6)), x=cx + shift, y=cy + shift, size=size
        )
        canvas.motif(motif, Tones(main, second, accent, ground), x=cx, y=cy, size=size)


def blueprint(canvas: Canvas, motif: list[Layer], colours: Palette, rng: Random) -> None:
    """A technical drawing: white lines on blue, measured and annotated."""
    ground = mix(colours.base, colours.deep, 0.55)
    canvas.band(0, canvas.height, ground)
    x, y, size = canvas.x, canvas.y, canvas.size * 0.92
    cell = size / 6
    faint, fainter = mix(ground, colours.pale, 0.13), mix(ground, colours.pale, 0.06)
    for axis, end in ((0, canvas.width), (1, canvas.height)):
        start = (x if axis == 0 else y) % cell
        for k in range(int(end / cell) + 2):
            at = start + k * cell
            major = round((at - (x if axis == 0 else y)) / cell) % 4 == 0
            tint = faint if major else fainter
            span = (at, 0, at, canvas.height) if axis == 0 else (0, at, canvas.width, at)
            canvas.draw.line(span, fill=tint, width=3 if major else 2)
    line = mix(ground, colours.pale, 0.88)
    soft = mix(ground, colours.pale, 0.42)
    wide = max(3, round(size * 0.012))
    for radius in (1.22, 1.30):
        canvas.hoop(x, y, size * radius, wide * 0.5, soft)
    for k in range(72):
        a = k * pi / 36
        reach = 1.30 if k % 6 else 1.22
        canvas.draw.line(
            (
                x + size * reach * cos(a),
                y + size * reach * sin(a),
                x + size * 1.34 * cos(a),
                y + size * 1.34 * sin(a),
            ),
            fill=soft,
            width=max(2, wide // 2),
        )
    for vx, vy in ((1, 0), (0, 1)):
        canvas.draw.line(
            (x - vx * size * 1.5, y - vy * size * 1.5, x + vx * size * 1.5, y + vy * size * 1.5),
            fill=soft,
            width=max(2, wide // 2),
        )
    tints = {
        "main": mix(ground, colours.pale, 0.10),
        "second": mix(ground, colours.soft, 0.22),
        "accent": mix(ground, colours.warm, 0.85),
        "paper": ground,
    }
    for layer in motif:
        for polygon in layer.polygons:
            points = place(polygon, x, y, size)
            canvas.fill(points, tints[layer.tone])
            closed = [(float(px), float(py)) for px, py in [*points, points[0], points[1]]]
            canvas.draw.line(closed, fill=line, width=wide, joint="curve")
    top, side = y - size * 1.08, x + size * 1.08
    for k in (-1, 1):
        canvas.draw.line(
            (x + k * size, top - size * 0.07, x + k * size, top + size * 0.07),
            fill=line,
            width=wide,
        )
        canvas.draw.line(
            (side - size * 0.07, y + k * size, side + size * 0.07, y + k * size),
            fill=line,
            width=wide,
        )
    canvas.draw.line((x - size, top, x + size, top), fill=line, width=max(2, wide // 2))
    canvas.draw.line((side, y - size, side, y + size), fill=line, width=max(2, wide // 2))


def woodblock(canvas: Canvas, motif: list[Layer], colours: Palette, rng: Random) -> None:
    """A Japanese print: graded sky, a great sun, bands of mist, scalloped waves below."""
    x, y, size = canvas.x, canvas.y, canvas.size
    paper = mix(colours.pale, (247, 236, 212), 0.4)
    if canvas.dark:
        paper = mix(colours.base, colours.deep, 0.25)
    top = mix(colours.base, colours.deep, 0.15 if not canvas.dark else 0.75)

    def sky(u: Field, v: Field) -> Field:
        share = np.clip(v / 0.42, 0, 1)[..., None]
        share = share * share * (3 - 2 * share)
        low = np.clip((v - 0.55) / 0.3, 0, 1)[..., None]
        first = np.asarray(top, float) + share * (np.asarray(paper, float) - np.asarray(top, float))
        return first + low * 0.35 * (np.asarray(colours.soft, float) - first)

    canvas.gradient(sky)
    canvas.disc(x + size * 0.10, y - size * 0.18, size * 0.98, colours.warm)
    mist = mix(paper, colours.pale, 0.5)
    for _ in range(4):
        my = y + size * rng.uniform(-0.9, 0.35)
        side = rng.choice((-1, 1))
        long, thick = size * rng.uniform(0.8, 1.5), size * rng.uniform(0.045, 0.075)
        mx = x + side * size * rng.uniform(0.8, 1.3)
        canvas.draw.rounded_rectangle(
            (mx - long / 2, my - thick, mx + long / 2, my + thick), radius=thick, fill=mist
        )
        canvas.draw.rounded_rectangle(
            (
                mx - long / 2 + side * long * 0.3,
                my + thick * 0.9,
                mx + long / 2 + side * long * 0.3,
                my + thick * 2.5,
            ),
            radius=thick * 0.8,
            fill=mist,
        )
    if canvas.scenic:
        canvas.motif(
            motif,
            Tones(colours.deep, mix(colours.base, colours.deep, 0.35), None, paper),
            size=size * 1.05,
        )
    else:
        canvas.motif(
            motif,
            Tones(colours.deep, mix(colours.base, colours.deep, 0.35), colours.pale, paper),
            size=size * 0.86,
        )
    unit = size * 0.30
    start = y + size * (0.92 if canvas.shape != "wide" else 0.80)
    for row in range(int((canvas.height - start) / (unit * 0.5)) + 3):
        cy = start + unit * 0.5 + row * unit * 0.5
        for column in range(-1, int(canvas.width / unit) + 2):
            cx = (column + 0.5 * (row % 2)) * unit
            if hypot(cx - x, 0) > canvas.reach:
                continue
            for depth, share in enumerate((0.50, 0.39, 0.28, 0.17)):
                tint = colours.base if depth % 2 == 0 else mix(colours.pale, colours.soft, 0.35)
                tint = mix(tint, colours.deep, 0.30 if canvas.dark else 0.0)
                canvas.disc(cx, cy, unit * share, tint)
