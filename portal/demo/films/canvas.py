"""Arrays to paint with: coordinates, noise, ramps, soft edges.

Pictures are planar ``float32`` arrays of shape ``(3, height, width)``, 0..1, display-referred:
planes keep NumPy's inner loops contiguous, and ffmpeg takes planes as they are.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Plane = NDArray[np.float32]
Planes = NDArray[np.float32]


def rgb(*codes: str) -> Plane:
    """Return colours given as ``"#rrggbb"`` as an array ``(n, 3)``, or ``(3,)`` for one."""
    rows = [[int(code[i : i + 2], 16) / 255 for i in (1, 3, 5)] for code in codes]
    return np.asarray(rows if len(rows) > 1 else rows[0], np.float32)


def ramp(stops: list[tuple[float, str]], at: NDArray[np.floating]) -> Plane:
    """Interpolate a colour ramp; returns shape ``(3, *at.shape)``."""
    positions = [stop for stop, _ in stops]
    colours = rgb(*(code for _, code in stops))
    return np.stack([np.interp(at, positions, colours[:, i]) for i in range(3)]).astype(np.float32)


def smoothstep(low: float, high: float, value: NDArray[np.floating] | float) -> Plane:
    """Hermite step from 0 at ``low`` to 1 at ``high``."""
    x = np.clip((np.asarray(value, np.float32) - low) / (high - low), 0, 1)
    return np.asarray(x * x * (3 - 2 * x), np.float32)


def ease(low: float, high: float, value: float) -> float:
    """Scalar ``smoothstep``."""
    x = min(max((value - low) / (high - low), 0.0), 1.0)
    return x * x * (3 - 2 * x)


@lru_cache(maxsize=8)
def coordinates(width: int, height: int) -> tuple[Plane, Plane]:
    """Return ``x`` as a row and ``y`` as a column, in picture heights, the origin at top left."""
    x = ((np.arange(width, dtype=np.float32) + 0.5) / height)[None, :]
    y = ((np.arange(height, dtype=np.float32) + 0.5) / height)[:, None]
    return x, y


def resize(plane: Plane, width: int, height: int, *, fast: bool = False) -> Plane:
    """Resample one plane bicubically, or bilinearly when ``fast``."""
    image = Image.fromarray(np.ascontiguousarray(plane, np.float32))
    method = Image.Resampling.BILINEAR if fast else Image.Resampling.BICUBIC
    return np.asarray(image.resize((width, height), method), np.float32)


def blur(plane: Plane, radius: float) -> Plane:
    """Blur one plane with three box passes (close to a Gaussian of ``sigma = radius``)."""
    size = max(1, round(radius * 2 * 0.94))
    kernel = np.full(size, 1 / size)
    out = plane.astype(np.float64)
    for _ in range(3):
        for axis in (0, 1):
            out = _box(out, kernel.size, axis)
    return out.astype(np.float32)


def _box(plane: NDArray[np.float64], size: int, axis: int) -> NDArray[np.float64]:
    before, after = size // 2, size - 1 - size // 2
    pad = [(0, 0), (0, 0)]
    pad[axis] = (before + 1, after)
    sums = np.cumsum(np.pad(plane, pad, mode="edge"), axis=axis)
    length = plane.shape[axis]
    high = np.take(sums, range(size, size + length), axis=axis)
    low = np.take(sums, range(length), axis=axis)
    return np.asarray((high - low) / size)


def noise_2d(
    rng: np.random.Generator,
    width: int,
    height: int,
    cells: tuple[float, float],
    octaves: int = 4,
    gain: float = 0.5,
) -> Plane:
    """Fractal value noise, about 0..1.

    Args:
        rng: The source of randomness.
        width: Width of the result, in pixels.
        height: Height of the result, in pixels.
        cells: How many lattice cells lie across and down in the first octave.
        octaves: Number of layers, each twice as fine.
        gain: Weight of a layer against the one before it.
    """
    total = np.zeros((height, width), np.float32)
    weight, weights = 1.0, 0.0
    for octave in range(octaves):
        columns = max(2, round(cells[0] * 2**octave)) + 3
        rows = max(2, round(cells[1] * 2**octave)) + 3
        lattice = rng.random((rows, columns), dtype=np.float32)
        total += weight * resize(lattice, width, height)
        weights += weight
        weight *= gain
        if columns > width or rows > height:
            break
    return total / np.float32(weights)


def noise_1d(
    rng: np.random.Generator, length: int, cells: float, octaves: int = 5, gain: float = 0.5
) -> Plane:
    """Fractal value noise along a line, about 0..1."""
    total = np.zeros(length, np.float32)
    weight, weights = 1.0, 0.0
    for octave in range(octaves):
        count = max(2, round(cells * 2**octave)) + 3
        if count > length:
            break
        lattice = rng.random((1, count), dtype=np.float32)
        total += weight * resize(lattice, length, 1)[0]
        weights += weight
        weight *= gain
    return total / np.float32(weights)


def shift_crop(plane: Plane, offset: float, width: int) -> Plane:
    """Return ``width`` columns of a wide plane from a fractional column on."""
    whole = int(np.floor(offset))
    part = np.float32(offset - whole)
    window = plane[..., whole : whole + width + 1]
    return np.asarray(window[..., :-1] * (1 - part) + window[..., 1:] * part)


def over(canvas: Planes, mask: Plane, colour: Plane) -> None:
    """Blend ``colour`` (planes, or one value a channel) over ``canvas`` where ``mask`` is 1."""
    tint = colour[:, None, None] if colour.ndim == 1 else colour
    canvas += mask * (tint - canvas)


def shrink(plane: Plane, factor: int) -> Plane:
    """Return a plane averaged over squares of ``factor`` pixels."""
    image = Image.fromarray(np.ascontiguousarray(plane, np.float32))
    return np.asarray(image.reduce(factor), np.float32)


def soften(plane: Plane, times: int = 1) -> Plane:
    """Blur with the kernel 1-2-1, ``times`` times; for small planes."""
    for _ in range(times):
        padded = np.pad(plane, 1, mode="edge")
        plane = 0.5 * plane + 0.25 * (padded[:-2, 1:-1] + padded[2:, 1:-1])
        padded = np.pad(plane, 1, mode="edge")
        plane = 0.5 * plane + 0.25 * (padded[1:-1, :-2] + padded[1:-1, 2:])
    return np.asarray(plane, np.float32)


class Sparks:
    """Points of light, collected, then added to a picture in one go."""

    def __init__(self) -> None:
        self._points: list[tuple[Plane, Plane, Plane, Plane]] = []

    def add(
        self,
        x: NDArray[np.floating],
        y: NDArray[np.floating],
        weight: NDArray[np.floating] | float,
        colour: Plane,
    ) -> None:
        """Add points at pixel positions; ``weight`` is their brightness."""
        shape = np.broadcast_shapes(x.shape, y.shape)
        spread = (np.broadcast_to(part, shape).ravel() for part in (x, y, np.asarray(weight)))
        self._points.append((*(part.astype(np.float32) for part in spread), colour))

    def light(self, canvas: Planes) -> None:
        """Add all points to a picture, each shared out over the four pixels around it."""
        height, width = canvas.shape[1:]
        x, y, weight = (np.concatenate([p[i] for p in self._points]) for i in range(3))
        tints = np.concatenate([np.tile(p[3], (len(p[0]), 1)) for p in self._points])
        inside = (x >= 0) & (y >= 0) & (x < width - 1) & (y < height - 1) & (weight > 0)
        x, y, weight, tints = x[inside], y[inside], weight[inside], tints[inside]
        left, top = x.astype(np.int32), y.astype(np.int32)
        fx, fy = x - left, y - top
        index = top * width + left
        spots = np.concatenate([index, index + 1, index + width, index + width + 1])
        corners = np.concatenate([(1 - fx) * (1 - fy), fx * (1 - fy), (1 - fx) * fy, fx * fy])
        shares = corners * np.tile(weight, 4)
        for channel in range(3):
            total = np.bincount(spots, shares * np.tile(tints[:, channel], 4), width * height)
            canvas[channel] += total.reshape(height, width)


def scatter(
    width: int,
    height: int,
    x: NDArray[np.floating],
    y: NDArray[np.floating],
    weight: NDArray[np.floating],
) -> Plane:
    """Return a plane with points of the given weight shared out bilinearly."""
    inside = (x >= 0) & (y >= 0) & (x < width - 1) & (y < height - 1)
    x, y, weight = x[inside], y[inside], np.broadcast_to(weight, inside.shape)[inside]
    left, top = x.astype(np.int32), y.astype(np.int32)
    fx, fy = x - left, y - top
    index = top * width + left
    spots = np.concatenate([index, index + 1, index + width, index + width + 1])
    shares = np.concatenate([(1 - fx) * (1 - fy), fx * (1 - fy), (1 - fx) * fy, fx * fy]) * np.tile(
        weight, 4
    )
    total = np.bincount(spots, shares, minlength=width * height)
    return total.reshape(height, width).astype(np.float32)
