"""Whatever is sent, the API answers with a sentence: never a 500, never half a change."""

from __future__ import annotations

import base64
import gzip
import io
import json
import string
import struct
import zlib
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as given_settings
from hypothesis import strategies as st

from portal.services.actors import Role
from portal.services.container import Services
from portal.settings import Settings
from tests.support.api_people import bearer, put_people
from tests.support.api_server import api_server
from tests.support.catalog import add_movie

OWNER = bearer(Role.OWNER)
JSON = {"Content-Type": "application/json"}
FILM = "/api/movies/the-film"

# Every example goes over a socket to the same running API: it is not made anew for each.
examples = given_settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture
def settings(sqlite_url: str, redis_url: str, tmp_path: Any) -> Settings:
    return Settings(
        data_dir=tmp_path / "data",
        database_url=sqlite_url,
        redis_url=redis_url,
        port=1,
        viewer_requests_per_min=1_000_000,
        admin_requests_per_min=1_000_000,
    )


@pytest.fixture
async def client(running_services: Services) -> AsyncIterator[httpx.AsyncClient]:
    await running_services.db.run(lambda s: add_movie(s, running_services.box))
    await running_services.catalog.announce_change()
    await put_people(running_services)
    async with api_server() as found:
        found.headers.update(OWNER)
        yield found


def check(answer: httpx.Response) -> dict[str, Any]:
    """A problem with all its parts, or a success."""
    assert answer.status_code < 500, answer.text
    if answer.status_code < 400:
        return {}
    assert answer.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert body["type"] == f"/problems/{body['code']}"
    assert body["status"] == answer.status_code
    assert body["detail"].strip()
    assert body["correlationId"] == answer.headers["x-correlation-id"]
    if body["code"] == "validation":
        assert body["errors"], "the fields are named"
        assert all(each["field"] and each["detail"] for each in body["errors"])
    return body


def encoded(value: object) -> bytes:
    """JSON with every sign escaped: lone surrogates can be sent so, too."""
    return json.dumps(value).encode()


texts = st.one_of(
    st.text(max_size=30),
    st.text(st.characters(categories=["Cs", "Cc", "Cf", "Mn", "Zl", "Lu"]), max_size=10),
    st.sampled_from(["", " ", "\0", "\ud800", "x" * 10_000, "\u202e", "ﬁ", "İ", "A\u0301" * 150]),
)
numbers = st.one_of(
    st.integers(),
    st.floats(),
    st.sampled_from([0, -1, 2**31, 2**63, 10**400, 1e308, True, float("nan"), float("inf")]),
)
instants = st.one_of(
    st.datetimes().map(lambda at: f"{at.isoformat()}Z"),
    st.sampled_from(
        [
            "2026-03-29T01:30:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00",
            "2026-02-30T00:00:00Z", "2026-06-30T23:59:60Z", "now", "", "2026-01-01T00:00:00+99:99",
        ]
    ),
)  # fmt: skip
anything = st.recursive(
    st.one_of(st.none(), st.booleans(), numbers, texts, instants),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=8,
)
fields = st.sampled_from(
    [
        "title", "slug", "tagline", "synopsis", "year", "runtimeS", "genres", "director", "cast",
        "country", "language", "contentRating", "color", "featured", "availableFrom",
        "availableUntil", "visibility", "movieId", "nonsense",
    ]
)  # fmt: skip
sensible = st.fixed_dictionaries(
    {"title": texts},
    optional={
        "year": st.integers(1800, 2200),
        "tagline": texts,
        "genres": st.lists(texts, max_size=12),
        "availableFrom": instants,
        "availableUntil": instants,
    },
)


@examples
@given(body=st.one_of(anything, sensible, st.dictionaries(fields, anything, max_size=6)))
async def test_any_movie(client: httpx.AsyncClient, body: object) -> None:
    made = await client.post("/api/movies", content=encoded(body), headers=JSON)
    check(made)
    if made.status_code == 201:
        movie = made.json()
        again = await client.get(made.headers["location"])
        assert again.json()["title"] == movie["title"]
        assert movie["title"].strip()
        check(await client.delete(made.headers["location"]))


@examples
@given(body=st.one_of(anything, st.dictionaries(fields, anything, max_size=6)), tag=texts)
async def test_any_change(client: httpx.AsyncClient, body: object, tag: str) -> None:
    before = (await client.get(FILM)).json()
    header = tag.encode("utf-8", "surrogatepass")
    legal = header == header.strip() and all(each > 31 and each != 127 for each in header)
    answer = await client.patch(
        FILM,
        content=encoded(body),
        headers=[*JSON.items(), ("If-Match", header if legal else b"*")],  # type: ignore[list-item]
    )
    check(answer)
    if answer.status_code != 200:
        assert (await client.get(FILM)).json() == before, "a refused change changes nothing"
    elif answer.json()["slug"] != "the-film":
        await client.patch(
            answer.headers["location"] if "location" in answer.headers
            else f"/api/movies/{answer.json()['movieId']}",
            json={"slug": "the-film"}, headers={"If-Match": "*"},
        )  # fmt: skip


