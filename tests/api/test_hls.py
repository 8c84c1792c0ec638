"""The HLS gateway over HTTP with a real origin: what a viewer gets, and what nobody gets."""

from __future__ import annotations

import asyncio
import errno
import os
import re
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from urllib.parse import urljoin

import httpx
import pytest

from portal.services.container import Services, running
from portal.settings import Settings
from tests.support.api_server import api_server
from tests.support.catalog import VTT, add_movie, now
from tests.support.origin import Origin, http_origin

MULTIVARIANT = """#EXTM3U
#EXT-X-INDEPENDENT-SEGMENTS
#EXT-X-STREAM-INF:BANDWIDTH=800000,RESOLUTION=640x360,CODECS="avc1.64001e,mp4a.40.2"
low/index.m3u8?sig=origin-secret
"""
MEDIA = """#EXTM3U
#EXT-X-TARGETDURATION:6
#EXT-X-MAP:URI="init.mp4"
#EXT-X-KEY:METHOD=AES-128,URI="https://{host}/keys/1.key"
#EXTINF:6.0,
seg-1.m4s
#EXTINF:6.0,
http://{host}/elsewhere/seg-2.m4s
#EXT-X-ENDLIST
"""
SEGMENT = bytes(range(256)) * 400


@pytest.fixture
def origin() -> Iterator[Origin]:
    with http_origin() as found:
        found.put("/film/main.m3u8", MULTIVARIANT, "application/vnd.apple.mpegurl")
        found.put(
            "/film/low/index.m3u8", MEDIA.replace("https://", "http://").format(host=found.host)
        )
        found.put("/film/low/init.mp4", b"init" * 10)
        found.put("/film/low/seg-1.m4s", SEGMENT)
        found.put("/elsewhere/seg-2.m4s", b"two" * 100)
        found.put("/keys/1.key", b"k" * 16)
        yield found


@pytest.fixture
async def services(
    sqlite_url: str, redis_url: str, tmp_path: object, origin: Origin
) -> AsyncIterator[Services]:
    settings = Settings(
        data_dir=f"{tmp_path}/data",
        database_url=sqlite_url,
        redis_url=redis_url,
        port=1,
        origin_allowed_hosts=origin.host,
        stream_token_ttl_s=60,
    )
    settings.data_dir.mkdir(parents=True)
    async with running(settings) as found:
        yield found


@pytest.fixture
async def client(services: Services) -> AsyncIterator[httpx.AsyncClient]:
    async with api_server() as found:
        yield found


async def put(services: Services, url: str, **values: object) -> None:
    await services.db.run(lambda s: add_movie(s, services.box, source_url=url, **values))  # type: ignore[arg-type]
    await services.catalog.announce_change()


async def play(client: httpx.AsyncClient, slug: str = "the-film") -> dict[str, str]:
    answer = await client.post(f"/api/movies/{slug}/stream-token")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def segment_url(client: httpx.AsyncClient) -> str:
    opened = await play(client)
    media_url = urljoin(opened["url"], lines((await client.get(opened["url"])).text)[0])
    return urljoin(media_url, lines((await client.get(media_url)).text)[0])


def lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line and not line.startswith("#")]


async def walk(client: httpx.AsyncClient) -> dict[str, httpx.Response]:
    """Play: everything that a player would fetch, by a short name."""
    opened = await play(client)
    found = {"main": await client.get(opened["url"])}
    media_url = urljoin(opened["url"], lines(found["main"].text)[0])
    found["media"] = await client.get(media_url)
    text = found["media"].text
    found["init"] = await client.get(urljoin(media_url, re.search(r'MAP:URI="([^"]+)"', text)[1]))  # type: ignore[index]
    found["key"] = await client.get(
        urljoin(media_url, re.search(r'AES-128,URI="([^"]+)"', text)[1])
    )  # type: ignore[index]
    for number, name in enumerate(lines(text), 1):
        found[f"segment-{number}"] = await client.get(urljoin(media_url, name))
    captions_url = re.search(r'TYPE=SUBTITLES.*URI="([^"]+)"', found["main"].text)[1]  # type: ignore[index]
    captions_url = urljoin(opened["url"], captions_url)
    found["captions"] = await client.get(captions_url)
    found["vtt"] = await client.get(urljoin(captions_url, lines(found["captions"].text)[0]))
    return found


