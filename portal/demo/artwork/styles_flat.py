"""Flat styles of artwork: shapes and colours of one plane."""

from __future__ import annotations

from math import cos, pi, sin
from random import Random

import numpy as np
from PIL import Image, ImageDraw

from portal.demo.artwork.canvas import Canvas, Tones, circle
from portal.demo.artwork.palettes import Palette, mix
from portal.demo.artwork.shapes import Layer, arc, place, stroke


def geometric(canvas: Canvas, motif: list[Layer], colours: Palette, rng: Random) -> None:
    """Mid-century: quarter circles on a grid around a disc with the motif."""
    ground = colours.pale
    canvas.band(0, canvas.height, ground)
    tints = [colours.base, colours.warm, colours.soft, colours.deep]
    if canvas.shape == "wide":
        cell = canvas.height / 4
        columns, rows, left, top = 4, 4, canvas.width - 4 * cell, 0.0
    else:
        cell = canvas.width / 4
        columns, rows, left, top = 4, 4 if canvas.shape == "poster" else 5, 0.0, 0.0
    for row in range(rows):
        for column in range(columns):
            x, y = left + column * cell, top + row * cell
            a, b = rng.sample([*tints, ground], 2)
            canvas.draw.rectangle((x, y, x + cell, y + cell), fill=a)
            corner = rng.randrange(4)
            cx, cy = x + cell * (corner % 2), y + cell * (corner // 2)
            angle = (0, 90, 270, 180)[corner]
            kind = rng.random()
            if kind < 0.62:
                canvas.fill(place(arc(0, 0, 0, 1, angle, angle + 90), cx, cy, cell), b)
                if rng.random() < 0.5:
                    canvas.fill(place(arc(0, 0, 0, 0.5, angle, angle + 90), cx, cy, cell), a)
            elif kind < 0.86:
                canvas.disc(x + cell / 2, y + cell / 2, cell * 0.34, b)
            else:
                canvas.fill([(x, y), (x + cell, y), (x, y + cell)], b)
    x, y = canvas.x, canvas.y
    if canvas.shape != "wide":
        x, y = canvas.width / 2, top + rows * cell / 2
    else:
        x = left + 2 * cell
    canvas.x, canvas.y = x, y
    tones = Tones(colours.deep, colours.base, colours.warm, ground)
    canvas.medallion("disc", motif, tones, ground, canvas.size * 1.06, 0.76)


def riso(canvas: Canvas, motif: list[Layer], colours: Palette, rng: Random) -> None:
    """Two inks on cream paper, overprinted, a little out of register, with a dot screen."""
    paper = colours.pale if canvas.dark else mix(colours.pale, (255, 250, 238), 0.5)
    canvas.band(0, canvas.height, paper)
    width, height = canvas.width, canvas.height
    hot, cold = rng.choice([(colours.warm, colours.base), (colours.base, colours.warm)])
    screen = canvas.overprinted(paper, mix(cold, colours.pale, 0.42))
    step = canvas.size / 15
    angle = 0.42
    horizon = canvas.y + canvas.size * 0.35
    reach = int((width + height) / step / 1.6)
    i, j = np.meshgrid(np.arange(-reach, reach), np.arange(-reach, reach))
    px = width / 2 + (i * cos(angle) - j * sin(angle)) * step
    py = height / 2 + (i * sin(angle) + j * cos(angle)) * step
    fall = np.where(
        py > horizon, (py - horizon) / (height - horizon), (horizon - py) / horizon * 0.55
    )
    radius = step * 0.62 * np.clip(fall, 0, 1) ** 0.55
    shown = (np.abs(px - width / 2) < width / 2 + step) & (
        np.abs(py - height / 2) < height / 2 + step
    )
    shown &= radius > step * 0.10
    for x, y, r in zip(px[shown].tolist(), py[shown].tolist(), radius[shown].tolist(), strict=True):
        canvas.disc(x, y, r, screen)
    sun = Image.new("L", (width, height), 0)
    side = -1 if rng.random() < 0.5 else 1
    sx, sy = canvas.x + side * canvas.size * 0.16, canvas.y - canvas.size * 0.14
    wide = canvas.size * 1.12
    ImageDraw.Draw(sun).ellipse((sx - wide, sy - wide, sx + wide, sy + wide), fill=255)
    canvas.overprint(sun, hot)
    shift = canvas.size * 0.022
    size = canvas.size * 0.98
    ink = mix(cold, colours.deep, 0.35)
    canvas.overprint(
        canvas.mask(motif, ("second",), canvas.x + shift, canvas.y - shift, size),
        mix(cold, (255, 255, 255), 0.25),
    )
    canvas.overprint(canvas.mask(motif, ("main",), canvas.x, canvas.y, size), ink)
    canvas.overprint(canvas.mask(motif, ("accent",), canvas.x - shift, canvas.y + shift, size), hot)


def swiss(canvas: Canvas, motif: list[Layer], colours: Palette, rng: Random) -> None:
    """International style: one ground, one huge cropped sign, rules on a grid."""
    third = (colours.deep, colours.soft) if canvas.dark else (colours.pale, colours.base)
    ground, sign = rng.choice(
        [
            (colours.warm, colours.deep),
            (colours.base, colours.pale),
            third,
            (colours.deep, colours.warm),
        ]
    )
    canvas.band(0, canvas.height, ground)
    other = colours.warm if ground != colours.warm else colours.pale
    turn = rng.choice((-12, 0, 8, 14))
    if canvas.shape == "wide":
        x, y, size = canvas.width * 0.76, canvas.height * 0.52, canvas.height * 0.62
    elif canvas.shape == "poster":
        x, y, size = canvas.width * 0.55, canvas.height * 0.735, canvas.width * 0.57
    else:
        x, y, size = canvas.width * 0.56, canvas.height * 0.40, canvas.width * 0.58
    canvas.motif(
        motif, Tones(sign, mix(sign, ground, 0.34), other, ground), x=x, y=y, size=size, turn=turn
    )
    if canvas.shape == "poster":
        unit = canvas.width / 12
        rule = canvas.width * 0.012
        canvas.draw.rectangle(
            (unit * 0.75, unit * 0.7, canvas.width - unit * 0.75, unit * 0.7 + rule), fill=sign
        )


def constructivist(canvas: Canvas, motif: list[Layer], colours: Palette, rng: Random) -> None:
    """Diagonals, a great disc, the motif tilted against them."""
    canvas.band(0, canvas.height, colours.pale)
    x, y, size = canvas.x, canvas.y, canvas.size
    tilt = rng.choice((-1, 1))
    slope = -0.62 * tilt
    far = canvas.reach

    def bar(offset: float, width: float) -> list[tuple[float, float]]:
        cy = y + offset
        return [
            (x - far, cy - slope * far),
            (x + far, cy + slope * far),
            (x + far, cy + slope * far + width),
            (x - far, cy - slope * far + width),
        ]

    red = colours.warm
    canvas.fill(bar(size * 0.30, far), colours.base)
    canvas.fill(bar(size * 0.30, size * 0.20), colours.deep)
    canvas.fill(bar(size * 0.62, size * 0.07), colours.pale)
    canvas.fill(bar(size * 0.80, size * 0.035), colours.pale)
    canvas.fill(
        canvas.ray(x - tilt * size * 0.1, y, -90 - 34 * tilt, -90 - 12 * tilt),
        mix(colours.soft, colours.pale, 0.35),
    )
    canvas.fill(
        canvas.ray(x - tilt * size * 0.1, y, -90 + 2 * tilt, -90 + 14 * tilt),
        mix(colours.soft, colours.pale, 0.35),
    )
    tones = Tones(colours.deep, mix(colours.deep, colours.base, 0.75), colours.pale, red)
    canvas.hoop(x, y, size * 1.20, size * 0.035, colours.deep)
    if canvas.scenic:
        canvas.medallion("disc", motif, tones, red, size * 1.04, 0.8)
    else:
        canvas.disc(x, y, size * 1.04, red)
        canvas.motif(motif, tones, size=size * 0.84, turn=-9 * tilt)


def minimal(canvas: Canvas, motif: list[Layer], colours: Palette, rng: Random) -> None:
    """Mostly nothing: a ground, a small motif, its very long shadow."""
    third = colours.deep if canvas.dark else colours.soft
    ground = rng.choice([colours.base, colours.warm, third, colours.deep, colours.base])
    canvas.band(0, canvas.height, ground)
    size = canvas.size * 0.62
    x, y = canvas.x, canvas.y
    shadow = mix(ground, colours.deep if ground != colours.deep else (0, 0, 0), 0.42)
    steps = 90
    reach = canvas.reach * 0.6
    flat = Tones(shadow, shadow, None, None)
    for step in range(steps, 0, -1):
        away = reach * step / steps if step > 30 else reach * 0.34 * step / 30
        canvas.motif(motif, flat, x=x + away * 0.82, y=y + away * 0.62, size=size)
    light = colours.pale
    mainly = colours.deep if ground in (colours.soft, colours.warm) else light
    second = mix(mainly, ground, 0.42)
    accent = colours.warm if ground != colours.warm else light
    canvas.motif(motif, Tones(mainly, second, accent, ground), x=x, y=y, size=size)


def pattern(canvas: Canvas, motif: list[Layer], colours: Palette, rng: Random) -> None:
    """The motif again and again, and one of them different."""
    light = [(colours.deep, colours.pale), (colours.base, colours.deep)]
    light = light if canvas.dark else [(colours.pale, colours.deep), (colours.soft, colours.deep)]
    ground, ink = rng.choice([(colours.base, colours.pale), *light, (colours.deep, colours.soft)])
    canvas.band(0, canvas.height, ground)
    across = {"poster": 4, "wide": 6, "tall": 4}[canvas.shape]
    cell = canvas.width / across
    rows = int(canvas.height / cell) + 2
    odd_column = {"poster": 2, "wide": 4, "tall": 2}[canvas.shape]
    odd_row = {"poster": 2, "wide": 1, "tall": 2}[canvas.shape]
    quiet = mix(ink, ground, 0.30)
    for row in range(rows):
        for column in range(-1, across + 1):
            x = (column + 0.5 + 0.5 * (row % 2)) * cell
            y = (row + 0.42) * cell
            odd = (row, column) == (odd_row, odd_column)
            if canvas.shape == "wide" and x < canvas.width * 0.40:
                share = max(0.05, (x / canvas.width) / 0.40) * 0.5
                tones = Tones(
                    mix(ground, quiet, share),
                    mix(ground, quiet, share * 0.6),
                    mix(ground, quiet, share),
                    ground,
                )
            elif odd:
                canvas.disc(x, y, cell * 0.50, colours.warm)
                tones = Tones(
                    colours.deep,
                    colours.base if ground != colours.base else colours.soft,
                    colours.pale,
                    colours.warm,
                )
            else:
                tones = Tones(quiet, mix(quiet, ground, 0.55), mix(quiet, ground, 0.3), ground)
            canvas.motif(
                motif,
                tones,
                x=x,
                y=y,
                size=cell * (0.36 if odd else 0.33),
                turn=0 if odd else rng.choice((-8, 0, 8)),
            )


def retro(canvas: Canvas, motif: list[Layer], colours: Palette, rng: Random) -> None:
    """The seventies: bands of colour that run across the sheet and bend around the motif."""
    canvas.band(0, canvas.height, colours.pale)
    x, y, size = canvas.x, canvas.y, canvas.size
    stripes = [
        colours.deep,
        colours.base,
        mix(colours.base, colours.warm, 0.5),
        colours.warm,
        colours.soft,
    ]
    width = size * 0.20
    turn = rng.choice((-1, 1))
    for number, colour in enumerate(stripes):
        radius = size * 0.98 + (len(stripes) - number) * width
        canvas.disc(x, y, radius, colour)
        # Below the middle the ring runs straight down to one side and out of the sheet.
        side0, side1 = (x, x + radius) if turn > 0 else (x - radius, x)
        canvas.draw.rectangle((side0, y, side1, canvas.height), fill=colour)
    inner = size * 0.98
    if turn > 0:
        canvas.draw.rectangle((x - canvas.reach, y, x, canvas.height), fill=colours.pale)
        canvas.draw.rectangle((x, y, x + inner, canvas.height), fill=colours.pale)
    else:
        canvas.draw.rectangle((x, y, x + canvas.reach, canvas.height), fill=colours.pale)
        canvas.draw.rectangle((x - inner, y, x, canvas.height), fill=colours.pale)
    # The other half closes in a half circle below the axis.
    start = 90 if turn > 0 else -90
    for number, colour in enumerate(stripes):
        radius = size * 0.98 + (len(stripes) - number) * width
        canvas.fill(place(arc(0, 0, 0, 1, start, start + 180), x, y, radius), colour)
    tones = Tones(colours.deep, colours.base, colours.warm, colours.pale)
    canvas.medallion("disc", motif, tones, colours.pale, inner, 0.79)


def mosaic(canvas: Canvas, motif: list[Layer], colours: Palette, rng: Random) -> None:
    """Stained glass: panes around the motif, leaded."""
    canvas.band(0, canvas.height, colours.deep)
    x, y, size = canvas.x, canvas.y, canvas.size
    lead = mix(colours.deep, (0, 0, 0), 0.5)
    tints = [
        colours.base,
        colours.soft,
        mix(colours.base, colours.deep, 0.45),
        mix(colours.soft, colours.base, 0.5),
        mix(colours.warm, colours.base, 0.5),
        colours.warm,
    ]
    edges = [0.0, 1.12, 1.55, 2.05, 2.7, 3.5, 4.6, 6.2]
    counts = [1, 14, 14, 22, 22, 30, 30]
    for number in range(len(counts) - 1, 0, -1):
        inner, outer, count = edges[number], edges[number + 1], counts[number]
        spin = rng.uniform(0, 360)
        dim = max(0.0, (number - 2) * 0.17)
        for pane in range(count):
            a = spin + 360 * pane / count
            tint = mix(rng.choice(tints), colours.deep, min(0.85, dim + rng.uniform(0, 0.22)))
            shape = place(arc(0, 0, inner, outer, a, a + 360 / count), x, y, size)
            canvas.fill(shape, tint)
            ends = ((inner, a), (outer, a))
            line = [
                (x + size * r * cos(t * pi / 180), y + size * r * sin(t * pi / 180))
                for r, t in ends
            ]
            canvas.fill(stroke(line, size * 0.030), lead)
        for radius in (inner, outer):
            canvas.hoop(x, y, radius * size, size * 0.035, lead)
    glow = mix(colours.pale, colours.warm, 0.18)
    kind = rng.choice(("disc", "arch", "diamond"))
    wide = size * (1.10 if kind == "disc" else 1.16)
    canvas.medallion(kind, motif, Tones(lead, colours.base, colours.warm, glow), glow, wide, 0.72)
    canvas.rim(kind, wide, size * 0.05, lead)


def bauhaus(canvas: Canvas, motif: list[Layer], colours: Palette, rng: Random) -> None:
    """Overlapping transparent discs and bars, the motif where they meet."""
    canvas.band(0, canvas.height, colours.pale)
    x, y, size = canvas.x, canvas.y, canvas.size
    for _ in range(5):
        angle = rng.uniform(0, 2 * pi)
        away = size * rng.uniform(0.35, 0.95)
        radius = size * rng.uniform(0.45, 1.05)
        ink = rng.choice([colours.soft, colours.warm, mix(colours.base, colours.pale, 0.35)])
        mask = Image.new("L", (canvas.width, canvas.height), 0)
        shape = circle(x + away * cos(angle), y + away * sin(angle), radius)
        ImageDraw.Draw(mask).polygon([(float(a), float(b)) for a, b in shape], fill=235)
        canvas.overprint(mask, mix(ink, (255, 255, 255), 0.12))
    for k in range(3):
        yy = y + size * (1.28 + 0.16 * k)
        wide = size * (1.3 - 0.32 * k)
        if canvas.shape != "wide" or yy < canvas.height:
            canvas.draw.rectangle(
                (x - wide, yy, x + wide, yy + size * 0.055),
                fill=(colours.deep, colours.warm, colours.base)[k],
            )
    canvas.motif(
        motif,
        Tones(colours.deep, mix(colours.base, colours.deep, 0.3), colours.warm, colours.pale),
        size=size * 0.86,
    )
