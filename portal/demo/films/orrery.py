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
    blur,
    ease,
    noise_1d,
    noise_2d,
    over,
    resize,
    rgb,
    shrink,
    smoothstep,
)
from portal.demo.films.film import Film
from portal.demo.films.strokes import patch

_SUN_X, _SUN_Y = 1.02, 0.44
_RINGS = ("#0c1733", "#12244a", "#193463", "#22497c", "#2f648f", "#4a86a3")
_HILLS = ("#1b3158", "#13233f", "#0a1426")


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
    duration_s: ClassVar[int] = 36
    still_s: ClassVar[float] = 17.5
    hold: ClassVar[int] = 2
    vignette: ClassVar[float] = 0.30
    grain: ClassVar[float] = 0.004

    def prepare(self) -> None:
        """Cut the layers that stand still: rings of sky, gears' places, the town."""
        rng = self.rng
        self._paper = self._fibres(rng)
        self._sky = self._cut_sky(rng)
        self._town = self._stack_town(rng)
        dx, dy = self.x - _SUN_X, self.y - _SUN_Y
        self._near_sun = np.exp(-np.hypot(dx, dy) * 2.3).astype(np.float32)
        self._stars = [
            (
                x,
                rng.uniform(0.07, 0.40) * (0.45 + 0.55 * abs(x - _SUN_X)),
                rng.uniform(0.010, 0.021),
                rng.uniform(0, 6.28),
                rng.uniform(1.0, 9.0),
            )
            for x in (np.arange(17) + rng.uniform(-0.3, 0.3, 17)) / 17 * self.aspect
        ]

    def _fibres(self, rng: np.random.Generator) -> Plane:
        """Return the paper's tooth as a factor around 1."""
        grain = noise_2d(rng, self.width, self.height, (190, 110), octaves=3, gain=0.8)
        felt = noise_2d(rng, self.width, self.height, (26, 40), octaves=3)
        light = np.roll(grain, 1, axis=0) - grain
        return np.asarray(1 + 0.30 * light + 0.07 * (felt - 0.5), np.float32)

    def _shade(self, mask: Plane, spread: float, strength: float) -> Plane:
        """Return how much light is left beside a cut-out, its shadow falling down and left."""
        offset = max(1, round(spread * 0.8 * self.height))
        small = resize(blur(shrink(mask, 3), spread * self.height / 3), self.width, self.height)
        moved = np.roll(small, (offset, -offset // 2), axis=(0, 1))
        moved[:offset], moved[:, -offset:] = moved[offset], moved[:, -offset - 1 : -offset]
        return np.asarray(1 - strength * moved, np.float32)

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
            canvas *= self._shade(mask, 0.020, 0.42)
            over(canvas, mask, rgb(code))
        self._draw_orbits(canvas)
        return canvas

    def _cut_town(self, rng: np.random.Generator, layer: int) -> tuple[int, Plane, Plane, Plane]:
        """Return first row, mask, shadow and windows of one layer of hills and houses."""
        width, height = self.width, self.height
        base = (0.80, 0.865, 0.935)[layer]
        line = base - 0.075 * (noise_1d(rng, width, 3 + layer, octaves=3) - 0.5) * 2
        top = line.copy()
        windows = np.zeros((height, width), np.float32)
        position = rng.uniform(0, 0.08)
        while position < self.aspect and layer < 2:
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
            yy = self.y - 0.685
            xx = self.x - 0.365
            windows = np.maximum(windows, np.clip((0.018 - np.hypot(xx, yy)) * height + 0.5, 0, 1))
        mask = np.clip((self.y - top[None, :]) * height + 0.5, 0, 1).astype(np.float32)
        first = max(0, int(top.min() * height) - round(0.05 * height))
        windows = (windows * (mask > 0.9)).astype(np.float32)
        return first, mask, self._shade(mask, 0.016, 0.5), windows

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
        self._paint_gear(canvas, 0.10, 0.10, 0.235, 16, 0.10 * t, "#182d55", lit)
        self._paint_gear(canvas, 0.385, 0.245, 0.118, 8, -0.20 * t + 0.2, "#21406f", lit)
        self._paint_gear(canvas, 1.70, 0.69, 0.185, 13, -0.12 * t, "#1d3a68", lit)
        depths = [self._place(planet, t) for planet in _PLANETS]
        for planet, (x, y, behind) in zip(_PLANETS, depths, strict=True):
            if behind:
                self._paint_planet(canvas, planet, x, y, lit)
        self._paint_sun(canvas, t, lit, eclipse)
        for planet, (x, y, behind) in zip(_PLANETS, depths, strict=True):
            if not behind:
                self._paint_planet(canvas, planet, x, y, lit)
        self._paint_moon(canvas, u)
        self._paint_stars(canvas, t, u, lit)
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

    def _paint_gear(
        self,
        canvas: Planes,
        x: float,
        y: float,
        radius: float,
        teeth: int,
        turn: float,
        code: str,
        lit: float,
    ) -> None:
        found = patch(canvas, x * self.height, y * self.height, radius * 1.16 * self.height)
        if found is None:
            return
        view, dx, dy = found
        dx, dy = dx / self.height, dy / self.height

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
            return np.clip(inside * self.height * soft + 0.5, 0, 1)

        view *= 1 - 0.38 * cut(dx + 0.006, dy - 0.010, 0.12)
        over(view, cut(dx, dy, 1.0), rgb(code) * np.float32(0.62 + 0.55 * lit))

    def _paint_stars(self, canvas: Planes, t: float, u: float, lit: float) -> None:
        """Stars on threads are let down one after the other, and sway."""
        height = self.height
        for x, drop, size, phase, start in self._stars:
            fall = ease(start, start + 2.6, t) + 0.03 * np.sin(2.5 * t + phase) * np.exp(
                -0.5 * max(0, t - start - 2)
            )
            y = -0.05 + (drop + 0.05) * fall
            sway = 0.006 * np.sin(0.9 * t + phase)
            top, bottom = 0, int((y - size) * height)
            if bottom > top:
                rows = np.arange(top, bottom)
                columns = ((x + sway * rows / max(1, bottom)) * height).clip(0, self.width - 2)
                left = columns.astype(np.int32)
                part = (columns - left).astype(np.float32)
                for column, share in ((left, 1 - part), (left + 1, part)):
                    canvas[:, rows, column] += (
                        share * 0.16 * (rgb("#fff3d6")[:, None] - canvas[:, rows, column])
                    )
            cx, cy = (x + sway) * height, y * height
            found = patch(canvas, cx, cy, size * height * 1.5)
            if found is None:
                continue
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

    def _stack_town(self, rng: np.random.Generator) -> tuple[int, Plane, Planes, Planes]:
        """Return the town as one layer: first row, what it lets through, its colour, its windows."""
        layers = [self._cut_town(rng, layer) for layer in range(3)]
        first = min(layer[0] for layer in layers)
        rows = self.height - first
        through = np.ones((rows, self.width), np.float32)
        colour = np.zeros((3, rows, self.width), np.float32)
        lamps = np.zeros((3, rows, self.width), np.float32)
        for code, (_, mask, shade, windows) in zip(_HILLS, layers, strict=True):
            mask, keep = mask[first:], (shade * (1 - mask))[first:]
            through *= keep
            colour = colour * keep + mask * rgb(code)[:, None, None]
            lamps = lamps * keep + windows[first:] * rgb("#ffc766")[:, None, None]
        return first, through, colour, lamps

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
