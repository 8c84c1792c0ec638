"""The keeper's window: snowfall, a lamp in a hut, somebody on the way up."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from portal.demo.films import sound as tone
from portal.demo.films.canvas import (
    Plane,
    Planes,
    Sparks,
    blur,
    ease,
    noise_1d,
    noise_2d,
    over,
    ramp,
    rgb,
    shift_crop,
    smoothstep,
)
from portal.demo.films.film import Film
from portal.demo.films.strokes import draw_glow, patch

_HUT_X, _HUT_Y = 1.210, 0.700
_PATH = ((0.06, 0.985), (0.34, 0.900), (0.66, 0.845), (0.92, 0.790), (1.135, 0.752))
_WARM = rgb("#ffb454")


class Snow(Film):
    """A hut under pines at night; a lantern comes up the path; a door opens."""

    key: ClassVar[str] = "snow"
    audio_name: ClassVar[str] = "Snow at night"
    duration_s: ClassVar[int] = 32
    still_s: ClassVar[float] = 17.7
    render_size: ClassVar[tuple[int, int]] = (854, 480)
    vignette: ClassVar[float] = 0.36

    def prepare(self) -> None:
        """Draw all that stands still, by the blue of night and by the warmth of the lamp."""
        rng = self.rng
        self._flakes = rng.random((5, 1500)).astype(np.float32)
        self._near = rng.random((6, 34)).astype(np.float32)
        self._smoke = rng.random((3, 26)).astype(np.float32)
        self._build(rng)
        clouds = noise_2d(rng, int(self.width * 1.4), self.height // 2, (4, 5), octaves=5)
        self._clouds = smoothstep(0.35, 0.85, clouds)
        self._path_x = np.linspace(0, 1, 400)
        points = np.asarray(_PATH)
        legs = np.linspace(0, 1, len(points))
        self._path = np.stack([np.interp(self._path_x, legs, points[:, i]) for i in (0, 1)])
        for _ in range(30):  # round the corners
            self._path[:, 1:-1] = (self._path[:, :-2] + 2 * self._path[:, 1:-1] + self._path[:, 2:]) / 4

    def _build(self, rng: np.random.Generator) -> None:
        width, height = self.width, self.height
        night = np.empty((3, height, width), np.float32)
        night[:] = ramp([(0, "#0a1230"), (0.35, "#14244f"), (0.62, "#2c4678"), (1, "#3a5688")], self.y[:, 0])[:, :, None]
        sky_end = round(0.62 * height)
        for layer in range(3):
            line = (0.43, 0.52, 0.60)[layer] - (0.26, 0.16, 0.10)[layer] * (
                1 - np.abs(2 * noise_1d(rng, width, (2.4, 3.5, 5)[layer], octaves=7, gain=0.48) - 1)
            ) ** 1.7
            below = self.y - line[None, :]
            mask = np.clip(below * height + 0.5, 0, 1)
            # Gullies run down the slope: noise stretched along it, sheared by the ridge.
            rock = noise_2d(rng, width, height, (60, 7), octaves=5, gain=0.62)
            slope = np.gradient(blur(line[None, :].repeat(3, 0), 0.008 * height)[1])[None, :] * height
            lit = 0.5 - 0.42 * np.tanh(1.6 * slope)
            faces = lit * smoothstep(0.30, 0.72, rock + 0.22 * np.exp(-below * 14) - 0.25 * np.clip(below * 2, 0, 1))
            dark = rgb(("#27406f", "#1f3561", "#1a2f58")[layer])
            pale = rgb(("#5a7bb0", "#4a6aa2", "#3c5b93")[layer])
            mist = np.clip(below * 4.5, 0, 1)[None] * 0.75
            colour = dark[:, None, None] + faces * (pale - dark)[:, None, None]
            colour = colour + mist * (rgb("#3c5a8e")[:, None, None] - colour)
            over(night, mask.astype(np.float32), colour.astype(np.float32))
        self._sky_rows = sky_end
        for rank in range(3):
            self._plant(night, rng, rank)
            self._drift(night, rng, rank)
        warm = self._light_on_snow()
        self._draw_hut(night, warm)
        self._foreground(night, warm, rng)
        self._night, self._warm = night, warm

    def _plant(self, night: Planes, rng: np.random.Generator, rank: int) -> None:
        """Plant snow-laden firs, small and hazy ones first."""
        foot = (0.655, 0.700, 0.745)[rank]
        for _ in range((70, 34, 13)[rank]):
            x = rng.uniform(-0.05, self.aspect + 0.05)
            if rank == 2 and 0.55 < x < 1.52:
                continue
            if rank == 1 and 1.0 < x < 1.30:
                continue
            tall = (0.11, 0.21, 0.42)[rank] * rng.uniform(0.6, 1.15)
            self._fir(night, x, foot + rng.uniform(-0.012, 0.02), tall, rank, rng)

    def _fir(
        self, night: Planes, x: float, foot: float, tall: float, rank: int, rng: np.random.Generator
    ) -> None:
        height = self.height
        reach = 0.26 * tall
        left, right = max(0, int((x - reach) * height)), min(self.width, int((x + reach) * height) + 1)
        top, bottom = max(0, int((foot - tall) * height)), min(height, int(foot * height) + 1)
        if left >= right or top >= bottom:
            return
        px = (np.arange(left, right, dtype=np.float32) + 0.5)[None, :] / height - np.float32(x)
        py = (np.arange(top, bottom, dtype=np.float32) + 0.5)[:, None] / height
        lift = (py - (foot - tall)) / tall
        tiers = 6 + int(tall * 14)
        droop = lift * tiers + 0.9 * np.abs(px) / reach
        phase = droop % 1.0
        number = np.floor(droop)
        ragged = 0.88 + 0.12 * np.sin(number * 7.7 + 40 * x + 3 * np.sign(px))
        half = reach * np.clip(lift, 0, 1) ** 0.9 * (0.58 + 0.42 * phase) * ragged
        mask = np.clip((half - np.abs(px)) * height + 0.5, 0, 1) * (lift > 0)
        # Snow lies on the upper part of each tier, thicker towards its outer end.
        grit = rng.normal(0, 0.07, (bottom - top, right - left)).astype(np.float32)
        grit += 0.16 * np.sin(number * 5.1 + px / reach * 5 + 9 * x)
        cover = smoothstep(0.62, 0.30, phase + grit) * smoothstep(0.05, 0.5, np.abs(px) / (half + 1e-4) + 0.25)
        haze = (0.62, 0.34, 0.06)[rank]
        fog = rgb("#35528a")
        needle = rgb("#0b1733") * (1 - haze) + fog * haze
        shade = (0.60 + 0.30 * smoothstep(0.3, -0.6, px / reach)).astype(np.float32)
        snow = (rgb("#a9c2ea")[:, None, None] * shade) * (1 - haze) + (fog * 1.15 * haze)[:, None, None]
        colour = needle[:, None, None] + cover * (snow - needle[:, None, None])
        over(night[:, top:bottom, left:right], mask.astype(np.float32), colour.astype(np.float32))

    def _drift(self, night: Planes, rng: np.random.Generator, rank: int) -> None:
        """Lay a field of snow over the feet of the trees."""
        line = (0.650, 0.700, 0.755)[rank] + (0.020, 0.026, 0.030)[rank] * (
            noise_1d(rng, self.width, 2.5 + rank, octaves=3) - 0.5
        ) * 2
        if rank == 2:  # a shelf for the hut
            shelf = np.exp(-(((self.x[0] - _HUT_X) / 0.26) ** 2))
            line = line + shelf * (_HUT_Y + 0.045 - line)
        below = self.y - line[None, :]
        mask = np.clip(below * self.height + 0.5, 0, 1).astype(np.float32)
        soft = noise_2d(rng, self.width, self.height, (5, 9), octaves=3)
        top = rgb(("#6a88bd", "#7f9ed0", "#93b0de")[rank])
        deep = rgb(("#3b5a90", "#3f5f98", "#2b4478")[rank])
        fall = np.clip(below * (5.0, 4.2, 2.9)[rank] + 0.30 * (soft - 0.5), 0, 1)[None]
        colour = top[:, None, None] + fall * (deep - top)[:, None, None]
        over(night, mask, colour.astype(np.float32))

    def _light_on_snow(self) -> Plane:
        """Return how much of the lamp's light falls on each place outside."""
        dx, dy = self.x - np.float32(_HUT_X - 0.012), self.y - np.float32(_HUT_Y + 0.010)
        ground = smoothstep(_HUT_Y + 0.028, _HUT_Y + 0.065, self.y)
        pool = np.exp(-np.hypot(dx / 1.6, dy - 0.05) * 7.0) * ground * 0.66
        air = np.exp(-np.hypot(dx, dy) * 9.0) * 0.34
        return np.asarray(pool + air, np.float32)

    def _draw_hut(self, night: Planes, warm: Plane) -> None:
        scale = 4
        left, top = _HUT_X - 0.17, _HUT_Y - 0.19
        cols, rows = round(0.34 * self.height), round(0.26 * self.height)
        x0, y0 = round(left * self.height), round(top * self.height)

        def layer(*shapes: list[tuple[float, float]]) -> Plane:
            image = Image.new("L", (cols * scale, rows * scale), 0)
            draw = ImageDraw.Draw(image)
            for shape in shapes:
                pixels = [((_HUT_X + x) * self.height - x0, (_HUT_Y + y) * self.height - y0) for x, y in shape]
                draw.polygon([(px * scale, py * scale) for px, py in pixels], fill=255)
            return np.asarray(image.resize((cols, rows), Image.Resampling.BOX), np.float32) / 255

        view = night[:, y0 : y0 + rows, x0 : x0 + cols]
        walls = layer([(-0.095, 0.052), (-0.095, -0.028), (0.095, -0.028), (0.095, 0.052)],
                      [(0.045, -0.028), (0.095, -0.028), (0.07, -0.08)])
        over(view, walls, rgb("#151a30"))
        planks = np.sin(np.arange(rows) / self.height * 2 * np.pi / 0.0135)[:, None] > 0.75
        over(view, walls * planks * np.float32(0.5), rgb("#0c1022"))
        chimney = layer([(0.042, -0.085), (0.042, -0.148), (0.066, -0.148), (0.066, -0.085)])
        over(view, chimney, rgb("#1b2140"))
        roof = layer([(-0.125, -0.018), (-0.070, -0.108), (0.075, -0.108), (0.128, -0.018)])
        over(view, roof, rgb("#8aa6d8"))
        shade = layer([(-0.125, -0.018), (-0.118, -0.030), (0.121, -0.030), (0.128, -0.018)])
        over(view, shade * np.float32(0.75), rgb("#46629c"))
        crest = layer([(-0.072, -0.105), (-0.066, -0.116), (0.072, -0.116), (0.078, -0.105)],
                      [(0.038, -0.146), (0.041, -0.157), (0.067, -0.157), (0.070, -0.146)])
        over(view, crest, rgb("#c0d4f4"))
        eaves = layer([(-0.124, -0.020), (-0.126, -0.006), (0.127, -0.006), (0.127, -0.020)])
        over(view, eaves * np.float32(0.9), rgb("#b9cef2"))
        logs = layer([(0.060, 0.052), (0.060, 0.022), (0.094, 0.022), (0.094, 0.052)])
        over(view, logs, rgb("#232846"))
        self._pane = layer([(0.005, 0.018), (0.005, -0.014), (0.043, -0.014), (0.043, 0.018)])
        bars = layer([(0.0230, 0.018), (0.0230, -0.014), (0.0252, -0.014), (0.0252, 0.018)],
                     [(0.005, 0.0028), (0.005, 0.0006), (0.043, 0.0006), (0.043, 0.0028)])
        sill = layer([(0.001, 0.024), (0.001, 0.017), (0.047, 0.017), (0.047, 0.024)])
        self._pane = np.clip(self._pane - bars, 0, 1)
        over(view, sill, rgb("#b4caef"))
        self._door = layer([(-0.066, 0.052), (-0.066, -0.014), (-0.030, -0.014), (-0.030, 0.052)])
        over(view, self._door, rgb("#0d1122"))
        self._hut = (slice(y0, y0 + rows), slice(x0, x0 + cols))
        warm[self._hut] *= 1 - 0.85 * np.clip(walls + roof, 0, 1)

    def _foreground(self, night: Planes, warm: Plane, rng: np.random.Generator) -> None:
        """A near bank of snow, tracks of the path, a fence, two great firs at the sides."""
        along = np.linspace(0, 1, 64)
        points = np.asarray(_PATH)
        legs = np.linspace(0, 1, len(points))
        for s in along[2:]:
            x = float(np.interp(s, legs, points[:, 0]))
            y = float(np.interp(s, legs, points[:, 1]))
            size = 0.0125 * (1.5 - s)
            for side in (-1, 1):
                found = patch(night, (x + side * size * 0.8) * self.height, (y + side * size * 0.3) * self.height, size * self.height)
                if found is not None:
                    view, dx, dy = found
                    hole = smoothstep(1.0, 0.4, np.hypot(dx / (size * 0.62 * self.height), dy / (size * 0.34 * self.height)))
                    view *= 1 - 0.34 * hole
        for number in range(7):
            x, y = 0.985 - 0.115 * number, 0.800 + 0.0155 * number
            tall = 0.040 + 0.005 * number
            x0, x1 = int((x - 0.0035) * self.height), int((x + 0.0035) * self.height) + 1
            y0, y1 = int((y - tall) * self.height), int(y * self.height)
            if x0 > 0:
                night[:, y0:y1, x0:x1] = rgb("#111a36")[:, None, None]
                night[:, y0 - max(2, (x1 - x0) // 2) : y0 + 1, x0 - 1 : x1 + 1] = rgb("#c3d6f5")[:, None, None]
        for x, tall in ((0.085, 0.95), (1.735, 0.84)):
            self._fir(night, x, 1.02, tall, 2, rng)
        dark = smoothstep(0.86, 1.0, self.y) * 0.35
        night *= 1 - dark
        warm *= 1 - dark

    def paint(self, t: float) -> Planes:
        """Light the scene, let smoke and snow move, bring the traveller to the door."""
        u = self.arc(t)
        arrived = ease(0.60, 0.66, u)
        flicker = np.float32(1 + 0.035 * np.sin(7.3 * t) + 0.025 * np.sin(12.7 * t + 1))
        lamp = flicker * np.float32(0.80 + 0.42 * arrived)
        canvas = self._night * (np.float32(1.0) - np.float32(0.10) * self._warm)
        canvas += (self._warm * lamp) * (rgb("#ff9c3a") * np.float32(1.0))[:, None, None]
        clouds = shift_crop(self._clouds, 0.006 * t * self.height, self.width)
        sky = canvas[:, : len(clouds)]
        veil = clouds * smoothstep(0.48, 0.10, self.y[: len(clouds)]) * np.float32(0.16)
        over(sky, veil, rgb("#5a77b4"))
        self._paint_hut(canvas, t, u, float(lamp))
        self._paint_smoke(canvas, t)
        self._paint_traveller(canvas, t, u)
        self._paint_snow(canvas, t)
        return canvas

    def _paint_hut(self, canvas: Planes, t: float, u: float, lamp: float) -> None:
        view = canvas[:, self._hut[0], self._hut[1]]
        over(view, self._pane, rgb("#ffd98c") * np.float32(1.05 * lamp))
        opened = ease(0.615, 0.655, u) * (1 - ease(0.80, 0.84, u))
        if opened > 0:
            over(view, self._door * np.float32(opened), rgb("#ffcf7a") * np.float32(lamp))
            keeper_x, keeper_y = (_HUT_X - 0.0475) * self.height, (_HUT_Y + 0.030) * self.height
            shown = ease(0.63, 0.66, u) * (1 - ease(0.77, 0.79, u))
            self._figure(canvas, keeper_x, keeper_y + 0.022 * self.height, 0.046, 0.0, shown)
            x, y = (_HUT_X - 0.05) * self.height, (_HUT_Y + 0.075) * self.height
            found = patch(canvas, x, y, 0.16 * self.height)
            if found is not None:
                part, dx, dy = found
                dx, dy = dx / self.height, dy / self.height
                beam = smoothstep(0.022 + 0.5 * np.clip(dy + 0.03, 0, 1), 0.0, np.abs(dx + 0.25 * (dy + 0.03)))
                beam = beam * np.exp(-np.clip(dy + 0.02, 0, 1) * 16) * (dy > -0.022)
                part += beam * np.float32(0.55 * opened * lamp) * _WARM[:, None, None]
        x, y = (_HUT_X + 0.024) * self.height, (_HUT_Y + 0.002) * self.height
        draw_glow(canvas, x, y, 0.13 * self.height, _WARM, 0.30 * lamp)

    def _figure(self, canvas: Planes, x: float, y: float, size: float, step: float, alpha: float) -> None:
        """Draw a small person in a long coat and hood, feet at ``x, y`` in pixels."""
        found = patch(canvas, x, y - size * 0.5 * self.height, size * 0.75 * self.height)
        if found is None or alpha <= 0:
            return
        view, dx, dy = found
        unit = size * self.height
        across, up = dx / unit, -(dy - 0.5 * unit) / unit
        lean = across - 0.07 * (up - 0.3)
        coat = (0.070 + 0.115 * np.clip(0.78 - up, 0, 1)) - np.abs(lean)
        body = np.minimum(coat, np.minimum(up - 0.16, 0.82 - up))
        head = 0.078 - np.hypot(lean - 0.012, (up - 0.875) * 0.9)
        brim = np.minimum(0.022 - np.abs(up - 0.925), 0.125 - np.abs(lean - 0.01))
        stride = 0.085 * step * np.clip(1 - up / 0.25, 0, 1)
        legs = np.maximum(0.036 - np.abs(lean - 0.045 - stride), 0.036 - np.abs(lean + 0.045 + stride))
        legs = np.minimum(legs, np.minimum(up, 0.3 - up))
        arm = np.minimum(0.030 - np.abs(up - 0.56 + 0.55 * (lean - 0.06)), np.minimum(lean, 0.27 - lean))
        pack = 0.105 - np.hypot((lean + 0.115) * 1.15, (up - 0.62) * 0.72)
        shape = np.maximum(np.maximum(body, head), np.maximum(legs, pack))
        shape = np.maximum(shape, np.maximum(brim, arm))
        over(view, np.clip(shape * unit + 0.5, 0, 1) * np.float32(alpha), rgb("#0a0e1e"))

    def _paint_traveller(self, canvas: Planes, t: float, u: float) -> None:
        walked = min(1.0, u / 0.60)
        shown = ease(0.0, 0.04, u) * (1 - ease(0.655, 0.69, u))
        if shown <= 0:
            return
        s = walked**0.92
        x = float(np.interp(s, self._path_x, self._path[0]))
        y = float(np.interp(s, self._path_x, self._path[1]))
        size = 0.125 - 0.078 * s
        gait = 2 * np.pi * 0.85 * t if walked < 1 else 0.0
        y -= 0.05 * size * abs(np.sin(gait))
        px, py = x * self.height, y * self.height
        swing = 0.05 * size * np.sin(gait)
        lx, ly = px + (0.30 * size + swing) * self.height, py - 0.42 * size * self.height
        dim = shown * (1 + 0.05 * np.sin(13 * t))
        draw_glow(canvas, lx, ly, 1.5 * size * self.height, rgb("#ff9d3f"), 0.42 * dim)
        found = patch(canvas, px, py, 1.6 * size * self.height)
        if found is not None:
            view, dx, dy = found
            pool = np.exp(-np.hypot(dx / (0.9 * size * self.height), dy / (0.22 * size * self.height)) * 1.6)
            view += pool * np.float32(0.36 * dim) * rgb("#ff9d3f")[:, None, None]
        self._figure(canvas, px, py, size, float(np.sin(gait)), shown)
        draw_glow(canvas, lx, ly, 0.16 * size * self.height, rgb("#fff0c4"), 1.8 * dim)

    def _paint_smoke(self, canvas: Planes, t: float) -> None:
        x0, y0 = _HUT_X + 0.054, _HUT_Y - 0.160
        for phase, wobble, size in self._smoke.T:
            age = (t / 7.5 + phase) % 1.0
            x = x0 + 0.095 * age**1.5 + 0.014 * np.sin(5 * age + 6.28 * wobble) * age
            y = y0 - 0.20 * age**0.85
            radius = (0.008 + 0.055 * age) * (0.7 + 0.6 * size) * self.height
            light = 0.085 * min(1.0, age * 8) * (1 - age) ** 1.4
            found = patch(canvas, x * self.height, y * self.height, radius)
            if found is not None:
                view, dx, dy = found
                puff = np.clip(1 - (dx * dx + dy * dy) / (radius * radius), 0, 1) ** 2
                over(view, puff * np.float32(2.2 * light), rgb("#8fa6d4"))

    def _paint_snow(self, canvas: Planes, t: float) -> None:
        x, y, near, phase, pace = self._flakes
        fall = 0.045 + 0.115 * near**1.3
        gust = 0.5 + 0.5 * np.sin(0.22 * t)
        px = (x * 1.2 - (0.022 + 0.03 * gust) * fall * 8 * t + 0.010 * np.sin(0.9 * t + 6.28 * phase) * near) % 1.1 - 0.05
        py = (y + fall * t * (0.85 + 0.3 * pace)) % 1.06 - 0.03
        light = 0.16 + 0.62 * near**2.2
        sparks = Sparks()
        colour = rgb("#dfeaff")
        px, py = px * self.width, py * self.height
        sparks.add(px, py, light, colour)
        big = near > 0.62
        for dx, dy in ((0.8, 0), (-0.8, 0), (0, 0.8), (0, -0.8)):
            sparks.add(px[big] + dx, py[big] + dy, light[big] * 0.55, colour)
        sparks.light(canvas)
        for x0, y0, size, drift, wobble, speed in self._near.T:
            radius = (0.006 + 0.015 * size**2) * self.height
            cx = ((x0 - (0.030 + 0.02 * drift) * t + 0.015 * np.sin(0.8 * t + 6.28 * wobble)) % 1.2 - 0.1) * self.width
            cy = ((y0 + (0.16 + 0.16 * speed) * t) % 1.2 - 0.1) * self.height
            found = patch(canvas, float(cx), float(cy), float(radius) + 1)
            if found is not None:
                view, dx, dy = found
                disc = smoothstep(1.0, 0.45, np.hypot(dx, dy) / radius)
                view += disc * np.float32(0.13 - 0.06 * size) * colour[:, None, None]

    @classmethod
    def sound(cls, duration_s: float) -> NDArray[np.float32]:
        """Muffled wind, steps in snow, a slow piano, two knocks, a latch."""
        rng = np.random.default_rng(83)
        track = tone.silence(duration_s)
        chords = ((40, 52, 59, 64), (43, 55, 59, 62), (36, 52, 55, 64), (38, 50, 57, 62), (40, 52, 56, 64))
        tone.add_pad(track, rng, 0.06, chords, overlap_s=4, brightness=0.3)
        piano = ((1, 1, 1), (2, 0.4, 0.6), (3, 0.16, 0.4), (4, 0.09, 0.3), (6, 0.03, 0.2))
        melody = ((2, 71), (3.2, 76), (5, 74), (7.5, 67), (9, 71), (11.5, 69), (13, 66), (15, 64), (17.5, 71),
                  (19, 74), (21, 72), (26, 76), (27.2, 80), (28.4, 83), (30, 80), (32, 76), (34, 71))
        stretch = duration_s / cls.duration_s
        for at, note in melody:
            tone.add_tone(track, at * stretch, note, 0.065, decay_s=2.0, partials=piano, pan=rng.uniform(-0.3, 0.3))
            if rng.random() < 0.4:
                tone.add_tone(track, at * stretch + 0.05, note - 12, 0.035, decay_s=2.2, partials=piano)
        track = tone.add_room(track, rng, 3.0, 0.55)
        tone.add_wind(track, rng, 0.016, 110, 480)
        step = 1 / (0.85 * 2)
        for number in range(int(0.60 * duration_s / step)):
            tone.add_step(track, rng, 0.3 + number * step, 0.012 + 0.010 * (1 - number * step / duration_s))
        for at in (0.607, 0.622):
            tone.add_tone(track, at * duration_s, 47, 0.11, decay_s=0.07, attack_s=0.002,
                          partials=((1, 1, 1), (1.7, 0.6, 0.7), (2.9, 0.3, 0.5)))
        return tone.master(track)
