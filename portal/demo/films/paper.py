"""Things of cut paper: its tooth, its shadows, gears, stars on threads, a town."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from portal.demo.films.canvas import (
    Plane,
    Planes,
    blur,
    ease,
    noise_1d,
    noise_2d,
    over,
    resize,
    rgb,
    shrink,
)
from portal.demo.films.strokes import patch

_HILLS = ("#1b3158", "#13233f", "#0a1426")


def paper_tooth(rng: np.random.Generator, width: int, height: int) -> Plane:
    """Return the paper's tooth as a factor around 1."""
    grain = noise_2d(rng, width, height, (190, 110), octaves=3, gain=0.8)
    felt = noise_2d(rng, width, height, (26, 40), octaves=3)
    light = np.roll(grain, 1, axis=0) - grain
    return np.asarray(1 + 0.30 * light + 0.07 * (felt - 0.5), np.float32)


def light_beside(mask: Plane, spread: float, strength: float) -> Plane:
    """Return how much light is left beside a cut-out, its shadow falling down and left."""
    height, width = mask.shape
    offset = max(1, round(spread * 0.8 * height))
    small = resize(blur(shrink(mask, 3), spread * height / 3), width, height)
    moved = np.roll(small, (offset, -offset // 2), axis=(0, 1))
    moved[:offset], moved[:, -offset:] = moved[offset], moved[:, -offset - 1 : -offset]
    return np.asarray(1 - strength * moved, np.float32)


def draw_gear(
    canvas: Planes,
    x: float,
    y: float,
    radius: float,
    teeth: int,
    turn: float,
    code: str,
    lit: float,
) -> None:
    """Draw a gear of paper that has turned by ``turn`` radians; lengths in picture heights."""
    height = canvas.shape[1]
    found = patch(canvas, x * height, y * height, radius * 1.16 * height)
    if found is None:
        return
    view, dx, dy = found
    dx, dy = dx / height, dy / height

    def cut(dx: Plane, dy: Plane, soft: float) -> Plane:
        reach, angle = np.hypot(dx, dy), np.arctan2(dy, dx) + np.float32(turn)
        tooth = np.clip(np.cos(angle * teeth) * 2.6, -1, 1) * 0.5 + 0.5
        edge = radius * (0.92 + 0.13 * tooth)
        spokes = np.abs(np.sin(angle * 2.5)) * reach
        hollow = (np.minimum(reach - 0.30 * radius, 0.74 * radius - reach)).clip(
            -1, spokes - 0.055 * radius
        )
        hub = 0.10 * radius - reach
        inside = np.minimum(edge - reach, -np.maximum(hollow, hub))
        return np.clip(inside * height * soft + 0.5, 0, 1)

    view *= 1 - 0.38 * cut(dx + 0.006, dy - 0.010, 0.12)
    over(view, cut(dx, dy, 1.0), rgb(code) * np.float32(0.62 + 0.55 * lit))


@dataclass(frozen=True, slots=True)
class HangingStar:
    """A star on a thread; lengths in picture heights, ``start`` in seconds."""

    x: float
    drop: float
    size: float
    phase: float
    start: float

    def draw(self, canvas: Planes, t: float, lit: float) -> None:
        """Draw the star: let down at its time, then swaying."""
        height = canvas.shape[1]
        x, drop, size, phase, start = self.x, self.drop, self.size, self.phase, self.start
        fall = ease(start, start + 2.6, t) + 0.03 * np.sin(2.5 * t + phase) * np.exp(
            -0.5 * max(0, t - start - 2)
        )
        y = -0.05 + (drop + 0.05) * fall
        sway = 0.006 * np.sin(0.9 * t + phase)
        top, bottom = 0, int((y - size) * height)
        if bottom > top:
            rows = np.arange(top, bottom)
            columns = ((x + sway * rows / max(1, bottom)) * height).clip(0, canvas.shape[2] - 2)
            left = columns.astype(np.int32)
            part = (columns - left).astype(np.float32)
            for column, share in ((left, 1 - part), (left + 1, part)):
                canvas[:, rows, column] += (
                    share * 0.16 * (rgb("#fff3d6")[:, None] - canvas[:, rows, column])
                )
        cx, cy = (x + sway) * height, y * height
        found = patch(canvas, cx, cy, size * height * 1.5)
        if found is None:
            return
        view, dx, dy = found
        dx, dy = dx / (size * height), dy / (size * height)
        turn = 0.25 * np.sin(1.1 * t + 2 * phase)
        for shift, colour in (
            (0.14, None),
            (0.0, rgb("#ffe9b8") * np.float32(0.62 + 0.42 * lit)),
        ):
            sx, sy = dx + shift, dy - 2 * shift
            angle = np.arctan2(sy, sx) + np.float32(turn + np.pi / 2)
            fold = np.abs((angle * 5 / (2 * np.pi)) % 1.0 - 0.5) * 2
            edge = 0.42 + 0.58 * fold**1.6
            mask = np.clip((edge - np.hypot(sx, sy)) * size * height + 0.5, 0, 1)
            if colour is None:
                view *= 1 - 0.4 * mask
            else:
                over(view, mask, colour)


def _cut_layer(rng: np.random.Generator, x: Plane, y: Plane, layer: int) -> tuple[int, Plane, Plane, Plane]:
    """Return first row, mask, shadow and windows of one layer of hills and houses."""
    width, height = x.shape[1], y.shape[0]
    base = (0.80, 0.865, 0.935)[layer]
    line = base - 0.075 * (noise_1d(rng, width, 3 + layer, octaves=3) - 0.5) * 2
    top = line.copy()
    windows = np.zeros((height, width), np.float32)
    position = rng.uniform(0, 0.08)
    while position < width / height and layer < 2:
        wide = rng.uniform(0.035, 0.075) * (0.8 + 0.35 * layer)
        tall = rng.uniform(0.045, 0.100) * (0.8 + 0.35 * layer)
        left, right = int(position * height), min(width, int((position + wide) * height))
        if right - left > 4:
            ground = float(line[left:right].max())
            across = np.linspace(-1, 1, right - left)
            kind = rng.integers(0, 4)
            roof = (
                0.034 * (1 - np.abs(across)),
                0.06 * (1 - np.abs(across)) ** 1.2,
                0.030 * np.sqrt(np.clip(1 - across**2, 0, 1)),
                0.018 * (across + 1),
            )[kind]
            top[left:right] = np.minimum(top[left:right], ground - tall - roof)
            for column in range(left + 5, right - 6, 9):
                for row in range(
                    int((ground - tall) * height) + 5, int(ground * height) - 5, 12
                ):
                    if rng.random() < 0.55:
                        windows[row : row + 6, column : column + 4] = rng.uniform(0.5, 1)
        position += wide * rng.uniform(1.0, 2.1)
    if layer == 1:  # the clock tower of the apprentice's master
        left, right = int(0.335 * height), int(0.395 * height)
        across = np.linspace(-1, 1, right - left)
        top[left:right] = 0.64 - 0.085 * (1 - np.abs(across))
        windows[:, left:right] = 0
        yy = y - 0.685
        xx = x - 0.365
        windows = np.maximum(windows, np.clip((0.018 - np.hypot(xx, yy)) * height + 0.5, 0, 1))
    mask = np.clip((y - top[None, :]) * height + 0.5, 0, 1).astype(np.float32)
    first = max(0, int(top.min() * height) - round(0.05 * height))
    windows = (windows * (mask > 0.9)).astype(np.float32)
    return first, mask, light_beside(mask, 0.016, 0.5), windows


def cut_town(rng: np.random.Generator, x: Plane, y: Plane) -> tuple[int, Plane, Planes, Planes]:
    """Return the town as one layer: first row, what it lets through, its colour, its windows."""
    layers = [_cut_layer(rng, x, y, layer) for layer in range(3)]
    first = min(layer[0] for layer in layers)
    rows = y.shape[0] - first
    through = np.ones((rows, x.shape[1]), np.float32)
    colour = np.zeros((3, rows, x.shape[1]), np.float32)
    lamps = np.zeros((3, rows, x.shape[1]), np.float32)
    for code, (_, mask, shade, windows) in zip(_HILLS, layers, strict=True):
        mask, keep = mask[first:], (shade * (1 - mask))[first:]
        through *= keep
        colour = colour * keep + mask * rgb(code)[:, None, None]
        lamps = lamps * keep + windows[first:] * rgb("#ffc766")[:, None, None]
    return first, through, colour, lamps
