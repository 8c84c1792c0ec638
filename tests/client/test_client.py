"""The typed client against the running API: every operation of the contract, with real answers."""

from __future__ import annotations

import asyncio
import io
import re
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from PIL import Image

from portal.api.contract import operations
from portal.client import ApiProblem, AsyncPortalClient, NotModified, PortalClient, models
from portal.services.actors import Role
from portal.services.container import Services, running
from portal.settings import Settings
from scripts import contract
from tests.services.editing.films import put_film
from tests.support.api_people import bearer, put_people
from tests.support.api_server import api_server
from tests.support.catalog import now
from tests.support.origin import Origin, http_origin

VTT = b"WEBVTT\n\n00:01.000 --> 00:03.000\nHello there.\n\n00:04.000 --> 00:06.000\nGoodbye now.\n"


@pytest.fixture
def origin() -> Iterator[Origin]:
    with http_origin() as found:
        yield found


@pytest.fixture
async def services(
    sqlite_url: str, redis_url: str, tmp_path: Path, origin: Origin
) -> AsyncIterator[Services]:
    settings = Settings(
        data_dir=tmp_path / "data",
        database_url=sqlite_url,
        redis_url=redis_url,
        port=1,
        admin_requests_per_min=1_000,
        origin_allowed_hosts=origin.host,  # type: ignore[arg-type]
    )
    settings.data_dir.mkdir(parents=True)
    async with running(settings) as found:
        yield found


@pytest.fixture
async def base_url(services: Services) -> AsyncIterator[str]:
    await put_people(services)
    async with api_server() as http:
        yield str(http.base_url)


def token_of(role: Role) -> str:
    return bearer(role)["Authorization"].removeprefix("Bearer ")


