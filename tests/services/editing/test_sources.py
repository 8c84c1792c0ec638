"""Stream sources: checked on a real origin, stored encrypted, never shown again."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlmodel import col

from portal.services import audit
from portal.services.clock import utc_now
from portal.services.container import Services, running
from portal.services.editing.source_reports import host_hint
from portal.services.editing.source_sweep import SourceSweep
from portal.services.editing.writing import CatalogWriter
from portal.services.errors import (
    CaptionMissing,
    Forbidden,
    InvalidInput,
    NotFound,
    PublishingBlocked,
    SourceRefused,
)
from portal.services.models import AuditEvent, CaptionTrack, StreamSource
from portal.services.repositories import editing as rows
from portal.services.secrets_box import Place
from portal.settings import Settings
from tests.services.editing.conftest import EDITOR, MANAGER, NOW
from tests.services.editing.films import SEGMENT, media, put_film
from tests.support.catalog import add_movie
from tests.support.origin import Origin, http_origin


@pytest.fixture
def origin() -> Iterator[Origin]:
    with http_origin() as found:
        put_film(found)
        yield found


@pytest.fixture
async def services(
    database_url: str, redis_url: str, tmp_path: Path, origin: Origin
) -> AsyncIterator[Services]:
    settings = Settings(
        data_dir=tmp_path / "data",
        database_url=database_url,
        redis_url=redis_url,
        port=1,
        origin_allowed_hosts=origin.host,  # type: ignore[arg-type]
    )
    settings.data_dir.mkdir(parents=True)
    async with running(settings) as found:
        yield found


async def put(services: Services, **values: object) -> str:
    values = {"visibility": "draft", "source_url": "", "runtime_s": 0, **values}
    movie = await services.db.run(lambda s: add_movie(s, services.box, **values))  # type: ignore[arg-type]
    await services.catalog.announce_change()
    return movie.id


def rules(error: SourceRefused) -> list[str]:
    return [finding["rule"] for finding in error.findings if finding["level"] == "error"]


async def test_a_source_is_checked_measured_and_tried(services: Services, origin: Origin) -> None:
    movie_id = await put(services)
    url = origin.url("/film/main.m3u8")
    source = await services.editing.sources.set_url(EDITOR, movie_id, f" {url} ", now=NOW)
    assert source.status in {"ok", "warnings"}
    assert source.error_count == 0
    assert source.duration_s == 12.0
    assert [(r["width"], r["height"]) for r in source.report["renditions"]] == [
        (640, 360),
        (1920, 1080),
    ]
    assert source.report["captions"] == [
        {"type": "subtitles", "language": "en", "name": "English", "forced": False}
    ]
    assert "2 renditions up to 1080p, 12 s" in source.message
    for path in ("low/init.mp4", "low/seg-1.m4s", "low/seg-2.m4s", "high/seg-2.m4s"):
        assert origin.count(f"/film/{path}") == 1
    view = await services.editing.movies.view(EDITOR, movie_id, NOW)
    assert (view.runtime_s, view.version) == (12, 2)
    record = await services.catalog.record(movie_id)
    assert (record.source_status, record.duration_s) == (source.status, 12.0)


async def test_the_address_is_encrypted_and_never_shown(
    services: Services, origin: Origin, capsys: pytest.CaptureFixture[str]
) -> None:
    movie_id = await put(services)
    url = origin.url("/film/main.m3u8?sig=very-secret")
    source = await services.editing.sources.set_url(EDITOR, movie_id, url, now=NOW)
    await services.editing.sources.check(EDITOR, movie_id, now=NOW)
    stored = await services.db.run(lambda s: s.scalars(select(StreamSource)).one())
    assert (
        services.box.open(
            stored.url_ciphertext, Place("stream_source", "url_ciphertext", stored.id)
        )
        == url
    )
    events = await services.db.run(lambda s: list(s.scalars(select(AuditEvent))))
    assert [e.action for e in events] == ["movie.update", "source.set", "source.check"]
    logged = capsys.readouterr()
    for text in (
        repr(source),
        json.dumps(stored.report),
        *(json.dumps([e.before, e.after]) for e in events),
        logged.out + logged.err,
    ):
        assert "secret" not in text.replace("[secret]", "")
        assert "main.m3u8" not in text
        assert origin.host not in text
    assert events[1].after["url"] == "[secret]"


@pytest.mark.parametrize(
    ("path", "body", "rule", "words"),
    [
        ("/film/main.m3u8", "<html>Not here</html>", None, "leads to a web page"),
        ("/film/high/index.m3u8", None, "SRC-E-001", "Variant 2 (1920x1080): The playlist"),
        ("/film/low/index.m3u8", media(end=False), None, "does not say that it is complete"),
        ("/film/low/seg-2.m4s", None, "SRC-E-004", "last segment does not answer"),
        ("/film/low/init.mp4", None, "SRC-E-004", "initialization section"),
        ("/film/high/seg-1.m4s", "<html><body>error</body></html>", "SRC-E-007", "is text"),
        ("/film/high/seg-1.m4s", b"", "SRC-E-006", "is empty"),
        ("/film/low/index.m3u8", media(0), None, ""),
        (
            "/film/low/index.m3u8",
            media().replace("#EXTINF", "#EXT-X-BYTERANGE:900000@5\n#EXTINF", 1),
            "SRC-E-008",
            "ends at byte 900,005",
        ),
        (
            "/film/low/index.m3u8",
            media().replace(
                "#EXTINF", '#EXT-X-KEY:METHOD=AES-128,URI="../low/../low/seg-1.m4s?key"\n#EXTINF', 1
            ),
            "SRC-E-010",
            "an AES-128 key has 16",
        ),
        (
            "/film/low/index.m3u8",
            media().replace("seg-2.m4s", "https://169.254.169.254/latest/seg.m4s"),
            "SRC-E-002",
            "may not fetch from",
        ),
    ],
)  # fmt: skip
async def test_what_would_not_play_is_refused_with_the_place(
    services: Services,
    origin: Origin,
    path: str,
    body: str | bytes | None,
    rule: str | None,
    words: str,
) -> None:
    movie_id = await put(services)
    if body is None:
        del origin.files[path]
    else:
        origin.put(path, body)
    with pytest.raises(SourceRefused) as caught:
        await services.editing.sources.set_url(
            EDITOR, movie_id, origin.url("/film/main.m3u8"), now=NOW
        )
    found = rules(caught.value)
    assert found
    assert rule is None or rule in found, caught.value.findings
    texts = " ".join(f"{f['where']}: {f['message']}" for f in caught.value.findings)
    assert words.lower() in texts.lower()
    assert origin.host not in texts + caught.value.detail
    with pytest.raises(NotFound):
        await services.editing.sources.view(EDITOR, movie_id)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("", "Paste the address"),
        ("   ", "Paste the address"),
        ("not a url", "blanks"),
        ("nonsense", "https://"),
        ("x" * 9000, "up to 8,192"),
        ("https://a.example/\x00", "control characters"),
        ("ftp://a.example/x.m3u8", "https://"),
        ("http://a.example/x.m3u8", "https://"),
        ("https://user:pw@a.example/x.m3u8", "user name or password"),
        ("https://10.0.0.1/x.m3u8", "cannot be reached, or is not one that the portal may fetch"),
        ("https://[::1]/x.m3u8", "cannot be reached, or is not one that the portal may fetch"),
        ("https://a.example:8443/x.m3u8", "port"),
        ("demo://dusk/main.m3u8", ""),
        ("\ud800", ""),
    ],
)
async def test_a_bad_address_is_named_at_its_field(
    services: Services, url: str, words: str
) -> None:
    movie_id = await put(services)
    with pytest.raises(InvalidInput) as caught:
        await services.editing.sources.set_url(EDITOR, movie_id, url, now=NOW)
    assert words in caught.value.fields["url"]


async def test_a_media_playlist_alone_is_a_source_too(services: Services, origin: Origin) -> None:
    movie_id = await put(services)
    source = await services.editing.sources.set_url(
        EDITOR, movie_id, origin.url("/film/low/index.m3u8"), now=NOW
    )
    assert (source.error_count, source.duration_s) == (0, 12.0)


async def test_captions_are_checked_against_the_new_length(
    services: Services, origin: Origin
) -> None:
    movie_id = await put(services, captions=("en",))
    late = b"WEBVTT\n\n00:30.000 --> 00:32.000\nLate.\n"
    track = await services.editing.captions.upload(
        EDITOR, movie_id, late, "late.vtt", language="pt", now=NOW
    )
    assert track.is_valid  # the length of the film is not known yet
    await services.editing.sources.set_url(EDITOR, movie_id, origin.url("/film/main.m3u8"), now=NOW)
    view = await services.editing.movies.view(EDITOR, movie_id, NOW)
    assert {t.language: t.is_valid for t in view.tracks} == {"en": True, "pt": False}


async def test_a_published_film_does_not_lose_its_captions_to_a_shorter_source(
    services: Services, origin: Origin
) -> None:
    long = {"source_url": "https://long.example/main.m3u8", "duration_s": 5000.0}
    movie_id = await put(services, captions=("en",), visibility="visible", **long)
    late = "WEBVTT\n\n00:30.000 --> 00:32.000\nLate.\n"

    def make_late(session: object) -> None:
        track = session.scalars(select(CaptionTrack)).one()  # type: ignore[attr-defined]
        track.vtt = late

    await services.db.run(make_late)
    with pytest.raises(CaptionMissing, match="do not fit the film"):
        await services.editing.sources.set_url(
            MANAGER, movie_id, origin.url("/film/main.m3u8"), now=NOW
        )
    assert (await services.editing.sources.view(MANAGER, movie_id)).duration_s == 5000.0


async def test_the_same_address_on_another_film_is_told(services: Services, origin: Origin) -> None:
    url = origin.url("/film/main.m3u8")
    first = await put(services, slug="first")
    second = await put(services, slug="second")
    await services.editing.sources.set_url(EDITOR, first, url, now=NOW)
    source = await services.editing.sources.set_url(EDITOR, second, url, now=NOW)
    assert source.same_as == ["First"]


async def test_a_source_is_removed_unless_the_film_is_published(
    services: Services, origin: Origin
) -> None:
    movie_id = await put(services, captions=("en",))
    url = origin.url("/film/main.m3u8")
    await services.editing.sources.set_url(EDITOR, movie_id, url, now=NOW)
    await services.editing.publishing.set_visibility(MANAGER, movie_id, "visible", now=NOW)
    with pytest.raises(Forbidden):
        await services.editing.sources.set_url(EDITOR, movie_id, url, now=NOW)
    with pytest.raises(PublishingBlocked, match="left without a stream source"):
        await services.editing.sources.remove(MANAGER, movie_id, now=NOW)
    await services.editing.publishing.set_visibility(MANAGER, movie_id, "hidden", now=NOW)
    await services.editing.sources.remove(MANAGER, movie_id, now=NOW)
    assert (await services.editing.movies.view(MANAGER, movie_id, NOW)).source is None


async def test_a_check_that_fails_stays_playable_but_blocks_publishing(
    services: Services, origin: Origin
) -> None:
    movie_id = await put(services, captions=("en",), visibility="visible")
    url = origin.url("/film/main.m3u8")
    await services.editing.sources.set_url(MANAGER, movie_id, url, now=NOW)
    del origin.files["/film/main.m3u8"]
    source = await services.editing.sources.check(MANAGER, movie_id, now=NOW)
    assert (source.status, source.duration_s) == ("failed", 12.0)
    assert "HTTP status 404" in source.message
    await services.catalog.playable(movie_id, NOW)
    view = await services.editing.movies.view(MANAGER, movie_id, NOW)
    assert [blocker.code for blocker in view.blockers] == ["source-failed"]


async def test_the_sweep_looks_at_each_address_once_and_tells_of_changes(
    services: Services, origin: Origin
) -> None:
    url = origin.url("/film/main.m3u8")
    other = put_film(origin, "/other")
    ids = [await put(services, slug=f"film-{n}") for n in range(4)]
    for movie_id in ids:
        where = other if movie_id == ids[-1] else url
        await services.editing.sources.set_url(EDITOR, movie_id, where, now=NOW)
    del origin.files["/film/high/index.m3u8"]
    origin.asked.clear()
    sweep = SourceSweep(
        CatalogWriter(services.db, services.catalog),
        services.redis,
        services.box,
        services.editing.sources._examiner,
        second_try_after_s=0.0,
    )
    later = utc_now() + timedelta(days=365 * 20)
    result = await sweep.run(later)
    assert (result.checked, result.failed, result.changed) == (2, 1, 3)
    assert origin.count("/other/main.m3u8") == 1
    assert origin.count("/film/main.m3u8") == 2  # a failure is tried twice, the address once each
    snapshot = await services.catalog.snapshot()
    assert [snapshot.movies[i].source_status == "failed" for i in ids] == [True] * 3 + [False]
    events = await services.db.run(
        lambda s: list(
            s.scalars(select(AuditEvent).where(col(AuditEvent.action) == "source.check"))
        )
    )
    assert {e.entity_id for e in events} == set(ids[:3])
    assert {e.actor_label for e in events} == {"hourly source check"}
    assert (await services.db.run(audit.verify)).broken_at is None
    # A worker that comes second within the hour finds the lock taken.
    assert await sweep.run_if_due() is not None
    assert await sweep.run_if_due() is None


async def test_what_was_checked_lately_is_left_alone(services: Services, origin: Origin) -> None:
    movie_id = await put(services)
    await services.editing.sources.set_url(EDITOR, movie_id, origin.url("/film/main.m3u8"), now=NOW)
    found = await services.db.run(
        lambda s: rows.sources_to_check(s, NOW - timedelta(minutes=58), 10)
    )
    assert found == []
    found = await services.db.run(lambda s: rows.sources_to_check(s, NOW + timedelta(hours=1), 10))
    assert [source.movie_id for source in found] == [movie_id]


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://cdn.media.example.com/a/b.m3u8?x", "•••.example.com"),
        ("https://example.com/a.m3u8", "e•••.com"),
        ("https://user@www.example.org:8443/x", "•••.example.org"),
        ("http://127.0.0.1:8000/x", "•••"),
        ("https://[2001:db8::1]/x", "•••"),
        ("https://localhost/x", "•••"),
        ("https://a.b.xn--p1ai/x", "•••.b.xn--p1ai"),
        ("demo://dusk/main.m3u8", "demo films"),
    ],
)
def test_how_much_of_an_address_is_shown(url: str, shown: str) -> None:
    assert host_hint(url) == shown


def test_the_segment_of_the_test_film_looks_like_one() -> None:
    assert SEGMENT[4:8] == b"styp"