async def test_a_film_is_played_through_the_gateway(
    client: httpx.AsyncClient, services: Services, origin: Origin
) -> None:
    await put(services, origin.url("/film/main.m3u8?sig=origin-secret"))
    found = await walk(client)
    assert {name: r.status_code for name, r in found.items()} == dict.fromkeys(found, 200)
    assert found["segment-1"].content == SEGMENT
    assert found["segment-2"].content == b"two" * 100
    assert found["init"].content == b"init" * 10
    assert found["key"].content == b"k" * 16
    assert found["vtt"].text == VTT
    assert 'LANGUAGE="en"' in found["main"].text
    assert found["segment-1"].headers["content-type"] == "video/iso.segment"


async def test_nothing_of_the_origin_reaches_the_viewer(
    client: httpx.AsyncClient, services: Services, origin: Origin
) -> None:
    await put(services, origin.url("/film/main.m3u8?sig=origin-secret"))
    for name, response in (await walk(client)).items():
        said = f"{response.headers} {response.text if 'segment' not in name else ''}"
        for secret in (origin.host, "origin-secret", "seg-1", "elsewhere", "secret-box", "index"):
            assert secret not in said, (name, secret)


async def test_the_origin_is_asked_once_for_what_many_watch(
    client: httpx.AsyncClient, services: Services, origin: Origin
) -> None:
    await put(services, origin.url("/film/main.m3u8"))
    for _ in range(3):
        await walk(client)
    for path in ("/film/main.m3u8", "/film/low/index.m3u8", "/film/low/seg-1.m4s"):
        assert origin.count(path) == 1, path


async def test_a_herd_fills_a_segment_once(
    client: httpx.AsyncClient, services: Services, origin: Origin
) -> None:
    await put(services, origin.url("/film/main.m3u8"))
    url = await segment_url(client)
    answers = await asyncio.gather(*(client.get(url) for _ in range(20)))
    assert {answer.content for answer in answers} == {SEGMENT}
    assert origin.count("/film/low/seg-1.m4s") == 1


async def test_a_herd_fetches_a_playlist_once(
    client: httpx.AsyncClient, services: Services, origin: Origin
) -> None:
    await put(services, origin.url("/film/main.m3u8"))
    opened = await play(client)
    answers = await asyncio.gather(*(client.get(opened["url"]) for _ in range(20)))
    assert len({answer.text for answer in answers}) == 1
    assert origin.count("/film/main.m3u8") == 1


async def test_who_reads_slowly_holds_up_nobody(
    client: httpx.AsyncClient, services: Services, origin: Origin
) -> None:
    large = SEGMENT * 200  # more than all the buffers between a server and a viewer hold
    origin.put("/film/low/seg-1.m4s", large)
    await put(services, origin.url("/film/main.m3u8"))
    url = await segment_url(client)
    async with client.stream("GET", url) as slow:
        pieces = slow.aiter_bytes()
        first = await anext(pieces)
        assert (await client.get(url)).content == large
        assert first + b"".join([piece async for piece in pieces]) == large
    assert origin.count("/film/low/seg-1.m4s") == 1


async def test_viewers_who_leave_take_nothing_from_others(
    client: httpx.AsyncClient, services: Services, origin: Origin
) -> None:
    large = SEGMENT * 200
    origin.put("/film/low/seg-1.m4s", large)
    await put(services, origin.url("/film/main.m3u8"))
    url = await segment_url(client)
    for _ in range(3):
        async with client.stream("GET", url) as left:
            await anext(left.aiter_bytes())
    assert (await client.get(url)).content == large
    folder = services.settings.data_dir / "cache"
    assert [path for path in folder.rglob("*") if ".part-" in path.name] == []


@pytest.mark.parametrize("full_after", [0, 100_000])
async def test_a_full_disk_does_not_stop_the_film(
    client: httpx.AsyncClient,
    services: Services,
    origin: Origin,
    monkeypatch: pytest.MonkeyPatch,
    full_after: int,
) -> None:
    origin.put("/film/low/seg-1.m4s", SEGMENT * 4)
    await put(services, origin.url("/film/main.m3u8"))
    url = await segment_url(client)
    room = full_after
    write = os.write

    def until_full(file: int, data: bytes) -> int:
        nonlocal room
        if not room:
            raise OSError(errno.ENOSPC, "No space left on device")
        room -= min(room, len(data))
        return write(file, data[: len(data) if room else 1])

    monkeypatch.setattr("portal.services.segment_fill.os.write", until_full)
    answers = await asyncio.gather(*(client.get(url) for _ in range(3)))
    assert {answer.content for answer in answers} == {SEGMENT * 4}
    monkeypatch.undo()
    assert (await client.get(url)).content == SEGMENT * 4
    assert origin.count("/film/low/seg-1.m4s") == 2  # the first one could not be kept


