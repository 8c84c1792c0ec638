"""Movies as the API gives and takes them.

Viewers and content managers get the same shape; `management` is there for managers only.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field, StrictInt, StrictStr

from portal import routes
from portal.api.schema_types import Instant, at_most, between
from portal.api.schemas import ApiModel
from portal.api.schemas_captions import Track
from portal.api.schemas_sources import Source
from portal.services import availability, catalog_views
from portal.services.editing import fields
from portal.services.editing.views import MovieView
from portal.services.movie_record import MovieRecord

Visibility = Literal["draft", "visible", "hidden"]
MovieState = Literal["draft", "hidden", "scheduled", "live", "expired"]


class MovieCaption(ApiModel):
    """A caption track that viewers may choose."""

    language: str = Field(description="BCP 47 language tag.")
    label: str
    kind: str = Field(description="captions, subtitles, sdh or forced.")


class Management(ApiModel):
    """What content managers see of a movie in a list."""

    visibility: Visibility
    version: int = Field(description="Goes up with each edit of the movie's own fields.")
    featured: int = Field(description="Place in the hero, 1 first; 0: not there.")
    source_status: str = Field(
        description="Last check of the source: ok, warnings, failed, unchecked; empty: no source."
    )
    source_checked_at: Instant | None
    added_at: Instant
    updated_at: Instant


class MovieSummary(ApiModel):
    """A movie as one of many."""

    movie_id: str
    slug: str
    title: str
    tagline: str
    year: int = Field(description="0: not known.")
    runtime_s: int = Field(description="Running time in seconds; 0: not known.")
    genres: list[str]
    content_rating: str
    state: MovieState = Field(description="At the instant that was asked about.")
    available_from: Instant | None
    available_until: Instant | None
    art: str = Field(description="Base path of the artwork: `/poster-240.avif` and so on follow.")
    color: str = Field(description="Dominant colour, shown until the artwork is there.")
    captions: list[MovieCaption]
    management: Management | None = Field(None, description="For content managers only.")


class Blocker(ApiModel):
    """One thing that keeps a movie from being published."""

    code: str
    words: str
    href: str = Field(description="Path of the admin page where it is mended.")


class ManagementDetail(Management):
    """What content managers see of one movie."""

    created_at: Instant
    blockers: list[Blocker] = Field(description="Empty when the movie can be published.")
    tracks: list[Track]
    source: Source | None
    last_served_at: Instant | None = Field(
        description="When the last segment went to a viewer; null: never, or long ago."
    )


class Movie(MovieSummary):
    """A movie in full."""

    synopsis: str
    director: str
    cast: list[str]
    country: str
    language: str
    has_storyboard: bool
    management: ManagementDetail | None = Field(None, description="For content managers only.")


class MovieList(ApiModel):
    """One page of movies."""

    movies: list[MovieSummary]
    total: int = Field(description="On all pages.")
    next_cursor: str | None = Field(description="For `cursor`; null on the last page.")


class MovieFields(ApiModel):
    """Fields of a movie that are set; what is left out stays, or is empty in a new movie."""

    slug: Annotated[StrictStr, at_most(120, "Part of the address; empty: made from the title.")] = (
        ""
    )
    tagline: Annotated[StrictStr, at_most(200, "One line under the title.")] = ""
    synopsis: Annotated[
        StrictStr, at_most(fields.MAX_SYNOPSIS, "Paragraphs, separated by blank lines.")
    ] = ""
    year: Annotated[StrictInt, between(0, 2100, "Year of release; 0: not known.")] = 0
    runtime_s: Annotated[
        StrictInt, between(0, fields.MAX_RUNTIME_S, "Running time in seconds; 0: as measured.")
    ] = 0
    genres: list[Annotated[StrictStr, at_most(40, "A genre.")]] = Field(
        default=[], max_length=fields.MAX_GENRES
    )
    director: Annotated[StrictStr, at_most(200, "Who directed it.")] = ""
    cast: list[Annotated[StrictStr, at_most(120, "An actor.")]] = Field(
        default=[], max_length=fields.MAX_CAST
    )
    country: Annotated[StrictStr, at_most(80, "Country of production.")] = ""
    language: Annotated[StrictStr, at_most(80, "Language that is spoken, in words.")] = ""
    content_rating: Annotated[StrictStr, at_most(16, "Age rating.")] = ""
    color: Annotated[StrictStr, at_most(7, "Dominant colour.", pattern="^#[0-9a-fA-F]{6}$")] = (
        "#1b1a20"
    )
    featured: Annotated[StrictInt, between(0, 99, "Place in the hero, 1 first; 0: not there.")] = 0
    available_from: Instant | None = Field(None, description="Start of the window; null: at once.")
    available_until: Instant | None = Field(None, description="Its end; null: none.")

    def given(self) -> dict[str, Any]:
        """Only what the caller sent."""
        return {name: getattr(self, name) for name in self.model_fields_set}


class MovieCreate(MovieFields):
    """A movie to be made, as a draft."""

    title: Annotated[
        StrictStr,
        at_most(fields.MAX_TITLE, "Unique, whatever its case or Unicode form.", minLength=1),
    ]


class MoviePatch(MovieFields):
    """Fields of a movie to be changed."""

    title: Annotated[
        StrictStr,
        at_most(fields.MAX_TITLE, "Unique, whatever its case or Unicode form.", minLength=1),
    ] = ""


class VisibilityChange(ApiModel):
    """Who may see a movie, apart from its availability window."""

    visibility: Visibility


def summary(movie: MovieRecord, state: str, *, managed: bool) -> MovieSummary:
    """A movie of the snapshot as one of many."""
    return MovieSummary(**_common(movie, state), management=_management(movie) if managed else None)


def for_viewers(movie: MovieRecord, now: datetime) -> Movie:
    """A movie of the snapshot as viewers may see it."""
    return Movie(
        **_common(movie, availability.state_of(movie, now)),
        synopsis=movie.synopsis,
        director=movie.director,
        cast=list(movie.cast),
        country=movie.country,
        language=movie.language,
        has_storyboard=movie.has_storyboard,
    )


def for_managers(view: MovieView, last_served_at: datetime | None) -> Movie:
    """A stored movie as content managers see it."""
    return Movie(
        **{name: getattr(view, name) for name in _SHARED},
        captions=[
            MovieCaption(language=track.language, label=track.label, kind=track.kind)
            for track in sorted(view.tracks, key=lambda t: (not t.is_default, t.label))
            if track.is_valid
        ],
        management=ManagementDetail.model_validate(
            {
                **{name: getattr(view, name) for name in _MANAGED},
                "source_status": view.source.status if view.source else "",
                "source_checked_at": view.source.checked_at if view.source else None,
                "last_served_at": last_served_at,
            }
        ),
    )


_SHARED = (
    "movie_id", "slug", "title", "tagline", "year", "runtime_s", "genres", "content_rating",
    "state", "available_from", "available_until", "art", "color", "synopsis", "director", "cast",
    "country", "language", "has_storyboard",
)  # fmt: skip
_MANAGED = (
    "visibility", "version", "featured", "added_at", "updated_at", "created_at", "blockers",
    "tracks", "source",
)  # fmt: skip


def _common(movie: MovieRecord, state: str) -> dict[str, Any]:
    return {
        "movie_id": movie.id,
        "slug": movie.slug,
        "title": movie.title,
        "tagline": movie.tagline,
        "year": movie.year,
        "runtime_s": movie.runtime_s,
        "genres": list(movie.genres),
        "content_rating": movie.content_rating,
        "state": str(state),
        "available_from": movie.available_from,
        "available_until": movie.available_until,
        "art": routes.artwork(movie.art_key) if movie.art_key else "",
        "color": movie.color,
        "captions": [
            MovieCaption(language=track.language, label=track.label, kind=track.kind)
            for track in catalog_views.caption_views(movie)
        ],
    }


def _management(movie: MovieRecord) -> Management:
    return Management.model_validate(
        {
            "visibility": movie.visibility,
            "version": movie.version,
            "featured": movie.featured,
            "source_status": movie.source_status,
            "source_checked_at": movie.source_checked_at,
            "added_at": movie.added_at,
            "updated_at": movie.updated_at,
        }
    )
