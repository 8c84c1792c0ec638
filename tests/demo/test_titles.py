"""The catalog: what a seeded portal, its searches and its shelves count on."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections import Counter
from datetime import timedelta

import pytest

from portal.demo.artwork.motifs import MOTIFS
from portal.demo.artwork.styles import STYLES
from portal.demo.artwork.typography import font
from portal.demo.catalog_reader import slugify
from portal.demo.films import FILMS
from portal.demo.titles import FLAGSHIPS, GENRES, RATINGS, TITLES, TITLES_BY_SLUG, DemoTitle

NOW = timedelta(0)


def fold(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def state(title: DemoTitle) -> str:
    if not title.visible:
        return "hidden"
    if title.available_from_offset is not None and title.available_from_offset > NOW:
        return "scheduled"
    if title.available_until_offset is None:
        return "there"
    return "expired" if title.available_until_offset < NOW else "leaving"


def test_there_are_240_titles_with_unique_names_and_slugs():
    assert len(TITLES) == 240
    assert len({title.slug for title in TITLES}) == 240
    assert len({fold(title.title) for title in TITLES}) == 240
    assert len({fold(title.tagline) for title in TITLES}) == 240


def test_the_states_are_those_of_a_real_catalog():
    counts = Counter(state(title) for title in TITLES)
    assert counts["hidden"] == 10
    assert counts["scheduled"] == 10
    assert counts["expired"] == 6
    assert counts["leaving"] == 8
    assert counts["there"] == 206


def test_the_first_24_titles_have_every_state():
    assert {state(title) for title in TITLES[:24]} == {
        "hidden",
        "scheduled",
        "expired",
        "leaving",
        "there",
    }


def test_offsets_make_sense():
    for title in TITLES:
        match state(title):
            case "scheduled":
                assert timedelta(hours=5) < title.available_from_offset < timedelta(weeks=8)
            case "leaving":
                assert timedelta(hours=12) < title.available_until_offset < timedelta(days=14)
            case "expired":
                assert title.added_ago > -title.available_until_offset
        assert timedelta(hours=12) < title.added_ago < timedelta(days=3 * 365)


def test_new_titles_come_in_all_the_time():
    days = [title.added_ago.days for title in TITLES]
    assert 10 <= sum(day <= 14 for day in days) <= 40
    assert sum(day > 365 for day in days) >= 60


def test_flagships_come_first_and_lead_the_hero():
    first = TITLES[: len(FLAGSHIPS)]
    assert {title.slug: title.film for title in first} == FLAGSHIPS
    assert [title.featured for title in first] == list(range(1, len(FLAGSHIPS) + 1))
    assert all(title.featured == 0 for title in TITLES[len(FLAGSHIPS) :])
    assert all(state(title) == "there" for title in first)
    assert set(FLAGSHIPS.values()) == set(FILMS)


@pytest.mark.parametrize("title", TITLES, ids=lambda title: title.slug)
def test_a_title_is_complete(title: DemoTitle):
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", title.slug)
    assert 1962 <= title.year <= 2026
    assert 1 <= len(title.genres) <= 3
    assert len(set(title.genres)) == len(title.genres)
    assert set(title.genres) <= set(GENRES)
    assert title.content_rating in RATINGS
    assert title.film in FILMS
    assert 4 <= len(title.cast) <= 6
    assert len(set(title.cast)) == len(title.cast)
    assert title.director
    assert title.director not in title.cast
    assert title.country
    assert title.language
    assert title.art.motif in MOTIFS
    assert title.art.style in STYLES or title.slug in FLAGSHIPS


@pytest.mark.parametrize("title", TITLES, ids=lambda title: title.slug)
def test_its_words_read_well(title: DemoTitle):
    sentences = re.findall(r"[.!?](?=\s|$)", title.synopsis)
    assert 2 <= len(sentences) <= 4
    assert 90 <= len(title.synopsis) <= 420
    assert 8 <= len(title.tagline) <= 100
    assert title.tagline[-1] in ".?!"
    for text in (title.title, title.tagline, title.synopsis):
        assert text == text.strip()
        assert "  " not in text
    assert "'" not in title.synopsis + title.tagline, "typographic apostrophes in running text"


def test_every_genre_fills_a_shelf():
    counts = Counter(genre for title in TITLES for genre in title.genres)
    assert set(counts) == set(GENRES)
    assert min(counts.values()) >= 10


def test_every_film_is_played_by_many_titles():
    counts = Counter(title.film for title in TITLES)
    assert min(counts[film] for film in FILMS) >= 15


def test_neighbours_do_not_look_alike():
    styles = [title.art.style for title in TITLES[len(FLAGSHIPS) :]]
    assert len(set(styles)) >= 12
    same = sum(a == b for a, b in itertools.pairwise(styles))
    assert same <= len(styles) * 0.15
    assert max(Counter(styles).values()) <= len(styles) * 0.15


def test_slugs_are_made_of_the_titles():
    assert slugify("The Understated Wedding of Pía Lund") == "the-understated-wedding-of-pia-lund"
    assert slugify("The Keeper's Window") == "the-keepers-window"
    assert TITLES_BY_SLUG["nobody-leaves-valparaiso"].title == "Nobody Leaves Valparaíso"


@pytest.mark.parametrize(
    "name",
    ["Anton", "ArchivoBlack", "Cormorant-SemiBold", "DMSerifDisplay", "JosefinSans-SemiBold"],
)
def test_the_fonts_can_set_every_title_and_credit(name: str):
    face = font(name, 40)
    missing = bytes(face.getmask("￿"))
    letters = {letter for title in TITLES for letter in title.title + title.title.upper()} | {"’"}
    if name == "JosefinSans-SemiBold":
        letters |= {letter for title in TITLES for letter in title.director.upper()}
    lacking = {
        letter for letter in letters if letter.strip() and bytes(face.getmask(letter)) == missing
    }
    assert not lacking
