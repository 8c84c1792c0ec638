"""Pictures for the time bar: one sprite and the WebVTT that says which part is when."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

STORYBOARD_S = 2
THUMB_WIDTH, THUMB_HEIGHT = 160, 90
COLUMNS = 6


def make_thumbnail(frame: NDArray[np.uint8]) -> Image.Image:
    """Scale one RGB frame down to a thumbnail."""
    size = (THUMB_WIDTH, THUMB_HEIGHT)
    return Image.fromarray(frame).resize(size, Image.Resampling.BOX, reducing_gap=2.0)


def write_storyboard(
    folder: Path, thumbnails: Sequence[Image.Image], duration_s: float
) -> tuple[Path, Path]:
    """Write ``storyboard.webp`` and ``storyboard.vtt`` and return their paths.

    Each cue's text is a URL relative to the VTT with a media fragment ``#xywh=x,y,w,h``
    (W3C Media Fragments 4.2.2), as players with a storyboard expect it.
    """
    rows = ceil(len(thumbnails) / COLUMNS)
    sprite = Image.new("RGB", (COLUMNS * THUMB_WIDTH, rows * THUMB_HEIGHT))
    cues = ["WEBVTT", ""]
    for index, thumbnail in enumerate(thumbnails):
        x, y = index % COLUMNS * THUMB_WIDTH, index // COLUMNS * THUMB_HEIGHT
        sprite.paste(thumbnail, (x, y))
        start = index * STORYBOARD_S
        end = min(start + STORYBOARD_S, duration_s)
        cues += [
            f"{format_timestamp(start)} --> {format_timestamp(end)}",
            f"storyboard.webp#xywh={x},{y},{THUMB_WIDTH},{THUMB_HEIGHT}",
            "",
        ]
    image, track = folder / "storyboard.webp", folder / "storyboard.vtt"
    sprite.save(image, "WEBP", quality=72, method=4)
    track.write_text("\n".join(cues), encoding="utf-8")
    return image, track


def format_timestamp(seconds: float) -> str:
    """Return ``HH:MM:SS.mmm`` as WebVTT writes it."""
    milliseconds = round(seconds * 1000)
    hours, rest = divmod(milliseconds, 3_600_000)
    minutes, rest = divmod(rest, 60_000)
    whole, thousandths = divmod(rest, 1000)
    return f"{hours:02d}:{minutes:02d}:{whole:02d}.{thousandths:03d}"
