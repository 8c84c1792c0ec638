"""Build the demo: films and artwork below one folder, once, resumable.

``build_demo`` may be killed at any time and called again: finished units are kept, half-made
ones are thrown away. When nothing is missing it only reads the manifest.
"""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from portal.demo import units
from portal.demo.errors import DemoError, OutOfSpace
from portal.demo.films import FILMS
from portal.demo.manifest import (
    DemoManifest,
    TitleEntry,
    film_from_json,
    read_manifest,
    write_manifest,
)
from portal.demo.packaging.ffmpeg import find_ffmpeg
from portal.demo.packaging.hls import FRAME_RATE, MULTIVARIANT, SEGMENT_S
from portal.demo.pool import Job, WorkerPool
from portal.demo.titles import FLAGSHIPS, TITLES, DemoTitle

Progress = Callable[[str, int, int], None]
"""Called as ``progress(stage, done, total)``; stages are ``FILMS_STAGE`` and ``ARTWORK_STAGE``."""

FILMS_STAGE = "films"
"""Counted in frames."""

ARTWORK_STAGE = "artwork"
"""Counted in titles."""

_SMALL_FILMS = 2
_SMALL_TITLES = 24
_SMALL_FILM_S = 12
_SPACE_NEEDED = 400 * 1024 * 1024
_LOCK_POLL_S = 0.25


@dataclass(frozen=True, slots=True)
class _Plan:
    films: dict[str, int]
    titles: dict[str, tuple[DemoTitle, str]]


def build_demo(
    out: Path,
    *,
    jobs: int,
    progress: Progress | None = None,
    subset: Literal["small"] | None = None,
    film_keys: Sequence[str] | None = None,
    titles_limit: int | None = None,
    max_film_s: int | None = None,
) -> DemoManifest:
    """Make what is missing of the demo below ``out`` and return the manifest.

    Args:
        out: Folder for ``films/``, ``artwork/`` and ``manifest.json``; made when missing.
        jobs: Worker processes, at least 1.
        progress: Told after each second of film and each title.
        subset: ``"small"`` builds 2 films of 12 s and 24 titles, for tests.
        film_keys: Build only these films; titles of others play one of these.
        titles_limit: Build only the first so many titles.
        max_film_s: Shorten films to this many seconds.

    Raises:
        DemoError: It cannot be built; the message says why and what to do.
        ValueError: An argument makes no sense.
    """
    if jobs < 1:
        raise ValueError(f"jobs must be at least 1, not {jobs}")
    if subset == "small":
        film_keys = film_keys or list(FILMS)[:_SMALL_FILMS]
        titles_limit = titles_limit or _SMALL_TITLES
        max_film_s = max_film_s or _SMALL_FILM_S
    plan = _plan(film_keys, titles_limit, max_film_s)
    if (finished := _read_finished(out, plan)) is not None:
        return finished
    find_ffmpeg()
    try:
        out.mkdir(parents=True, exist_ok=True)
        with _only_builder(out):
            if (finished := _read_finished(out, plan)) is not None:
                return finished
            return _build(out, plan, jobs, progress or (lambda stage, done, total: None))
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise OutOfSpace(
                f"The disk of {out} is full: free some space and run again."
            ) from error
        raise DemoError(f"{out} cannot be written: {error}") from error


def _plan(
    film_keys: Sequence[str] | None, titles_limit: int | None, max_film_s: int | None
) -> _Plan:
    keys = list(FILMS if film_keys is None else film_keys)
    unknown = sorted(set(keys) - set(FILMS))
    if unknown or not keys:
        raise ValueError(f"film_keys must name films of {sorted(FILMS)}, not {unknown or keys}")
    films = {}
    for key in keys:
        seconds = min(FILMS[key].duration_s, max_film_s or FILMS[key].duration_s)
        films[key] = max(SEGMENT_S, seconds - seconds % SEGMENT_S)
    titles = {}
    for number, title in enumerate(TITLES[:titles_limit]):
        film = title.film if title.film in films else keys[number % len(keys)]
        titles[title.slug] = (title, film)
    return _Plan(films, titles)


