"""What content managers do: movies, publishing, captions, stream sources, artwork.

Each service takes an `Actor` and `now`, does its work in one transaction with its audit event, and
announces the change to every worker. Nothing that breaks a published movie is stored.
"""

from __future__ import annotations

from dataclasses import dataclass

from portal.services.editing.artwork import ArtworkEditing
from portal.services.editing.captions import CaptionEditing
from portal.services.editing.movies import MovieEditing
from portal.services.editing.publishing import Publishing
from portal.services.editing.shelves import ShelfEditing
from portal.services.editing.source_sweep import SourceSweep
from portal.services.editing.sources import SourceEditing

__all__ = ["Editing"]


@dataclass(frozen=True, slots=True)
class Editing:
    """The editing services of a process."""

    movies: MovieEditing
    publishing: Publishing
    captions: CaptionEditing
    sources: SourceEditing
    source_sweep: SourceSweep
    artwork: ArtworkEditing
    shelves: ShelfEditing
