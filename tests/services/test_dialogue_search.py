"""What is said in films: found with its second, on SQLite and MariaDB, and never told too early."""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import closing
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from portal.services.actors import Actor, Role
from portal.services.captions.dialogue import DialogueLine
from portal.services.clock import utc_now
from portal.services.container import Services
from portal.services.dialogue_search import LineHit, open_lines
from portal.services.repositories import dialogue_lines
from tests.support.catalog import add_movie

MANAGER = Actor("m1", "m@films.example", Role.MANAGER)
VTT = """WEBVTT

00:01.000 --> 00:03.000
The harbour is quiet tonight.

00:10.500 --> 00:12.000
- Où est la clé?
- In the lantern room.

01:02.000 --> 01:04.000
Nobody leaves the quiet harbour.
"""


async def put(services: Services, slug: str, vtt: str = VTT, **values: Any) -> str:
    movie_id = await services.db.run(
        lambda s: add_movie(s, services.box, slug=slug, vtt=vtt, **values).id
    )
    await services.catalog.announce_change()
    await services.indexing.run()
    return movie_id


async def found(services: Services, text: str, **more: Any) -> list[LineHit]:
    return await services.dialogue.search(text, utc_now(), **more)


async def test_a_line_is_found_with_its_second(running_services: Services) -> None:
    await put(running_services, "the-film")
    hit, *others = await found(running_services, "quiet tonight")
    assert others == []
    assert (hit.slug, hit.start_s, hit.language) == ("the-film", 1.0, "en")
    assert (hit.before, hit.match, hit.after) == ("The harbour is ", "quiet tonight", ".")


@pytest.mark.parametrize(
    ("text", "starts"),
    [
        ("lantern", [10.5]),
        ("LANT", [10.5]),
        ("cle", [10.5]),
        ("quiet harbour", [1.0, 62.0]),
        ("harbour quiet", [1.0, 62.0]),
        ("lanterns", []),
        ("la", []),
        ("room OR quiet", []),
        ('"quiet', [1.0, 62.0]),
        ("words* AND (", []),
        ("'; DROP TABLE movie; --", []),
    ],
)
async def test_what_is_typed(running_services: Services, text: str, starts: list[float]) -> None:
    await put(running_services, "the-film")
    assert sorted({hit.start_s for hit in await found(running_services, text)}) == starts


async def test_words_beside_one_another_come_first(running_services: Services) -> None:
    await put(running_services, "the-film")
    assert [hit.start_s for hit in await found(running_services, "quiet harbour")] == [62.0, 1.0]


async def test_a_few_lines_of_each_film(running_services: Services) -> None:
    cue = "00:{0:02}.000 --> 00:{0:02}.900\nAgain number {0}.\n\n"
    many = "WEBVTT\n\n" + "".join(cue.format(at) for at in range(0, 50, 3))
    await put(running_services, "one", many)
    await put(running_services, "two", many)
    hits = [hit.slug for hit in await found(running_services, "again")]
    assert sorted(hits) == ["one"] * 3 + ["two"] * 3


@pytest.mark.parametrize(
    "window",
    [
        {"visibility": "hidden"},
        {"visibility": "draft"},
        {"available_from": timedelta(hours=1)},
        {"available_until": timedelta(hours=-1)},
    ],
)
async def test_nothing_is_told_of_what_cannot_be_watched(
    running_services: Services, window: dict[str, Any]
) -> None:
    now = utc_now()
    values = {k: now + v if isinstance(v, timedelta) else v for k, v in window.items()}
    await put(running_services, "secret-film", **values)
    await put(running_services, "open-film")
    assert {hit.slug for hit in await found(running_services, "harbour")} == {"open-film"}


async def test_a_film_that_is_hidden_is_silent_at_once(running_services: Services) -> None:
    movie_id = await put(running_services, "the-film")
    assert await found(running_services, "harbour")
    await running_services.editing.publishing.set_visibility(
        MANAGER, movie_id, "hidden", version=None, now=utc_now()
    )
    assert await found(running_services, "harbour") == []


async def test_the_language_that_is_read_comes_first(running_services: Services) -> None:
    await put(running_services, "the-film", captions=("en", "pt"))
    for language in ("en", "pt"):
        hits = await found(running_services, "lantern", language=f"{language}-GB")
        assert hits[0].language == language
        assert len(hits) == 1  # the same moment once


async def test_captions_that_change_are_read_again(running_services: Services) -> None:
    movie_id = await put(running_services, "the-film")
    now = utc_now()
    track = (await running_services.editing.movies.view(MANAGER, movie_id, now)).tracks[0]
    text = "WEBVTT\n\n00:05.000 --> 00:06.000\nAnother sentence altogether.\n"
    await running_services.editing.captions.replace(
        MANAGER, movie_id, track.track_id, text.encode(), "new.vtt", version=track.version, now=now
    )
    await running_services.indexing.run()
    assert await found(running_services, "harbour") == []
    assert [hit.start_s for hit in await found(running_services, "altogether")] == [5.0]
    assert await running_services.indexing.run() == 0


async def test_captions_that_are_deleted_are_forgotten(running_services: Services) -> None:
    movie_id = await put(running_services, "a-draft", visibility="draft")
    await put(running_services, "the-film")
    await running_services.editing.movies.delete(MANAGER, movie_id, now=utc_now())
    await running_services.indexing.run()
    assert {hit.slug for hit in await found(running_services, "harbour")} == {"the-film"}


async def test_workers_that_store_at_the_same_time(tmp_path: Path) -> None:
    """The lock keeps them apart; should it fail (a network disk), no line may be lost for it."""
    put_line = partial(dialogue_lines.put, movie_id="m", version=1)
    said = [DialogueLine(at, at + 0.9, f"Again number {at}.", "") for at in range(9)]
    with closing(open_lines(tmp_path)) as one, closing(open_lines(tmp_path)) as other:
        await asyncio.gather(
            *(
                lines.run(partial(put_line, track_id=f"{at}", lines=said))
                for at in range(40)
                for lines in (one, other)
            )
        )
        query = partial(dialogue_lines.find, words=["again"], phrase=False, limit=1000)
        found_lines = await one.run(query)
    assert Counter(line.track_id for line in found_lines) == {f"{at}": 9 for at in range(40)}
