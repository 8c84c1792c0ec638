"""From a movie record to what a page shows."""

from __future__ import annotations

from datetime import datetime

from portal import routes
from portal.services import availability, words
from portal.services.availability import State
from portal.services.movie_record import MovieRecord
from portal.services.translation import t, tc
from portal.services.views import CaptionView, MovieCard, MovieDetail, TitleEntry


def badge(movie: MovieRecord, now: datetime) -> str:
    """The one thing worth saying on a card: leaving, coming, new, or nothing."""
    state = availability.state_of(movie, now)
    if state is State.SCHEDULED and movie.available_from:
        return t("Coming {day}", day=words.day(movie.available_from, now))
    if availability.leaves_soon(movie, now) and movie.available_until:
        return t("Leaves in {time}", time=words.time_left(movie.available_until, now))
    if now - released_at(movie) <= availability.NEW_FOR:
        return tc("film", "New")
    return ""


def released_at(movie: MovieRecord) -> datetime:
    """When viewers first could see it."""
    return max(movie.added_at, movie.available_from or movie.added_at)


def card(movie: MovieRecord, now: datetime) -> MovieCard:
    """A movie as one of many."""
    labels = list(dict.fromkeys(track.label for track in movie.playable_tracks))
    return MovieCard(
        movie_id=movie.id,
        slug=movie.slug,
        title=movie.title,
        year=movie.year,
        runtime=words.runtime(movie.runtime_s),
        genre=movie.genres[0] if movie.genres else "",
        art=routes.artwork(movie.art_key) if movie.art_key else "",
        color=movie.color,
        captions=", ".join(labels),
        badge=badge(movie, now),
        tagline=movie.tagline,
        is_coming=availability.state_of(movie, now) is State.SCHEDULED,
    )


def title_entry(movie: MovieRecord, *, is_coming: bool) -> TitleEntry:
    """A movie as sitemaps and feeds name it."""
    return TitleEntry(
        movie_id=movie.id,
        slug=movie.slug,
        title=movie.title,
        year=movie.year,
        synopsis=movie.synopsis,
        genres=movie.genres,
        released_at=released_at(movie),
        updated_at=movie.updated_at,
        is_coming=is_coming,
    )


def caption_views(movie: MovieRecord) -> list[CaptionView]:
    """The caption tracks a viewer may choose, the default one first."""
    return [
        CaptionView(track.id, track.language, track.label, track.kind, track.is_default)
        for track in movie.playable_tracks
    ]


def detail(movie: MovieRecord, now: datetime) -> MovieDetail:
    """A movie on its own page."""
    state = availability.state_of(movie, now)
    leaving = coming = ""
    if state is State.SCHEDULED and movie.available_from:
        coming = t("From {moment}", moment=words.moment(movie.available_from, now))
    elif availability.leaves_soon(movie, now) and movie.available_until:
        leaving = t("Leaves on {moment}", moment=words.moment(movie.available_until, now))
    return MovieDetail(
        movie_id=movie.id,
        slug=movie.slug,
        title=movie.title,
        tagline=movie.tagline,
        synopsis=movie.synopsis,
        year=movie.year,
        runtime=words.runtime(movie.runtime_s),
        runtime_s=movie.runtime_s,
        genres=list(movie.genres),
        director=movie.director,
        cast=list(movie.cast),
        country=words.country(movie.country),
        language=words.spoken_language(movie.language),
        content_rating=movie.content_rating,
        art=routes.artwork(movie.art_key) if movie.art_key else "",
        color=movie.color,
        captions=caption_views(movie),
        badge=badge(movie, now),
        leaving=leaving,
        coming=coming,
        has_storyboard=movie.has_storyboard,
    )
