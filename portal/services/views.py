"""What leaves the services: frozen dataclasses, small, without secrets.

An ORM row in a Reflex state would ship every column to the browser; these ship what a page shows.
Artwork is named by its base path: `<base>/poster-240.avif` and so on (`portal.routes.ARTWORK_*`).
All fields have defaults because a Reflex state needs an empty value before the first load.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class MovieCard:
    """A movie as one of many: in a row, in the browse grid, in search results."""

    movie_id: str = ""
    slug: str = ""
    title: str = ""
    year: int = 0
    runtime: str = ""  # "1 h 52 min", "44 s"
    genre: str = ""  # the first of its genres
    art: str = ""  # base path of its artwork
    color: str = "#1b1a20"  # dominant colour, shown until the poster is there
    captions: str = ""  # "English, Português"
    badge: str = ""  # "New", "Leaving in 3 days", "Coming 4 December"
    tagline: str = ""
    is_coming: bool = False  # announced; it cannot be played yet


@dataclass(frozen=True, slots=True)
class MovieRow:
    """A shelf of cards on the home page."""

    key: str = ""
    title: str = ""
    href: str = ""  # where "See all" leads, or ""
    cards: list[MovieCard] = field(default_factory=list)
    is_wide: bool = False  # scenes with the date that matters, for films that come or leave


@dataclass(frozen=True, slots=True)
class CaptionView:
    """One caption track as a viewer chooses it."""

    track_id: str = ""
    language: str = ""  # BCP 47
    label: str = ""  # in its own language: "English (SDH)", "Português"
    kind: str = "subtitles"  # captions | subtitles | sdh | forced
    is_default: bool = False


@dataclass(frozen=True, slots=True)
class MovieDetail:
    """A movie on its own page."""

    movie_id: str = ""
    slug: str = ""
    title: str = ""
    tagline: str = ""
    synopsis: str = ""
    year: int = 0
    runtime: str = ""
    runtime_s: int = 0
    genres: list[str] = field(default_factory=list)
    director: str = ""
    cast: list[str] = field(default_factory=list)
    country: str = ""
    language: str = ""
    content_rating: str = ""
    art: str = ""
    color: str = "#1b1a20"
    captions: list[CaptionView] = field(default_factory=list)
    badge: str = ""
    leaving: str = ""  # "Leaves on Friday 27 November at 18:00 UTC", or ""
    coming: str = ""  # "From Friday 27 November, 18:00 UTC", or ""; then it cannot be played yet
    has_storyboard: bool = False


@dataclass(frozen=True, slots=True)
class LineView:
    """Words that are said in a film, with a link to the moment."""

    title: str = ""
    href: str = ""
    time: str = ""
    before: str = ""
    match: str = ""
    after: str = ""
    language: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class FilterOption:
    """One choice of a filter with the number of titles behind it."""

    value: str = ""
    label: str = ""
    count: int = 0
    selected: bool = False
    is_empty: bool = False  # choosing it would find nothing


@dataclass(frozen=True, slots=True)
class BrowsePage:
    """One page of the catalog as filtered, with the filters' counts."""

    total: int = 0
    cards: list[MovieCard] = field(default_factory=list)
    next_cursor: str = ""  # "" on the last page
    genres: list[FilterOption] = field(default_factory=list)
    decades: list[FilterOption] = field(default_factory=list)
    captions: list[FilterOption] = field(default_factory=list)
    lengths: list[FilterOption] = field(default_factory=list)
    ratings: list[FilterOption] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class TitleEntry:
    """A movie as sitemaps and feeds name it."""

    movie_id: str
    slug: str
    title: str
    year: int
    synopsis: str
    genres: tuple[str, ...]
    released_at: datetime
    updated_at: datetime
    is_coming: bool


@dataclass(frozen=True, slots=True)
class StreamGrant:
    """A viewing session opened or renewed: what `POST .../stream-token` answers.

    Attributes:
        session_id: The viewing session; sent back on renewal.
        token: The signed stream token.
        url: Path of the multivariant playlist below the token.
        expires_at: When the token runs out (aware, UTC).
        expires_in: Its life in seconds.
        renew_after: Seconds after which the player should renew (60 % of the life).
        captions: The caption tracks, the default one first.
        resume_at: Where this viewer left the film, in seconds; 0 from the start.
        storyboard_url: WebVTT of thumbnails for the time bar, or "".
    """

    session_id: str
    token: str
    url: str
    expires_at: datetime
    expires_in: int
    renew_after: float
    captions: tuple[CaptionView, ...]
    resume_at: float
    storyboard_url: str
