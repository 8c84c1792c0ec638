"""Last tram to Morrow Street: a night city through a rainy window, and a cat that waits."""

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
    noise_2d,
    over,
    resize,
    rgb,
    smoothstep,
    soften,
)
from portal.demo.films.film import Film
from portal.demo.films.raindrops import Raindrops

_SCALE = 3
_NEON = rgb("#ff2e7e", "#19d3ff", "#ffb02e", "#ff5a3c", "#7a5cff", "#3dffb0", "#ffd9a0")


class Neon(Film):
    """Bokeh behind glass; drops that refract it; a tram that comes at last."""

    key: ClassVar[str] = "neon"
    audio_name: ClassVar[str] = "Rain on a window"
    duration_s: ClassVar[int] = 32
    still_s: ClassVar[float] = 18.0
    render_size: ClassVar[tuple[int, int]] = (854, 480)
    vignette: ClassVar[float] = 0.42

    def prepare(self) -> None:
        """Make lights, drops on the glass, the paths of sliding drops, the sill."""
        rng = self.rng
        self._small = (self.width // _SCALE, self.height // _SCALE)
        self._groups = [self._lights(rng, number) for number in range(4)]
        self._rigid = self._street(rng)
        self._drops = Raindrops(rng, self.width, self.height, _SCALE)
        fog = noise_2d(rng, self.width, self.height, (5, 3), octaves=4)
        self._fog = (0.35 + 0.65 * smoothstep(0.1, 1.0, self.y + 0.35 * (fog - 0.5))).astype(
            np.float32
        )
        self._cat, self._cat_rows, self._cat_columns = self._draw_cat()

    def _disc(self, canvas: Planes, x: float, y: float, radius: float, colour: Plane) -> None:
        height, width = canvas.shape[1:]
        left, right = max(0, int(x - radius - 2)), min(width, int(x + radius + 3))
        top, bottom = max(0, int(y - radius - 2)), min(height, int(y + radius + 3))
        if left >= right or top >= bottom:
            return
        dx = np.arange(left, right)[None, :] - x
        dy = np.arange(top, bottom)[:, None] - y
        # A lens blurs a lamp to a disc with a bright edge; blades make it a little angular.
        angle = np.arctan2(dy, dx)
        reach = np.hypot(dx, dy) * (1 + 0.035 * np.cos(7 * angle))
        disc = np.clip(radius - reach + 0.5, 0, 1) * (0.62 + 0.38 * (reach / radius) ** 3)
        canvas[:, top:bottom, left:right] += disc * colour[:, None, None]

    def _lights(self, rng: np.random.Generator, number: int) -> Planes:
        """Return one group of lamps that flickers together, wider than the picture."""
        width, height = self._small
        wide = int(width * 1.25)
        canvas = np.zeros((3, height, wide), np.float32)
        for _ in range((40, 30, 22, 16)[number]):
            deep = rng.random()
            x = rng.uniform(0, wide)
            y = height * (0.62 - 0.55 * rng.random() ** 1.4 * (0.4 + 0.6 * deep))
            radius = height * (0.014 + 0.060 * deep**2.0)
            colour = _NEON[rng.choice(7, p=(0.2, 0.2, 0.2, 0.1, 0.1, 0.05, 0.15))]
            self._disc(
                canvas,
                x,
                y,
                radius,
                colour * np.float32(rng.uniform(0.16, 0.80) * (1.15 - 0.6 * deep)),
            )
        return canvas

    def _street(self, rng: np.random.Generator) -> Planes:
        """Return dark house fronts with dim windows, and the wet road's sheen."""
        width, height = self._small
        wide = int(width * 1.25)
        canvas = np.zeros((3, height, wide), np.float32)
        rows = np.linspace(0, 1, height, dtype=np.float32)[:, None]
        canvas += rgb("#16204a")[:, None, None] * (1.25 - 0.7 * rows)
        x = 0
        while x < wide:
            step = int(rng.uniform(0.10, 0.24) * height * 1.6)
            top = int(height * rng.uniform(0.02, 0.38))
            shade = rgb("#060a1a") * np.float32(rng.uniform(0.6, 1.4))
            canvas[:, top : int(height * 0.72), x : x + step] = shade[:, None, None]
            for wx in range(x + 5, x + step - 6, 9):
                for wy in range(top + 6, int(height * 0.66), 13):
                    if rng.random() < 0.22:
                        warm = rgb("#ffab4d") * np.float32(rng.uniform(0.2, 1.0))
                        canvas[:, wy : wy + 6, wx : wx + 4] += warm[:, None, None]
            x += step
        road = rows > 0.72
        glow = np.sin(np.linspace(0, 9, wide))[None, :] ** 2 * road * 0.10
        canvas += (
            glow * rgb("#6a3bff")[:, None, None] + glow[:, ::-1] * rgb("#ff5a3c")[:, None, None]
        )
        return np.stack([blur(plane, height * 0.012) for plane in canvas])

    def _draw_cat(self) -> tuple[Plane, slice, slice]:
        """Return the mask of cat and plant, and the rows and columns that it covers."""
        over_sample = 3
        width, height = self.width * over_sample, self.height * over_sample
        cat = Image.new("L", (width, height), 0)
        pen = ImageDraw.Draw(cat)

        def at(*points: tuple[float, float]) -> list[tuple[float, float]]:
            return [((0.235 * self.aspect + x) * height, (0.892 + y) * height) for x, y in points]

        def oval(x: float, y: float, rx: float, ry: float) -> None:
            pen.ellipse((*at((x - rx, y - ry))[0], *at((x + rx, y + ry))[0]), fill=255)

        oval(0, -0.085, 0.072, 0.095)
        oval(0.012, -0.155, 0.052, 0.075)
        oval(0.018, -0.235, 0.050, 0.044)
        pen.polygon(at((-0.030, -0.250), (-0.027, -0.302), (0.008, -0.272)), fill=255)
        pen.polygon(at((0.066, -0.250), (0.063, -0.302), (0.028, -0.272)), fill=255)
        pen.rectangle((*at((-0.055, -0.03))[0], *at((0.062, 0.004))[0]), fill=255)
        pot = at((0.62, 0.004), (0.70, 0.004), (0.715, -0.085), (0.605, -0.085))
        pen.polygon(pot, fill=255)
        for lean, tall in (
            (-0.10, 0.20),
            (-0.045, 0.27),
            (0.02, 0.31),
            (0.075, 0.24),
            (0.13, 0.17),
        ):
            tip = (0.66 + lean, -0.085 - tall)
            middle = (0.66 + lean * 0.35, -0.085 - tall * 0.55)
            pen.polygon(
                at(
                    (0.652, -0.08),
                    (middle[0] - 0.020, middle[1]),
                    tip,
                    (middle[0] + 0.020, middle[1]),
                    (0.668, -0.08),
                ),
                fill=255,
            )
        mask = np.asarray(cat.resize((self.width, self.height), Image.Resampling.BOX), np.float32)
        rows, columns = np.flatnonzero(mask.max(axis=1)), np.flatnonzero(mask.max(axis=0))
        tall = slice(int(rows[0]) - 3, int(rows[-1]) + 1)
        wide = slice(int(columns[0]) - 3, int(columns[-1]) + 4)
        return mask[tall, wide] / 255, tall, wide

    def paint(self, t: float) -> Planes:
        """Paint the street small and blurred, then glass, drops and the sill at full size."""
        u = self.arc(t)
        street = self._paint_street(t, u)
        canvas = np.stack([resize(plane, self.width, self.height, fast=True) for plane in street])
        # Breath and dirt on the glass lift the blacks where light comes through.
        haze = soften(street.mean(axis=0), 6)
        lift = resize(haze, self.width, self.height, fast=True) * self._fog
        canvas += lift * (rgb("#6f7fa8") * np.float32(0.22))[:, None, None]
        self._drops.paint(canvas, street, t)
        self._paint_sill(canvas, street, t, u)
        return np.asarray(canvas * (1.12 + 0.2 * canvas) / (1 + 0.5 * canvas), np.float32)

    def _paint_street(self, t: float, u: float) -> Planes:
        width, height = self._small
        offset = int(0.02 * width), 0.0011 * t * width
        first = int(offset[0] + offset[1])
        part = np.float32(offset[0] + offset[1] - first)

        def crop(plane: Planes) -> Planes:
            window = plane[:, :, first : first + width + 1]
            return np.asarray(window[:, :, :-1] * (1 - part) + window[:, :, 1:] * part)

        power = 1 - ease(0.80, 0.88, u)
        street = crop(self._rigid) * np.float32(0.8 + 0.2 * power)
        for number, group in enumerate(self._groups):
            flicker = 0.88 + 0.12 * np.sin((1.1 + number) * t + 2 * number)
            if number == 2:  # one bad tube
                flicker *= 1 - 0.75 * (np.sin(7.3 * t) * np.sin(2.9 * t) > 0.62)
            off = ease(0.80 + 0.025 * number, 0.82 + 0.025 * number, u)
            street += crop(group) * np.float32(flicker * (1 - (0.93 if number else 0.45) * off))
        self._paint_cars(street, t, u)
        self._paint_tram(street, t, u)
        mirror_from = int(height * 0.70)
        depth = height - mirror_from
        rows = np.arange(depth)
        above = street[:, (mirror_from - 1 - rows * 0.95).astype(int), :]
        street[:, mirror_from:] += above * np.float32(0.34)
        grey = street.mean(axis=0)
        return np.asarray(np.maximum(grey + np.float32(1.28) * (street - grey), 0), np.float32)

    def _paint_cars(self, street: Planes, t: float, u: float) -> None:
        width, height = self._small
        for number in range(5):
            going = 1 if number % 2 else -1
            pace = (0.055 + 0.02 * (number * 37 % 5) / 5) * going
            place = (0.21 * number + pace * t + (0 if going > 0 else 1)) % 1.5 - 0.25
            colour = rgb("#fff1d0") if going < 0 else rgb("#ff2a2a")
            y = height * (0.655 + 0.018 * (number % 3))
            for lamp in (0.0, 0.020):
                self._disc(
                    street, (place + lamp) * width, y, height * 0.020, colour * np.float32(0.34)
                )

    def _paint_tram(self, street: Planes, t: float, u: float) -> None:
        """The tram: a row of lit windows, in focus no more than anything else."""
        arrive, leave = ease(0.40, 0.56, u), ease(0.66, 0.80, u)
        if arrive <= 0 or leave >= 1:
            return
        width, height = self._small
        place = (1.25 - 1.02 * arrive) - 1.65 * leave**1.6
        x = (np.arange(width) / width)[None, :]
        y = (np.arange(height) / height)[:, None]
        along = (x - place) / 0.86
        body = smoothstep(-0.01, 0.02, along) * smoothstep(1.01, 0.98, along)
        body = body * smoothstep(0.390, 0.425, y) * smoothstep(0.695, 0.665, y)
        seat = (along * 9) % 1.0
        pane = smoothstep(0.03, 0.16, seat) * smoothstep(0.97, 0.84, seat)
        pane = pane * smoothstep(0.432, 0.468, y) * smoothstep(0.590, 0.555, y) * body
        number = np.floor(along * 9)
        taken = np.sin(number * 12.9898) * 43758.5453 % 1.0
        head = np.hypot((seat - 0.35 - 0.3 * taken) / 0.15, (y - 0.530) / 0.034)
        chest = np.hypot((seat - 0.35 - 0.3 * taken) / 0.26, (y - 0.605) / 0.060)
        person = smoothstep(1.25, 0.75, np.minimum(head, chest)) * (taken > 0.35)
        light = pane * (1 - 0.86 * person) * (0.72 + 0.28 * np.sin(number * 2.4) ** 2)
        light = light * (0.80 + 0.35 * smoothstep(0.56, 0.44, y))
        over(street, (body * 0.95).astype(np.float32), rgb("#0e2338"))
        street += light.astype(np.float32) * rgb("#ffbe5c")[:, None, None] * np.float32(0.92)
        stripe = body * smoothstep(0.592, 0.606, y) * smoothstep(0.632, 0.618, y)
        street += stripe.astype(np.float32) * rgb("#ff2e66")[:, None, None] * np.float32(0.6)
        front = (place + 0.01) * width
        self._disc(street, front, height * 0.64, height * 0.034, rgb("#fff6dc") * np.float32(0.9))
        spark = np.sin(31 * t) * np.sin(17.3 * t) > 0.72 and 0.02 < arrive < 0.98
        if spark:
            self._disc(street, (place + 0.42) * width, height * 0.36, height * 0.05, rgb("#bfe4ff"))

    def _paint_sill(self, canvas: Planes, street: Planes, t: float, u: float) -> None:
        """The dark room in front: frame, plant, cat; the street's light catches its edges."""
        ink = rgb("#05060d")
        width, height = self.width, self.height
        ambient = np.float32(street.mean())
        frame = (ink + rgb("#1a1830") * ambient)[:, None, None]
        canvas[:, round(0.885 * height) :] = frame
        canvas[:, : round(0.022 * height)] = frame
        canvas[:, :, round(0.335 * width) : round(0.352 * width)] = frame
        view = canvas[:, self._cat_rows, self._cat_columns]
        cat = self._cat
        over(view, cat, ink)
        self._paint_tail(canvas, t, u, ink)
        rim = np.clip(cat - np.roll(cat, 2, axis=1), 0, 1)
        rim += 0.6 * np.clip(cat - np.roll(cat, 2, axis=0), 0, 1)
        view += rim * (rgb("#ff9ac0") * (0.10 + 1.2 * ambient))[:, None, None]
        edge = round(0.885 * height)
        canvas[:, edge : edge + 2] += (0.06 + 0.7 * ambient) * rgb("#9ab8ff")[:, None, None]

    def _paint_tail(self, canvas: Planes, t: float, u: float, ink: Plane) -> None:
        height = self.height
        along = np.linspace(0, 1, 34, dtype=np.float32)
        excited = ease(0.40, 0.5, u) * (1 - ease(0.8, 0.9, u))
        swing = (0.18 + 0.5 * excited) * np.sin((1.1 + 0.0 * excited) * t - 2.4 * along)
        base = 0.235 * self.aspect
        x = (base - 0.055 - 0.115 * along + 0.03 * swing * along) * height
        y = (0.889 + 0.0 * along - (0.05 + 0.055 * swing) * along**2.2 * 1.6) * height
        width = (0.013 * (1 - 0.45 * along)) * height
        left, right = int(x.min() - 14), int(x.max() + 14)
        top, bottom = max(0, int(y.min() - 14)), min(height, int(y.max() + 12))
        px = np.arange(left, right, dtype=np.float32)[None, :, None]
        py = np.arange(top, bottom, dtype=np.float32)[:, None, None]
        reach = (width - np.hypot(px - x, py - y)).max(axis=2)
        over(canvas[:, top:bottom, left:right], np.clip(reach + 0.5, 0, 1).astype(np.float32), ink)

    @classmethod
    def sound(cls, duration_s: float) -> NDArray[np.float32]:
        """Rain, a slow electric piano, a tram that passes."""
        rng = np.random.default_rng(47)
        track = tone.silence(duration_s)
        chords = (
            (45, 52, 55, 60, 64),
            (41, 52, 57, 60, 65),
            (48, 52, 55, 59, 64),
            (43, 50, 57, 59, 65),
            (45, 52, 55, 60, 64),
            (41, 48, 57, 60, 67),
        )
        step = duration_s / 6
        for number, chord in enumerate(chords):
            for index, note in enumerate(chord):
                when = number * step + 0.6 + 0.13 * index
                tone.add_tone(
                    track,
                    when,
                    note,
                    0.055,
                    decay_s=2.6,
                    pan=-0.5 + 0.25 * index,
                    partials=((1, 1, 1), (2, 0.25, 0.6), (4, 0.10, 0.25), (7, 0.03, 0.1)),
                )
            for _ in range(3):
                note = chord[rng.integers(2, 5)] + 12
                tone.add_tone(
                    track,
                    number * step + rng.uniform(2.0, step),
                    note,
                    0.035,
                    decay_s=1.8,
                    pan=rng.uniform(-0.4, 0.4),
                )
        tone.add_pad(track, rng, 0.035, [chord[:3] for chord in chords], brightness=0.3)
        track = tone.add_room(track, rng, 2.8, 0.5)
        tone.add_rain(track, rng, 0.030)
        tone.add_passage(track, rng, 0.38 * duration_s, 0.82 * duration_s, 0.05)
        return tone.master(track)
