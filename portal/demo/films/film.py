"""What every demo film is: a painter of frames and a piece of sound."""

from __future__ import annotations

from abc import ABC, abstractmethod
from functools import cached_property
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from portal.demo.films.canvas import Plane, Planes, blur, coordinates, ease

Frame = NDArray[np.uint8]
"""A finished picture: planar RGB of shape ``(3, height, width)``, or one plane of it."""


class Film(ABC):
    """A short generated film.

    ``frame`` must be called with times that do not go back: some films carry a simulation along.
    Lengths and places are in picture heights, so a film can be drawn at any size.

    Attributes:
        key: Folder name of the film.
        audio_name: NAME of its sound rendition, as a player lists it.
        duration_s: Full length in seconds, a multiple of the segment length.
        still_s: The time whose frame serves as artwork.
        render_size: Width and height to paint at; the encoder scales to each rendition.
        hold: For how many frames a picture stands: 2 is an animation "on twos".
    """

    key: ClassVar[str]
    audio_name: ClassVar[str]
    duration_s: ClassVar[int]
    still_s: ClassVar[float]
    render_size: ClassVar[tuple[int, int]] = (960, 540)
    hold: ClassVar[int] = 1
    fade_in_s: ClassVar[float] = 1.6
    fade_out_s: ClassVar[float] = 2.6
    vignette: ClassVar[float] = 0.32
    grain: ClassVar[float] = 0.0055
    fade_to: ClassVar[float] = 0.0

    def __init__(self, width: int, height: int, duration_s: float | None = None) -> None:
        self.width = width
        self.height = height
        self.length_s = self.duration_s if duration_s is None else duration_s
        self.x, self.y = coordinates(width, height)
        self.aspect = width / height
        self.rng = np.random.default_rng(sum(map(ord, self.key)) * 7919)
        self.prepare()

    @abstractmethod
    def prepare(self) -> None:
        """Make what all frames share."""

    @abstractmethod
    def paint(self, t: float) -> Planes:
        """Return a new picture at ``t`` seconds, before vignette, fades and grain."""

    @classmethod
    @abstractmethod
    def sound(cls, duration_s: float) -> NDArray[np.float32]:
        """Return the film's sound, shape ``(n, 2)``, -1..1, 48 kHz."""

    def arc(self, t: float) -> float:
        """Return how far the story is, 0..1."""
        return min(max(t / self.length_s, 0.0), 1.0)

    def frame(self, t: float, *, fades: bool = True) -> Frame:
        """Return the finished picture at ``t`` seconds as RGB."""
        picture = self.paint(t)
        light = self._light_at(t) if fades else 1.0
        picture *= self._vignette * np.float32(255 * light)
        picture += self._grain_at(t) + np.float32(255 * self.fade_to * (1 - light))
        return _to_bytes(picture)

    def video_frame(self, t: float) -> tuple[Frame, Frame, Frame]:
        """Return the same picture as the encoder wants it: 8 bit BT.709 Y, Cb, Cr in 4:2:0.

        Vignette, fade and grain are worked in here, on half as many values as RGB has.
        """
        picture = self.paint(t)
        np.clip(picture, 0, 1, out=picture)
        red, green, blue = picture
        luma = red * np.float32(0.2126)
        luma += green * np.float32(0.7152)
        luma += blue * np.float32(0.0722)
        # ITU-R BT.709: Cb = (B - Y) / 1.8556, Cr = (R - Y) / 1.5748, in 224 steps around 128.
        small_luma = _quarter(luma)
        light = self._light_at(t)
        shade = self._small_vignette * np.float32(224 * light)
        chroma = []
        for plane, scale in ((blue, 1.8556), (red, 1.5748)):
            difference = _quarter(plane)
            difference -= small_luma
            difference *= shade * np.float32(1 / scale)
            difference += np.float32(128.5)
            chroma.append(_to_bytes(difference))
        luma *= self._vignette * np.float32(219 * light)
        luma += self._grain_at(t) * np.float32(219 / 255)
        luma += np.float32(16 + 219 * self.fade_to * (1 - light))
        return _to_bytes(luma), chroma[0], chroma[1]

    def _light_at(self, t: float) -> float:
        return ease(0.0, self.fade_in_s, t) * ease(0.0, self.fade_out_s, self.length_s - t)

    @cached_property
    def _vignette(self) -> Plane:
        dx, dy = self.x / self.aspect - 0.5, self.y - 0.5
        distance = dx * dx * 1.5 + dy * dy * 1.2
        return np.asarray(1 - self.vignette * np.clip(distance * 2.1, 0, 1) ** 1.2, np.float32)

    @cached_property
    def _small_vignette(self) -> Plane:
        return _quarter(self._vignette)

    @cached_property
    def _grain(self) -> Plane:
        shape = (self.height + 128, self.width + 128)
        noise = self.rng.standard_normal(shape, dtype=np.float32)
        fine = noise + 1.2 * blur(noise, 1.0)
        return np.asarray(0.5 + fine * (self.grain * 255 / fine.std()), np.float32)

    def _grain_at(self, t: float) -> Plane:
        rng = np.random.default_rng(round(t * 1000))
        top, left = rng.integers(0, 128, 2)
        return self._grain[top : top + self.height, left : left + self.width]


def _quarter(plane: Plane) -> Plane:
    """Return a plane at half its width and height, each value the mean of four."""
    rows = plane[0::2] + plane[1::2]
    return np.asarray((rows[:, 0::2] + rows[:, 1::2]) * np.float32(0.25), np.float32)


def _to_bytes(values: Plane) -> Frame:
    finished = np.empty(values.shape, np.uint8)
    np.clip(values, 0, 255, out=finished, casting="unsafe")
    return finished
