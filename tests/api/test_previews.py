"""Content managers play what viewers may not; a viewer's session never becomes such a one."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest

from portal.services.actors import Role
from portal.services.clock import utc_now
from portal.services.container import Services
from portal.services.errors import MovieNotFound
from tests.api.test_playback import put
from tests.support.api_server import api_server
from tests.support.people import person


@pytest.fixture
async def client(running_services: Services) -> AsyncIterator[httpx.AsyncClient]:
    async with api_server() as found:
        yield found


@pytest.mark.parametrize(
    "values", [{"visibility": "draft"}, {"visibility": "hidden"}, {"captions": ()}]
)
async def test_a_draft_opens_for_staff_only(
    client: httpx.AsyncClient, running_services: Services, values: dict[str, object]
) -> None:
    movie_id = await put(running_services, **values)
    path = f"/api/movies/{movie_id}/stream-token"
    assert (await client.post(path)).status_code in (404, 409)
    editor = await person(running_services, Role.EDITOR)
    headers = {"Cookie": editor.cookie, "Origin": str(client.base_url).rstrip("/")}
    granted = await client.post(path, headers=headers)
    assert granted.status_code == 200, granted.text
    movie = await running_services.playback.authorise(granted.json()["token"], movie_id, utc_now())
    assert movie.id == movie_id


async def test_another_site_s_page_opens_none(
    client: httpx.AsyncClient, running_services: Services
) -> None:
    movie_id = await put(running_services, visibility="draft")
    editor = await person(running_services, Role.EDITOR)
    headers = {"Cookie": editor.cookie, "Origin": "https://evil.example"}
    answer = await client.post(f"/api/movies/{movie_id}/stream-token", headers=headers)
    assert answer.status_code == 403


async def test_a_viewer_s_token_ends_when_the_film_is_hidden(
    client: httpx.AsyncClient, running_services: Services
) -> None:
    movie_id = await put(running_services)
    token = (await client.post(f"/api/movies/{movie_id}/stream-token")).json()["token"]
    manager = await person(running_services, Role.MANAGER)
    await running_services.editing.publishing.set_visibility(
        manager.actor, movie_id, "hidden", now=utc_now()
    )
    with pytest.raises(MovieNotFound):
        await running_services.playback.authorise(token, movie_id, utc_now())


async def test_pictures_of_drafts_are_for_staff(
    client: httpx.AsyncClient, running_services: Services
) -> None:
    await put(running_services, slug="draft", visibility="draft", art_key="d" * 32)
    folder = running_services.settings.artwork_dir / ("d" * 32)
    folder.mkdir(parents=True)
    (folder / "poster-240.avif").write_bytes(b"picture")
    (folder / "original-poster.bin").write_bytes(b"\x89PNG....")
    editor = await person(running_services, Role.EDITOR)
    headers = {"Cookie": editor.cookie, "Sec-Fetch-Site": "same-origin"}
    for name, kind in (("poster-240.avif", "image/avif"), ("original-poster.bin", "image/png")):
        path = f"/artwork/{'d' * 32}/{name}"
        assert (await client.get(path)).status_code == 404
        shown = await client.get(path, headers=headers)
        assert (shown.status_code, shown.headers["content-type"]) == (200, kind)
        assert shown.headers["cache-control"].startswith("private")