async def test_segments_have_ranges_etags_and_stay_cached(
    client: httpx.AsyncClient, services: Services, origin: Origin
) -> None:
    await put(services, origin.url("/film/main.m3u8"))
    first = (await walk(client))["segment-1"]
    again = await client.get(first.request.url)
    assert "immutable" in first.headers["cache-control"]
    assert "private" in first.headers["cache-control"]
    assert first.headers["etag"] == again.headers["etag"]
    part = await client.get(first.request.url, headers={"Range": "bytes=10-19"})
    assert (part.status_code, part.content) == (206, SEGMENT[10:20])
    assert part.headers["content-range"] == f"bytes 10-19/{len(SEGMENT)}"
    beyond = await client.get(first.request.url, headers={"Range": "bytes=999999999-"})
    assert beyond.status_code == 416
    same = await client.get(first.request.url, headers={"If-None-Match": first.headers["etag"]})
    assert (same.status_code, same.content) == (304, b"")


async def test_a_range_before_the_segment_is_cached_reaches_the_origin(
    client: httpx.AsyncClient, services: Services, origin: Origin
) -> None:
    await put(services, origin.url("/film/main.m3u8"))
    url = await segment_url(client)
    part = await client.get(url, headers={"Range": "bytes=5-8"})
    assert (part.status_code, part.content) == (206, SEGMENT[5:9])


@pytest.mark.parametrize("what", ["main", "media", "segment-1", "key", "captions", "vtt"])
async def test_a_wrong_token_opens_nothing(
    client: httpx.AsyncClient, services: Services, origin: Origin, what: str
) -> None:
    await put(services, origin.url("/film/main.m3u8"))
    good = str((await walk(client))[what].request.url)
    token = good.split("/hls/")[1].split("/", maxsplit=1)[0]
    for bad in ("x", token[:-2] + ("AA" if token[-2:] != "AA" else "BB"), "a.b.c", token[::-1]):
        answer = await client.get(good.replace(token, bad))
        assert answer.status_code == 403
        assert answer.json()["code"] == "token-invalid"
        assert answer.headers["cache-control"] == "no-store"


async def test_another_movie_s_token_opens_nothing(
    client: httpx.AsyncClient, services: Services, origin: Origin
) -> None:
    await put(services, origin.url("/film/main.m3u8"))
    await put(services, origin.url("/other/main.m3u8"), slug="other-film")
    mine, other = await play(client), await play(client, "other-film")
    crossed = other["url"].replace(other["token"], mine["token"])
    answer = await client.get(crossed)
    assert (answer.status_code, answer.json()["code"]) == (403, "token-invalid")


