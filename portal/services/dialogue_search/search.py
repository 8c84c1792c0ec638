"""Which films somebody says something in, and when: only films that can be watched now."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from portal.services import availability
from portal.services.availability import State
from portal.services.catalog import Catalog
from portal.services.db import Database
from portal.services.movie_record import MovieRecord, TrackRecord
from portal.services.repositories import dialogue_lines as lines
from portal.services.repositories.dialogue_lines import StoredLine
from portal.services.search_text import MAX_TEXT, search_key, search_words

PER_MOVIE = 3
_BATCH = 120
_BATCHES = 4
_DEADLINE_S = 2.0
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class LineHit:
    """A line in which the words are said.

    Attributes:
        movie_id: The film.
        slug: Its address.
        title: Its title.
        start_s: When the line begins, in seconds.
        before: The line up to the words,
        match: the words as they are written there,
        after: and the rest.
        language: BCP 47 language of the track.
        label: What the track is called.
    """

    movie_id: str
    slug: str
    title: str
    start_s: float
    before: str
    match: str
    after: str
    language: str
    label: str


def open_lines(folder: Path) -> Database:
    """The file of lines in a folder; made if there is none."""
    folder.mkdir(parents=True, exist_ok=True)
    found = Database(f"sqlite:///{folder.resolve() / 'dialogue.sqlite3'}", threads=2)
    found.run_sync(lines.prepare)
    return found


class DialogueSearch:
    """Asks the stored lines, and keeps back what viewers must not know of."""

    def __init__(self, stored: Database, catalog: Catalog) -> None:
        """Args: the file of lines, and the catalog."""
        self._stored = stored
        self._catalog = catalog

    async def search(
        self, text: str, now: datetime, *, language: str = "", limit: int = 12
    ) -> list[LineHit]:
        """Lines with the words beside one another first, then those with all of them somewhere.

        Args:
            text: What somebody typed; fewer than three letters find nothing.
            now: The present instant.
            language: BCP 47 language of captions to show where a film has it.
            limit: At most so many lines, three of a film.

        Raises:
            Unavailable: The file cannot be read, or it takes too long.
        """
        words = search_words(text[:MAX_TEXT])
        if sum(map(len, words)) < 3:
            return []
        snapshot = await self._catalog.snapshot()
        found: list[LineHit] = []
        seen: set[tuple[str, int]] = set()
        of_movie: Counter[str] = Counter()
        for phrase in (True, False):
            for batch in range(_BATCHES):
                ask = partial(
                    lines.find, words=words, phrase=phrase, limit=_BATCH, offset=batch * _BATCH
                )
                rows = await self._stored.run(ask, deadline_s=_DEADLINE_S)
                for row in _preferred(rows, snapshot.movies, language):
                    movie = snapshot.movies.get(row.movie_id)
                    track = _shown_track(movie, row.track_id, now)
                    moment = (row.movie_id, row.start_ms // 2000)
                    if movie is None or track is None or moment in seen:
                        continue
                    if of_movie[movie.id] >= PER_MOVIE:
                        continue
                    seen.add(moment)
                    of_movie[movie.id] += 1
                    found.append(_hit(movie, track, row, words))
                    if len(found) >= limit:
                        return found
                if len(rows) < _BATCH:
                    break
        return found


def _shown_track(movie: MovieRecord | None, track_id: str, now: datetime) -> TrackRecord | None:
    """The track, if viewers may see it now."""
    if movie is None or availability.state_of(movie, now) is not State.LIVE:
        return None
    return next((track for track in movie.playable_tracks if track.id == track_id), None)


def _preferred(
    rows: list[StoredLine], movies: dict[str, MovieRecord], language: str
) -> list[StoredLine]:
    """Lines in somebody's language before the same moments in others."""
    wanted = language.partition("-")[0]
    if not wanted:
        return rows

    def is_other(row: StoredLine) -> bool:
        movie = movies.get(row.movie_id)
        tracks = movie.tracks if movie else ()
        return not any(
            track.id == row.track_id and track.language.partition("-")[0] == wanted
            for track in tracks
        )

    return sorted(rows, key=is_other)


def _hit(movie: MovieRecord, track: TrackRecord, row: StoredLine, words: list[str]) -> LineHit:
    start, end = _span(row.words, words)
    return LineHit(
        movie_id=movie.id,
        slug=movie.slug,
        title=movie.title,
        start_s=row.start_ms / 1000,
        before=row.words[:start],
        match=row.words[start:end],
        after=row.words[end:],
        language=track.language,
        label=track.label,
    )


def _span(said: str, words: list[str]) -> tuple[int, int]:
    """Where the words stand: all of them in a row, else the first one that is there."""
    places = [
        (found.start(), found.end(), search_key(found.group())) for found in _WORD.finditer(said)
    ]
    for first in range(len(places)):
        run = places[first : first + len(words)]
        fits = [place[2] == word for place, word in zip(run[:-1], words[:-1], strict=False)]
        if len(run) == len(words) and all(fits) and run[-1][2].startswith(words[-1]):
            return run[0][0], run[-1][1]
    for start, end, word in places:
        if any(word == each for each in words) or word.startswith(words[-1]):
            return start, end
    return 0, 0
