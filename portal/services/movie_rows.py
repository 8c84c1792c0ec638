"""A movie as a line of the managers' table: its state and what it lacks, in words. Pure."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from portal import routes
from portal.services import availability, words
from portal.services.admin_views import MovieLine
from portal.services.availability import State
from portal.services.catalog_snapshot import CatalogSnapshot, PublicCatalog
from portal.services.movie_record import MovieRecord

_LACKS = {
    "source-missing": "no source",
    "caption-missing": "no valid captions",
    "window-ends-before-start": "window ends before it starts",
}
_SOURCES = {"ok": "Checked", "warnings": "Could be better", "failed": "Failed"}


def line(movie: MovieRecord, state: State, now: datetime) -> MovieLine:
    """A movie's line."""
    facts = [
        str(movie.year) if movie.year else "",
        words.runtime(movie.runtime_s) if movie.runtime_s else "",
        ", ".join(movie.genres[:2]),
    ]
    source = movie.source_status or ("unchecked" if movie.has_source else "missing")
    return MovieLine(
        movie_id=movie.id,
        slug=movie.slug,
        title=movie.title,
        facts=" · ".join(filter(None, facts)),
        art=routes.artwork(movie.art_key) if movie.art_key else "",
        color=movie.color,
        state=str(state),
        state_words=state_words(movie, state, now),
        captions=_captions(movie),
        source=source,
        source_words=_SOURCES.get(source, "None" if source == "missing" else "Not checked"),
        updated=ago(movie.updated_at, now),
        href=routes.admin_movie(movie.id),
    )


def state_words(movie: availability.Publishable, state: State, now: datetime) -> str:
    """What a state means for this movie, and what comes next."""
    start, end = movie.available_from, movie.available_until
    match state:
        case State.LIVE if end is not None:
            return f"Leaves {short(end, now)} · in {words.time_left(end, now)}"
        case State.LIVE:
            return "Viewers can watch it"
        case State.SCHEDULED if start is not None:
            return f"Goes live {short(start, now)} · in {words.time_left(start, now)}"
        case State.EXPIRED if end is not None:
            return f"Left {short(end, now)}"
        case State.HIDDEN:
            return "Taken back; viewers do not see it"
    lacks = [_LACKS[code] for code in availability.publishing_blockers(movie)]
    return f"Needs work: {', '.join(lacks)}" if lacks else "Ready to publish"


def short(at: datetime, now: datetime) -> str:
    """`Fri 27 Nov 18:00 UTC`, with the year when it is another one."""
    year = "" if at.year == now.year else f" {at.year}"
    return f"{at:%a} {at.day} {at:%b}{year} {at:%H:%M} UTC"


def ago(at: datetime, now: datetime) -> str:
    """`just now`, `5 minutes ago`, `3 days ago`, then the date."""
    seconds = (now - at).total_seconds()
    if seconds < 60:
        return "just now"
    if seconds < 30 * 86400:
        return f"{words.time_left(now, at)} ago"
    return f"{at.day} {at:%b %Y}"


def _captions(movie: MovieRecord) -> str:
    valid = [track.language for track in movie.playable_tracks if track.kind != "forced"]
    broken = sum(not track.is_valid for track in movie.tracks)
    languages = ", ".join(dict.fromkeys(valid))
    if broken:
        note = f"{broken} with errors"
        return f"{languages} · {note}" if languages else note
    return languages or "None"


class StateCounts:
    """How many movies are in each state, counted once until something changes."""

    def __init__(self) -> None:
        self._known: tuple[CatalogSnapshot, PublicCatalog, dict[str, int]] | None = None

    def of(self, snapshot: CatalogSnapshot, now: datetime) -> dict[str, int]:
        """The number of movies by state; the states without any are there too."""
        # A new public part comes with every start and end of a window.
        public = snapshot.as_of(now)
        known = self._known
        if known is None or known[0] is not snapshot or known[1] is not public:
            found = Counter(str(availability.state_of(m, now)) for m in snapshot.movies.values())
            known = (snapshot, public, {str(state): found[str(state)] for state in State})
            self._known = known
        return known[2]
