"""Styles of artwork with depth: light, layers, carving, night."""

from __future__ import annotations

from math import cos, pi, sin
from random import Random

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from portal.demo.artwork.canvas import Canvas, Tones
from portal.demo.artwork.palettes import Colour, Palette, mix
from portal.demo.artwork.shapes import Layer, arc, blob, leaf, place, stroke

Field = NDArray[np.float64]


def _rgb(colour: Colour) -> Field:
    return np.asarray(colour, float)


def _ramp(stops: list[tuple[float, Colour]], at: Field) -> Field:
    places = [stop for stop, _ in stops]
    return np.stack([np.interp(at, places, [c[i] for _, c in stops]) for i in range(3)], axis=-1)


def papercut(canvas: Canvas, motif: list[Layer], colours: Palette, rng: Random) -> None:
    """Sheets with wavy openings, one behind the other, each throwing its shadow."""
    x, y, size = canvas.x, canvas.y, canvas.size
    inner = mix(colours.pale, colours.warm, 0.16)
    canvas.band(0, canvas.height, inner)
    share = 1.02 if canvas.scenic else 0.70
    shapes = [
        place(p, x, y, size * share)
        for item in motif
        for p in item.polygons
        if item.tone != "paper"
    ]
    canvas.shade(shapes, size * 0.07, size * 0.05, 0.34)
    canvas.motif(motif, Tones(colours.deep, colours.base, colours.warm, inner), size=size * share)
    steps = [
        colours.soft,
        mix(colours.soft, colours.base, 0.5),
        colours.base,
        mix(colours.base, colours.deep, 0.5),
        colours.deep,
        mix(colours.deep, (0, 0, 0), 0.35),
    ]
    for number, colour in enumerate(steps):
        radius = size * (0.98 + 0.27 * number + 0.03 * number**2)
        bumps = rng.randrange(5, 9)
        phase = rng.uniform(0, 2 * pi)
        stretch = 1.0 if canvas.shape == "wide" else 1.12
        points = []
        for k in range(24):
            a = 2 * pi * k / 24
            r = radius * (
                1 + 0.085 * sin(bumps * a + phase) + 0.05 * sin((bumps - 3) * a - 2 * phase)
            )
            points.append((x + r * cos(a), y + r * sin(a) * stretch))
        opening = blob(*points)
        canvas.shade([opening], size * 0.085, size * 0.07, 0.40, around=True)
        canvas.fill_around(opening, colour)


def linocut(canvas: Canvas, motif: list[Layer], colours: Palette, rng: Random) -> None:
    """A block print: ink on paper, light cut out of it with a gouge."""
    paper = mix(colours.pale, (255, 246, 226), 0.4)
    ink = mix(colours.deep, (14, 12, 16), 0.45)
    canvas.band(0, canvas.height, ink)
    x, y, size = canvas.x, canvas.y, canvas.size
    sun = size * rng.uniform(0.86, 0.98)
    count = 76
    for k in range(count):
        a = 2 * pi * k / count + rng.uniform(-0.012, 0.012)
        start = sun * 1.10 + (size * 0.10 if k % 2 else 0)
        radius = start
        while radius < canvas.reach:
            length = size * rng.uniform(0.22, 0.55) * (1 + radius / (3 * size))
            end = radius + length
            wide = radius * pi / count * rng.uniform(0.50, 0.72)
            p0 = (x + radius * cos(a), y + radius * sin(a))
            p1 = (x + end * cos(a), y + end * sin(a))
            if -size < p0[0] < canvas.width + size and -size < p0[1] < canvas.height + size:
                fade = min(1.0, (radius - start) / (4.2 * size))
                quiet = canvas.shape == "wide" and p0[0] < canvas.width * 0.42
                tint = mix(
                    mix(paper, colours.warm, 0.25),
                    ink,
                    min(0.94, 0.15 + fade * 1.1 + (0.45 if quiet else 0)),
                )
                middle = ((p0[0] + p1[0]) / 2, (p0[1] + p1[1]) / 2)
                nx, ny = -sin(a) * wide, cos(a) * wide
                canvas.fill(
                    [p0, (middle[0] + nx, middle[1] + ny), p1, (middle[0] - nx, middle[1] - ny)],
                    tint,
                )
            radius = end + size * rng.uniform(0.05, 0.12)
    kind = rng.choice(("disc", "disc", "arch", "tablet"))
    wide = sun * (1.0 if kind == "disc" else 0.94)
    canvas.rim(kind, wide * 1.03, size * 0.07, ink)
    tones = Tones(ink, mix(ink, colours.base, 0.55), paper, colours.warm)
    canvas.medallion(kind, motif, tones, colours.warm, wide, 0.80)
    if canvas.shape == "poster":
        edge = canvas.width * 0.038
        frame = [
            (0, 0),
            (canvas.width, 0),
            (canvas.width, canvas.height),
            (0, canvas.height),
            (0, 0),
            (edge, edge),
            (edge, canvas.height - edge),
            (canvas.width - edge, canvas.height - edge),
            (canvas.width - edge, edge),
            (edge, edge),
        ]
        canvas.fill(frame, paper)


