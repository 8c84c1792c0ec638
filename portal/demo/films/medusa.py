"""Slow lanterns: a descent among jellyfish."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from portal.demo.films import sound as tone
from portal.demo.films.canvas import (
    Plane,
    Planes,
    Sparks,
    ease,
    noise_1d,
    ramp,
    resize,
    rgb,
    scatter,
    shift_crop,
    shrink,
    smoothstep,
    soften,
)
from portal.demo.films.film import Film
from portal.demo.films.strokes import patch

_TENTACLES = 11
_ARMS = 5
_SMALL = 5


@dataclass(frozen=True, slots=True)
class _Jelly:
    """One animal: where it swims (picture heights, seconds), how big, how fast, what colour."""

    x: float
    y: float
    drift: float
    rise: float
    size: float
    period_s: float
    lean: float
    tint: str
    rim: str
    light: float


_JELLIES = (
    _Jelly(1.50, 0.78, -0.0030, 0.0150, 0.042, 3.1, 0.10, "#5fb8ff", "#c9f2ff", 0.40),
    _Jelly(0.22, 1.10, 0.0040, 0.0240, 0.062, 3.6, -0.18, "#8a86ff", "#d9dcff", 0.55),
    _Jelly(1.60, 1.55, -0.0050, 0.0350, 0.098, 4.0, 0.20, "#ff9a5e", "#ffe3c0", 0.70),
    _Jelly(0.98, 1.02, -0.0045, 0.0235, 0.205, 4.8, 0.09, "#ff5fae", "#ffd9ee", 0.95),
    _Jelly(0.42, 2.55, 0.0075, 0.0490, 0.250, 5.6, -0.14, "#4fd2ff", "#e2fbff", 0.85),
)


class Medusa(Film):
    """Jellyfish rising past a sinking camera."""

    key: ClassVar[str] = "medusa"
    audio_name: ClassVar[str] = "Deep water"
    duration_s: ClassVar[int] = 32
    still_s: ClassVar[float] = 16.0
    render_size: ClassVar[tuple[int, int]] = (736, 414)
    vignette: ClassVar[float] = 0.45

    def prepare(self) -> None:
        """Make plankton, light shafts, the animals' threads."""
        rng = self.rng
        count = 620
        self._snow = rng.random((4, count)).astype(np.float32)
        self._motes = rng.random((5, 16)).astype(np.float32)
        self._shafts = [noise_1d(rng, self.width * 2, cells, octaves=3) for cells in (16, 27)]
        self._threads = [rng.random((3, _TENTACLES)).astype(np.float32) for _ in _JELLIES]
        self._frills = [rng.random((2, _ARMS)).astype(np.float32) for _ in _JELLIES]
        self._far = rng.random((5, 240)).astype(np.float32)

    def paint(self, t: float) -> Planes:
        """Paint the animals and sparks, then the water with their glow, and join both."""
        u = self.arc(t)
        lights = np.zeros((3, self.height, self.width), np.float32)
        sparks = Sparks()
        haze = self._water(t, u)
        self._add_far(sparks, haze, t, u)
        for number, jelly in enumerate(_JELLIES):
            self._paint_jelly(lights, sparks, number, jelly, t, u)
        self._add_snow(sparks, lights, t)
        sparks.light(lights)
        rows, columns = haze.shape[1:]
        for channel in range(3):
            glow = soften(shrink(lights[channel], _SMALL)[:rows, :columns], 5)
            soft = haze[channel] + np.float32(0.75) * glow
            lights[channel] += resize(soft, self.width, self.height, fast=True)
        return np.asarray(lights * (1.1 + 0.16 * lights) / (1 + 0.5 * lights), np.float32)

    def _water(self, t: float, u: float) -> Planes:
        """Return the water and its shafts of light, small."""
        depth = ease(0.0, 0.85, u)
        step = _SMALL
        x, y = self.x[:, step // 2 :: step], self.y[step // 2 :: step]
        above = ramp(
            [(0, "#2488b0"), (0.35, "#0c5487"), (0.75, "#072b57"), (1, "#05183a")], y[:, 0]
        )
        below = ramp([(0, "#092a52"), (0.4, "#061836"), (0.8, "#030c20"), (1, "#020614")], y[:, 0])
        column = above + (below - above) * np.float32(depth)
        # The shafts fan out from a point above the picture.
        angle = (x - 0.62 * self.aspect) / (y + 0.55)
        strength = np.zeros(angle.shape, np.float32)
        for number, shaft in enumerate(self._shafts):
            offset = 0.5 + (0.004 if number else -0.003) * t
            line = shift_crop(shaft, offset * self.width, self.width)
            place = ((angle * 0.42 + 0.5) * self.width).clip(0, self.width - 1).astype(np.int32)
            strength += line[place]
        shine = smoothstep(0.85, 1.55, strength) * np.exp(-y * 2.1) * np.exp(-(angle**2) * 1.1)
        shine *= np.float32(0.62 * (1 - 0.85 * depth))
        return np.asarray(column[:, :, None] + shine * rgb("#a8ecff")[:, None, None], np.float32)

    def _add_far(self, sparks: Sparks, haze: Planes, t: float, u: float) -> None:
        """Add hundreds of small lanterns far below: the turn of the film."""
        shown = ease(0.46, 0.78, u)
        if shown <= 0:
            return
        x, y, pace, phase, size = self._far
        beat = 0.55 + 0.45 * np.sin(2 * np.pi * (t / (3 + 3 * pace) + phase))
        px = (x * self.aspect * 1.1 - 0.05 + 0.01 * np.sin(0.2 * t + 6 * phase)) * self.height
        low = 1.30 - 0.90 * shown * (0.30 + 0.70 * y) + 0.3 * (y - 0.5) - 0.006 * t * pace
        py = low * self.height
        weight = shown * (0.3 + 2.2 * size**3) * beat
        sparks.add(px, py, weight, rgb("#bfe9ff"))
        rows, columns = haze.shape[1:]
        soft = soften(scatter(columns, rows, px / _SMALL, py / _SMALL, weight), 2)
        haze += soft * np.float32(0.30) * rgb("#5fb4ff")[:, None, None]

    def _add_snow(self, sparks: Sparks, lights: Planes, t: float) -> None:
        x, y, near, phase = self._snow
        pace = 0.012 + 0.05 * near**2
        px = (x * 1.1 + 0.006 * np.sin(0.5 * t + 6.28 * phase)) * self.aspect
        py = (y - pace * t + 0.008 * np.sin(0.31 * t + 9 * phase)) % 1.08 - 0.04
        weight = 0.05 + 0.34 * near**3
        sparks.add(px * self.height, py * self.height, weight, rgb("#e6f6ff"))
        for x0, y0, size, speed, turn in self._motes.T:
            radius = (0.008 + 0.020 * size**2) * self.height
            cx = ((x0 + 0.012 * (turn - 0.5) * t) % 1.1 - 0.05) * self.width
            cy = ((y0 - (0.05 + 0.06 * speed) * t) % 1.2 - 0.1) * self.height
            found = patch(lights, float(cx), float(cy), float(radius) + 2)
            if found is not None:
                view, dx, dy = found
                disc = np.clip((radius - np.hypot(dx, dy)) / (0.35 * radius) + 0.3, 0, 1)
                view += disc * np.float32(0.030) * rgb("#bfe6ff")[:, None, None]

    def _paint_jelly(
        self, lights: Planes, sparks: Sparks, number: int, jelly: _Jelly, t: float, u: float
    ) -> None:
        height = self.height
        phase = 2 * np.pi * t / jelly.period_s + number
        pulse = 0.5 + 0.5 * np.sin(phase) + 0.16 * np.sin(2 * phase + 0.6)
        # Each contraction pushes it up a little; in between it sinks back slightly.
        thrust = 0.16 * jelly.size * np.sin(phase - 1.2)
        x = jelly.x + jelly.drift * t + 0.10 * jelly.size * np.sin(0.23 * t + number)
        y = jelly.y - jelly.rise * t * (1 + 0.5 * ease(0.6, 1.0, u)) + thrust
        size = jelly.size * (1 + 0.010 * t)
        if y * height < -3 * size * height or y - size > 1.15:
            return
        lean = jelly.lean + 0.07 * np.sin(0.31 * t + 2 * number)
        tint, rim = rgb(jelly.tint), rgb(jelly.rim)
        spot = (x * height, y * height, size * height)
        self._add_threads(sparks, number, jelly, t, spot, lean, float(pulse))
        self._paint_bell(lights, spot, lean, float(pulse), tint, rim, jelly.light)

    def _paint_bell(
        self,
        lights: Planes,
        spot: tuple[float, float, float],
        lean: float,
        pulse: float,
        tint: Plane,
        rim: Plane,
        light: float,
    ) -> None:
        x, y, size = spot
        found = patch(lights, x, y, size * 1.35)
        if found is None:
            return
        view, dx, dy = found
        # A large bell is soft enough to be worked out at half the size.
        step = 2 if size > 30 else 1
        dx, dy = dx[:, ::step] + (step - 1) / 2, dy[::step] + (step - 1) / 2
        cos, sin = np.float32(np.cos(lean) / size), np.float32(np.sin(lean) / size)
        across, down = dx * cos + dy * sin, dy * cos - dx * sin
        # Contracting narrows the bell and makes it taller.
        wide, tall = 1.04 - 0.20 * pulse, 0.78 + 0.14 * pulse
        angle = np.arctan2(across / wide, -down / tall)
        margin = 0.13 + 0.035 * np.cos(13 * angle) - 0.10 * pulse * (across / wide) ** 2
        radius = np.hypot(across / wide, down / tall * (1 - 0.10 * pulse * (down > 0)))
        soft = 1.3 * step / size
        inside = smoothstep(1 + soft, 1 - soft, radius) * smoothstep(
            margin + 0.05, margin - 0.05, down
        )
        shell = np.exp(-((np.clip(1 - radius, 0, 1) / 0.085) ** 1.25))
        volume = 0.10 + 0.28 * np.clip(1 - radius**2, 0, 1) ** 0.5
        # Meridians: sixteen canals seen in perspective on a dome.
        meridian = np.arcsin(
            np.clip(across / (wide * np.sqrt(np.clip(1.001 - (down / tall) ** 2, 0.02, 1))), -1, 1)
        )
        canals = np.clip(np.cos(meridian * 10) * 4 - 2.9, 0, 1) * np.clip(radius - 0.22, 0, 1)
        edge = np.exp(-(((down - margin) / 0.055) ** 2)) * 0.7
        # Four gonads lie around the axis; seen from the side they are soft arches.
        arches = np.zeros_like(radius)
        for place, spread in ((-0.40, 0.62), (-0.13, 1.0), (0.17, 1.0), (0.42, 0.62)):
            ring = np.hypot((across - place * wide) / spread, (down + 0.20) / 1.15) - 0.135
            arches += np.exp(-((ring / 0.065) ** 2)) * spread * smoothstep(0.0, -0.24, down)
        gloss = np.exp(-(((across + 0.38) / 0.16) ** 2 + ((down + 0.52) / 0.10) ** 2)) * 0.5
        glow = inside * (volume + 0.16 * canals + 0.30 * arches)
        line = inside * (0.85 * shell + edge + gloss)
        rows, columns = view.shape[1:]
        if step > 1:
            wide_columns, tall_rows = step * glow.shape[1], step * glow.shape[0]
            glow, line, inside = (
                resize(plane, wide_columns, tall_rows, fast=True)[:rows, :columns]
                for plane in (glow, line, inside)
            )
        # A real animal hides what is behind it a little.
        view *= 1 - np.float32(0.45) * inside
        for channel in range(3):
            body, edge_light = tint[channel] * light, rim[channel] * light * 0.8
            view[channel] += glow * np.float32(body) + line * np.float32(edge_light)

    def _add_threads(
        self,
        sparks: Sparks,
        number: int,
        jelly: _Jelly,
        t: float,
        spot: tuple[float, float, float],
        lean: float,
        pulse: float,
    ) -> None:
        """Add tentacles at the rim and frilled arms in the middle, as strings of points."""
        x, y, size = spot
        scale = self.height / self.render_size[1]
        cos, sin = np.float32(np.cos(lean)), np.float32(np.sin(lean))
        beat = 2 * np.pi * t / jelly.period_s + number
        seeds = self._threads[number]
        spread = (np.arange(_TENTACLES) / (_TENTACLES - 1) * 2 - 1).astype(np.float32)
        # Points lie closer than a pixel and a half, whatever the animal's size.
        count = int(np.clip(size * 2.8, 50, 320 * scale))
        along = np.linspace(0, 1, count, dtype=np.float32)[:, None]
        reach = (2.2 + 2.2 * seeds[1]) * size
        lag = beat - 3.2 * along
        sway = (0.10 + 0.34 * along) * size * np.sin(lag * 0.5 + 5 * seeds[0] + 2 * along)
        sway = sway + 0.11 * size * along * np.sin(9 * along + 1.3 * t + 20 * seeds[2])
        across = spread * (0.98 - 0.20 * pulse) * size * (0.95 - 0.30 * along**0.7) + sway
        down = 0.10 * size + along * reach * (0.92 + 0.08 * np.sin(lag))
        weight = (1 - along) ** 1.2 * (0.30 + 0.45 * seeds[2]) * np.float32(1.05 * jelly.light)
        sparks.add(
            x + across * cos - down * sin,
            y + across * sin + down * cos,
            weight * reach / size / (count / 60) * scale,
            rgb(jelly.rim),
        )

        count = int(np.clip(size * 1.9, 40, 280 * scale))
        rank = np.linspace(0, 1, count, dtype=np.float32)
        lag = beat - 2.6 * rank
        for arm in range(_ARMS):
            own, other = self._frills[number][:, arm]
            centre = (arm - (_ARMS - 1) / 2) * 0.19 * size * (1 - 0.45 * rank)
            swing = 0.26 * size * rank * np.sin(lag * 0.5 + 3 * own)
            length = size * (1.7 + 0.7 * other)
            for strand in range(3):
                curl = (0.035 + 0.075 * strand / 2) * size * (1 - 0.5 * rank)
                wave = curl * np.sin((19 + 5 * own) * rank + 1.7 * t + 1.9 * strand + 6 * other)
                across = centre + swing + wave
                down = (
                    0.04 * size + rank * length + 0.4 * curl * np.cos(23 * rank + 2.1 * t + strand)
                )
                weight = (1 - rank) ** 0.9 * np.float32(0.62 * jelly.light * min(1.0, size / 30))
                sparks.add(
                    x + across * cos - down * sin,
                    y + across * sin + down * cos,
                    weight,
                    rgb(jelly.tint),
                )

    @classmethod
    def sound(cls, duration_s: float) -> NDArray[np.float32]:
        """A deep drone, slow glass, bubbles, the hush of water all around."""
        rng = np.random.default_rng(31)
        track = tone.silence(duration_s)
        chords = (
            (33, 45, 52, 59),
            (29, 45, 53, 60),
            (36, 43, 55, 62),
            (33, 45, 52, 64),
            (33, 40, 57, 64),
        )
        tone.add_pad(track, rng, 0.13, chords, overlap_s=5, brightness=0.25)
        for at, note in (
            (4, 76),
            (7.5, 71),
            (11, 79),
            (15, 83),
            (18.5, 74),
            (22, 88),
            (24, 83),
            (26, 91),
            (29, 86),
            (32, 76),
        ):
            when = at * duration_s / 38
            tone.add_tone(
                track,
                when,
                note,
                0.05,
                decay_s=3.2,
                pan=rng.uniform(-0.7, 0.7),
                partials=tone.GLASS,
                attack_s=0.15,
            )
            tone.add_tone(
                track,
                when + 0.42,
                note - 12,
                0.03,
                decay_s=2.2,
                pan=rng.uniform(-0.7, 0.7),
                partials=tone.KALIMBA,
                attack_s=0.08,
            )
        track = tone.add_room(track, rng, 5.5, 1.0)
        tone.add_wind(track, rng, 0.016, 40, 190)
        for at in np.cumsum(rng.exponential(1.9, int(duration_s / 1.9))):
            for step in range(int(rng.integers(1, 5))):
                tone.add_bubble(track, rng, float(at) + 0.11 * step, 0.022)
        return tone.master(track)