@examples
@given(
    path=st.sampled_from(
        [
            ("POST", "/api/movies"), ("PATCH", FILM), ("POST", f"{FILM}/visibility"),
            ("PUT", f"{FILM}/source"), ("POST", f"{FILM}/source/preview"),
            ("POST", f"{FILM}/stream-token"), ("POST", f"{FILM}/captions"),
            ("PUT", f"{FILM}/artwork/poster"), ("PATCH", f"{FILM}/artwork/poster"),
            ("POST", "/api/viewing-sessions/x/position"),
        ]
    ),
    content=st.one_of(st.binary(max_size=200), anything.map(encoded)),
    kind=st.sampled_from(
        [
            "application/json", "application/json; charset=utf-16", "text/plain", "", "nonsense",
            "multipart/form-data", "multipart/form-data; boundary=x", "application/xml",
            "application/x-www-form-urlencoded",
        ]
    ),
)  # fmt: skip
async def test_any_body(
    client: httpx.AsyncClient, path: tuple[str, str], content: bytes, kind: str
) -> None:
    headers = {"Content-Type": kind, "If-Match": "*"}
    check(await client.request(path[0], path[1], content=content, headers=headers))


@examples
@given(
    names=st.dictionaries(
        st.sampled_from(
            ["q", "genre", "captions", "visibility", "state", "source", "at", "sort", "cursor",
             "limit", "nonsense"]
        ),
        st.one_of(texts, instants, st.sampled_from(["draft", "live", "title", "5", "en", "ok"])),
        max_size=4,
    ),
    signed_in=st.booleans(),
)  # fmt: skip
async def test_any_list(client: httpx.AsyncClient, names: dict[str, str], signed_in: bool) -> None:
    query = "&".join(f"{k}={quote(v, errors='surrogatepass')}" for k, v in names.items())
    request = client.build_request("GET", f"/api/movies?{query}")
    if not signed_in:
        del request.headers["Authorization"]
    check(await client.send(request))


@examples
@given(
    key=st.one_of(anything, st.lists(st.one_of(numbers, texts), min_size=2, max_size=3)),
    sort=st.sampled_from(["newest", "title", "year", "updated"]),
)
async def test_any_cursor(client: httpx.AsyncClient, key: Any, sort: str) -> None:
    value = [sort, *key] if isinstance(key, list) else key
    cursor = base64.urlsafe_b64encode(encoded(value)).decode().rstrip("=")
    check(await client.get("/api/movies", params={"sort": sort, "cursor": cursor[:600]}))


@examples
@given(
    parts=st.lists(
        st.one_of(
            texts,
            st.sampled_from(["the-film", "captions", "source", "artwork", "..", "%2e%2e", "cues"]),
        ),
        max_size=5,
    ),
    method=st.sampled_from(["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"]),
)
async def test_any_path(client: httpx.AsyncClient, parts: list[str], method: str) -> None:
    path = "/".join(quote(part, safe="", errors="surrogatepass") for part in parts)
    answer = await client.request(method, f"/api/movies/{path}", headers={"If-Match": "*"})
    if answer.request.url.path.startswith("/api/"):  # two dots lead out of it
        check(answer)


@examples
@given(
    chosen=st.dictionaries(
        st.sampled_from(
            ["actor", "action", "entity", "entityId", "since", "until", "before", "limit", "format"]
        ),
        st.one_of(texts, instants, numbers.map(str)),
        max_size=4,
    ),
    export=st.booleans(),
)
async def test_any_look_at_the_audit(
    client: httpx.AsyncClient, chosen: dict[str, str], export: bool
) -> None:
    query = "&".join(f"{k}={quote(v, errors='surrogatepass')}" for k, v in chosen.items())
    check(await client.get(f"/api/audit{'/export' if export else ''}?{query}"))


