"""What a demo build leaves behind, as data: ``manifest.json`` and its dataclasses."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from portal.demo.errors import DemoError

MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class Rendition:
    """One rendition of a film: bit rates in bit/s, sizes in bytes and pixels."""

    name: str
    playlist: str
    codec: str
    bandwidth: int
    average_bandwidth: int
    size: int
    width: int | None
    height: int | None


@dataclass(frozen=True, slots=True)
class CaptionFile:
    """A caption file beside a film; ``path`` is relative to the build's folder."""

    language: str
    label: str
    kind: str
    path: str


@dataclass(frozen=True, slots=True)
class FilmEntry:
    """A packaged film; paths are relative to the build's folder."""

    key: str
    duration_s: float
    playlist: str
    renditions: tuple[Rendition, ...]
    captions: tuple[CaptionFile, ...]
    storyboard: str
    size: int
    content_hash: str


@dataclass(frozen=True, slots=True)
class TitleEntry:
    """The artwork of a title and the film that it plays.

    Attributes:
        slug: The title's slug.
        film: Key of a film of this build.
        folder: Artwork folder, relative to the build's folder.
        dominant_colour: ``#rrggbb``, dark enough to lie behind white text.
        placeholder: A ``data:`` URL of a 4 by 6 pixel WebP of the poster.
        files: File name to the first 16 hex digits of its SHA-256.
    """

    slug: str
    film: str
    folder: str
    dominant_colour: str
    placeholder: str
    files: dict[str, str]


@dataclass(frozen=True, slots=True)
class DemoManifest:
    """Everything that a build made; read it back with ``read_manifest``."""

    version: int
    films: dict[str, FilmEntry]
    titles: dict[str, TitleEntry]


def hash_file(path: Path) -> str:
    """Return the first 16 hex digits of a file's SHA-256: enough for a cache key."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16]


def hash_folder(folder: Path) -> str:
    """Return 16 hex digits over the names and bytes of all files below a folder."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            digest.update(path.relative_to(folder).as_posix().encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]


def film_from_json(data: dict[str, Any]) -> FilmEntry:
    """Rebuild a film's entry from JSON."""
    return FilmEntry(
        **{
            **data,
            "renditions": tuple(Rendition(**item) for item in data["renditions"]),
            "captions": tuple(CaptionFile(**item) for item in data["captions"]),
        }
    )


def write_manifest(folder: Path, manifest: DemoManifest) -> None:
    """Write ``manifest.json`` in one step: readers see the old or the new one."""
    partial = folder / f".{MANIFEST}.partial"
    partial.write_text(json.dumps(asdict(manifest), indent=1), encoding="utf-8")
    partial.replace(folder / MANIFEST)


def read_manifest(folder: Path) -> DemoManifest:
    """Read the manifest of a finished build.

    Raises:
        DemoError: There is none, or it cannot be read; build the demo (again).
    """
    path = folder / MANIFEST
    try:
        data = json.loads(path.read_text("utf-8"))
        return DemoManifest(
            version=int(data["version"]),
            films={key: film_from_json(item) for key, item in data["films"].items()},
            titles={slug: TitleEntry(**item) for slug, item in data["titles"].items()},
        )
    except FileNotFoundError:
        raise DemoError(f"{folder} holds no finished demo: build it first.") from None
    except (ValueError, KeyError, TypeError, OSError) as error:
        raise DemoError(f"{path} cannot be read ({error}): build the demo again.") from error