class Recorder(httpx.AsyncHTTPTransport):
    """Keeps what was asked."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[tuple[str, str]] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.asked.append((request.method.lower(), request.url.path))
        return await super().handle_async_request(request)


def picture() -> bytes:
    output = io.BytesIO()
    Image.new("RGB", (600, 900), "#204060").save(output, "PNG")
    return output.getvalue()


async def test_every_operation(base_url: str, origin: Origin) -> None:
    recorder = Recorder()
    async with AsyncPortalClient(base_url, token_of(Role.OWNER), transport=recorder) as portal:
        await _life_of_a_movie(portal, origin)
    patterns = {
        (method, path): re.compile(re.sub(r"\{\w+\}", "[^/]+", path))
        for path, method in operations(contract.committed())
    }
    never = [
        key
        for key, pattern in patterns.items()
        if not any(key[0] == m and pattern.fullmatch(p) for m, p in recorder.asked)
    ]
    assert never == [], "operations that no test calls through the client"


async def _life_of_a_movie(portal: AsyncPortalClient, origin: Origin) -> None:
    made = await portal.create_movie(models.MovieCreate(title="The Long Night", genres=["Drama"]))
    film = made.value.movie_id
    assert (made.status, made.location) == (201, f"/api/movies/{film}")
    changed = await portal.update_movie(film, models.MoviePatch(year=1999), if_match=made.etag)
    assert (changed.value.year, changed.value.genres) == (1999, ["Drama"])
    with pytest.raises(ApiProblem) as lost:
        await portal.update_movie(film, models.MoviePatch(year=2000), if_match=made.etag)
    assert (lost.value.status, lost.value.code) == (412, "edit-conflict")
    await _its_source(portal, film, put_film(origin))
    await _its_captions(portal, film)
    art = await portal.upload_artwork(film, "poster", file=("p.png", picture()), focus_x=0.25)
    assert {each.kind for each in art.value.pictures} == {"poster", "backdrop"}
    focus = models.FocusChange(focus_x=1, focus_y=0)
    assert (await portal.crop_artwork(film, "poster", focus)).value.pictures[0].focus_x == 1
    assert (await portal.get_artwork(film)).value.color.startswith("#")
    await _its_publication(portal, film)
    await _what_is_about_it(portal, film)
    await _its_audit(portal, film)
    await portal.delete_captions(film, (await portal.list_captions(film)).value.tracks[0].track_id)
    await portal.remove_source(film)
    assert (await portal.delete_movie(film)).status == 204
    assert (await portal.live()).value.status == "ok"
    assert (await portal.ready()).value.status == "ready"


async def _its_source(portal: AsyncPortalClient, film: str, url: str) -> None:
    looked = await portal.preview_source(film, models.SourceChange(url=url))
    assert looked.value.status in ("ok", "warnings")
    assert (await portal.set_source(film, models.SourceChange(url=url))).value.duration_s == 12
    assert (await portal.check_source(film)).value.error_count == 0
    source = (await portal.get_source(film)).value
    assert [variant.height for variant in source.report.renditions] == [360, 1080]
    assert source.checked_at is not None
    assert source.checked_at.utcoffset() == timedelta(0)


async def _its_captions(portal: AsyncPortalClient, film: str) -> None:
    made = await portal.upload_captions(film, file=("film.vtt", VTT), language="en", kind="sdh")
    track = made.value.track_id
    assert (made.value.label, made.value.cue_count) == ("English (SDH)", 2)
    cues = await portal.update_cue(film, track, 1, models.CuePatch(text="Hi."), if_match=made.etag)
    new = models.CueCreate(start_s=7, end_s=9, text="More to come.")
    cues = await portal.add_cue(film, track, new, if_match=cues.etag)
    split = models.CueSplit(at_s=8, text_before="More", text_after="to come.")
    cues = await portal.split_cue(film, track, 3, split, if_match=cues.etag)
    cues = await portal.delete_cue(film, track, 4, if_match=cues.etag)
    cues = await portal.correct_captions(
        film, track, models.ShiftCorrection(operation="shift", offset_s=0.5), if_match=cues.etag
    )
    assert [(cue.text, cue.start_s) for cue in cues.value.cues] == [
        ("Hi.", 1.5), ("Goodbye now.", 4.5), ("More", 7.5),
    ]  # fmt: skip
    assert (await portal.list_cues(film, track)).value.version == 6
    detail = (await portal.get_captions(film, track)).value
    assert (detail.versions[-1].version, detail.report.stats.cue_count) == (1, 3)
    assert (await portal.restore_captions(film, track, 1)).value.cue_count == 2
    assert (await portal.download_captions(film, track)).value == VTT
    assert b"Hello there." in (await portal.get_caption_text(film, track)).value
    await portal.replace_captions(film, track, file=("film.vtt", VTT.replace(b"now", b"then")))
    renamed = await portal.update_captions(film, track, models.TrackPatch(label="English"))
    assert renamed.value.label == "English"
    assert [each.track_id for each in (await portal.list_captions(film)).value.tracks] == [track]


async def _its_publication(portal: AsyncPortalClient, film: str) -> None:
    shown = await portal.set_visibility(film, models.VisibilityChange(visibility="visible"))
    assert shown.value.state == "live"
    listed = await portal.list_movies(state="live", at=now(), captions="en", limit=5)
    assert [movie.movie_id for movie in listed.value.movies] == [film]
    assert (await portal.search(q="long nigth")).value.total == 1
    one = await portal.get_movie(film)
    with pytest.raises(NotModified):
        await portal.get_movie(film, if_none_match=one.etag)
    stream = (await portal.open_stream(film)).value
    await portal.report_position(stream.session_id, models.PositionReport(position_s=3))
    renewed = await portal.open_stream(
        film, models.StreamTokenRequest(session_id=stream.session_id)
    )
    assert renewed.value.session_id == stream.session_id
    assert renewed.value.token != stream.token
    window = models.BulkSchedule(
        movie_ids=[film, "nobody"], available_from=now() + timedelta(days=1), available_until=None
    )
    planned = (await portal.schedule_many(window)).value
    assert (planned.changed, planned.refused[0].movie_id) == (1, "nobody")
    hidden = models.BulkVisibility(movie_ids=[film], visibility="draft")
    assert (await portal.set_visibility_of_many(hidden)).value.changed == 1


async def _what_is_about_it(portal: AsyncPortalClient, film: str) -> None:
    assert (await portal.export_insights(table="films", movie_id=film)).value
    made = await portal.create_shelf(models.ShelfFields(title="Nights", movie_ids=[film]))
    shelf = made.value.id
    ids = [each.id for each in (await portal.list_shelves()).value.shelves]
    assert shelf == ids[-1]
    ordered = await portal.order_shelves(models.ShelfOrder(shelf_ids=[shelf, *ids[:-1]]))
    assert ordered.value.shelves[0].id == shelf
    changed = await portal.update_shelf(
        shelf, models.ShelfFields(title="Long nights"), if_match=made.etag
    )
    assert changed.value.title == "Long nights"
    await portal.delete_shelf(shelf, if_match=changed.etag)
    assert (await portal.list_my_titles()).value.my_list == []
    # A browser's own lists are changed by our own pages only.
    for refused in (
        portal.add_to_my_list(film),
        portal.remove_from_my_list(film),
        portal.bring_back_to_continue_watching(film),
        portal.remove_from_continue_watching(film),
        portal.clear_my_history(),
    ):
        with pytest.raises(ApiProblem) as problem:
            await refused
        assert problem.value.status == 403


async def _its_audit(portal: AsyncPortalClient, film: str) -> None:
    page = (await portal.list_audit(entity_id=film, action="movie.create")).value
    assert [event.action for event in page.events] == ["movie.create"]
    table = await portal.export_audit(format="csv", entity_id=film)
    assert b"movie.create" in table.value
    assert (await portal.verify_audit()).value.broken_at is None


async def test_problems_name_the_fields(base_url: str) -> None:
    async with AsyncPortalClient(base_url, token_of(Role.EDITOR)) as portal:
        with pytest.raises(ApiProblem) as found:
            await portal.create_movie(models.MovieCreate(title="x" * 10_000))
    problem = found.value
    assert (problem.status, problem.code) == (422, "validation")
    assert "10,000 characters" in problem.fields["title"]
    assert problem.correlation_id == problem.body["correlationId"]
    assert "422 validation" in str(problem)


async def test_what_a_patch_does_not_set_is_not_sent(base_url: str) -> None:
    async with AsyncPortalClient(base_url, token_of(Role.EDITOR)) as portal:
        made = await portal.create_movie(
            models.MovieCreate(title="A", tagline="Kept.", available_from=now())
        )
        changed = await portal.update_movie(
            made.value.movie_id, models.MoviePatch(available_from=None), if_match="*"
        )
    assert (changed.value.tagline, changed.value.available_from) == ("Kept.", None)


def test_fields_that_are_not_known_yet_are_left_aside() -> None:
    cue = models.MovieCaption.model_validate(
        {"language": "en", "label": "English", "kind": "sdh", "bitrate": 1}
    )
    assert cue.kind == "sdh"
    with pytest.raises(ValueError, match="extra"):
        models.VisibilityChange.model_validate({"visibility": "hidden", "soon": True})


async def test_the_blocking_client_does_the_same(base_url: str) -> None:
    def work() -> tuple[int, str, int]:
        with PortalClient(base_url, token_of(Role.EDITOR)) as portal:
            made = portal.create_movie(models.MovieCreate(title="The Long Night"))
            portal.update_movie(made.value.slug, models.MoviePatch(year=1999), if_match=made.etag)
            with pytest.raises(ApiProblem) as found:
                portal.set_visibility(
                    made.value.slug, models.VisibilityChange(visibility="visible")
                )
        with PortalClient(base_url) as viewer:
            return viewer.list_movies().value.total, found.value.code, found.value.status

    assert await asyncio.to_thread(work) == (0, "forbidden", 403)