async def test_an_expired_token_says_so(
    client: httpx.AsyncClient,
    services: Services,
    origin: Origin,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await put(services, origin.url("/film/main.m3u8"))
    opened = await play(client)
    monkeypatch.setattr("portal.api.hls.utc_now", lambda: now() + timedelta(seconds=61))
    answer = await client.get(opened["url"])
    assert (answer.status_code, answer.json()["code"]) == (401, "token-expired")


async def test_hiding_a_movie_stops_its_tokens(
    client: httpx.AsyncClient, services: Services, origin: Origin
) -> None:
    await put(services, origin.url("/film/main.m3u8"))
    segment = (await walk(client))["segment-1"].request.url

    def hide(session: object) -> None:
        from sqlmodel import select

        from portal.services.models import Movie

        movie = session.exec(select(Movie)).one()  # type: ignore[attr-defined]
        movie.visibility = "hidden"

    await services.db.run(hide)
    await services.catalog.announce_change()
    assert (await client.get(segment)).status_code == 404


async def test_a_film_s_end_of_window_stops_its_tokens(
    client: httpx.AsyncClient, services: Services, origin: Origin
) -> None:
    await put(services, origin.url("/film/main.m3u8"), available_until=now() + timedelta(seconds=2))
    opened = await play(client)
    assert (await client.get(opened["url"])).status_code == 200
    await asyncio.sleep(2.1)
    assert (await client.get(opened["url"])).status_code in {401, 410}


@pytest.mark.parametrize("name", ["s/AAAA.m4s", "p/AAAA.m3u8", "k/x.key", "s/../../x", "q/x.m4s"])
async def test_a_reference_that_we_did_not_make_opens_nothing(
    client: httpx.AsyncClient, services: Services, origin: Origin, name: str
) -> None:
    await put(services, origin.url("/film/main.m3u8"))
    opened = await play(client)
    answer = await client.get(opened["url"].replace("main.m3u8", name))
    assert answer.status_code == 404


async def test_a_segment_s_reference_is_no_playlist_s(
    client: httpx.AsyncClient, services: Services, origin: Origin
) -> None:
    await put(services, origin.url("/film/main.m3u8"))
    url = str((await walk(client))["segment-1"].request.url)
    crossed = url.replace("/s/", "/p/").replace(".m4s", ".m3u8")
    assert (await client.get(crossed)).status_code == 404


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (500, b"secret-origin-words"),
        (404, b"secret-origin-words"),
        (200, b"<html>secret-origin-words</html>"),
        (200, b""),
        (200, b"#EXTM3U\n" + b"#EXTINF:1,\nx.ts\n" * 300_000),
    ],
    ids=["500", "404", "html", "empty", "too large"],
)
async def test_a_bad_source_is_told_without_its_words(
    client: httpx.AsyncClient,
    services: Services,
    origin: Origin,
    status: int,
    body: bytes,
    capsys: pytest.CaptureFixture[str],
) -> None:
    origin.files["/film/main.m3u8"] = (status, {"X-Origin": "secret-box"}, body)
    await put(services, origin.url("/film/main.m3u8"))
    opened = await play(client)
    answer = await client.get(opened["url"])
    assert answer.status_code == 502
    assert answer.json()["code"] in {"origin-failed", "playlist-invalid"}
    output = capsys.readouterr()
    for said in (answer.text, str(answer.headers), output.out, output.err):
        assert "secret" not in said
        assert origin.host not in said
    # It recovers by itself: a failure is not cached.
    origin.put("/film/main.m3u8", MULTIVARIANT)
    assert (await client.get(opened["url"])).status_code == 200


async def test_an_unreachable_source_is_a_502(
    client: httpx.AsyncClient, services: Services
) -> None:
    await put(services, "https://127.0.0.1:9/film/main.m3u8")
    opened = await play(client)
    assert (await client.get(opened["url"])).status_code == 502


async def test_a_media_playlist_as_source_gets_captions_too(
    client: httpx.AsyncClient, services: Services, origin: Origin
) -> None:
    await put(services, origin.url("/film/low/index.m3u8"))
    found = await walk(client)
    assert found["segment-1"].content == SEGMENT
    assert found["vtt"].text == VTT


async def test_a_segment_that_breaks_off_is_not_kept(
    client: httpx.AsyncClient, services: Services, origin: Origin
) -> None:
    await put(services, origin.url("/film/main.m3u8"))
    url = await segment_url(client)
    origin.files["/film/low/seg-1.m4s"] = lambda: (
        200, {"Content-Length": str(len(SEGMENT)), "Connection": "close"}, SEGMENT[:1000],
    )  # fmt: skip
    with pytest.raises(httpx.HTTPError):
        await client.get(url, timeout=3)
    origin.put("/film/low/seg-1.m4s", SEGMENT)
    assert (await client.get(url)).content == SEGMENT


async def test_the_demo_origin_is_closed_to_everybody_but_the_gateway(
    client: httpx.AsyncClient, services: Services
) -> None:
    folder = services.settings.demo_dir / "films" / "x"
    folder.mkdir(parents=True)
    (folder / "main.m3u8").write_text("#EXTM3U\n")
    path = "/origin/x/main.m3u8"
    assert (await client.get(path)).status_code == 404
    key = {"x-portal-origin-key": services.origin_key}
    assert (await client.get(path, headers=key)).status_code == 200
    for escape in ("/origin/..%2f..%2fkeys.json", "/origin/x/../../../keys.json"):
        assert (await client.get(escape, headers=key)).status_code == 404
