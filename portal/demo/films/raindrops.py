"""Rain on a window: still drops that refract the street, and drops that run down."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from portal.demo.films.canvas import Planes, smoothstep

_SLIDERS = 17


@dataclass(frozen=True, slots=True)
class _Slide:
    """A drop that runs: its column, start (s), pace (heights a second), size and wobble."""

    x: float
    start: float
    pace: float
    size: float
    phases: tuple[float, float, float]


class Raindrops:
    """All drops on one pane."""

    def __init__(self, rng: np.random.Generator, width: int, height: int, scale: int) -> None:
        self.width, self.height = width, height
        self._scale = scale
        self._small = (width // scale, height // scale)
        self._make_still(rng)
        self._slides = []
        for _ in range(_SLIDERS):
            x, start = rng.uniform(0.03, 0.97) * width / height, rng.uniform(-9, 30)
            pace, size = rng.uniform(0.05, 0.16), rng.uniform(0.008, 0.017)
            first, second, third = rng.uniform(0, 6.28, 3)
            self._slides.append(_Slide(x, start, pace, size, (first, second, third)))

    def _make_still(self, rng: np.random.Generator) -> None:
        """Make the still drops: where they lie, where each of their pixels looks to."""
        width, height = self.width, self.height
        depth = np.zeros((height, width), np.float32)
        centre_x = np.zeros((height, width), np.float32)
        centre_y = np.zeros((height, width), np.float32)
        sizes = np.concatenate(
            [
                rng.uniform(0.0025, 0.006, 950),
                rng.uniform(0.006, 0.013, 210),
                rng.uniform(0.013, 0.022, 34),
            ]
        )
        for size in sizes:
            radius = float(size * height)
            x, y = rng.uniform(0, width), rng.uniform(0, height)
            left, right = max(0, int(x - 1.5 * radius)), min(width, int(x + 1.5 * radius) + 2)
            top, bottom = max(0, int(y - 1.7 * radius)), min(height, int(y + 1.7 * radius) + 2)
            dx = (np.arange(left, right) - x)[None, :] / radius
            dy = (np.arange(top, bottom) - y)[:, None] / radius
            bend = rng.uniform(0, 6.28)
            angle = np.arctan2(dy, dx)
            edge = 1 + 0.10 * np.sin(2 * angle + bend) + 0.05 * np.sin(3 * angle + 2 * bend)
            inside = 1 - np.hypot(dx * 1.06, dy * 0.92) / edge
            view = (slice(top, bottom), slice(left, right))
            deeper = inside > depth[view]
            depth[view] = np.where(deeper, inside, depth[view])
            centre_x[view] = np.where(deeper, dx, centre_x[view])
            centre_y[view] = np.where(deeper, dy, centre_y[view])
        place = np.flatnonzero(depth > 0)
        lens_x, lens_y = centre_x.ravel()[place], centre_y.ravel()[place]
        row, column = np.divmod(place, width)
        # A drop shows the street upside down: the offset runs against the position in it.
        source_x = np.clip(column - lens_x * 0.17 * height, 0, width - 1)
        source_y = np.clip(row - lens_y * 0.26 * height, 0, height - 1)
        small_width = width // self._scale
        self._drop_place = place.astype(np.int32)
        self._drop_source = (source_y / self._scale).astype(np.int32).clip(
            0, height // self._scale - 1
        ) * small_width + (source_x / self._scale).astype(np.int32).clip(0, small_width - 1)
        rim = depth.ravel()[place]
        self._drop_gain = (0.55 + 0.95 * smoothstep(0.02, 0.5, rim)).astype(np.float32)
        gleam = np.exp(-(((lens_x + 0.35) / 0.22) ** 2 + ((lens_y + 0.40) / 0.20) ** 2))
        self._drop_gleam = (0.30 * gleam * (rim > 0.1)).astype(np.float32)
        self._drop_alpha = smoothstep(0.0, 0.16, rim)

    def paint(self, canvas: Planes, street: Planes, t: float) -> None:
        """Paint all drops over a picture of what lies behind the glass.

        Args:
            canvas: The picture, blurred as the glass shows it.
            street: The same, ``scale`` times smaller: what the drops refract.
            t: Time in seconds.
        """
        alpha, gain = self._drop_alpha, self._drop_gain
        sky = street.mean() * 1.5 + 0.05
        for channel in range(3):
            flat = canvas[channel].reshape(-1)
            seen = street[channel].reshape(-1).take(self._drop_source) * gain
            seen += self._drop_gleam * np.float32(sky) + np.float32(0.012)
            below = flat.take(self._drop_place)
            flat[self._drop_place] = below + alpha * (seen - below)
        for slide in self._slides:
            self._paint_slide(canvas, street, slide, t)

    def _paint_slide(self, canvas: Planes, street: Planes, slide: _Slide, t: float) -> None:
        """A drop that runs, halts, runs on, and leaves a wet thread behind."""
        age = (t - slide.start) % 26
        steps = age * slide.pace
        y = steps + 0.035 * np.sin(2 * np.pi * steps * 2.3 + slide.phases[0]) - 0.05
        if y > 1.15:
            return
        height, width = self.height, self.width

        def path(at: NDArray[np.floating] | float) -> NDArray[np.floating]:
            return np.asarray(
                slide.x
                + 0.007 * np.sin(9 * at + slide.phases[1])
                + 0.003 * np.sin(31 * at + slide.phases[2])
            )

        size = slide.size * height
        head_x, head_y = float(path(y)) * height, y * height
        # The thread: glass washed clear, narrowing and drying towards its old end.
        top = max(0, int((y - 0.42) * height))
        bottom = min(height, int(head_y))
        if bottom - top > 2:
            rows = (np.arange(top, bottom) / height).astype(np.float32)
            centre = path(rows) * height
            fresh = np.clip(1 - (y - rows) / 0.42, 0, 1)
            left = max(0, int(centre.min() - size)), min(width, int(centre.max() + size) + 2)
            dx = np.arange(left[0], left[1])[None, :] - centre[:, None]
            reach = size * (0.22 + 0.36 * fresh[:, None])
            mask = np.clip(1 - np.abs(dx) / reach, 0, 1) ** 0.6 * fresh[:, None] ** 0.7
            source_x = np.clip(
                (np.arange(left[0], left[1])[None, :] - dx * 7) / self._scale, 0, self._small[0] - 1
            )
            source_y = np.repeat(
                (rows[:, None] * self._small[1]).astype(np.int32), dx.shape[1], axis=1
            )
            view = canvas[:, top:bottom, left[0] : left[1]]
            seen = street[:, source_y.clip(0, self._small[1] - 1), source_x.astype(np.int32)]
            view += (mask * 0.75).astype(np.float32) * (seen * np.float32(1.15) - view)
            edge = np.exp(-(((dx + 0.7 * reach) / 1.3) ** 2)) * fresh[:, None] * 0.05
            view += edge.astype(np.float32)
        left, right = max(0, int(head_x - 1.5 * size)), min(width, int(head_x + 1.5 * size) + 2)
        top, bottom = max(0, int(head_y - 2.2 * size)), min(height, int(head_y + 1.5 * size) + 2)
        if left >= right or top >= bottom:
            return
        dx = ((np.arange(left, right) - head_x) / size)[None, :]
        dy = ((np.arange(top, bottom) - head_y) / size)[:, None]
        inside = 1 - np.hypot(
            dx * (1 + 0.35 * np.clip(-dy, 0, 2)), dy * np.where(dy < 0, 0.55, 0.95)
        )
        alpha = smoothstep(0, 0.16, inside)
        source_x = np.clip((head_x + dx * (size - 0.20 * height)) / self._scale, 0, self._small[0] - 1)
        source_y = np.clip((head_y + dy * (size - 0.28 * height)) / self._scale, 0, self._small[1] - 1)
        seen = street[:, source_y.astype(np.int32), source_x.astype(np.int32)]
        seen = seen * (0.55 + smoothstep(0.02, 0.5, inside))
        seen += np.exp(-(((dx + 0.34) / 0.2) ** 2 + ((dy + 0.3) / 0.25) ** 2)) * np.float32(0.28)
        view = canvas[:, top:bottom, left:right]
        view += alpha * (seen.astype(np.float32) - view)
