"""The long dusk: ridge behind ridge, a sun that takes its time, one lit window."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from portal.demo.films import sound as tone
from portal.demo.films.canvas import (
    Plane,
    Planes,
    ease,
    noise_1d,
    noise_2d,
    over,
    ramp,
    rgb,
    scatter,
    shift_crop,
    smoothstep,
)
from portal.demo.films.film import Film
from portal.demo.films.strokes import draw_bird, draw_disc, draw_glow

_SKIES = (
    (0.00, [(0, "#3f6c9b"), (0.3, "#8fa3b0"), (0.5, "#f0c78e"), (0.66, "#ffdca0"), (1, "#ffdca0")]),
    (
        0.34,
        [(0, "#2c4478"), (0.28, "#7d6b96"), (0.48, "#e78b6a"), (0.64, "#ffbe72"), (1, "#ffb36a")],
    ),
    (0.62, [(0, "#151f47"), (0.3, "#3f3a70"), (0.5, "#a3496c"), (0.66, "#f0795a"), (1, "#e0664f")]),
    (
        1.00,
        [(0, "#070d24"), (0.32, "#101c41"), (0.52, "#1f3059"), (0.66, "#3b4772"), (1, "#3b4470")],
    ),
)
_FAR = ((0.0, "#c9a58c"), (0.34, "#b57f74"), (0.62, "#71466a"), (1.0, "#26335a"))
_NEAR = ((0.0, "#1d2a3a"), (0.34, "#1b2034"), (0.62, "#100f22"), (1.0, "#04060f"))
_HAZE = ((0.0, "#ffdfae"), (0.34, "#f5a779"), (0.62, "#a85a70"), (1.0, "#2d3b66"))
_LAYERS = 7


class Dusk(Film):
    """Seven ridges, a setting sun, birds going home."""

    key: ClassVar[str] = "dusk"
    audio_name: ClassVar[str] = "Evening, wind in pines"
    duration_s: ClassVar[int] = 34
    still_s: ClassVar[float] = 12.4

    def prepare(self) -> None:
        """Make ridges, clouds, stars and the flock's order."""
        rng, width, height = self.rng, self.width, self.height
        self._ridges: list[Plane] = []
        wide = width * 2
        for layer in range(_LAYERS):
            depth = layer / (_LAYERS - 1)
            line = noise_1d(rng, wide, 6 + 5 * depth, octaves=7, gain=0.46)
            sharp = 1 - np.abs(2 * noise_1d(rng, wide, 4 + 3 * depth, octaves=6, gain=0.5) - 1)
            relief = (0.30 - 0.12 * depth) * (0.45 * line + 0.55 * sharp**1.6)
            base = 0.66 + 0.40 * depth**1.25
            contour = base - relief
            if layer >= _LAYERS - 3:
                contour = self._plant(contour, (layer - _LAYERS + 4) / 3)
            self._ridges.append(contour.astype(np.float32))
        cells = (7.0, 16.0)
        texture = noise_2d(rng, int(width * 1.4), height, cells, octaves=6, gain=0.55)
        self._clouds = smoothstep(0.50, 0.80, texture)
        count = 420
        self._stars = rng.random((3, count)).astype(np.float32)
        self._flock = rng.normal(0, 1, (11, 3))

    def _plant(self, contour: Plane, size: float) -> Plane:
        """Grow pines along a ridge line."""
        out = contour.copy()
        height = self.height
        columns = np.arange(len(contour))
        spacing = 0.016 + 0.03 * size
        position = 0.0
        while position < len(contour):
            tall = self.rng.uniform(0.4, 1.0) ** 1.3 * (0.035 + 0.13 * size**1.5)
            centre = int(position)
            half = max(2, int(tall * 0.24 * height))
            span = columns[max(0, centre - half) : centre + half + 1]
            if len(span):
                reach = np.abs(span - centre) / half
                steps = 0.16 * np.abs(((reach * 6.0) % 1.0) - 0.35)
                crown = contour[min(centre, len(contour) - 1)] - tall * (1 - reach) + tall * steps
                out[span] = np.minimum(out[span], crown)
            clump = self.rng.random() < 0.72
            position += (
                self.height
                * spacing
                * (self.rng.uniform(0.25, 0.9) if clump else self.rng.uniform(1.5, 5.0))
            )
        return out

    def _tint(self, stops: tuple[tuple[float, str], ...], u: float) -> Plane:
        return ramp(list(stops), np.asarray(u))

    def _sky(self, u: float) -> Plane:
        positions = [stop for stop, _ in _SKIES]
        after = int(np.searchsorted(positions, u, side="right").clip(1, len(_SKIES) - 1))
        part = (u - positions[after - 1]) / (positions[after] - positions[after - 1])
        rows = self.y[:, 0]
        before = ramp(_SKIES[after - 1][1], rows)
        return np.asarray(before + (ramp(_SKIES[after][1], rows) - before) * np.float32(part))

    def paint(self, t: float) -> Planes:
        """Paint sky, sun, clouds, then the ridges from far to near."""
        u = self.arc(t)
        width, height = self.width, self.height
        canvas = np.repeat(self._sky(u)[:, :, None], width, axis=2)
        sun_x = self.aspect * 0.64 - 0.006 * t
        sun_y = 0.335 + 0.36 * ease(-0.15, 0.8, u)
        above = 1 - ease(0.50, 0.72, u)

        dx, dy = self.x - np.float32(sun_x), self.y - np.float32(sun_y)
        distance = np.sqrt(dx * dx + dy * dy * 1.3)
        halo = (
            np.exp(-distance * 3.4) * (0.62 * above + 0.16) + np.exp(-distance * 13) * 0.5 * above
        )
        canvas += (
            halo * self._tint(_HAZE, u)[:, None, None] * np.float32(1 - 0.85 * ease(0.6, 1, u))
        )
        self._paint_stars(canvas, t, u)
        self._paint_clouds(canvas, t, u, distance)
        if above > 0:
            disc = np.float32(1.0)
            draw_disc(
                canvas,
                sun_x * height,
                sun_y * height,
                0.052 * height,
                rgb("#fff3d0") * disc + np.float32(0.12),
                above,
            )
        self._paint_flock(canvas, t, u)
        far, near, haze = (self._tint(stops, u) for stops in (_FAR, _NEAR, _HAZE))
        warmth = np.exp(-np.abs(dx) * 2.2) * np.float32(0.30 * above + 0.05)
        contours = [
            shift_crop(ridge, self._offset(layer, t), self.width)
            for layer, ridge in enumerate(self._ridges)
        ]
        for layer, contour in enumerate(contours):
            # Below the next ridge's lowest point nothing of this one can be seen.
            nearer = contours[layer + 1].max() if layer + 1 < _LAYERS else 1.0
            bottom = min(self.height, int(nearer * self.height) + 2)
            self._paint_ridge(canvas[:, :bottom], layer, contour, far, near, haze, warmth)
            if layer == _LAYERS - 3:
                self._paint_window(canvas, self._ridges[layer], t, u)
        return canvas

    def _offset(self, layer: int, t: float) -> float:
        depth = layer / (_LAYERS - 1)
        return float(self.height * (0.02 + 0.0022 * t * (0.5 + 5.5 * depth**1.8)))

    def _paint_ridge(
        self,
        canvas: Planes,
        layer: int,
        contour: Plane,
        far: Plane,
        near: Plane,
        haze: Plane,
        warmth: Plane,
    ) -> None:
        depth = layer / (_LAYERS - 1)
        top = max(0, int(contour.min() * self.height) - 2)
        if top >= canvas.shape[1]:
            return
        below = self.y[top : canvas.shape[1]] - contour
        mask = np.clip(below * self.height + 0.5, 0, 1)
        colour = far + (near - far) * np.float32(depth**0.75)
        fog = np.clip(below * (5.2 - 2.6 * depth), 0, 1) * np.float32(0.72 * (1 - depth) ** 0.8)
        fog = fog + warmth * np.float32(1 - depth)
        tinted = colour[:, None, None] + fog * (haze - colour)[:, None, None]
        over(canvas[:, top:], mask, tinted)

    def _paint_clouds(self, canvas: Planes, t: float, u: float, distance: Plane) -> None:
        clouds = shift_crop(self._clouds, 0.004 * t * self.height + 4, self.width)
        clouds = clouds * smoothstep(0.02, 0.16, self.y) * smoothstep(0.62, 0.38, self.y)
        lit = self._tint(
            ((0.0, "#fff0d2"), (0.34, "#ffb184"), (0.62, "#d45a66"), (1.0, "#1a2750")), u
        )
        dark = self._tint(
            ((0.0, "#b7a8a8"), (0.34, "#8a5c79"), (0.62, "#3d2b5a"), (1.0, "#0c1530")), u
        )
        closeness = np.exp(-distance * 2.0)
        colour = dark[:, None, None] + closeness * (lit - dark)[:, None, None]
        over(canvas, clouds * np.float32(0.62), colour)

    def _paint_stars(self, canvas: Planes, t: float, u: float) -> None:
        shown = ease(0.66, 0.95, u)
        if shown <= 0:
            return
        sx, sy, light = self._stars
        twinkle = 0.7 + 0.3 * np.sin(t * (1 + 2 * light) + 40 * sx)
        strength = shown * (0.15 + 1.1 * light**4) * twinkle * np.clip(1.1 - sy * 1.3, 0, 1)
        plane = scatter(self.width, self.height, sx * self.width, sy * 0.6 * self.height, strength)
        canvas += plane

    def _paint_flock(self, canvas: Planes, t: float, u: float) -> None:
        lead_x = self.aspect * (1.12 - 0.036 * t)
        lead_y = 0.30 - 0.0012 * t
        colour = self._tint(((0.0, "#5b4a58"), (0.62, "#2a1c3a"), (1.0, "#0a1024")), u)
        for number, (a, b, c) in enumerate(self._flock):
            rank = (number + 1) // 2
            side = 1 if number % 2 else -1
            x = lead_x + 0.045 * rank + 0.008 * a + 0.004 * np.sin(t * 0.7 + b)
            y = lead_y + side * 0.016 * rank + 0.006 * b + 0.006 * np.sin(t * 0.5 + number)
            beat = np.sin(2 * np.pi * 1.15 * t + 0.5 * rank + 0.4 * c)
            span = (0.0135 - 0.0004 * rank) * self.height
            draw_bird(canvas, x * self.height, y * self.height, span, float(beat), colour, 0.9)

    def _paint_window(self, canvas: Planes, ridge: Plane, t: float, u: float) -> None:
        lit = ease(0.66, 0.74, u)
        if lit <= 0:
            return
        column = 0.36 * self.width + self._offset(_LAYERS - 3, 28)
        x = column - self._offset(_LAYERS - 3, t)
        y = (float(ridge[int(column)]) + 0.075) * self.height
        flicker = 1 + 0.06 * np.sin(t * 9.1) * np.sin(t * 3.7)
        draw_glow(canvas, x, y, 0.10 * self.height, rgb("#ff9a3c"), 0.30 * lit * flicker)
        size = 0.0042 * self.height
        found = canvas[
            :, int(y - size) : int(y + size) + 1, int(x - size) : int(x + size * 0.8) + 1
        ]
        over(found, np.full(found.shape[1:], lit, np.float32), rgb("#ffd98a"))

    @classmethod
    def sound(cls, duration_s: float) -> NDArray[np.float32]:
        """Wind over a slow D major pad; a few plucked notes; a last low bell."""
        rng = np.random.default_rng(11)
        track = tone.silence(duration_s)
        chords = (
            (38, 50, 57, 62, 66),
            (43, 50, 59, 62, 69),
            (47, 54, 59, 62, 66),
            (45, 52, 57, 61, 64),
            (38, 50, 57, 62, 69),
        )
        tone.add_pad(track, rng, 0.10, chords, brightness=0.35)
        melody = (
            (3, 74),
            (4.6, 78),
            (7, 81),
            (11, 79),
            (12.4, 78),
            (14, 74),
            (18.5, 71),
            (20, 74),
            (22.5, 78),
            (26.5, 76),
            (28, 73),
            (30, 69),
            (33.5, 74),
            (35, 69),
            (36.5, 62),
        )
        for at, note in melody:
            pan = rng.uniform(-0.5, 0.5)
            tone.add_tone(
                track, at * duration_s / 40, note, 0.09, decay_s=1.6, pan=pan, partials=tone.STRING
            )
        track = tone.add_room(track, rng, 3.2, 0.55)
        tone.add_wind(track, rng, 0.030, 140, 620)
        return tone.master(track)