def _film_wanted(seconds: int) -> dict[str, Any]:
    return {"duration_s": seconds}


def _title_wanted(film: str) -> dict[str, Any]:
    return {"film": film}


def _read_finished(out: Path, plan: _Plan) -> DemoManifest | None:
    """Return the manifest when it is of this version and all that is planned is in place."""
    try:
        manifest = read_manifest(out)
    except DemoError:
        return None
    if manifest.version != units.GENERATOR_VERSION:
        return None
    films = {key: entry.duration_s for key, entry in manifest.films.items()}
    titles = {slug: entry.film for slug, entry in manifest.titles.items()}
    if films != plan.films or titles != {slug: film for slug, (_, film) in plan.titles.items()}:
        return None
    whole = all((units.film_folder(out, key) / MULTIVARIANT).exists() for key in films) and all(
        (units.artwork_folder(out, slug) / units.RECORD).exists() for slug in titles
    )
    return manifest if whole else None


@contextlib.contextmanager
def _only_builder(out: Path) -> Iterator[None]:
    """Wait until no other process builds into ``out``; the lock goes with the process."""
    try:
        import fcntl
    except ImportError:  # not on this system: two builders at once are then not kept apart
        yield
        return
    with (out / ".lock").open("w") as lock:
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                time.sleep(_LOCK_POLL_S)
        yield


def _build(out: Path, plan: _Plan, jobs: int, progress: Progress) -> DemoManifest:
    units.clean_leftovers(out)
    films: dict[str, dict[str, Any]] = {}
    titles: dict[str, dict[str, Any]] = {}
    missing: list[Job] = []
    # Films are long and titles short: longest first leaves no worker idle at the end.
    for key, seconds in sorted(plan.films.items(), key=lambda item: -item[1]):
        record = units.read_record(units.film_folder(out, key), _film_wanted(seconds))
        if record is None:
            missing.append(Job("film", key, _film_wanted(seconds)))
        else:
            films[key] = record
    for slug, (_, film) in plan.titles.items():
        record = units.read_record(units.artwork_folder(out, slug), _title_wanted(film))
        if record is None:
            after = film if slug in FLAGSHIPS else None
            missing.append(Job("title", slug, _title_wanted(film), after))
        else:
            titles[slug] = record
    _check_space(out, len(missing) / (len(plan.films) + len(plan.titles)))

    frames = {key: plan.films[key] * FRAME_RATE if key in films else 0 for key in plan.films}
    total_frames = sum(plan.films.values()) * FRAME_RATE

    def on_frames(job: Job, count: int) -> None:
        frames[job.name] = count
        progress(FILMS_STAGE, sum(frames.values()), total_frames)

    def on_done(job: Job, content: dict[str, Any]) -> None:
        if job.kind == "film":
            films[job.name] = content
            on_frames(job, plan.films[job.name] * FRAME_RATE)
        else:
            titles[job.name] = content
            progress(ARTWORK_STAGE, len(titles), len(plan.titles))

    progress(FILMS_STAGE, sum(frames.values()), total_frames)
    progress(ARTWORK_STAGE, len(titles), len(plan.titles))
    with WorkerPool(out, jobs) as pool:
        pool.run(missing, on_frames=on_frames, on_done=on_done)
    manifest = DemoManifest(
        version=units.GENERATOR_VERSION,
        films={key: film_from_json(films[key]) for key in plan.films},
        titles={slug: TitleEntry(**titles[slug]) for slug in plan.titles},
    )
    write_manifest(out, manifest)
    return manifest


def _check_space(out: Path, share: float) -> None:
    free = shutil.disk_usage(out).free
    needed = int(_SPACE_NEEDED * share)
    if free < needed:
        raise OutOfSpace(
            f"The demo needs about {needed >> 20} MB below {os.fspath(out)} "
            f"and {free >> 20} MB are free: make room or choose another data folder."
        )
