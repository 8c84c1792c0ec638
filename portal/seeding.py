"""`portal demo`: make the films and the artwork, then fill an empty catalog with them."""

from __future__ import annotations

import os
import shutil
import time
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from sqlmodel import Session

from portal.demo.build import build_demo
from portal.demo.errors import DemoError
from portal.demo.manifest import DemoManifest, FilmEntry
from portal.demo.titles import TITLES, DemoTitle
from portal.embedded.migrations import upgrade
from portal.seeding_owner import show_owner
from portal.services.captions.check import check
from portal.services.captions.webvtt import parse
from portal.services.clock import utc_now
from portal.services.container import load_keyring
from portal.services.db import Database
from portal.services.hls_gateway import DEMO_SCHEME
from portal.services.keyring import SOURCE_INDEX, SOURCE_URL, KeyringError
from portal.services.models import CaptionTrack, Movie, StreamSource, new_art_key, new_id, title_key
from portal.services.repositories import movies
from portal.services.secrets_box import Place, SecretsBox
from portal.settings import Settings


class SeedingFailed(Exception):
    """The demo could not be made; the text says why and what to do."""


def make_demo(
    settings: Settings, *, titles: int = 0, film_keys: tuple[str, ...] = (), jobs: int = 0
) -> None:
    """Make the demo and fill an empty catalog with it. What is there already is left alone.

    Args:
        settings: Where the data folder is.
        titles: How many titles; 0 for all.
        film_keys: Only these films; empty for all.
        jobs: Processes to render with; 0 for one a core.

    Raises:
        SeedingFailed: With the reason and the fix.
    """
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    try:
        manifest = _build(settings, titles, film_keys, jobs or (os.cpu_count() or 1))
        keyring = load_keyring(settings)
    except (DemoError, KeyringError) as error:
        raise SeedingFailed(str(error)) from error
    upgrade(settings.sqlalchemy_url())
    db = Database(settings.sqlalchemy_url(), threads=1)
    box = SecretsBox(keyring[SOURCE_URL], keyring[SOURCE_INDEX])
    try:
        added = db.run_sync(lambda session: _fill(session, settings, manifest, box))
    except OSError as error:
        message = f"The demo's pictures cannot be put in place: {error.strerror}."
        raise SeedingFailed(message) from error
    finally:
        db.close()
    console = Console(stderr=True)
    if added:
        console.print(f"The catalog now has {added} titles.")
    else:
        console.print("The catalog is there already.")
    if settings.environment == "demo":
        show_owner(settings, console)


def _build(settings: Settings, titles: int, film_keys: tuple[str, ...], jobs: int) -> DemoManifest:
    console = Console(stderr=True)
    if not console.is_terminal:
        return build_demo(
            settings.demo_dir,
            jobs=jobs,
            progress=_Lines(console),
            film_keys=film_keys or None,
            titles_limit=titles or None,
        )
    columns = (
        TextColumn("{task.description:<28}"),
        BarColumn(),
        TextColumn("{task.percentage:3.0f} %"),
    )
    with Progress(*columns, TimeElapsedColumn(), console=console, transient=True) as progress:
        tasks: dict[str, TaskID] = {}

        def tell(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = progress.add_task(stage, total=total)
            progress.update(tasks[stage], completed=done, total=total)

        return build_demo(
            settings.demo_dir,
            jobs=jobs,
            progress=tell,
            film_keys=film_keys or None,
            titles_limit=titles or None,
        )


class _Lines:
    """Progress where there is no terminal: a line now and then, for a log."""

    EVERY_S = 10.0

    def __init__(self, console: Console) -> None:
        self._console = console
        self._said_at = time.monotonic()

    def __call__(self, stage: str, done: int, total: int) -> None:
        if time.monotonic() - self._said_at >= self.EVERY_S:
            self._said_at = time.monotonic()
            self._console.print(f"{stage}: {done} of {total}")


def _fill(session: Session, settings: Settings, manifest: DemoManifest, box: SecretsBox) -> int:
    if movies.count(session):
        return 0
    now = utc_now()
    chosen = [title for title in TITLES if title.slug in manifest.titles]
    for title in chosen:
        entry = manifest.titles[title.slug]
        film = manifest.films[entry.film]
        movie = _movie(title, film, now)
        movie.color = entry.dominant_colour
        movie.art_key = _place_artwork(settings, settings.demo_dir / entry.folder, film)
        session.add(movie)
        session.flush()
        session.add(_source(movie.id, film, box))
        session.add_all(_tracks(movie.id, settings.demo_dir, film))
    return len(chosen)


def _movie(title: DemoTitle, film: FilmEntry, now: datetime) -> Movie:
    starts, ends = title.available_from_offset, title.available_until_offset
    return Movie(
        slug=title.slug,
        title=title.title,
        title_key=title_key(title.title),
        tagline=title.tagline,
        synopsis=title.synopsis,
        year=title.year,
        runtime_s=round(film.duration_s),
        genres=list(title.genres),
        director=title.director,
        cast=list(title.cast),
        country=title.country,
        language=title.language,
        content_rating=title.content_rating,
        has_storyboard=True,
        featured=title.featured,
        visibility="visible" if title.visible else "hidden",
        available_from=None if starts is None else now + starts,
        available_until=None if ends is None else now + ends,
        added_at=now - title.added_ago,
        created_at=now - title.added_ago,
        updated_at=now,
    )


def _source(movie_id: str, film: FilmEntry, box: SecretsBox) -> StreamSource:
    row_id = new_id()
    url = DEMO_SCHEME + film.playlist.removeprefix("films/")
    return StreamSource(
        id=row_id,
        movie_id=movie_id,
        url_ciphertext=box.seal(url, Place("stream_source", "url_ciphertext", row_id)),
        url_key_id=box.active_key_id,
        url_fingerprint=box.fingerprint(url),
        duration_s=film.duration_s,
        status="ok",
        report={"renditions": [asdict(rendition) for rendition in film.renditions]},
        checked_at=utc_now(),
    )


def _tracks(movie_id: str, root: Path, film: FilmEntry) -> list[CaptionTrack]:
    tracks = []
    for caption in film.captions:
        text = (root / caption.path).read_text("utf-8")
        document = parse(text)
        report = check(document, duration_s=film.duration_s)
        tracks.append(
            CaptionTrack(
                movie_id=movie_id,
                language=caption.language,
                label=caption.label,
                kind=caption.kind,
                is_default=caption.language == "en",
                is_valid=report.ok,
                vtt=text,
                cue_count=len(document.cues),
                original=text.encode(),
                original_name=Path(caption.path).name,
            )
        )
    return tracks


def _place_artwork(settings: Settings, folder: Path, film: FilmEntry) -> str:
    """Put a title's pictures under a new unguessable name; hard links cost no room."""
    key = new_art_key()
    target = settings.artwork_dir / key
    target.mkdir(parents=True)
    storyboard = (settings.demo_dir / film.storyboard).parent
    pictures = [path for path in folder.iterdir() if path.suffix in {".avif", ".webp", ".jpg"}]
    for path in [*pictures, *storyboard.glob("storyboard.*")]:
        try:
            os.link(path, target / path.name)
        except OSError:
            shutil.copyfile(path, target / path.name)
    return key
