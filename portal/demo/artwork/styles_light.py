"""Styles of artwork made of light: a low sun, a night sky, a beam in a hall."""

from __future__ import annotations

from math import cos, pi, sin
from random import Random

import numpy as np
from numpy.typing import NDArray

from portal.demo.artwork.canvas import Canvas, Tones
from portal.demo.artwork.palettes import Colour, Palette, mix
from portal.demo.artwork.shapes import Layer

Field = NDArray[np.float64]

def _rgb(colour: Colour) -> Field:
    return np.asarray(colour, float)


def _ramp(stops: list[tuple[float, Colour]], at: Field) -> Field:
    places = [stop for stop, _ in stops]
    return np.stack([np.interp(at, places, [c[i] for _, c in stops]) for i in range(3)], axis=-1)


def horizon(canvas: Canvas, motif: list[Layer], colours: Palette, rng: Random) -> None:
    """A sky of soft light, hills in haze, and the motif dark against a low sun."""
    sx, sy = canvas.x / canvas.width, (canvas.y + canvas.size * 0.16) / canvas.height
    aspect = canvas.width / canvas.height
    ground = 0.70 if canvas.shape != "wide" else 0.76
    top, low, glow = (
        mix(colours.deep, colours.base, 0.25),
        mix(colours.base, colours.warm, 0.5),
        mix(colours.warm, colours.pale, 0.45),
    )

    def sky(u: Field, v: Field) -> Field:
        base = _ramp([(0, top), (0.34, colours.base), (ground * 0.82, low), (ground, glow)], v)
        far = np.hypot((u - sx) * aspect, (v - sy) * 1.1)
        light = np.exp(-(far**2) * 9)[..., None]
        return base + light * (_rgb(mix(colours.warm, colours.pale, 0.6)) - base) * 0.75

    canvas.gradient(sky)
    canvas.disc(
        sx * canvas.width,
        sy * canvas.height,
        canvas.size * 0.80,
        mix(colours.pale, colours.warm, 0.20),
    )
    for layer in range(4):
        share = layer / 3
        y = canvas.height * (ground - 0.07 + 0.10 * layer)
        swing = canvas.height * (0.040 - 0.004 * layer)
        if layer == 2:
            foot = canvas.y + canvas.size * 1.02
            ink = mix(colours.deep, (0, 0, 0), 0.30)
            canvas.motif(
                motif,
                Tones(
                    ink, mix(ink, colours.base, 0.22), mix(colours.warm, colours.pale, 0.25), None
                ),
                y=foot - canvas.size * 0.86,
                size=canvas.size * 0.80,
            )
            y = max(y, foot - canvas.size * 0.14)
        tint = mix(mix(low, colours.deep, 0.35), mix(colours.deep, (0, 0, 0), 0.45), share)
        canvas.fill(
            canvas.wave(y, swing, canvas.width * rng.uniform(0.6, 1.3), rng.uniform(0, 6.28)), tint
        )


def cosmos(canvas: Canvas, motif: list[Layer], colours: Palette, rng: Random) -> None:
    """Night without a ground: glow, orbits, stars, and the motif lit from behind."""
    x, y, size = canvas.x, canvas.y, canvas.size
    deep = mix(colours.deep, (3, 4, 12), 0.5)
    aspect = canvas.width / canvas.height
    sx, sy = x / canvas.width, y / canvas.height

    def night(u: Field, v: Field) -> Field:
        far = np.hypot((u - sx) * aspect, v - sy) * canvas.height / size
        lean = np.hypot((u - sx - 0.35) * aspect, v - sy + 0.30) * canvas.height / size
        base = _ramp(
            [
                (0.0, mix(colours.base, colours.warm, 0.35)),
                (0.9, colours.base),
                (2.1, mix(colours.base, deep, 0.7)),
                (3.6, deep),
            ],
            far,
        )
        return base + np.exp(-((lean / 1.3) ** 2))[..., None] * (_rgb(colours.soft) - base) * 0.38

    canvas.gradient(night)
    for _ in range(260):
        px, py = rng.uniform(0, canvas.width), rng.uniform(0, canvas.height)
        r = size * 0.0035 * (1 + 3.2 * rng.random() ** 6)
        canvas.disc(px, py, r, mix(deep, colours.pale, rng.uniform(0.35, 0.95)))
    line = mix(colours.pale, colours.base, 0.45)
    for k, radius in enumerate((1.18, 1.50, 1.94, 2.52)):
        canvas.hoop(x, y, size * radius, size * 0.007, mix(line, deep, 0.18 * k))
        a = rng.uniform(0, 2 * pi)
        px, py = x + size * radius * cos(a), y + size * radius * sin(a)
        r = size * rng.uniform(0.03, 0.085)
        canvas.disc(px, py, r, rng.choice([colours.warm, colours.soft, colours.pale]))
    canvas.disc(x, y, size * 0.94, mix(colours.warm, colours.pale, 0.12))
    canvas.disc(
        x - size * 0.05, y - size * 0.05, size * 0.86, mix(colours.warm, colours.pale, 0.28)
    )
    glow = mix(colours.warm, colours.pale, 0.28)
    tones = Tones(mix(deep, colours.deep, 0.5), mix(colours.base, deep, 0.25), colours.pale, glow)
    if canvas.scenic:
        canvas.medallion("disc", motif, tones, glow, size * 0.94, 0.8)
    else:
        canvas.motif(motif, tones, size=size * 0.70)


def lightfall(canvas: Canvas, motif: list[Layer], colours: Palette, rng: Random) -> None:
    """A beam from above in a dark hall; the motif stands in its pool."""
    x, y, size = canvas.x, canvas.y, canvas.size
    dark = mix(colours.deep, (5, 5, 10), 0.40)
    lamp = mix(colours.warm, colours.pale, 0.50)
    top = y - size * 2.4
    floor = y + size * 0.86

    def hall(u: Field, v: Field) -> Field:
        px, py = u * canvas.width, v * canvas.height
        down = np.clip((py - top) / (floor - top), 0.02, 1.4)
        wide = size * 1.05 * down + size * 0.05
        beam = np.exp(-(np.abs((px - x) / wide) ** 5)) * (py < floor) * (0.16 + 0.36 * down)
        pool = np.exp(-(np.hypot((px - x) / (size * 1.12), (py - floor) / (size * 0.27)) ** 4))
        wall = (
            _rgb(dark)
            + np.exp(-((np.hypot((px - x), (py - y)) / (size * 2.4)) ** 2))[..., None]
            * (_rgb(colours.base) - _rgb(dark))
            * 0.55
        )
        light = np.clip(beam + pool * 0.85, 0, 1)[..., None]
        return wall + light * (_rgb(lamp) - wall)

    canvas.gradient(hall)
    ink = mix(dark, (0, 0, 0), 0.35)
    canvas.motif(
        motif,
        Tones(ink, mix(ink, colours.base, 0.6), colours.warm, lamp),
        y=floor - size * 0.74,
        size=size * 0.78,
    )
