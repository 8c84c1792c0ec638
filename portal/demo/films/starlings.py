"""Ten thousand starlings: a murmuration over a salt marsh, from the first bird to the last."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

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
from portal.demo.films.strokes import draw_glow

_BIRDS = 10_000
_HORIZON = 0.765
_WATER_TO = 1.0
_SKIES = (
    (0.0, [(0, "#7d8fa3"), (0.35, "#b9b3a6"), (0.62, "#f0d6a3"), (0.78, "#ffe3a8")]),
    (0.45, [(0, "#566b8c"), (0.30, "#a58f92"), (0.56, "#eeb183"), (0.78, "#ffcf85")]),
    (0.80, [(0, "#2f3d63"), (0.30, "#6d5b7d"), (0.56, "#c47b73"), (0.78, "#f0a06b")]),
    (1.0, [(0, "#161f3d"), (0.30, "#323a5f"), (0.56, "#6b5672"), (0.78, "#9a6a6d")]),
)


class Starlings(Film):
    """A flock as one body: it turns, folds, parts, and pours into the reeds."""

    key: ClassVar[str] = "starlings"
    audio_name: ClassVar[str] = "Salt marsh"
    duration_s: ClassVar[int] = 48
    still_s: ClassVar[float] = 26.2
    render_size: ClassVar[tuple[int, int]] = (854, 480)
    vignette: ClassVar[float] = 0.34

    def prepare(self) -> None:
        """Make clouds, reeds, the bank with the watcher, and every bird's place in the flock."""
        rng, width, height = self.rng, self.width, self.height
        texture = noise_2d(rng, int(width * 1.5), height, (5, 14), octaves=6, gain=0.55)
        self._clouds = smoothstep(0.48, 0.78, texture)
        self._far = _HORIZON - 0.012 - 0.02 * noise_1d(rng, width, 9, octaves=5) ** 2
        self._reeds = [self._plant_reeds(rng, layer) for layer in range(2)]
        self._bank, self._bank_rows = self._draw_bank()
        ball = rng.normal(size=(3, _BIRDS))
        ball /= np.linalg.norm(ball, axis=0)
        self._places = (ball * rng.random(_BIRDS) ** 0.45).astype(np.float32)
        self._order = rng.random(_BIRDS).astype(np.float32)
        self._shiver = rng.random((2, _BIRDS)).astype(np.float32) * 6.28

    def _plant_reeds(self, rng: np.random.Generator, layer: int) -> tuple[int, Plane]:
        """Return first row and mask of a stand of reeds, a little wider than the picture."""
        scale = 2
        margin = 40
        width, height = (self.width + 2 * margin) * scale, self.height * scale
        image = Image.new("L", (width, height), 0)
        draw = ImageDraw.Draw(image)
        base = (0.93, 1.04)[layer]
        stand = noise_1d(rng, 512, 6, octaves=3)
        for _ in range((620, 360)[layer]):
            place = rng.random()
            dense = stand[int(place * 511)]
            if rng.random() > 0.25 + 1.1 * dense:
                continue
            tall = (0.07, 0.17)[layer] * rng.uniform(0.5, 1.25) * (0.5 + dense)
            lean = rng.normal(0.012, 0.02) * (1 + layer)
            x = place * width
            points = []
            for step in range(7):
                along = step / 6
                points.append((x + lean * along**1.8 * height, (base - tall * along) * height))
            draw.line(points, fill=255, width=(2, 4)[layer], joint="curve")
            if rng.random() < 0.45:  # the plume
                tip, size = points[-1], (0.006, 0.012)[layer] * height
                draw.ellipse(
                    (tip[0] - size * 0.4, tip[1] - size * 1.7, tip[0] + size * 0.5, tip[1] + size),
                    fill=255,
                )
        draw.rectangle((0, (base - (0.012, 0.05)[layer]) * height, width, height), fill=255)
        small = image.resize((width // scale, height // scale), Image.Resampling.BOX)
        mask = np.asarray(small, np.float32) / 255
        first = int(np.argmax(mask.max(axis=1) > 0))
        return first, mask[first:]

    def _draw_bank(self) -> tuple[Plane, slice]:
        """Return the mask of the dyke at the right with a man, his bicycle and a bare tree."""
        scale = 3
        width, height = self.width * scale, self.height * scale
        image = Image.new("L", (width, height), 0)
        draw = ImageDraw.Draw(image)

        def at(x: float, y: float) -> tuple[float, float]:
            return x * height, y * height

        draw.polygon(
            [
                at(1.02, 0.90),
                at(1.14, 0.838),
                at(1.30, 0.812),
                at(1.9, 0.800),
                at(1.9, 1),
                at(1.0, 1),
            ],
            fill=255,
        )
        x, y = 1.335, 0.812  # the watcher: coat, hat, hands in pockets
        draw.polygon(
            [
                at(x - 0.014, y),
                at(x - 0.011, y - 0.052),
                at(x - 0.004, y - 0.060),
                at(x + 0.006, y - 0.060),
                at(x + 0.012, y - 0.052),
                at(x + 0.013, y),
            ],
            fill=255,
        )
        draw.ellipse((*at(x - 0.0065, y - 0.0755), *at(x + 0.0075, y - 0.0590)), fill=255)
        draw.polygon(
            [
                at(x - 0.011, y - 0.0700),
                at(x + 0.0125, y - 0.0715),
                at(x + 0.007, y - 0.0745),
                at(x + 0.006, y - 0.0805),
                at(x - 0.005, y - 0.0795),
                at(x - 0.006, y - 0.0735),
            ],
            fill=255,
        )
        line = max(2, round(0.0026 * height))
        bx, by, wheel = 1.405, 0.789, 0.0195
        for cx in (bx, bx + 0.056):
            draw.ellipse(
                (*at(cx - wheel, by - wheel), *at(cx + wheel, by + wheel)), outline=255, width=line
            )
        frame = [
            (bx, by),
            (bx + 0.018, by - 0.032),
            (bx + 0.044, by - 0.034),
            (bx + 0.056, by),
            (bx + 0.044, by - 0.034),
            (bx + 0.024, by),
            (bx + 0.018, by - 0.032),
            (bx + 0.024, by),
            (bx, by),
        ]
        draw.line([at(*point) for point in frame], fill=255, width=line)
        draw.line(
            [at(bx + 0.044, by - 0.034), at(bx + 0.042, by - 0.044), at(bx + 0.051, by - 0.048)],
            fill=255,
            width=line,
        )
        draw.line(
            [at(bx + 0.012, by - 0.036), at(bx + 0.024, by - 0.036)], fill=255, width=line * 2
        )
        rng = np.random.default_rng(6)

        def branch(
            px: float, py: float, angle: float, length: float, thick: float, depth: int
        ) -> None:
            ex, ey = px + length * np.cos(angle), py - length * np.sin(angle)
            draw.line([at(px, py), at(ex, ey)], fill=255, width=max(2, round(thick * height)))
            if depth:
                for _ in range(2 + (rng.random() < 0.45)):
                    branch(
                        ex,
                        ey,
                        angle + rng.normal(0.05, 0.48),
                        length * rng.uniform(0.62, 0.86),
                        thick * 0.64,
                        depth - 1,
                    )

        branch(1.600, 0.815, 1.66, 0.085, 0.0125, 7)
        mask = (
            np.asarray(image.resize((self.width, self.height), Image.Resampling.BOX), np.float32)
            / 255
        )
        first = int(np.argmax(mask.max(axis=1) > 0))
        return mask[first:], slice(first, self.height)

    def paint(self, t: float) -> Planes:
        """Paint sky, flock and water, then reeds and bank in front."""
        u = self.arc(t)
        canvas = self._paint_sky(t, u)
        self._paint_flock(canvas, t, u)
        self._paint_water(canvas, t, u)
        dark = ramp(
            [(0, "#3a342f"), (0.5, "#2c2326"), (0.85, "#17141f"), (1, "#0b0c16")], np.asarray(u)
        )
        self._paint_reeds(canvas, 0, t, dark * np.float32(1.25))
        over(canvas[:, self._bank_rows], self._bank, dark * np.float32(0.72))
        self._paint_reeds(canvas, 1, t, dark * np.float32(0.5))
        lit = ease(0.90, 0.94, u)
        if lit > 0:
            x, y = 1.352 * self.height, 0.782 * self.height
            draw_glow(canvas, x, y, 0.10 * self.height, rgb("#ffb056"), 0.5 * lit)
            draw_glow(canvas, x, y, 0.010 * self.height, rgb("#fff0c8"), 1.6 * lit)
        return canvas

    def _paint_sky(self, t: float, u: float) -> Planes:
        positions = [stop for stop, _ in _SKIES]
        after = int(np.searchsorted(positions, u, side="right").clip(1, len(_SKIES) - 1))
        part = np.float32((u - positions[after - 1]) / (positions[after] - positions[after - 1]))
        rows = self.y[:, 0]
        before = ramp(_SKIES[after - 1][1], rows)
        column = before + (ramp(_SKIES[after][1], rows) - before) * part
        canvas = np.repeat(column[:, :, None].astype(np.float32), self.width, axis=2)
        top = round(_HORIZON * self.height) + 1
        sky = canvas[:, :top]
        sun_x, sun_y = 0.60, 0.70 + 0.12 * u
        dx, dy = self.x - np.float32(sun_x), self.y[:top] - np.float32(sun_y)
        reach = np.sqrt(dx * dx * 0.6 + dy * dy * 1.6)
        glow = np.exp(-reach * 4.2) * np.float32(0.42 * (1 - 0.75 * ease(0.5, 1, u)))
        sky += glow * rgb("#ffdf9e")[:, None, None]
        clouds = shift_crop(self._clouds[:top], (0.02 + 0.0035 * t) * self.height, self.width)
        clouds = clouds * smoothstep(0.0, 0.15, self.y[:top]) * np.float32(0.42)
        shade = ramp(
            [(0, "#8f8d92"), (0.45, "#7d6a7c"), (0.8, "#4a3d5c"), (1, "#1c2140")], np.asarray(u)
        )
        lit = ramp(
            [(0, "#ffe9c4"), (0.45, "#ffc08e"), (0.8, "#e5796b"), (1, "#5b4763")], np.asarray(u)
        )
        mix = np.exp(-reach * 2.2)
        over(sky, clouds, shade[:, None, None] + mix * (lit - shade)[:, None, None])
        land = np.clip((self.y[:top] - self._far[None, :]) * self.height + 0.5, 0, 1)
        first = int(self._far.min() * self.height) - 2
        ground = ramp(
            [(0, "#8a7f72"), (0.45, "#7a605c"), (0.8, "#4a3548"), (1, "#1d1d33")], np.asarray(u)
        )
        over(sky[:, first:], land[first:], ground)
        return canvas

    def _flock_at(self, t: float, u: float) -> tuple[Plane, Plane, Plane]:
        """Return every bird's x, y (picture heights) and nearness at a time."""
        q = self._places
        # Waves run through the flock: each bird copies its neighbours a moment later.
        fold = 0.0
        for wave, (kx, ky, kz, pace, size) in enumerate(
            (
                (2.1, 1.3, 0.7, 0.55, 0.34),
                (-1.2, 2.6, 1.9, 0.83, 0.22),
                (3.9, -2.2, 2.8, 1.31, 0.10),
            )
        ):
            fold = fold + size * np.sin(kx * q[0] + ky * q[1] + kz * q[2] - pace * t + 1.7 * wave)
        twist = 1.25 * np.sin(0.21 * t) * q[0] + 0.35 * t
        cos, sin = np.cos(twist), np.sin(twist)
        x = q[0] * (1 + 0.35 * np.sin(0.33 * t)) + 0.30 * fold
        y = q[1] * cos - q[2] * sin + 0.62 * fold
        z = q[1] * sin + q[2] * cos
        parted = 0.45 * ease(0.34, 0.42, u) * (1 - ease(0.46, 0.56, u))
        seam = np.tanh(4.5 * (q[0] + 0.15 + 0.38 * np.sin(2.4 * q[1] + 1.3 * q[2])))
        x = x + parted * seam * (0.6 + 0.4 * np.abs(q[0]))
        stretch = 0.29 + 0.09 * np.sin(0.27 * t + 1) + 0.06 * ease(0.15, 0.4, u)
        flat = 0.135 + 0.055 * np.sin(0.41 * t + 2.2)
        tilt = 0.34 * np.sin(0.17 * t)
        cos, sin = np.float32(np.cos(tilt)), np.float32(np.sin(tilt))
        across, down = x * stretch, y * flat
        near = 1 + 0.28 * z
        centre_x = 0.80 + 0.24 * np.sin(0.145 * t + 0.4) + 0.05 * np.sin(0.53 * t)
        centre_y = 0.36 + 0.06 * np.sin(0.23 * t + 1.1)
        px = centre_x + (across * cos - down * sin) * near
        py = centre_y + (across * sin + down * cos) * near
        px = px + 0.0035 * np.sin(3.1 * t + self._shiver[0])
        py = py + 0.0035 * np.sin(2.7 * t + self._shiver[1])
        # They come in over the left edge, in bands, and go down into the reeds like water.
        coming = smoothstep(0.0, 1.0, (u * 1.0 - 0.02 - 0.24 * self._order) / 0.10)
        px = -0.25 + (px + 0.25) * coming - 0.10 * (1 - coming) * self._order
        py = py + (1 - coming) * (0.12 - 0.5 * (self._order - 0.5))
        going = np.clip((u - 0.74 - 0.145 * self._order) / 0.075, 0, 1).astype(np.float32)
        pull = going * going * (3 - 2 * going)
        roost = 0.66 + 0.22 * (self._order - 0.5) + 0.02 * np.sin(9 * self._order + 2 * t)
        px = px + (roost - px) * pull**0.7
        py = py + (0.90 - py) * pull**1.8
        gone = (going >= 1) | (coming <= 0)
        return px, py, np.where(gone, 0, near).astype(np.float32)

    def _paint_flock(self, canvas: Planes, t: float, u: float) -> None:
        height = self.height
        x, y, near = self._flock_at(t, u)
        scale = height / 540
        span = (0.75 * near * scale).astype(np.float32)
        beat = np.sin(11 * t + self._shiver[0]) * 0.5
        px, py = x * height, y * height
        weight = (0.40 * near**2 * (near > 0)).astype(np.float32) * scale**1.5
        density = scatter(
            self.width,
            height,
            np.concatenate([px - span, px, px + span]),
            np.concatenate([py + beat, py, py + beat]),
            np.concatenate([weight * 0.7, weight, weight * 0.7]),
        )
        first, last = max(0, int(py.min()) - 3), min(height, int(py.max()) + 4)
        if last <= first:
            return
        ink = ramp([(0, "#2f2a2b"), (0.5, "#241c22"), (0.9, "#120f1a")], np.asarray(u))
        mask = 1 - np.exp(-density[first:last])
        over(canvas[:, first:last], mask.astype(np.float32), ink)

    def _paint_water(self, canvas: Planes, t: float, u: float) -> None:
        top, bottom = round(_HORIZON * self.height), round(_WATER_TO * self.height)
        depth = (np.arange(top, bottom) - top)[:, None] / (bottom - top)
        depth = depth.astype(np.float32)
        wave = np.sin(26 * self.x * (1.2 - depth) + 60 * depth - 0.9 * t)
        wave = wave * np.sin(9 * self.x - 21 * depth + 0.5 * t)
        rows = top - 4 - depth * 0.70 * self.height + wave * (1.5 + 9 * depth) * self.height / 540
        source = rows.clip(0, top - 3).astype(np.int32) * self.width + np.arange(
            self.width, dtype=np.int32
        )
        for channel in range(3):
            mirrored = canvas[channel].reshape(-1).take(source)
            canvas[channel, top:bottom] = mirrored * (0.90 - 0.55 * depth)

    def _paint_reeds(self, canvas: Planes, layer: int, t: float, colour: Plane) -> None:
        first, mask = self._reeds[layer]
        rows, columns = mask.shape
        margin = (columns - self.width) // 2
        lift = (1 - np.arange(rows, dtype=np.float32) / rows)[:, None] ** 1.6
        gust = np.sin(0.9 * t - 2.2 * self.x) * 0.6 + np.sin(1.7 * t - 5.1 * self.x) * 0.4
        shift = lift * gust * (5, 11)[layer] * self.height / 540
        place = np.arange(self.width, dtype=np.float32) + margin + shift
        left = place.astype(np.int32)
        part = place - left
        index = (np.arange(rows, dtype=np.int32) * columns)[:, None] + left
        flat = mask.reshape(-1)
        swayed = flat.take(index) * (1 - part) + flat.take(index + 1) * part
        over(canvas[:, first:], swayed, colour)

    @classmethod
    def sound(cls, duration_s: float) -> NDArray[np.float32]:
        """Wind over reeds, a cello-like drone, wings by the thousand at the turn."""
        rng = np.random.default_rng(61)
        track = tone.silence(duration_s)
        chords = (
            (38, 50, 57),
            (38, 53, 57),
            (36, 52, 55),
            (41, 53, 60),
            (43, 50, 58),
            (38, 50, 57),
            (38, 45, 54),
        )
        tone.add_pad(track, rng, 0.11, chords, overlap_s=5, brightness=0.55)
        line = (
            (6, 69),
            (9, 72),
            (12, 74),
            (17, 77),
            (20, 76),
            (23, 72),
            (27, 81),
            (30, 79),
            (33, 77),
            (36, 74),
            (40, 76),
            (43, 72),
            (46, 69),
            (50, 65),
            (54, 62),
        )
        for at, note in line:
            tone.add_tone(
                track,
                at * duration_s / 60,
                note,
                0.05,
                decay_s=2.6,
                pan=rng.uniform(-0.4, 0.4),
                partials=tone.STRING,
                attack_s=0.25,
            )
        track = tone.add_room(track, rng, 3.6, 0.7)
        tone.add_wind(track, rng, 0.020, 240, 1100)
        tone.add_wings(track, rng, 0.16 * duration_s, 0.90 * duration_s, 0.045)
        return tone.master(track)