def noir(canvas: Canvas, motif: list[Layer], colours: Palette, rng: Random) -> None:
    """A dark room, light through blinds, and what stands in it."""
    x, y, size = canvas.x, canvas.y, canvas.size
    black = mix(colours.deep, (4, 4, 6), 0.55)
    wall = mix(black, colours.base, 0.42)

    def room(u: Field, v: Field) -> Field:
        far = np.hypot((u * canvas.width - x) / size, (v * canvas.height - y) / size)
        return _rgb(black) + np.exp(-((far / 2.1) ** 2))[..., None] * (_rgb(wall) - _rgb(black))

    canvas.gradient(room)
    lean = rng.choice((-0.28, 0.28))
    for k in range(13):
        top = y - size * 1.75 + k * size * 0.27
        tall = size * 0.155
        left, right = x - size * 1.05, x + size * 1.05
        skew = lean * size
        # Three passes, the last one the narrowest: a soft edge without a blur.
        for share, grow in ((0.30, 0.014), (0.62, 0.004), (0.92, -0.006)):
            slat = [
                (left, top - skew - grow * size),
                (right, top + skew - grow * size),
                (right, top + skew + tall + grow * size),
                (left, top - skew + tall + grow * size),
            ]
            canvas.fill(slat, mix(wall, mix(colours.warm, colours.pale, 0.30), share))
    shapes = [
        place(p, x + size * 0.14, y, size * 0.98)
        for item in motif
        for p in item.polygons
        if item.tone in ("main", "second")
    ]
    canvas.shade(shapes, size * 0.10, size * 0.06, 0.72)
    ink = mix(black, (0, 0, 0), 0.4)
    canvas.motif(
        motif,
        Tones(
            ink, mix(ink, colours.base, 0.45), colours.warm, mix(colours.pale, colours.warm, 0.2)
        ),
        size=size * 0.90,
    )


def botanical(canvas: Canvas, motif: list[Layer], colours: Palette, rng: Random) -> None:
    """A wreath of leaves and berries in the dark around a pale medallion."""
    dark = mix(colours.deep, (0, 0, 0), 0.12)
    canvas.band(0, canvas.height, dark)
    x, y, size = canvas.x, canvas.y, canvas.size
    greens = [
        colours.base,
        mix(colours.base, colours.deep, 0.45),
        mix(colours.base, colours.soft, 0.45),
        colours.soft,
    ]
    for ring, (radius, count, length) in enumerate(
        ((2.35, 40, 0.95), (1.85, 34, 0.80), (1.42, 28, 0.66), (1.12, 26, 0.50))
    ):
        for k in range(count):
            a = 360 * (k + 0.5 * (ring % 2) + rng.uniform(-0.2, 0.2)) / count
            px, py = x + size * radius * cos(a * pi / 180), y + size * radius * sin(a * pi / 180)
            tint = mix(rng.choice(greens), dark, (0.74, 0.5, 0.24, 0.0)[ring])
            turn = a + rng.choice((-1, 1)) * rng.uniform(18, 62)
            long = size * length * rng.uniform(0.7, 1.1)
            wide = long * rng.uniform(0.26, 0.40)
            canvas.fill(leaf(px, py, long, wide, turn), tint)
            vein = place(stroke([(0, 0), (0.9, 0)], 0.022), px, py, long, turn)
            canvas.fill(vein, mix(tint, dark, 0.45))
            if ring >= 1 and rng.random() < 0.30:
                canvas.disc(
                    px + rng.uniform(-0.15, 0.15) * size,
                    py + rng.uniform(-0.15, 0.15) * size,
                    size * rng.uniform(0.035, 0.06),
                    mix(colours.warm, dark, (0, 0.45, 0.2, 0)[ring]),
                )
    kind = rng.choice(("disc", "arch"))
    canvas.rim(kind, size * 0.99, size * 0.08, dark)
    tones = Tones(colours.deep, colours.base, colours.warm, colours.pale)
    canvas.medallion(kind, motif, tones, colours.pale, size * 0.97, 0.72)
    if not canvas.scenic:
        canvas.rim(kind, size * 0.90, size * 0.014, mix(colours.base, colours.pale, 0.3))


