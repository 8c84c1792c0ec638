"""A crane in nine strokes: ink on paper, drawn as one watches."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from portal.demo.films import sound as tone
from portal.demo.films.canvas import (
    Plane,
    Planes,
    blur,
    ease,
    noise_1d,
    noise_2d,
    rgb,
    shift_crop,
    smoothstep,
)
from portal.demo.films.film import Film

_NEVER = 1e6
_PAPER, _INK, _RED = rgb("#f8f1e0", "#17181d", "#cf2f1b")

# Start and length in seconds; Bezier points; widths along the stroke; how much ink, how dry.
_Stroke = tuple[float, float, tuple[tuple[float, float], ...], tuple[float, ...], float, float]
_CRANE: tuple[_Stroke, ...] = (
    (10.0, 1.3, ((0.752, 0.258), (0.812, 0.262), (0.722, 0.400), (0.846, 0.470)), (0.009, 0.014, 0.014, 0.019, 0.006), 0.96, 0.12),
    (11.9, 0.6, ((0.768, 0.262), (0.735, 0.252), (0.690, 0.276), (0.628, 0.300)), (0.016, 0.012, 0.005, 0.001), 0.92, 0.0),
    (13.0, 1.2, ((0.830, 0.452), (0.900, 0.385), (1.050, 0.440), (1.150, 0.545)), (0.004, 0.010, 0.009, 0.006), 0.74, 0.3),
    (14.8, 1.1, ((0.822, 0.470), (0.824, 0.585), (0.945, 0.650), (1.070, 0.590)), (0.004, 0.010, 0.013, 0.005), 0.55, 0.3),
    (16.4, 1.0, ((0.880, 0.470), (0.960, 0.455), (1.040, 0.500), (1.120, 0.570)), (0.006, 0.034, 0.046, 0.030, 0.010), 0.28, 0.75),
    (17.9, 0.9, ((1.050, 0.505), (1.150, 0.520), (1.225, 0.590), (1.222, 0.700)), (0.002, 0.017, 0.026, 0.016, 0.001), 1.0, 0.45),
    (19.2, 0.8, ((1.030, 0.535), (1.120, 0.560), (1.180, 0.640), (1.165, 0.735)), (0.002, 0.016, 0.024, 0.015, 0.001), 1.0, 0.4),
    (20.4, 0.8, ((1.010, 0.560), (1.080, 0.590), (1.128, 0.660), (1.100, 0.742)), (0.002, 0.014, 0.020, 0.012, 0.001), 0.95, 0.4),
    (21.8, 1.3, ((0.955, 0.612), (0.935, 0.700), (0.985, 0.740), (0.962, 0.868)), (0.009, 0.005, 0.007, 0.004), 0.9, 0.1),
)
_GRASS: tuple[_Stroke, ...] = (
    (24.0, 0.7, ((0.10, 1.02), (0.14, 0.86), (0.24, 0.72), (0.40, 0.66)), (0.010, 0.015, 0.010, 0.001), 0.92, 0.35),
    (24.8, 0.7, ((0.16, 1.02), (0.17, 0.88), (0.16, 0.74), (0.07, 0.62)), (0.010, 0.014, 0.009, 0.001), 0.8, 0.3),
    (25.5, 0.6, ((0.20, 1.02), (0.25, 0.92), (0.36, 0.84), (0.52, 0.84)), (0.009, 0.013, 0.008, 0.001), 0.62, 0.5),
    (26.1, 0.6, ((0.13, 1.02), (0.11, 0.90), (0.05, 0.82), (-0.03, 0.79)), (0.009, 0.013, 0.008, 0.001), 0.5, 0.5),
    (26.6, 0.5, ((0.22, 1.03), (0.23, 0.90), (0.28, 0.77), (0.27, 0.63)), (0.006, 0.010, 0.006, 0.001), 0.35, 0.4),
)


class Ink(Film):
    """Wet mountains, a red sun, a bird, grass; then the wind takes the petals."""

    key: ClassVar[str] = "ink"
    audio_name: ClassVar[str] = "Brush and koto"
    duration_s: ClassVar[int] = 36
    still_s: ClassVar[float] = 29.0
    hold: ClassVar[int] = 2
    vignette: ClassVar[float] = 0.13
    grain: ClassVar[float] = 0.004
    fade_to: ClassVar[float] = 0.90

    def prepare(self) -> None:
        """Work out, for each pixel, how much ink it will get and when."""
        rng, width, height = self.rng, self.width, self.height
        fibres = noise_2d(rng, width, height, (90, 60), octaves=4, gain=0.75)
        cloud = noise_2d(rng, width, height, (5, 3), octaves=3)
        tooth = fibres - np.roll(fibres, (1, 1), axis=(0, 1))
        self._tooth = fibres
        texture = 1 + 0.16 * tooth + 0.035 * (cloud - 0.5)
        self._sheet = (_PAPER[:, None, None] * texture).astype(np.float32)
        self._wash = [self._mountain(rng, layer) for layer in range(3)]
        self._red = self._sun(rng)
        strokes = [self._stroke(rng, stroke) for stroke in (*_CRANE, *_GRASS)]
        # Strokes that touch lie in different layers, so that neither shows before its time.
        self._layers = [self._merge(strokes[0::2]), self._merge(strokes[1::2])]
        eye = smoothstep(0.0022, 0.0042, np.hypot(self.x - 0.752, self.y - 0.2640))
        self._layers = [(ink * eye, at) for ink, at in self._layers]
        dark, dark_at = self._merge(strokes)
        # Wet ink creeps: a paler, wider copy of each stroke arrives a moment later.
        halo = blur(dark, 0.0045 * height) * (0.6 + 0.8 * fibres)
        known = np.where(dark_at < _NEVER, dark_at, 0)
        weight = blur((dark_at < _NEVER).astype(np.float32), 0.009 * height)
        spread_at = blur(known.astype(np.float32), 0.009 * height) / np.maximum(weight, 1e-3)
        self._halo = (0.34 * halo).astype(np.float32)
        self._halo_at = np.where(weight > 1e-3, spread_at + 0.25, _NEVER).astype(np.float32)
        self._body = self._body_mask()
        self._mist = noise_2d(rng, int(width * 1.6), height, (4, 7), octaves=5)
        self._petals = rng.random((6, 46)).astype(np.float32)

    def _stroke(self, rng: np.random.Generator, stroke: _Stroke) -> tuple[Plane, Plane]:
        """Rasterise one brush stroke; returns density and arrival time."""
        start, length, points, widths, load, dry = stroke
        height, width = self.height, self.width
        count = int(1500 * height / 540)
        s = np.linspace(0, 1, count)
        a, b, c, d = (np.asarray(point)[:, None] for point in points)
        curve = (1 - s) ** 3 * a + 3 * s * (1 - s) ** 2 * b + 3 * s**2 * (1 - s) * c + s**3 * d
        tangent = np.gradient(curve, axis=1)
        normal = np.stack([-tangent[1], tangent[0]]) / (np.hypot(*tangent) + 1e-9)
        profile = np.interp(s, np.linspace(0, 1, len(widths)), widths)
        profile *= np.sin(np.clip(s / 0.035, 0, 1) * np.pi / 2) ** 0.6
        profile *= 1 + 0.10 * (noise_1d(rng, count, 14, octaves=3) - 0.5)
        lanes = max(24, int(max(widths) * height * 3.2))
        v = np.linspace(-1, 1, lanes)
        x = (curve[0] + normal[0] * profile * v[:, None]) * height
        y = (curve[1] + normal[1] * profile * v[:, None]) * height
        bristles = noise_2d(rng, count, lanes, (6, lanes * 0.35), octaves=2)
        worn = np.clip(s * 1.25 - 0.15, 0, 1)[None, :] ** 1.3
        bare = smoothstep(0.62, 0.40, bristles) * dry * (0.35 + worn)
        pool = 0.86 + 0.14 * np.abs(v[:, None]) ** 3
        ink = np.clip(load * pool * (1 - 1.25 * bare), 0, 1)
        inside = (x >= 0) & (y >= 0) & (x < width - 1) & (y < height - 1)
        place = np.rint(y[inside]).astype(int) * width + np.rint(x[inside]).astype(int)
        density = np.zeros(width * height)
        np.maximum.at(density, place, ink[inside])
        arrival = np.full(width * height, _NEVER)
        pace = start + length * (s**1.15)
        np.minimum.at(arrival, place, np.broadcast_to(pace, x.shape)[inside])
        soft = blur(density.reshape(height, width).astype(np.float32), 0.85 * height / 540)
        return soft, arrival.reshape(height, width).astype(np.float32)

    def _body_mask(self) -> Plane:
        """Return where the bird's white body hides the hills behind it."""
        image = Image.new("L", (self.width, self.height), 0)
        outline: list[tuple[float, float]] = []
        for points in (_CRANE[2][2], tuple(reversed(_CRANE[3][2]))):
            a, b, c, d = (np.asarray(point) for point in points)
            for s in np.linspace(0, 1, 24):
                at = (1 - s) ** 3 * a + 3 * s * (1 - s) ** 2 * b + 3 * s**2 * (1 - s) * c + s**3 * d
                outline.append((float(at[0]) * self.height, float(at[1]) * self.height))
        ImageDraw.Draw(image).polygon(outline, fill=255)
        return blur(np.asarray(image, np.float32) / 255, 0.0025 * self.height)

    def _merge(self, strokes: list[tuple[Plane, Plane]]) -> tuple[Plane, Plane]:
        density = np.zeros((self.height, self.width), np.float32)
        arrival = np.full((self.height, self.width), _NEVER, np.float32)
        for ink, at in strokes:
            density = np.maximum(density, ink)
            arrival = np.minimum(arrival, at)
        # The blurred rim has ink but no time of its own: it takes its neighbour's.
        for shift in ((0, 1), (0, -1), (1, 0), (-1, 0), (1, 1), (-1, -1)):
            moved = np.roll(arrival, shift, axis=(0, 1))
            arrival = np.where(arrival >= _NEVER, moved, arrival)
        return density, arrival

    def _mountain(self, rng: np.random.Generator, layer: int) -> tuple[Plane, Plane]:
        """Return density and time of one wash: dark at the ridge, lost in mist below."""
        width, height = self.width, self.height
        ridge = noise_1d(rng, width, (3.2, 4.2, 2.6)[layer], octaves=7, gain=0.47)
        peak = np.exp(-(((self.x[0] - (1.42, 0.34, 1.62)[layer]) / (0.34, 0.30, 0.20)[layer]) ** 2))
        base = (0.60, 0.66, 0.78)[layer]
        line = base - (0.16, 0.20, 0.22)[layer] * (0.35 * ridge + 0.95 * peak * (0.55 + 0.6 * ridge))
        below = self.y - line[None, :]
        wet = noise_2d(rng, width, height, (9, 6), octaves=5)
        rough = 0.006 * (self._tooth - 0.5) + 0.012 * (wet - 0.5)
        edge = smoothstep(-0.004, 0.010, below + rough)
        fall = np.exp(-np.clip(below, 0, 1) * (9.0, 7.5, 6.0)[layer]) * (0.55 + 0.9 * wet)
        line_ink = np.exp(-((np.clip(below + rough, -0.05, 1) / 0.010) ** 2)) * 0.30
        density = np.clip(edge * fall * (0.30, 0.44, 0.62)[layer] + line_ink * (0.4, 0.6, 0.9)[layer], 0, 1)
        seed_x = (1.45, 0.30, 1.70)[layer]
        reach = np.hypot(self.x - seed_x, (self.y - base + 0.1) * 1.3)
        arrival = (1.2, 3.4, 5.6)[layer] + reach * (3.4, 3.0, 3.2)[layer] + 1.6 * wet
        return density.astype(np.float32), arrival.astype(np.float32)

    def _sun(self, rng: np.random.Generator) -> tuple[Plane, Plane]:
        """Return density and time of all that is red: sun, crown, seal."""
        width, height = self.width, self.height
        wet = noise_2d(rng, width, height, (14, 9), octaves=5)
        reach = np.hypot(self.x - 1.165, self.y - 0.300)
        disc = smoothstep(0.150, 0.138, reach + 0.012 * (wet - 0.5) + 0.004 * (self._tooth - 0.5))
        rim = 0.74 + 0.26 * smoothstep(0.08, 0.14, reach)
        density = disc * rim * (0.62 + 0.42 * wet) * smoothstep(0.62, 0.30, self.y + 0.16 * wet)
        arrival = 7.0 + reach * 9 + 1.2 * wet
        crown = np.hypot((self.x - 0.764) / 1.5, self.y - 0.2475)
        dab = smoothstep(0.0085, 0.0055, crown)
        arrival = np.where(dab > density, 23.4 + 0.0 * wet, arrival)
        density = np.maximum(density, dab)
        sx, sy = (self.x - 1.560) / 0.030, (self.y - 0.800) / 0.038
        square = (np.maximum(np.abs(sx), np.abs(sy)) < 1) * 1.0
        carved = (np.abs(sx + 0.02) < 0.085) | (np.abs(sy + 0.30) < 0.10) | (np.abs(sy - 0.36) < 0.09)
        carved |= (np.hypot(sx - 0.48, sy - 0.02) < 0.16) | ((np.abs(sx + 0.52) < 0.08) & (sy > -0.2))
        border = np.maximum(np.abs(sx), np.abs(sy)) > 0.86
        seal = square * (border | ~carved) * smoothstep(0.20, 0.40, self._tooth + 0.25)
        arrival = np.where(square > 0, 28.0, arrival)
        density = np.where(square > 0, seal * 0.92, density)
        return density.astype(np.float32), arrival.astype(np.float32)

    def paint(self, t: float) -> Planes:
        """Let the ink arrive, the mist drift, the water ring, the petals fall."""
        t_story = t * self.duration_s / self.length_s
        ink = np.zeros((self.height, self.width), np.float32)
        for number, (density, arrival) in enumerate(self._wash):
            shown = np.clip((t_story - arrival) * np.float32(0.42), 0, 1)
            keep = 1 - self._veil(number, t_story)
            ink = ink + density * shown * keep * (1 - ink)
        if t_story > 13:
            ink = ink * (1 - np.float32(0.9 * ease(13, 16.5, t_story)) * self._body)
        dark = np.zeros_like(ink)
        for density, arrival in self._layers:
            dark = np.maximum(dark, density * np.clip((t_story - arrival) * 5, 0, 1))
        halo = self._halo * np.clip((t_story - self._halo_at) * np.float32(0.8), 0, 1)
        ink = np.maximum(ink, np.minimum(dark + halo, 1))
        self._paint_water(ink, t_story)
        density, arrival = self._red
        red = density * np.clip((t_story - arrival) * np.float32(0.9), 0, 1)
        red = red * (1 - 0.92 * dark)
        self._paint_petals(ink, red, t_story)
        if t_story > 9.5:
            ink = self._push_in(ink, t_story)
            red = self._push_in(red, t_story)
        canvas = self._sheet * (1 - ink * (1 - _INK)[:, None, None])
        canvas *= 1 - red * (1 - _RED)[:, None, None]
        return canvas

    def _push_in(self, plane: Plane, t: float) -> Plane:
        """Move in on the bird, slowly."""
        zoom = 1 - 0.055 * ease(9.5, 34, t)
        left, top = (1 - zoom) * 0.55 * self.width, (1 - zoom) * 0.50 * self.height
        box = (left, top, left + zoom * self.width, top + zoom * self.height)
        image = Image.fromarray(np.ascontiguousarray(plane, np.float32))
        size = (self.width, self.height)
        return np.asarray(image.resize(size, Image.Resampling.BILINEAR, box=box), np.float32)

    def _veil(self, layer: int, t: float) -> Plane:
        mist = shift_crop(self._mist, (0.02 + 0.010 * t * (1 + 0.4 * layer)) * self.height, self.width)
        height = (0.64, 0.70, 0.84)[layer]
        band = np.exp(-(((self.y - height) / 0.10) ** 2))
        return np.asarray(np.clip(band * (1.7 * mist - 0.35), 0, 0.9), np.float32)

    def _paint_water(self, ink: Plane, t: float) -> None:
        """Rings around the leg that stands in the water."""
        if t < 23.2:
            return
        top = round(0.82 * self.height)
        dx = (self.x - 0.962) * np.float32(1.0)
        dy = (self.y[top:] - 0.874) * np.float32(4.4)
        reach = np.sqrt(dx * dx + dy * dy)
        rings = np.zeros_like(reach)
        for start in (23.2, 24.6, 26.6, 29.0, 31.2):
            age = t - start
            if 0 < age < 6:
                radius = 0.035 + 0.060 * age
                fade = 0.42 * np.exp(-0.55 * age) * min(1.0, age * 3)
                rings += fade * np.exp(-(((reach - radius) / (0.0045 + 0.002 * age)) ** 2))
        ink[top:] += np.clip(rings, 0, 0.6) * (1 - ink[top:])

    def _paint_petals(self, ink: Plane, red: Plane, t: float) -> None:
        """Petals cross the sheet once the seal is set."""
        gone = t - 28.4
        if gone <= 0:
            return
        height = self.height
        for x0, y0, pace, phase, size, late in self._petals.T:
            age = gone - 3.2 * late
            if age <= 0:
                continue
            x = 1.95 - (0.26 + 0.14 * pace) * age + 0.25 * x0
            y = -0.12 + 0.75 * y0 + (0.06 + 0.05 * pace) * age + 0.022 * np.sin(2.1 * age + 6.28 * phase)
            radius = (0.0058 + 0.0058 * size) * height
            px, py = x * height, y * height
            left, right = int(px - 2 * radius), int(px + 2 * radius) + 1
            top, bottom = int(py - 2 * radius), int(py + 2 * radius) + 1
            if left < 0 or top < 0 or right >= self.width or bottom >= height:
                continue
            turn = 3.1 * age * (pace - 0.4) + 6.28 * phase
            cos, sin = np.cos(turn), np.sin(turn)
            dx = (np.arange(left, right) - px)[None, :] / radius
            dy = (np.arange(top, bottom) - py)[:, None] / radius
            along, across = dx * cos + dy * sin, (dy * cos - dx * sin) / (0.35 + 0.35 * abs(np.sin(2.6 * age + phase)))
            petal = np.clip((1 - np.hypot(along, across) - 0.3 * np.clip(along - 0.6, 0, 1)) * radius + 0.5, 0, 1)
            view = red[top:bottom, left:right]
            np.maximum(view, (0.52 + 0.3 * size) * petal * (1 - ink[top:bottom, left:right]), out=view)

    @classmethod
    def sound(cls, duration_s: float) -> NDArray[np.float32]:
        """Plucked strings in a Japanese scale, the brush, a soft drum for the seal."""
        rng = np.random.default_rng(71)
        track = tone.silence(duration_s)
        scale = (57, 58, 62, 64, 65, 69, 70, 74, 76, 77, 81)
        pluck = ((1, 1, 1), (2, 0.6, 0.55), (3, 0.42, 0.4), (4.01, 0.25, 0.3), (5.02, 0.2, 0.22), (6.04, 0.12, 0.16))
        phrase = ((2.0, 5), (2.9, 6), (3.4, 5), (5.4, 3), (7.0, 7), (7.3, 5), (8.8, 4), (10.0, 8), (11.9, 7),
                  (13.0, 9), (13.5, 7), (14.8, 5), (16.4, 6), (17.9, 3), (19.2, 2), (20.4, 1), (21.8, 0),
                  (23.4, 10), (24.2, 8), (25.0, 9), (25.8, 7), (26.6, 5), (29.2, 7), (29.6, 8), (30.0, 9),
                  (31.4, 5), (32.8, 3), (33.6, 0))
        stretch = duration_s / cls.duration_s
        for at, degree in phrase:
            tone.add_tone(track, at * stretch, scale[degree], 0.085, decay_s=1.5, pan=rng.uniform(-0.35, 0.35),
                          partials=pluck, attack_s=0.003)
        tone.add_tone(track, 28.0 * stretch, 33, 0.16, decay_s=0.8, partials=((1, 1, 1), (1.6, 0.4, 0.4)))
        track = tone.add_room(track, rng, 2.6, 0.45)
        for start, length, *_ in (*_CRANE, *_GRASS):
            tone.add_brush(track, rng, start * stretch, length * stretch + 0.15, 0.014)
        tone.add_wind(track, rng, 0.005, 200, 900)
        return tone.master(track)
