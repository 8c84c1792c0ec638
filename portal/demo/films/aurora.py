"""The green hour: an aurora over a northern lake, and a boat with a lantern."""

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
    over,
    ramp,
    resize,
    rgb,
    scatter,
    shift_crop,
    smoothstep,
)
from portal.demo.films.film import Film
from portal.demo.films.strokes import draw_glow, patch

_HORIZON = 0.635
_GREEN, _TEAL, _VIOLET = rgb("#5cff8f", "#2fe0a8", "#a04dff")
_CURTAINS = (
    # base line, its sway, height, streak speed, drift, strength
    (0.47, 0.060, 0.30, 0.010, 0.006, 0.60),
    (0.40, 0.085, 0.36, -0.014, -0.009, 0.95),
    (0.30, 0.070, 0.26, 0.018, 0.012, 0.55),
)


class Aurora(Film):
    """Curtains of light, their reflection, pines on both shores."""

    key: ClassVar[str] = "aurora"
    audio_name: ClassVar[str] = "Polar night"
    duration_s: ClassVar[int] = 32
    still_s: ClassVar[float] = 19.8
    render_size: ClassVar[tuple[int, int]] = (854, 480)
    vignette: ClassVar[float] = 0.38

    def prepare(self) -> None:
        """Make streaks, stars, shores."""
        rng, width = self.rng, self.width
        wide = width * 3
        self._streaks = [
            noise_1d(rng, wide, 51, octaves=4, gain=0.75) ** 2.2 * 2.4 for _ in _CURTAINS
        ]
        self._folds = [noise_1d(rng, wide, 7, octaves=3, gain=0.5) for _ in _CURTAINS]
        self._veils = [smoothstep(0.30, 0.68, noise_1d(rng, wide, 9, octaves=3)) for _ in _CURTAINS]
        count = 700
        self._stars = rng.random((4, count)).astype(np.float32)
        self._mirror()
        columns = np.arange(width, dtype=np.float32) / self.height
        hills = 0.035 + 0.075 * noise_1d(rng, width, 5, octaves=6, gain=0.5)
        far = _HORIZON - hills * (0.6 + 0.4 * np.abs(columns / self.aspect * 2 - 1))
        land = np.clip((self.y - far[None, :]) * self.height + 0.5, 0, 1)
        pines = self._pines()
        self._far_rows = slice(int(far.min() * self.height) - 2, self._shore + 1)
        self._near_rows = slice(int(np.argmax(pines.max(axis=1) > 0)), self._shore + 1)
        self._far, self._near = land[self._far_rows], pines[self._near_rows]
        sky_rows = [(0, "#040818"), (0.3, "#071531"), (0.52, "#0c2a44"), (_HORIZON, "#175060")]
        self._sky = ramp(sky_rows, self.y[:, 0])[:, :, None]

    def _pines(self) -> Plane:
        """Return the mask of the pines that frame the picture, and of their reflection."""
        rng, height = self.rng, self.height
        mask = np.zeros((height, self.width), np.float32)
        trees = []
        for side in (0, 1):
            edge = 0.0 if side == 0 else self.aspect
            inward = 1 if side == 0 else -1
            reach = 0.46 if side == 0 else 0.30
            for _ in range(26):
                away = reach * rng.random() ** 1.3
                size = (0.30 * (1 - away / reach) ** 0.8 + 0.06) * rng.uniform(0.7, 1.1)
                trees.append((edge + inward * away, size))
        for place, tall in trees:
            foot = _HORIZON + 0.012 + rng.uniform(0, 0.012)
            lift = (self.y - (foot - tall)) / tall
            # Branches: a saw whose teeth hang a little, irregular from tier to tier.
            tier = lift * (7 + 9 * tall)
            saw = 1 - (tier % 1.0) * 0.62
            ragged = 0.85 + 0.15 * np.sin(37 * tier + 90 * place)
            half = tall * 0.20 * np.clip(lift, 0, 1) ** 0.85 * (1.22 - 0.6 * saw) * ragged
            trunk = 0.006 * tall + 0.0 * lift
            inside = (np.maximum(half, trunk) - np.abs(self.x - place)) * height + 0.5
            mask = np.maximum(mask, np.clip(inside, 0, 1) * ((lift > 0) & (lift < 1)))
        bank = _HORIZON + 0.004 + 0.010 * np.exp(-(((self.x - 0.2) / 0.35) ** 2))
        bank = bank + 0.008 * np.exp(-(((self.x - self.aspect + 0.1) / 0.25) ** 2))
        ground = (self.y > _HORIZON - 0.001) & (self.y < bank)
        return np.maximum(mask, ground).astype(np.float32)

    def _mirror(self) -> None:
        """Prepare which sky row each row of water shows."""
        self._shore = round(_HORIZON * self.height) + 2
        rows = np.arange(self._shore, self.height)
        depth = (rows - self._shore) / (self.height - self._shore)
        self._depth = depth.astype(np.float32)[:, None]

    def paint(self, t: float) -> Planes:
        """Paint the sky and its lights, the shores, then the water as their mirror."""
        u = self.arc(t)
        lights = self._curtains(t, u)
        canvas = np.repeat(self._sky, self.width, axis=2)
        glow = np.float32(0.25 + 0.75 * ease(0.0, 0.6, u))
        self._paint_stars(canvas, t)
        canvas[:, : lights.shape[1]] += lights
        hills = rgb("#081a26") * glow + rgb("#040d16") * (1 - glow)
        over(canvas[:, self._far_rows], self._far, hills)
        over(canvas[:, self._near_rows], self._near, rgb("#01050b"))
        self._paint_water(canvas, t)
        self._paint_boat(canvas, t, u)
        np.maximum(canvas, 0, out=canvas)
        # A shoulder for the brightest rays: x(1 + x/4) / (1 + x), cheaper than an exponential.
        return np.asarray(canvas * (1.12 + 0.2 * canvas) / (1 + 0.62 * canvas), np.float32)

    def _curtains(self, t: float, u: float) -> Planes:
        """Return the light of all curtains above the horizon, painted small: it has no edges."""
        rows = self._shore - self._shore % 3
        y = self.y[1:rows:3]
        width, height = self.width // 2, len(y)
        burst = 0.30 + 0.70 * ease(0.08, 0.45, u) + 0.9 * ease(0.45, 0.62, u) * ease(0.95, 0.7, u)
        total = np.zeros((3, height, width), np.float32)
        for number, (base, sway, tall, speed, drift, strength) in enumerate(_CURTAINS):
            streak = self._sample(self._streaks[number], 0.90 + speed * t)
            second = self._sample(self._streaks[number], 1.10 - 0.7 * speed * t)
            fold = self._sample(self._folds[number], 0.8 + drift * t)
            veil = self._sample(self._veils[number], 0.9 - 1.4 * drift * t + 0.1 * number)
            pulse = 0.8 + 0.2 * np.sin(0.5 * t + 2 * number)
            line = base + sway * (fold - 0.5) * 4 + 0.012 * np.sin(0.4 * t + 6 * fold)
            rays = (0.25 + 0.75 * streak) * (0.35 + 0.65 * second)
            reach = tall * (0.30 + 0.85 * second * streak + 0.25 * veil) * (0.7 + 0.4 * burst)
            lift = (line - y) / reach
            below = np.exp(np.minimum(0, lift) * 16 * reach / 0.30)
            shape = np.exp(-np.maximum(0, lift) * 2.1) * below
            light = shape * (rays * veil * np.float32(strength * burst * pulse))
            high = np.clip(lift * 0.85, 0, 1)
            for channel in range(3):
                tint = _GREEN[channel] + high * (_VIOLET[channel] - _GREEN[channel])
                tint += 0.35 * (1 - high) * (_TEAL[channel] - _GREEN[channel]) * (number != 1)
                total[channel] += light * tint
        return np.stack([resize(plane, self.width, rows, fast=True) for plane in total])

    def _sample(self, line: Plane, offset: float) -> Plane:
        return shift_crop(line, offset * self.width, self.width)[::2]

    def _paint_stars(self, canvas: Planes, t: float) -> None:
        sx, sy, light, phase = self._stars
        angle = 0.0011 * t
        x, y = sx * self.aspect * 1.1 - 0.05 - self.aspect / 2, sy * 0.75 - 0.2
        turned = x * np.cos(angle) - y * np.sin(angle), x * np.sin(angle) + y * np.cos(angle)
        twinkle = 0.72 + 0.28 * np.sin(t * (1.2 + 2.4 * phase) + 50 * phase)
        strength = (0.05 + 1.25 * light**7) * twinkle
        canvas += scatter(
            self.width,
            self.height,
            (turned[0] + self.aspect / 2) * self.height,
            (turned[1] + 0.2) * self.height,
            strength,
        )

    def _paint_water(self, canvas: Planes, t: float) -> None:
        """Mirror the sky with ripples that grow towards the viewer."""
        depth = self._depth
        rows = self._shore - 3 - (0.02 + 0.98 * depth) * (self.height - self._shore) * 1.32
        wave = np.sin(7 * self.x + 90 * depth**0.6 - 1.1 * t) * np.sin(
            3.1 * self.x - 47 * depth + 0.7 * t
        )
        wave += 0.6 * np.sin(23 * self.x * (0.3 + depth) + 160 * depth**0.5 - 1.9 * t)
        rows = rows + wave * (0.6 + 7.5 * depth) * (self.height / 540)
        source = np.clip(rows, 0, self._shore - 4).astype(np.int32) * self.width
        source += np.arange(self.width, dtype=np.int32)[None, :]
        water = canvas[:, self._shore :]
        dim = 0.70 - 0.34 * depth
        sheen = (0.012 * (1 - depth) + 0.004 * wave * depth).astype(np.float32)
        for channel, tint in enumerate((0.86, 0.97, 1.0)):
            flat = canvas[channel].reshape(-1)
            water[channel] = flat.take(source) * (dim * np.float32(tint)) + sheen
        line = np.exp(-depth * 90) * 0.05
        water += line * rgb("#7fffd0")[:, None, None]

    def _paint_boat(self, canvas: Planes, t: float, u: float) -> None:
        """A rowing boat crosses the middle distance; its lantern is put out near the end."""
        height = self.height
        x = (0.74 + 0.0145 * t) * height
        y = (_HORIZON + 0.082 + 0.0015 * np.sin(0.9 * t)) * height
        size = 0.030 * height
        lit = 1 - ease(0.83, 0.86, u)
        found = patch(canvas, x, y, 3 * size)
        if found is None:
            return
        view, dx, dy = found
        dx, dy = dx / np.float32(size), dy / np.float32(size)
        hull = (np.abs(dx) < 1.15) * np.clip((0.30 - 0.22 * dx**4 - dy) * size * 0.5, 0, 1)
        hull = hull * np.clip((dy + 0.02 + 0.16 * dx**2) * size + 0.5, 0, 1)
        hull = np.clip(hull, 0, 1)
        lean = 0.10 * np.sin(1.7 * t)
        body = np.clip(
            (0.20 - np.hypot((dx + 0.15 - lean * dy) * 1.1, (dy + 0.42) * 0.52)) * size + 0.5, 0, 1
        )
        head = np.clip((0.135 - np.hypot(dx + 0.15 + lean, dy + 0.92)) * size + 0.5, 0, 1)
        ink = rgb("#010409")
        over(view, np.maximum(np.maximum(hull, body), head), ink)
        gleam = np.exp(-np.abs(dx) * 1.6) * np.exp(-(((dy - 0.45) / 0.28) ** 2)) * 0.02
        view += gleam * _TEAL[:, None, None]
        if lit > 0:
            flame = lit * (1 + 0.05 * np.sin(11 * t))
            draw_glow(
                canvas, x + 0.8 * size, y - 0.5 * size, 2.6 * size, rgb("#ffb057"), 0.75 * flame
            )
            draw_glow(
                canvas, x + 0.8 * size, y - 0.5 * size, 0.32 * size, rgb("#fff0c8"), 2.2 * flame
            )
            for step in range(5):
                sway = 0.14 * size * np.sin(2.3 * t + 1.9 * step)
                draw_glow(
                    canvas,
                    x + 0.8 * size + sway,
                    y + (0.75 + 0.62 * step) * size,
                    (0.5 - 0.05 * step) * size,
                    rgb("#ff9d45"),
                    0.55 * flame / (1 + 0.5 * step),
                )

    @classmethod
    def sound(cls, duration_s: float) -> NDArray[np.float32]:
        """A cold open-fifth pad, glass tones like the lights, water against a hull."""
        rng = np.random.default_rng(23)
        track = tone.silence(duration_s)
        chords = (
            (45, 52, 57, 64),
            (41, 53, 60, 64),
            (48, 55, 60, 67),
            (43, 50, 59, 62),
            (45, 52, 60, 64),
        )
        tone.add_pad(track, rng, 0.10, chords, overlap_s=4.5, brightness=0.22)
        scale = (76, 79, 81, 84, 86, 88, 91)
        at = 3.0
        while at < duration_s - 5:
            density = 0.7 if 0.42 < at / duration_s < 0.75 else 1.7
            note = scale[rng.integers(len(scale))]
            tone.add_tone(
                track,
                at,
                note,
                0.030,
                decay_s=2.4,
                pan=rng.uniform(-0.8, 0.8),
                partials=tone.GLASS,
                attack_s=0.03,
            )
            at += rng.uniform(0.5, 1.6) * density
        track = tone.add_room(track, rng, 4.5, 0.8)
        tone.add_wind(track, rng, 0.011, 90, 380)
        for at in np.arange(1.5, duration_s - 2, 2.7):
            tone.add_lap(track, rng, float(at + rng.uniform(-0.5, 0.5)), 0.020)
        return tone.master(track)
