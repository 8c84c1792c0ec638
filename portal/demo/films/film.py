"""What every demo film is: a painter of frames and a piece of sound."""

from __future__ import annotations

from abc import ABC, abstractmethod
from functools import cached_property
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from portal.demo.films.canvas import Plane, Planes, blur, coordinates, ease

Frame = NDArray[np.uint8]
"""One picture, planar RGB, shape ``(3, height, width)``."""


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
        """Return the finished picture at ``t`` seconds."""
        light = 1.0
        if fades:
            light = ease(0.0, self.fade_in_s, t) * ease(0.0, self.fade_out_s, self.length_s - t)
        picture = self.paint(t)
        picture *= self._vignette if light == 1 else self._vignette * np.float32(light)
        # Grain is also the dither that keeps dark gradients from banding in 8 bits.
        grain = self._grain_at(t)
        picture += grain if light == 1 else grain + np.float32(255 * self.fade_to * (1 - light))
        np.maximum(picture, 0, out=picture)
        np.minimum(picture, 255, out=picture)
        return picture.astype(np.uint8)

    @cached_property
    def _vignette(self) -> Plane:
        dx, dy = self.x / self.aspect - 0.5, self.y - 0.5
        distance = dx * dx * 1.5 + dy * dy * 1.2
        return np.asarray(255 - 255 * self.vignette * np.clip(distance * 2.1, 0, 1) ** 1.2, np.float32)

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
