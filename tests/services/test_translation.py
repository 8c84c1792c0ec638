"""Messages in each language: complete, of the sources as they are, and with what they must hold."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from babel.messages.catalog import Message

from portal.api.wording import wording
from portal.embedded.frontend_build import node_binary
from portal.languages import LANGUAGES, Language, accepted, by_code, of_path
from portal.services import words
from portal.services.translation import catalog, later, later_n, speaking, t, tc, tn, told
from scripts import messages

TRANSLATED = [language for language in LANGUAGES if language.prefix]
PLACE = re.compile(r"\{(\w+)\}")
PORTUGUESE, ARABIC = TRANSLATED[0], TRANSLATED[1]
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def sources() -> messages.Catalog:
    return messages.template()


def stored(language: Language) -> Iterator[Message]:
    return (message for message in messages.read(language) if message.id)


@pytest.mark.parametrize("language", TRANSLATED, ids=lambda language: language.code)
def test_the_messages_are_those_of_the_sources(
    language: Language, sources: messages.Catalog
) -> None:
    path = messages.path_of(language)
    assert path.read_text("utf-8") == messages.updated(language, sources), "run: make messages"


@pytest.mark.parametrize("language", TRANSLATED, ids=lambda language: language.code)
def test_every_message_is_translated(language: Language) -> None:
    missing = [m.id for m in stored(language) if m.fuzzy or not messages.is_translated(m.string)]
    assert missing == []


@pytest.mark.parametrize("language", TRANSLATED, ids=lambda language: language.code)
def test_every_translation_holds_what_changes(language: Language) -> None:
    """Names in braces are those of the English text; a plural form may do without its number."""
    wrong = []
    for message in stored(language):
        one, other = message.id if isinstance(message.id, tuple) else (message.id, message.id)
        wanted = set(PLACE.findall(one)) | set(PLACE.findall(other))
        forms = message.string if isinstance(message.string, tuple | list) else (message.string,)
        for form in forms:
            held = set(PLACE.findall(form))
            if held - wanted or (wanted - {"n"}) - held or (len(forms) == 1 and wanted != held):
                wrong.append((message.id, form))
    assert wrong == []


def test_arabic_has_six_forms() -> None:
    with speaking(ARABIC):
        said = [
            tn("{n} film", "{n} films", n) for n in (0, 1, 2, 3, 10, 11, 99, 100, 102, 103, 1234)
        ]
    assert said == [
        "لا أفلام", "فيلم واحد", "فيلمان", "3 أفلام", "10 أفلام", "11 فيلمًا", "99 فيلمًا",
        "100 فيلم", "102 فيلم", "103 أفلام", "1,234 فيلمًا",
    ]  # fmt: skip


def test_portuguese_has_one_for_nothing_and_for_one() -> None:
    with speaking(PORTUGUESE):
        assert [tn("{n} film", "{n} films", n) for n in (0, 1, 2, 1234)] == [
            "0 filme", "1 filme", "2 filmes", "1.234 filmes",
        ]  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.code)
def test_browser_and_server_say_the_same(language: Language) -> None:
    """`assets/site/i18n.js` with the script that a document gets, against this module."""
    numbers = [0, 1, 2, 3, 7, 10, 11, 26, 99, 100, 101, 102, 105, 111, 1000, 1234, 1000000]
    module = Path(__file__).resolve().parents[2] / "assets/site/i18n.js"
    program = f"""
        {wording(language).script}
        const {{ t, tn, tc }} = await import({json.dumps(module.as_uri())});
        console.log(JSON.stringify([
          ...{numbers}.map((n) => tn("{{n}} film", "{{n}} films", n)),
          t("Film: {{title}}", {{ title: "Bluebird" }}), tc("cast", "With"), t("not a message"),
        ]));"""
    node = node_binary()
    assert node is not None
    done = subprocess.run(
        [node, "--input-type=module", "-e", program], capture_output=True, text=True, check=True
    )
    with speaking(language):
        said = [tn("{n} film", "{n} films", n) for n in numbers]
        said += [t("Film: {title}", title="Bluebird"), tc("cast", "With"), t("not a message")]
    assert json.loads(done.stdout) == said


def test_a_text_for_later_is_english_until_it_is_told() -> None:
    wait = later_n("{n} minute", "{n} minutes", 3)
    title = later("Leaves in {time}", time=wait)
    assert (str(wait), str(title)) == ("3 minutes", "Leaves in 3 minutes")
    with speaking(PORTUGUESE):
        assert (told(wait), told(title), told("Play")) == (
            "3 minutos",
            "Sai em 3 minutos",
            "Assistir",
        )
        assert json.dumps(wait) == '"3 minutes"'


def test_dates_and_lengths_are_as_each_language_has_them() -> None:
    at = datetime(2026, 11, 27, 18, tzinfo=UTC)
    later_year = at + timedelta(days=365)
    said = []
    for language in LANGUAGES:
        with speaking(language):
            said.append([words.moment(at, NOW), words.day(later_year, NOW), words.runtime(6720)])
    assert said == [
        ["Friday 27 November, 18:00 UTC", "27 November 2027", "1 h 52 min"],
        ["sexta-feira, 27 de novembro, 18:00 UTC", "27 de novembro de 2027", "1 h 52 min"],
        [
            "\u2068الجمعة 27 نوفمبر\u2069، الساعة \u206818:00\u2069 بالتوقيت العالمي",
            "27 نوفمبر 2027",
            "1 س 52 د",
        ],
    ]


def test_what_changes_may_have_any_name() -> None:
    assert t("Results for “{text}”", text="x") == "Results for “x”"
    assert later("{one} of {text}", one="1", text="2") == "1 of 2"


def test_countries_and_languages_of_a_catalog_are_named() -> None:
    with speaking(PORTUGUESE):
        assert words.country("Turkey") == "Turquia"
        assert words.spoken_language("Arabic") == "árabe"
        assert words.country("Atlantis") == "Atlantis"
    assert words.country("Turkey") == "Turkey"


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("pt-BR,pt;q=0.9,en;q=0.8", "pt"),
        ("en-US,en;q=0.9,pt;q=0.8", "en"),
        ("fr,ar;q=0.5,en;q=0.4", "ar"),
        ("AR", "ar"),
        ("pt;q=0", None),
        ("fr-FR,de", None),
        ("*", None),
        ("", None),
        ("en;q=nonsense,,;;", None),
    ],
)
def test_the_browser_s_favourite_of_our_languages(header: str, code: str | None) -> None:
    found = accepted(header)
    assert (found.code if found else None) == code


def test_an_address_names_its_language() -> None:
    assert of_path("/pt/movie/x") == (PORTUGUESE, "/movie/x")
    assert of_path("/ar") == (ARABIC, "/")
    assert [of_path(path)[1] for path in ("/en/x", "/ptx", "/movie/pt")] == [
        "/en/x",
        "/ptx",
        "/movie/pt",
    ]
    assert [language.path("/") for language in LANGUAGES] == ["/", "/pt", "/ar"]
    assert by_code("xx") is None


def test_no_message_is_taken_for_a_translation_that_is_doubtful() -> None:
    assert all(text for text in catalog(ARABIC).texts.values())
