"""The demo catalog: 240 invented titles with the states that a real catalog has.

The words are written by hand in ``portal/demo/catalog``; who made and played in each title, and
since when it has been in the catalog, follows from its slug, so it is the same on every machine.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from portal.demo.art_direction import ArtDirection, direct_art
from portal.demo.catalog_reader import CatalogEntry, read_entries
from portal.demo.people import LANGUAGE_OF, cast_for, choose, directors_of, stable_number


@dataclass(frozen=True, slots=True)
class DemoTitle:
    """One title of the demo catalog.

    Attributes:
        slug: Unique, lower case ASCII, at most 80 characters.
        title: Unique also when case-folded and NFKC-normalised.
        tagline: One line.
        synopsis: Two or three sentences.
        year: Year of release, 1962-2026.
        genres: One to three of ``GENRES``, the main one first.
        director: Name.
        cast: Four to six names.
        country: Country's English name.
        language: Original language's English name.
        content_rating: One of ``RATINGS``.
        film: Key of the demo film that it plays.
        visible: False for titles that a manager has hidden.
        available_from_offset: Start of its availability after seeding; ``None``: always was.
        available_until_offset: End of its availability after seeding; ``None``: no end.
        added_ago: How long before seeding it came into the catalog.
        featured: Place in the hero, 1 first; 0 for titles that are not there.
        art: How its artwork is drawn.
    """

    slug: str
    title: str
    tagline: str
    synopsis: str
    year: int
    genres: tuple[str, ...]
    director: str
    cast: tuple[str, ...]
    country: str
    language: str
    content_rating: str
    film: str
    visible: bool
    available_from_offset: timedelta | None
    available_until_offset: timedelta | None
    added_ago: timedelta
    featured: int
    art: ArtDirection


GENRES = (
    "Drama",
    "Comedy",
    "Romance",
    "Thriller",
    "Crime",
    "Mystery",
    "Science Fiction",
    "Fantasy",
    "Horror",
    "Adventure",
    "Documentary",
    "Animation",
    "Family",
    "History",
    "Music",
)
"""All genres of the catalog."""

RATINGS = ("All", "6", "12", "16", "18")
"""Content ratings: the age from which a title is advised."""

FLAGSHIPS = {
    "seven-ridges-to-the-sea": "dusk",
    "the-green-hour": "aurora",
    "slow-lanterns": "medusa",
    "last-tram-to-morrow-street": "neon",
    "the-paper-orrery": "orrery",
    "ten-thousand-starlings": "starlings",
    "a-crane-in-nine-strokes": "ink",
    "the-keepers-window": "snow",
}
"""Titles that are about the film they play, and are drawn from its pictures."""

_FILES = (
    "flagships",
    "drama",
    "comedy_romance",
    "suspense",
    "fantastic",
    "journeys",
    "chronicles",
)

_FILMS_BY_MOOD = {
    "dusk": "mountain horse road bridge tree desert kite bird sun ladder car tent",
    "aurora": "star comet wolf forest tower telephone owl",
    "medusa": "fish whale sea boat shell lighthouse island bottle",
    "neon": "rain umbrella city lamp train window record microphone knife camera",
    "orrery": "planet moon rocket clock key suitcase crown book chess mask",
    "starlings": "balloon bicycle deer flower leaf eye figure couple hand guitar",
    "ink": "crane letter cup chair moth snake piano mushroom cat",
    "snow": "cabin house snowflake candle door bell fox",
}
_FILM_OF_MOTIF = {
    motif: film for film, motifs in _FILMS_BY_MOOD.items() for motif in motifs.split()
}
_OTHER_FILMS = ("aurora", "medusa", "starlings", "ink", "snow")

# Where in the order of titles the unusual states lie: spread out, so a small build has each.
_HIDDEN = range(3, 232, 23)
_SCHEDULED = range(7, 232, 23)
_EXPIRED = range(10, 232, 38)
_LEAVING = range(15, 232, 29)
_FEATURED_AGES_DAYS = (2, 5, 9, 12, 16, 21, 27, 33)
_OLDEST_DAYS = 729


def _make_title(entry: CatalogEntry, position: int) -> DemoTitle:
    """Complete an entry; ``position`` counts the titles after the flagships, they are < 0."""
    slug = entry.slug
    available_from = available_until = None
    if position < 0:
        added_ago = timedelta(days=_FEATURED_AGES_DAYS[position], hours=7)
    else:
        age = ((position * 97) % 232 / 232) ** 1.35
        added_ago = timedelta(
            days=1 + round(age * (_OLDEST_DAYS - 1)), minutes=stable_number(slug) % 1440
        )
    if position in _SCHEDULED:
        place = _SCHEDULED.index(position)
        available_from = timedelta(hours=6 + 11 * place + 9 * place**2)
        added_ago = timedelta(days=1 + place, hours=3)
    elif position in _EXPIRED:
        available_until = -timedelta(days=2 + 17 * _EXPIRED.index(position), hours=5)
        added_ago = max(added_ago, timedelta(days=300) - available_until)
    elif position in _LEAVING:
        available_until = timedelta(hours=20 + 41 * _LEAVING.index(position))
        added_ago = max(added_ago, timedelta(days=180))
    film = entry.film or _FILM_OF_MOTIF.get(entry.motif) or choose(_OTHER_FILMS, slug, "film")
    return DemoTitle(
        slug=slug,
        title=entry.title,
        tagline=entry.tagline,
        synopsis=entry.synopsis,
        year=entry.year,
        genres=entry.genres,
        director=choose(directors_of(entry.country), slug, "director"),
        cast=cast_for(slug, entry.country),
        country=entry.country,
        language=entry.language or LANGUAGE_OF[entry.country],
        content_rating=entry.content_rating,
        film=film,
        visible=position not in _HIDDEN,
        available_from_offset=available_from,
        available_until_offset=available_until,
        added_ago=added_ago,
        featured=position + len(FLAGSHIPS) + 1 if position < 0 else 0,
        art=direct_art(entry, position),
    )


def _make_titles() -> tuple[DemoTitle, ...]:
    flagships, *others = (list(read_entries(name)) for name in _FILES)
    rest = [entry for entries in others for entry in entries]
    rest.sort(key=lambda entry: stable_number(entry.slug, "order"))
    ordered = [*flagships, *rest]
    first = -len(flagships)
    return tuple(_make_title(entry, first + number) for number, entry in enumerate(ordered))


TITLES: tuple[DemoTitle, ...] = _make_titles()
"""The catalog, flagships first; any prefix of it is a fair sample."""

TITLES_BY_SLUG = {title.slug: title for title in TITLES}
