"""Every field's rule and its words; slugs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.services.editing import fields, slugs
from portal.services.errors import InvalidInput
from portal.services.models import title_key
from tests.services.editing.conftest import NOW


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("title", "", "The title is empty"),
        ("title", " \u200b\u2060 ", "The title is empty"),
        ("title", "x" * 10_000, "The title has 10,000 characters; up to 200 are possible."),
        ("title", "ﷺ" * 100, "Written out in plain letters"),
        ("title", "a\x00b", "a character that is not text (U+0000)"),
        ("title", "\ud800", "a character that is not text (U+D800)"),
        ("title", 7, "The title has to be text."),
        ("synopsis", "x" * 5_001, "Shorten it by 1."),
        ("year", 1500, "between 1888 and 2036, or 0"),
        ("year", 2037, "between 1888 and 2036"),
        ("year", True, "has to be a whole number"),
        ("year", "1999", "has to be a whole number"),
        ("runtime_s", -1, "between 1 and 360000"),
        ("genres", "Drama", "have to be a list"),
        ("genres", [f"g{n}" for n in range(11)], "There are 11 genres; up to 10"),
        ("genres", ["x"] * 1_000_000, "There are 1,000,000 genres"),
        ("cast", ["x" * 121], "up to 120 are possible"),
        ("available_from", "tomorrow", "has to be an instant"),
        ("available_from", datetime.fromisoformat("2026-03-29T01:30:00"), "in which time zone"),
        ("available_until", datetime(9999, 12, 31, 23, 59, tzinfo=timezone(timedelta(hours=-12))),
         "from 1970 to 2199"),
        ("color", "red", "six hexadecimal digits"),
        ("slug", "a--b", "single hyphens"),
        ("slug", "ab" * 16, "single hyphens"),
        ("slug", "a/b", "single hyphens"),
        ("featured", 100, "between 0 and 99"),
        ("nonsense", 1, "no field “nonsense”"),
        ("visibility", "visible", "no field"),
    ],
)  # fmt: skip
def test_a_bad_value_is_named_with_the_fix(name: str, value: Any, words: str) -> None:
    assert words in fields.problem_with(name, value, now=NOW)


def test_all_wrong_fields_are_named_at_once() -> None:
    with pytest.raises(InvalidInput) as caught:
        fields.clean({"year": 1, "tagline": "x" * 201}, now=NOW, new=True)
    assert set(caught.value.fields) == {"year", "tagline", "title"}


@pytest.mark.parametrize(
    ("name", "value", "stored"),
    [
        ("title", "  Cafe\u0301 \n Noir ", "Café Noir"),
        ("title", "M", "M"),
        ("title", "千と千尋の神隠し", "千と千尋の神隠し"),
        ("synopsis", " One.  \r\n\r\n\r\n\r\n Two.\r", "One.\n\nTwo."),
        ("year", 0, 0),
        ("cast", ["Ana", " ana ", "", "Idris"], ["Ana", "Idris"]),
        ("color", "#AABBCC", "#aabbcc"),
        ("slug", "Ämter", "ämter"),
        ("available_from", None, None),
        (
            "available_from",
            datetime(2026, 7, 1, 12, tzinfo=timezone(timedelta(hours=2))),
            datetime(2026, 7, 1, 10, tzinfo=UTC),
        ),
    ],
)
def test_a_good_value_is_normalised(name: str, value: Any, stored: Any) -> None:
    assert fields.clean({name: value}, now=NOW) == {name: stored}


@given(st.text(max_size=300))
def test_any_text_is_a_title_or_refused_with_words(text: str) -> None:
    problem = fields.problem_with("title", text, now=NOW)
    if not problem:
        stored = fields.clean({"title": text}, now=NOW)["title"]
        assert fields.clean({"title": stored}, now=NOW)["title"] == stored
        assert 0 < len(stored) <= 200
        assert 0 < len(title_key(stored)) <= 400
        stored.encode()


@given(st.text(max_size=300))
def test_a_generated_slug_is_one_that_may_be_chosen(title: str) -> None:
    slug = slugs.slugify(title)
    assert slug == "" or slugs.is_slug(slug), slug
    assert len(slug) <= slugs.MAX_SLUG
    if slug:
        assert fields.problem_with("slug", slug, now=NOW) == ""


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Amélie & the Émigré!", "amelie-the-emigre"),
        ("It's a Wonderful Life", "its-a-wonderful-life"),
        ("Straße", "strasse"),
        ("Łódź 3", "lodz-3"),
        ("İstanbul", "istanbul"),
        ("千と千尋の神隠し", "千と千尋の神隠し"),
        ("हिन्दी फ़िल्म", "हिन्दी-फ़िल्म"),
        ("العربية", "العربية"),
        ("!?", ""),
        ("one " * 50, ("one-" * 20)[:79]),
    ],
)
def test_slugs_of_titles(title: str, slug: str) -> None:
    assert slugs.slugify(title) == slug


def test_a_taken_slug_gets_the_first_free_number() -> None:
    taken = {"dune", "dune-2"}
    assert slugs.unique("dune", taken.__contains__, fallback="x") == "dune-3"
    assert slugs.unique("", taken.__contains__, fallback="film-1") == "film-1"