def deco(canvas: Canvas, motif: list[Layer], colours: Palette, rng: Random) -> None:
    """Fans, rays and thin gold lines in strict symmetry."""
    night = mix(colours.deep, (6, 8, 20), 0.35)
    gold = mix(colours.warm, (232, 196, 120), 0.45)
    canvas.band(0, canvas.height, night)
    x, y, size = canvas.x, canvas.y, canvas.size
    foot = y + size * 0.2
    count = 48
    for k in range(0, count, 2):
        share = (0.10, 0.17)[(k // 2) % 2]
        canvas.fill(
            canvas.ray(x, foot, 360 * k / count, 360 * (k + 1) / count),
            mix(night, mix(colours.base, gold, 0.4), share * 1.5),
        )
    fan = size * 0.34
    rows = int(canvas.height / (fan * 0.5)) + 2
    start = y + size * 1.30
    for row in range(rows):
        fy = start + row * fan * 0.52
        for column in range(-1, int(canvas.width / fan) + 2):
            fx = (column + 0.5 * (row % 2)) * fan + (x % fan)
            quiet = 0.5 if canvas.shape == "wide" and fx < canvas.width * 0.45 else 0.0
            for depth, r in enumerate((0.50, 0.38, 0.26, 0.13)):
                tint = mix(night, colours.base, 0.85) if depth % 2 == 0 else night
                canvas.disc(fx, fy + fan * 0.5, fan * r, mix(tint, night, quiet))
                canvas.hoop(
                    fx, fy + fan * 0.5, fan * r, size * 0.010, mix(gold, night, 0.45 + quiet * 0.8)
                )
    for radius, wide in ((1.22, 0.030), (1.14, 0.012), (1.34, 0.010)):
        canvas.hoop(x, y, size * radius, size * wide, gold)
    canvas.disc(x, y, size * 1.07, mix(colours.base, night, 0.25))
    for k in range(36):
        a = 10 * k
        canvas.fill(
            place(arc(0, 0, 0.86, 1.04, a - 2.2, a + 2.2), x, y, size), mix(gold, night, 0.25)
        )
    tones = Tones(gold, mix(gold, night, 0.45), mix(colours.pale, gold, 0.2), night)
    canvas.medallion("disc", motif, tones, night, size * 0.85, 0.70)
    canvas.hoop(x, y, size * 0.85, size * 0.02, gold)
    if canvas.shape == "poster":
        for inset, wide in ((0.030, 0.007), (0.046, 0.0028)):
            edge = canvas.width * inset
            canvas.draw.rectangle(
                (edge, edge, canvas.width - edge, canvas.height - edge),
                outline=gold,
                width=round(canvas.width * wide),
            )


def contours(canvas: Canvas, motif: list[Layer], colours: Palette, rng: Random) -> None:
    """The lines of a map around a lake of plain colour with the motif in it."""
    seed = rng.randrange(1 << 30)
    field = np.random.default_rng(seed)
    columns, rows = canvas.width // 8, canvas.height // 8
    coarse = field.random((7, 9)).astype(np.float32)
    fine = field.random((14, 18)).astype(np.float32)
    hills = sum(
        weight * np.asarray(Image.fromarray(grid).resize((columns, rows), Image.Resampling.BICUBIC))
        for grid, weight in ((coarse, 1.0), (fine, 0.28))
    )
    u, v = np.meshgrid((np.arange(columns) + 0.5) * 8, (np.arange(rows) + 0.5) * 8)
    lake = np.exp(-((np.hypot(u - canvas.x, v - canvas.y) / (canvas.size * 1.35)) ** 2))
    height = np.asarray(hills * (1 - lake * 0.9) + lake * 1.55, np.float32)
    smooth = Image.fromarray(height).resize(
        (canvas.width // 2, canvas.height // 2), Image.Resampling.BICUBIC
    )
    level = np.asarray(smooth, np.float32) * np.float32(13)
    slope = np.hypot(*np.gradient(level)) + 1e-4
    away = np.abs(level - np.rint(level)) / slope
    thick = np.where(np.rint(level).astype(int) % 5 == 0, 1.7, 0.8).astype(np.float32) * np.float32(
        canvas.size / 620
    )
    line = np.clip(thick - away + 0.5, 0, 1)
    band = np.clip((level - level.min()) / (level.max() - level.min()), 0, 1)
    land, peak = mix(colours.base, colours.deep, 0.55), mix(colours.base, colours.soft, 0.25)
    low, high = (_rgb(c).astype(np.float32) for c in (land, peak))
    picture = low + band[..., None] * (high - low)
    ink = _rgb(mix(colours.pale, colours.soft, 0.4)).astype(np.float32)
    quiet = np.ones(line.shape[1], np.float32)
    if canvas.shape == "wide":
        quiet = np.clip(np.linspace(-0.5, 2.6, line.shape[1], dtype=np.float32), 0.18, 1)
    picture += (line * quiet * np.float32(0.62))[..., None] * (ink - picture)
    half = Image.fromarray(np.clip(picture, 0, 255).astype(np.uint8))
    canvas.replace(half.resize((canvas.width, canvas.height), Image.Resampling.BICUBIC))
    x, y, size = canvas.x, canvas.y, canvas.size
    kind = rng.choice(("disc", "diamond", "arch", "tablet"))
    tones = Tones(colours.deep, mix(colours.deep, colours.base, 0.6), colours.pale, colours.warm)
    canvas.medallion(kind, motif, tones, colours.warm, size * 0.95, 0.76)
    canvas.rim(kind, size * 1.04, size * 0.016, mix(colours.pale, colours.warm, 0.2))