STARTS = [
    b"", b"WEBVTT\n\n", b"\xef\xbb\xbfWEBVTT\n\n00:00.000 --> 00:01.000\n", b"\xff\xfe",
    b"\x1f\x8b",
    b"1\n00:00:01,000 --> 00:00:02,000\n", b"Scenarist_SCC V1.0\n\n00:00:00:00\t", b"PK\x03\x04",
    b"<?xml version='1.0'?><tt xmlns='http://www.w3.org/ns/ttml'>", b"850STL25.01", b"%PDF-1.7",
    b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0\x00\x10JFIF\x00", b"RIFF\x10\x00\x00\x00WEBPVP8 ",
    b"\x00\x00\x00\x20ftypavif", b"GIF89a", b"<svg xmlns='http://www.w3.org/2000/svg'>",
]  # fmt: skip
file_names = st.one_of(
    st.text(string.printable.replace("\r", "").replace("\n", ""), max_size=20),
    st.sampled_from(["film.vtt", "film.srt", "film.scc", "x.ttml", "../../etc/passwd", "a" * 300]),
)


@examples
@given(
    start=st.sampled_from(STARTS),
    rest=st.binary(max_size=400),
    name=file_names,
    language=st.one_of(texts, st.sampled_from(["en", "pt-BR", "zh-Hant-TW", "x-klingon"])),
    label=texts,
)
async def test_any_caption_file(
    client: httpx.AsyncClient, start: bytes, rest: bytes, name: str, language: str, label: str
) -> None:
    form = {
        "language": language.encode("utf-8", "surrogatepass"),
        "label": label.encode("utf-8", "surrogatepass"),
    }
    made = await client.post(f"{FILM}/captions", files={"file": (name, start + rest)}, data=form)
    problem = check(made)
    if made.status_code == 201:
        track = made.headers["location"]
        for path in ("", "/cues", "/text", "/file"):
            check(await client.get(f"{track}{path}"))
        assert (await client.get(f"{track}/file")).content == start + rest
        check(await client.delete(track))
    else:
        assert {each["field"] for each in problem["errors"]} <= {"file", "language", "label"}


@examples
@given(start=st.sampled_from(STARTS), rest=st.binary(max_size=400), name=file_names)
async def test_any_picture(client: httpx.AsyncClient, start: bytes, rest: bytes, name: str) -> None:
    answer = await client.put(f"{FILM}/artwork/poster", files={"file": (name, start + rest)})
    problem = check(answer)
    assert [each["field"] for each in problem["errors"]] == ["file"]


def png(width: int, height: int, data: bytes) -> bytes:
    """A PNG of one chunk of pixels that is as large as it says."""

    def chunk(name: bytes, body: bytes) -> bytes:
        checksum = zlib.crc32(name + body)
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", checksum)

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(data)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


@pytest.mark.parametrize(
    ("picture", "words"),
    [
        (png(60_000, 60_000, b""), "pixels"),
        (png(20_000, 20_000, b"\0" * 2**24), "pixels"),
        (png(800, 1200, b"\0" * 1000), ""),
        (b"<svg onload='alert(1)'/>", ""),
    ],
)
async def test_a_picture_that_is_not_what_it_seems(
    client: httpx.AsyncClient, picture: bytes, words: str
) -> None:
    answer = await client.put(f"{FILM}/artwork/poster", files={"file": ("p.png", picture)})
    problem = check(answer)
    assert (answer.status_code, problem["errors"][0]["field"]) == (422, "file")
    assert words in problem["errors"][0]["detail"]


async def test_bombs(client: httpx.AsyncClient) -> None:
    """What grows when it is read: compressed bodies, entities, deep JSON, many form fields."""
    packed = gzip.compress(b'{"title": "' + b"x" * 10**8 + b'"}')
    headers = JSON | {"Content-Encoding": "gzip"}
    answer = await client.post("/api/movies", content=packed, headers=headers)
    assert (answer.status_code, "Content-Encoding" in check(answer)["detail"]) == (400, True)
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    bomb = f'<?xml version="1.0"?><!DOCTYPE tt [<!ENTITY l0 "ha">{laughs}]><tt>&l11;</tt>'
    answer = await client.post(
        f"{FILM}/captions", files={"file": ("x.ttml", bomb.encode())}, data={"language": "en"}
    )
    assert (answer.status_code, check(answer)["errors"][0]["field"]) == (422, "file")
    deep = await client.post("/api/movies", content=b"[" * 500_000, headers=JSON)
    assert (check(deep)["code"], "too deep" in check(deep)["detail"]) == ("bad-request", True)
    many = await client.post(f"{FILM}/captions", data={f"f{n}": "x" for n in range(5_000)})
    assert 400 <= many.status_code < 500
    check(many)
    large = await client.put(
        f"{FILM}/artwork/poster", files={"file": ("p.png", io.BytesIO(b"x" * (27 * 2**20)))}
    )
    assert (large.status_code, check(large)["code"]) == (413, "too-large")
