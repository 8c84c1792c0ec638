"""Movies for the tests, put into a real database."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel import Session

from portal.services.clock import utc_now
from portal.services.models import CaptionTrack, Movie, StreamSource, new_art_key, new_id, title_key
from portal.services.secrets_box import Place, SecretsBox

VTT = "WEBVTT\n\n00:00.500 --> 00:02.000\nHello there.\n"


def add_movie(
    session: Session,
    box: SecretsBox,
    *,
    slug: str = "the-film",
    source_url: str = "https://origin.example/film/main.m3u8",
    captions: tuple[str, ...] = ("en",),
    duration_s: float = 12.0,
    vtt: str = VTT,
    **values: Any,
) -> Movie:
    """A movie that can be watched, unless `values` say otherwise."""
    title = values.pop("title", slug.replace("-", " ").title())
    movie = Movie(
        **{
            "slug": slug,
            "title": title,
            "title_key": title_key(title),
            "synopsis": "Somebody looks for something.",
            "year": 2001,
            "runtime_s": round(duration_s),
            "genres": ["Drama"],
            "director": "Ana Ferreira",
            "cast": ["Idris Bell"],
            "art_key": new_art_key(),
            "visibility": "visible",
            **values,
        }
    )
    session.add(movie)
    session.flush()
    if source_url:
        row_id = new_id()
        session.add(
            StreamSource(
                id=row_id,
                movie_id=movie.id,
                url_ciphertext=box.seal(
                    source_url, Place("stream_source", "url_ciphertext", row_id)
                ),
                url_key_id=box.active_key_id,
                url_fingerprint=box.fingerprint(source_url),
                duration_s=duration_s,
                status="ok",
            )
        )
    for number, language in enumerate(captions):
        session.add(
            CaptionTrack(
                movie_id=movie.id,
                language=language,
                label={"en": "English", "pt": "Português"}.get(language, language),
                is_default=number == 0,
                is_valid=True,
                vtt=vtt,
                cue_count=1,
            )
        )
    return movie


def at(text: str) -> datetime:
    """An aware instant from ISO 8601."""
    return datetime.fromisoformat(text)


def now() -> datetime:
    """The present instant."""
    return utc_now()
