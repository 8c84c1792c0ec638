"""Many titles, put straight into a migrated database: writing them one by one would take hours."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import create_engine, insert
from sqlmodel import SQLModel

from portal.services.models import CaptionTrack, Movie, StreamSource, new_id, title_key

BATCH = 10_000


def put_titles(
    url: str,
    titles: int,
    facts_of: Callable[[int], dict[str, Any]],
    captions_of: Callable[[int], Iterable[tuple[str, str]]],
) -> None:
    """Put titles with a source that was found good, and with valid captions.

    Args:
        url: The database.
        titles: How many.
        facts_of: Columns of a title by its number; all titles need the same, `title` among them.
        captions_of: Language and label of each of its tracks.
    """
    now = datetime.now(UTC)
    engine = create_engine(url)
    with engine.begin() as connection:
        for start in range(0, titles, BATCH):
            rows: dict[type[SQLModel], list[dict[str, Any]]] = {
                Movie: [], StreamSource: [], CaptionTrack: []
            }  # fmt: skip
            for number in range(start, min(start + BATCH, titles)):
                movie_id, facts = new_id(), facts_of(number)
                rows[Movie].append(
                    {
                        "id": movie_id, "slug": f"film-{number}",
                        "title_key": title_key(facts["title"]), "tagline": "", "country": "",
                        "language": "", "content_rating": "", "art_key": "", "color": "#203040",
                        "has_storyboard": False, "featured": 0, "version": 1,
                        "visibility": "visible", "added_at": now, "created_at": now,
                        "updated_at": now, **facts,
                    }
                )  # fmt: skip
                rows[StreamSource].append(
                    {
                        "id": new_id(), "movie_id": movie_id, "url_ciphertext": "x",
                        "url_key_id": "k", "url_fingerprint": str(number), "duration_s": 60.0,
                        "status": "ok", "report": {}, "created_at": now, "updated_at": now,
                    }
                )  # fmt: skip
                rows[CaptionTrack] += [
                    {
                        "id": new_id(), "movie_id": movie_id, "language": language,
                        "label": label, "kind": "subtitles", "is_default": True,
                        "is_valid": True, "version": 1, "vtt": "WEBVTT\n", "cue_count": 1,
                        "original_format": "", "original_name": "", "report": {},
                        "created_at": now, "updated_at": now,
                    }
                    for language, label in captions_of(number)
                ]  # fmt: skip
            for model, values in rows.items():
                connection.execute(insert(model), values)
    engine.dispose()
