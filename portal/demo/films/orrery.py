"""The paper orrery: a solar system cut from coloured paper, over a small town."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from portal.demo.films import sound as tone
from portal.demo.films.canvas import (
    Plane,
    Planes,
    ease,
    noise_1d,
    over,
    rgb,
    smoothstep,
)
from portal.demo.films.film import Film
from portal.demo.films.paper import HangingStar, cut_town, draw_gear, light_beside, paper_tooth
from portal.demo.films.strokes import patch

_SUN_X, _SUN_Y = 1.02, 0.44
_RINGS = ("#0c1733", "#12244a", "#193463", "#22497c", "#2f648f", "#4a86a3")


@dataclass(frozen=True, slots=True)
class _Planet:
    """A paper planet: orbit (picture heights), period, size, colours, ring."""

    orbit: float
    period_s: float
    phase: float
    radius: float
    colours: tuple[str, str, str]
    ring: str = ""
    moon: bool = False


_PLANETS = (
    _Planet(0.205, 11.0, 0.4, 0.020, ("#d98a6a", "#b96a52", "#e8a686")),
    _Planet(0.285, 17.0, 2.6, 0.033, ("#f4c489", "#e5a562", "#fbe0b3")),
    _Planet(0.390, 26.0, 4.6, 0.037, ("#5fb3a5", "#3f8f8c", "#a5dcc4"), moon=True),
    _Planet(0.500, 38.0, 1.2, 0.028, ("#e2604f", "#b8443f", "#f08a70")),
    _Planet(0.655, 60.0, 3.45, 0.074, ("#f0b27a", "#d98b5a", "#f8d7a8")),
    _Planet(0.830, 84.0, 5.62, 0.056, ("#e9d9a6", "#cdb47c", "#f6ecc8"), ring="#f2e4b8"),
)


class Orrery(Film):
    """Discs, gears and threads of paper, each with its shadow."""

    key: ClassVar[str] = "orrery"
    audio_name: ClassVar[str] = "Music box"
    duration_s: ClassVar[int] = 34
    still_s: ClassVar[float] = 16.5
    hold: ClassVar[int] = 2
    vignette: ClassVar[float] = 0.30
    grain: ClassVar[float] = 0.004

    def prepare(self) -> None:
        """Cut the layers that stand still: rings of sky, gears' places, the town."""
        rng = self.rng
        self._paper = paper_tooth(rng, self.width, self.height)
        self._sky = self._cut_sky(rng)
        self._town = cut_town(rng, self.x, self.y)
        dx, dy = self.x - _SUN_X, self.y - _SUN_Y
        self._near_sun = np.exp(-np.hypot(dx, dy) * 2.3).astype(np.float32)
        self._stars = [
            HangingStar(
                x,
                rng.uniform(0.07, 0.40) * (0.45 + 0.55 * abs(x - _SUN_X)),
                rng.uniform(0.010, 0.021),
                rng.uniform(0, 6.28),
                rng.uniform(1.0, 9.0),
            )
            for x in (np.arange(17) + rng.uniform(-0.3, 0.3, 17)) / 17 * self.aspect
        ]

    def _cut_sky(self, rng: np.random.Generator) -> Planes:
        """Return sheets with ever smaller openings, the lightest one lying deepest."""
        dx, dy = (self.x - _SUN_X) / 1.30, self.y - _SUN_Y
        reach = np.hypot(dx, dy)
        turn = ((np.arctan2(dy, dx) / (2 * np.pi)) % 1.0 * 1023).astype(np.int32)
        canvas = np.empty((3, self.height, self.width), np.float32)
        canvas[:] = rgb("#6fa9b4")[:, None, None]
        warm = np.exp(-((reach / 0.20) ** 2))
        over(canvas, warm.astype(np.float32), rgb("#f6cf9a"))
        for number, code in enumerate(reversed(_RINGS)):
            radius = 0.185 + 0.118 * number
            wave = noise_1d(rng, 1024, 5 + 2 * number, octaves=2)
            wave = wave + np.linspace(0, 1, 1024) * (wave[0] - wave[-1])
            edge = radius * (1 + 0.26 * (wave - 0.5))
            mask = np.clip((reach - edge[turn]) * self.height + 0.5, 0, 1).astype(np.float32)
            canvas *= light_beside(mask, 0.020, 0.42)
            over(canvas, mask, rgb(code))
        self._draw_orbits(canvas)
        return canvas

    def paint(self, t: float) -> Planes:
        """Paint sky, gears, sun, what hangs and what circles, then the town."""
        u = self.arc(t)
        self._spin = 0.35 * t + 0.65 * t * ease(0.05, 0.30, u)
        eclipse = np.exp(-(((u - 0.70) / 0.055) ** 2))
        lit = ease(0.02, 0.24, u) * (1 - 0.72 * eclipse) * (1 - 0.35 * ease(0.88, 1, u))
        canvas = self._sky * (
            np.float32(0.50)
            + np.float32(0.50 + 0.25 * lit) * self._near_sun * lit
            + np.float32(0.34 * lit)
        )
        draw_gear(canvas, 0.10, 0.10, 0.235, 16, 0.10 * t, "#182d55", lit)
        draw_gear(canvas, 0.385, 0.245, 0.118, 8, -0.20 * t + 0.2, "#21406f", lit)
        draw_gear(canvas, 1.70, 0.69, 0.185, 13, -0.12 * t, "#1d3a68", lit)
        depths = [self._place(planet, t) for planet in _PLANETS]
        for planet, (x, y, behind) in zip(_PLANETS, depths, strict=True):
            if behind:
                self._paint_planet(canvas, planet, x, y, lit)
        self._paint_sun(canvas, t, lit, eclipse)
        for planet, (x, y, behind) in zip(_PLANETS, depths, strict=True):
            if not behind:
                self._paint_planet(canvas, planet, x, y, lit)
        self._paint_moon(canvas, u)
        for star in self._stars:
            star.draw(canvas, t, lit)
        self._paint_comet(canvas, t, u)
        self._paint_town(canvas, u, lit, eclipse)
        canvas *= self._paper
        return canvas

    def _place(self, planet: _Planet, t: float) -> tuple[float, float, bool]:
        angle = planet.phase + 2 * np.pi * self._spin / planet.period_s * 0.8
        tilt = 0.40
        x = _SUN_X + planet.orbit * 1.18 * np.cos(angle)
        y = _SUN_Y + planet.orbit * tilt * np.sin(angle) + 0.13 * planet.orbit * np.cos(angle)
        return float(x), float(y), bool(np.sin(angle) < 0)

    def _draw_orbits(self, canvas: Planes) -> None:
        dx, dy = (self.x - _SUN_X) / 1.18, self.y - _SUN_Y
        reach = np.hypot(dx, (dy - 0.13 * dx) / 0.40)
        slope = np.hypot(*np.gradient(reach))
        for planet in _PLANETS:
            line = np.clip(1.1 - np.abs(reach - planet.orbit) / slope, 0, 1)
            over(canvas, (0.22 * line).astype(np.float32), rgb("#fff0cf"))

    def _shadow(
        self, canvas: Planes, x: float, y: float, radius: float, strength: float = 0.5
    ) -> None:
        height = self.height
        lift = 0.55 * radius + 0.006
        away = np.array([x - _SUN_X, y - _SUN_Y])
        away = away / (np.hypot(*away) + 0.25)
        cx, cy = x + lift * away[0], y + lift * away[1] + 0.006
        found = patch(canvas, cx * height, cy * height, 1.5 * radius * height + 6)
        if found is not None:
            view, dx, dy = found
            reach = np.hypot(dx, dy) / (radius * height)
            view *= 1 - np.float32(strength) * smoothstep(1.35, 0.75, reach)

    def _paint_planet(
        self, canvas: Planes, planet: _Planet, x: float, y: float, lit: float
    ) -> None:
        height = self.height
        radius = planet.radius
        self._shadow(canvas, x, y, radius * (1.5 if planet.ring else 1.0), 0.42)
        found = patch(
            canvas, x * height, y * height, radius * height * (2.25 if planet.ring else 1.03)
        )
        if found is None:
            return
        view, dx, dy = found
        dx, dy = dx / (radius * height), dy / (radius * height)
        pixel = radius * height
        reach = np.hypot(dx, dy)
        disc = np.clip((1 - reach) * pixel + 0.5, 0, 1)
        tilt = dy + 0.35 * dx
        light = np.float32(0.52 + 0.52 * lit)
        base, dark, pale = (rgb(code) * light for code in planet.colours)
        ring = np.hypot(dx + 0.25 * dy, (dy - 0.34 * dx) * 3.1)
        band = np.clip((2.0 - ring) * pixel * 0.4 + 0.5, 0, 1) * np.clip(
            (ring - 1.42) * pixel * 0.4 + 0.5, 0, 1
        )
        hind = (dy - 0.34 * dx) < 0
        if planet.ring:
            over(view, (band * hind).astype(np.float32), rgb(planet.ring) * light * 0.82)
        over(view, disc, base)
        wave = 0.06 * np.sin(5 * dx + 0.5 * self._spin)
        for number, (low, high, tint) in enumerate(
            ((-0.62, -0.36, dark), (-0.08, 0.20, pale), (0.46, 0.70, dark))
        ):
            at = tilt + wave * (-1) ** number
            stripe = np.clip((at - low) * pixel, 0, 1) * np.clip((high - at) * pixel, 0, 1)
            view *= 1 - 0.22 * disc * np.clip(1 - np.abs(at - high) * 9, 0, 1) * (at > high)
            over(view, stripe * disc, tint)
        # Light comes from the sun: the far side of the disc lies in its own fold.
        away = np.array([x - _SUN_X, y - _SUN_Y])
        away = away / (np.hypot(*away) + 1e-6)
        side = dx * np.float32(away[0]) + dy * np.float32(away[1])
        view *= 1 - disc * smoothstep(-0.1, 1.0, side) * np.float32(0.46 * (0.3 + 0.7 * lit))
        if planet.ring:
            over(view, (band * ~hind).astype(np.float32), rgb(planet.ring) * light)
        if planet.moon:
            angle = 1.3 * self._spin
            mx = x + 0.066 * np.cos(angle)
            my = y + 0.034 * np.sin(angle)
            self._disc(canvas, mx, my, 0.0105, rgb("#f3ead6") * light)

    def _disc(self, canvas: Planes, x: float, y: float, radius: float, colour: Plane) -> None:
        self._shadow(canvas, x, y, radius)
        found = patch(canvas, x * self.height, y * self.height, radius * self.height + 2)
        if found is not None:
            view, dx, dy = found
            over(view, np.clip(radius * self.height - np.hypot(dx, dy) + 0.5, 0, 1), colour)

    def _paint_sun(self, canvas: Planes, t: float, lit: float, eclipse: float) -> None:
        """Three sheets: long rays, short rays that turn against them, the disc with its face."""
        height = self.height
        found = patch(canvas, _SUN_X * height, _SUN_Y * height, 0.20 * height)
        if found is None:
            return
        view, dx, dy = found
        dx, dy = dx / height, dy / height
        reach, angle = np.hypot(dx, dy), np.arctan2(dy, dx)
        light = np.float32(0.40 + 0.66 * lit)
        for count, turn, low, high, code in (
            (16, 0.10, 0.115, 0.172, "#f08a4b"),
            (16, -0.13, 0.104, 0.140, "#f7b455"),
        ):
            tooth = np.abs(((angle + turn * self._spin) * count / (2 * np.pi)) % 1.0 - 0.5) * 2
            edge = low + (high - low) * (1 - tooth) ** 1.1
            soft = np.clip((edge - reach) * height * 0.12 + 0.7, 0, 1)
            shifted = np.hypot(dx + 0.004, dy - 0.008)
            view *= 1 - 0.32 * np.clip((edge - shifted) * height * 0.16 + 0.7, 0, 1) * (1 - soft)
            over(view, np.clip((edge - reach) * height + 0.5, 0, 1), rgb(code) * light)
        view *= 1 - 0.30 * smoothstep(0.112, 0.092, np.hypot(dx + 0.004, dy - 0.008))
        over(view, np.clip((0.098 - reach) * height + 0.5, 0, 1), rgb("#ffd873") * light)
        over(view, np.clip((0.079 - reach) * height + 0.5, 0, 1) * 0.9, rgb("#ffe6a0") * light)
        ink = rgb("#c2703a") * light
        blink = 1 - 0.9 * max(0.0, float(np.sin(0.9 * t)) - 0.97) / 0.03
        for side in (-1, 1):
            eye = np.hypot((dx - side * 0.028) / 1.0, (dy + 0.012) / max(0.1, blink))
            over(view, np.clip((0.0058 - eye) * height + 0.5, 0, 1), ink)
            cheek = np.hypot(dx - side * 0.045, dy - 0.018)
            over(view, smoothstep(0.013, 0.009, cheek) * 0.5, rgb("#f59a6a") * light)
        smile = np.abs(np.hypot(dx, dy - 0.004) - 0.026)
        over(view, np.clip((0.0024 - smile) * height + 0.5, 0, 1) * (dy > 0.014), ink)

    def _paint_moon(self, canvas: Planes, u: float) -> None:
        """The missing planet comes back between us and the sun, and makes an eclipse."""
        along = (u - 0.70) / 0.20
        if abs(along) > 1.5:
            return
        x = _SUN_X + 0.55 * along
        y = _SUN_Y - 0.055 * along + 0.04 * along**2
        self._shadow(canvas, x, y, 0.105, 0.5)
        found = patch(canvas, x * self.height, y * self.height, 0.11 * self.height)
        if found is None:
            return
        view, dx, dy = found
        dx, dy = dx / self.height, dy / self.height
        disc = np.clip((0.101 - np.hypot(dx, dy)) * self.height + 0.5, 0, 1)
        over(view, disc, rgb("#31477a"))
        for cx, cy, size in (
            (-0.035, -0.03, 0.026),
            (0.03, 0.012, 0.034),
            (-0.02, 0.05, 0.018),
            (0.045, -0.05, 0.014),
        ):
            hole = np.clip((size - np.hypot(dx - cx, dy - cy)) * self.height + 0.5, 0, 1) * disc
            over(view, hole, rgb("#26396a"))
            edge = np.clip(
                (size - np.hypot(dx - cx - 0.004, dy - cy - 0.005)) * self.height + 0.5, 0, 1
            )
            over(view, edge * hole, rgb("#3a5389"))

    def _paint_comet(self, canvas: Planes, t: float, u: float) -> None:
        along = (u - 0.40) / 0.17
        if not 0 < along < 1:
            return
        x, y = -0.15 + 2.15 * along, 0.36 - 0.34 * np.sin(along * 2.3) + 0.05
        slope = -0.34 * 2.3 * np.cos(along * 2.3) / 2.15
        for back, size, code in (
            (0.10, 0.010, "#f2705c"),
            (0.066, 0.015, "#f7a15e"),
            (0.03, 0.020, "#ffd28a"),
            (0.0, 0.024, "#fff4dc"),
        ):
            self._disc(canvas, x - back, y - back * slope, size, rgb(code))

    def _paint_town(self, canvas: Planes, u: float, lit: float, eclipse: float) -> None:
        waking = max(0.55 * (1 - ease(0.03, 0.2, u)), float(eclipse), ease(0.84, 0.95, u))
        first, through, colour, lamps = self._town
        view = canvas[:, first:]
        view *= through
        view += colour * np.float32(0.72 + 0.42 * lit)
        view += lamps * np.float32(0.10 + 0.85 * waking)

    @classmethod
    def sound(cls, duration_s: float) -> NDArray[np.float32]:
        """A music box in three time that winds up, and down again."""
        rng = np.random.default_rng(53)
        track = tone.silence(duration_s)
        melody = (
            (72, 76, 79),
            (74, 77, 81),
            (76, 79, 84),
            (74, 79, 83),
            (72, 76, 81),
            (69, 74, 77),
            (71, 74, 79),
            (67, 72, 76),
            (72, 77, 81),
            (76, 79, 84),
            (77, 81, 86),
            (76, 79, 83),
            (74, 77, 81),
            (72, 76, 79),
        )
        bass = (48, 50, 52, 55, 53, 50, 55, 48, 53, 52, 50, 55, 53, 48)
        at = 2.0
        for bar in range(200):
            notes, low = melody[bar % len(melody)], bass[bar % len(bass)]
            position = at / duration_s
            if position > 0.9:
                break
            beat = 0.44 + 0.5 * max(0, 0.12 - position) * 3 + 0.9 * max(0.0, position - 0.8)
            tone.add_tone(track, at, low, 0.05, decay_s=1.4, partials=tone.KALIMBA)
            for index, note in enumerate(notes):
                loud = 0.075 if index == 0 else 0.05
                tone.add_tone(
                    track,
                    at + index * beat,
                    note,
                    loud,
                    decay_s=0.9,
                    pan=rng.uniform(-0.35, 0.35),
                    partials=tone.KALIMBA,
                )
                if rng.random() < 0.25:
                    tone.add_tone(
                        track,
                        at + (index + 0.5) * beat,
                        note + 12,
                        0.028,
                        decay_s=0.7,
                        pan=rng.uniform(-0.5, 0.5),
                        partials=tone.KALIMBA,
                    )
            at += 3 * beat
        track = tone.add_room(track, rng, 1.8, 0.35)
        tone.add_pad(track, rng, 0.02, ((48, 55, 60), (53, 57, 60), (50, 57, 62), (48, 55, 64)))
        for at in np.arange(1.0, duration_s - 1, 0.5):  # clockwork
            tone.add_tone(
                track,
                float(at),
                100 if int(at * 2) % 2 else 97,
                0.0045,
                decay_s=0.03,
                attack_s=0.002,
                pan=-0.3,
            )
        return tone.master(track)
