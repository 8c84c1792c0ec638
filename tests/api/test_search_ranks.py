"""The order of what a search finds, other scripts, people; and that no count or name leaks."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from portal import routes
from portal.services.clock import utc_now
from portal.services.container import Services
from tests.services.test_dialogue_search import MANAGER, put
from tests.support.api_server import api_server

QUIET = "WEBVTT\n\n00:01.000 --> 00:02.000\nNothing.\n"


async def ask(services: Services, *texts: str) -> list[dict[str, Any]]:
    async with api_server() as client:
        return [(await client.get(routes.SEARCH, params={"q": text})).json() for text in texts]


async def test_the_order_of_films(running_services: Services) -> None:
    here = running_services
    more: dict[str, Any] = {"director": "Ana Ferreira", "synopsis": "A film.", "cast": []}
    await put(here, "about", QUIET, title="Some", **more | {"synopsis": "They see the aurora."})
    await put(here, "by", QUIET, title="Another", **more | {"director": "Aurora Vale"})
    await put(here, "word", QUIET, title="The Long Aurora", **more)
    await put(here, "begins", QUIET, title="Aurora Rising", **more)
    await put(here, "very", QUIET, title="Aurora", **more)
    await put(here, "flowers", QUIET, title="花の都", **more)
    await put(here, "arabic", QUIET, title="أنا في البَيت", **more)
    right, wrong, person, part, other, arabic = await ask(
        here, "aurora", "auroa", "ana fereira", "の都", "都の", "انا البيت"
    )
    assert [m["slug"] for m in right["movies"]] == ["very", "begins", "word", "by", "about"]
    assert right["people"] == [{"name": "Aurora Vale", "films": 1}]
    assert [m["slug"] for m in wrong["movies"]] == ["very", "begins", "word", "by"]
    assert person["people"] == [{"name": "Ana Ferreira", "films": 6}]
    assert [m["slug"] for m in part["movies"]] == ["flowers"]
    assert other["movies"] == []
    assert [m["slug"] for m in arabic["movies"]] == ["arabic"]


@pytest.mark.parametrize("how", ["schedule", "expire"])
async def test_nothing_leaks_of_a_window(running_services: Services, how: str) -> None:
    here, now, day = running_services, utc_now(), timedelta(days=1)
    secret = await put(here, "secret", title="Quixotic", director="Zeb Quix", synopsis="Quixotry.")
    await put(here, "open", QUIET, title="Quiet", director="Quinn Ray", synopsis="A film.")
    before = await ask(here, "quixotic", "zeb", "lantern")
    assert before[0]["total"] == before[1]["people"][0]["films"] == 1
    assert before[2]["lines"]
    start, end = (now + day, None) if how == "schedule" else (now - 2 * day, now - day)
    await here.editing.publishing.schedule(MANAGER, [secret], start, end, now)
    nothing = {"movies": [], "people": [], "total": 0, "lines": []}
    texts = ("quixotic", "quixotc", "quix", "zeb", "zeb quix", "quixotry", "lantern")
    assert await ask(here, *texts) == [nothing] * len(texts)
    (both,) = await ask(here, "qui")
    assert (both["total"], [p["name"] for p in both["people"]]) == (1, ["Quinn Ray"])
