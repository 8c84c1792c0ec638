"""Decide how each title is drawn: style by genre, motif as written, palette by style."""

from __future__ import annotations

from dataclasses import dataclass

from portal.demo.catalog_reader import CatalogEntry
from portal.demo.people import stable_number


@dataclass(frozen=True, slots=True)
class ArtDirection:
    """How a title's artwork is drawn: a style and a motif by name, and a seed for the rest."""

    style: str
    motif: str
    seed: int


def direct_art(entry: CatalogEntry) -> ArtDirection:
    """Return the art direction of a catalog entry, the same on every machine."""
    seed = stable_number(entry.slug, "art") % 2**32
    style = "still" if entry.film else "mesh"
    return ArtDirection(style=style, motif=entry.motif, seed=seed)
