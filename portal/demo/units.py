"""The units of a build, a film or a title's artwork: made in private, then put in place whole.

A unit is a folder with its record ``unit.json``. It is made as ``.tmp-<name>`` beside its final
place and renamed when complete, so a folder under its final name is always a whole one.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from portal.demo import captions, manifest
from portal.demo.artwork import draw_artwork
from portal.demo.films import FILMS
from portal.demo.films.film import Film
from portal.demo.packaging.hls import FRAME_RATE, MULTIVARIANT, package_film
from portal.demo.packaging.storyboard import STORYBOARD_S, make_thumbnail, write_storyboard
from portal.demo.titles import FLAGSHIPS, DemoTitle

GENERATOR_VERSION = 1
"""Raised with any change to what the generator draws: output of other versions is made anew."""

STILL_SIZE = (1920, 1080)
RECORD = "unit.json"
TEMPORARY = ".tmp-"
STILL = "still.webp"


def film_folder(out: Path, key: str) -> Path:
    """Return where a film lies."""
    return out / "films" / key


def artwork_folder(out: Path, slug: str) -> Path:
    """Return where a title's artwork lies."""
    return out / "artwork" / slug


def read_record(folder: Path, wanted: dict[str, Any]) -> dict[str, Any] | None:
    """Return a finished unit's content, or ``None`` when it must be made (again).

    Args:
        folder: The unit's final place.
        wanted: What it must have been made from, for example its length.
    """
    try:
        record = json.loads((folder / RECORD).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    if not isinstance(record, dict) or record.get("version") != GENERATOR_VERSION:
        return None
    content = record.get("content")
    return content if record.get("wanted") == wanted and isinstance(content, dict) else None


def make_unit(
    folder: Path, wanted: dict[str, Any], make: Callable[[Path], dict[str, Any]]
) -> dict[str, Any]:
    """Make a unit in a private folder, then put it in place.

    Args:
        folder: The final place; an older unit there is replaced.
        wanted: Stored beside the content, see ``read_record``.
        make: Fills the folder that it is given and returns the unit's content.
    """
    private = folder.with_name(TEMPORARY + folder.name)
    shutil.rmtree(private, ignore_errors=True)
    private.mkdir(parents=True)
    try:
        content = make(private)
        record = {"version": GENERATOR_VERSION, "wanted": wanted, "content": content}
        (private / RECORD).write_text(json.dumps(record), encoding="utf-8")
        if folder.exists():
            shutil.rmtree(folder)
        private.rename(folder)
    except BaseException:
        shutil.rmtree(private, ignore_errors=True)
        raise
    return content


def clean_leftovers(out: Path) -> None:
    """Remove what a killed build left half-made."""
    for parent in (out / "films", out / "artwork"):
        if parent.is_dir():
            for path in parent.iterdir():
                if path.name.startswith(TEMPORARY):
                    shutil.rmtree(path, ignore_errors=True)


def make_artwork(folder: Path, out: Path, title: DemoTitle, film: str) -> dict[str, Any]:
    """Draw all artwork of a title that plays ``film``; returns its manifest entry as JSON."""
    still = film_folder(out, film) / STILL if title.slug in FLAGSHIPS else None
    drawn = draw_artwork(folder, title, still)
    entry = manifest.TitleEntry(
        slug=title.slug,
        film=film,
        folder=f"artwork/{title.slug}",
        dominant_colour=drawn.dominant_colour,
        placeholder=drawn.placeholder,
        files={path.name: manifest.hash_file(path) for path in sorted(folder.iterdir())},
    )
    return asdict(entry)


def make_film(
    folder: Path, key: str, duration_s: int, on_frames: Callable[[int], None]
) -> dict[str, Any]:
    """Render, encode and package a film; returns its manifest entry as JSON data."""
    kind = FILMS[key]
    film = kind(*kind.render_size, duration_s)
    thumbnails: list[Image.Image] = []
    frames = _frames(film, duration_s, thumbnails, on_frames)
    sound = kind.sound(duration_s)
    renditions = package_film(folder, frames, kind.render_size, sound, kind.audio_name)
    write_storyboard(folder, thumbnails, duration_s)
    languages = captions.write_captions(folder / "captions", key, duration_s)
    _write_still(kind, folder / STILL)

    entry = manifest.FilmEntry(
        key=key,
        duration_s=float(duration_s),
        playlist=f"films/{key}/{MULTIVARIANT}",
        renditions=tuple(manifest.Rendition(**asdict(item)) for item in renditions),
        captions=tuple(
            manifest.CaptionFile(
                language=language,
                label=captions.LANGUAGES[language],
                kind="captions",
                path=f"films/{key}/captions/{language}.vtt",
            )
            for language in languages
        ),
        storyboard=f"films/{key}/storyboard.vtt",
        size=sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()),
        content_hash=manifest.hash_folder(folder),
    )
    return asdict(entry)


def _frames(
    film: Film, duration_s: int, thumbnails: list[Image.Image], on_frames: Callable[[int], None]
) -> Iterator[memoryview]:
    count = duration_s * FRAME_RATE
    step = STORYBOARD_S * FRAME_RATE
    planes = film.video_frame(0)
    for number in range(count):
        if number % film.hold == 0:
            planes = film.video_frame(number / FRAME_RATE)
        if number % step == step // 2:
            picture = film.frame(number / FRAME_RATE)
            thumbnails.append(make_thumbnail(np.ascontiguousarray(picture.transpose(1, 2, 0))))
        for plane in planes:
            yield plane.data
        if number % FRAME_RATE == FRAME_RATE - 1:
            on_frames(number + 1)


def _write_still(kind: type[Film], path: Path) -> None:
    film = kind(*STILL_SIZE)
    picture = film.frame(film.still_s, fades=False)
    Image.fromarray(np.ascontiguousarray(picture.transpose(1, 2, 0))).save(
        path, "WEBP", quality=92, method=2
    )
