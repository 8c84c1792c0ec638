"""Captions, sources, artwork and the audit over HTTP."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest
from PIL import Image

from portal.services.actors import Role
from portal.services.container import Services, running
from portal.settings import Settings
from tests.services.editing.films import put_film
from tests.support.api_people import bearer, put_people
from tests.support.api_server import api_server
from tests.support.catalog import add_movie, now
from tests.support.origin import Origin, http_origin

EDITOR, MANAGER, OWNER = bearer(Role.EDITOR), bearer(Role.MANAGER), bearer(Role.OWNER)
VTT = b"WEBVTT\n\n00:01.000 --> 00:03.000\nHello there.\n\n00:04.000 --> 00:06.000\nGoodbye now.\n"
SRT = b"1\r\n00:00:01,000 --> 00:00:03,000\r\nOl\xe1.\r\n"


@pytest.fixture
def origin() -> Iterator[Origin]:
    with http_origin() as found:
        put_film(found)
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
async def client(services: Services) -> AsyncIterator[httpx.AsyncClient]:
    await put_people(services)
    async with api_server() as found:
        found.headers.update(MANAGER)
        yield found


@pytest.fixture
async def movie(services: Services) -> str:
    """Path of a draft without anything."""
    made = await services.db.run(
        lambda s: add_movie(
            s, services.box, visibility="draft", captions=(), source_url="", art_key=""
        )
    )
    await services.catalog.announce_change()
    return f"/api/movies/{made.id}"


def vtt(data: bytes = VTT, name: str = "film.vtt") -> dict[str, tuple[str, bytes, str]]:
    return {"file": (name, data, "text/vtt")}


async def test_from_nothing_to_a_published_film(
    client: httpx.AsyncClient, services: Services, movie: str, origin: Origin
) -> None:
    source = await client.put(f"{movie}/source", json={"url": origin.url("/film/main.m3u8")})
    assert source.status_code == 200, source.text
    assert source.json()["durationS"] == 12
    assert origin.host not in source.text
    captions = await client.post(f"{movie}/captions", files=vtt(), data={"language": "en"})
    assert captions.status_code == 201, captions.text
    shown = await client.post(f"{movie}/visibility", json={"visibility": "visible"})
    assert (shown.status_code, shown.json()["state"]) == (200, "live")
    del client.headers["Authorization"]
    opened = await client.post(f"{movie}/stream-token")
    assert [c["label"] for c in opened.json()["captions"]] == ["English"]
    playlist = await client.get(opened.json()["url"])
    assert "640x360" in playlist.text
    await services.served.flush()
    managed = await client.get(movie, headers=MANAGER)
    assert managed.json()["management"]["lastServedAt"] is None
    services.served.note(movie.rpartition("/")[2], now())
    served = await client.get(movie, headers=MANAGER)
    assert served.json()["management"]["lastServedAt"].endswith("Z")
    assert served.headers["etag"] != managed.headers["etag"]


async def test_captions_are_uploaded_looked_at_edited_and_restored(
    client: httpx.AsyncClient, movie: str
) -> None:
    made = await client.post(
        f"{movie}/captions",
        files=vtt(SRT, "portugues.srt"),
        data={"language": "pt", "kind": "sdh", "isDefault": "true"},
    )
    assert made.status_code == 201, made.text
    track = made.headers["location"]
    assert (made.json()["label"], made.json()["originalFormat"]) == ("Portuguese (SDH)", "srt")
    listed = (await client.get(f"{movie}/captions")).json()["tracks"]
    assert [t["trackId"] for t in listed] == [made.json()["trackId"]]

    assert (await client.patch(f"{track}/cues/1", json={"text": "x"})).status_code == 428
    tag = {"If-Match": made.headers["etag"]}
    edited = await client.patch(f"{track}/cues/1", json={"text": "Adeus."}, headers=tag)
    assert (edited.status_code, edited.json()["cues"][0]["text"]) == (200, "Adeus.")
    stale = await client.patch(f"{track}/cues/1", json={"text": "x"}, headers=tag)
    assert (stale.status_code, stale.json()["currentVersion"]) == (412, 2)
    tag = {"If-Match": edited.headers["etag"]}
    added = await client.post(
        f"{track}/cues", json={"startS": 5, "endS": 7, "text": "Mais."}, headers=tag
    )
    tag = {"If-Match": added.headers["etag"]}
    split = await client.post(
        f"{track}/cues/2/split",
        json={"atS": 6, "textBefore": "Ma", "textAfter": "is."},
        headers=tag,
    )
    tag = {"If-Match": split.headers["etag"]}
    gone = await client.delete(f"{track}/cues/3", headers=tag)
    assert [cue["text"] for cue in gone.json()["cues"]] == ["Adeus.", "Ma"]
    for body in (
        {"operation": "shift", "offsetS": 1.5},
        {"operation": "scale", "factor": 1},
        {"operation": "sort"},
        {
            "operation": "align",
            "first": {"captionsS": 2.5, "filmS": 2},
            "second": {"captionsS": 6.5, "filmS": 6},
        },
    ):
        done = await client.post(f"{track}/corrections", json=body, headers={"If-Match": "*"})
        assert done.status_code == 200, done.text
    bad = await client.post(
        f"{track}/corrections",
        json={"operation": "shift", "offsetS": -99},
        headers={"If-Match": "*"},
    )
    assert (bad.status_code, bad.json()["errors"][0]["field"]) == (422, "offsetS")

    detail = (await client.get(track)).json()
    assert detail["report"]["ok"] is True
    assert detail["versions"][-1]["version"] == 1
    restored = await client.post(f"{track}/versions/1/restore")
    assert restored.status_code == 200
    text = await client.get(f"{track}/text")
    assert "Olá." in text.text
    assert text.headers["content-type"] == "text/vtt"
    file = await client.get(f"{track}/file")
    assert file.content == SRT
    assert "portugues.srt" in file.headers["content-disposition"]
    replaced = await client.put(f"{track}/file", files=vtt())
    assert replaced.json()["cueCount"] == 2
    patched = await client.patch(track, json={"label": "Legendas", "kind": "subtitles"})
    assert patched.json()["label"] == "Legendas"
    assert (await client.delete(track)).status_code == 204
    assert (await client.get(track)).status_code == 404


@pytest.mark.parametrize(
    ("files", "data", "field"),
    [
        (vtt(b""), {"language": "en"}, "file"),
        (vtt(b"\x89PNG\r\n\x1a\n"), {"language": "en"}, "file"),
        (vtt(b"x" * (5 * 2**20 + 1)), {"language": "en"}, "file"),
        (vtt(), {}, "language"),
        (vtt(), {"language": "Englisch, bitte"}, "language"),
        (vtt(), {"language": "en", "kind": "chapters"}, "kind"),
        (vtt(), {"language": "en", "isDefault": "perhaps"}, "isDefault"),
        ({}, {"language": "en"}, "file"),
    ],
)
async def test_a_bad_upload_names_the_field(
    client: httpx.AsyncClient, movie: str, files: dict, data: dict, field: str
) -> None:
    answer = await client.post(f"{movie}/captions", files=files or None, data=data)
    assert answer.status_code == 422, answer.text
    assert field in [each["field"] for each in answer.json()["errors"]]


async def test_a_source_that_would_not_play_is_refused_with_findings(
    client: httpx.AsyncClient, services: Services, movie: str, origin: Origin
) -> None:
    del origin.files["/film/high/seg-2.m4s"]
    url = {"url": origin.url("/film/main.m3u8")}
    for method, path in (("PUT", "/source"), ("PUT", "/source")):
        refused = await client.request(method, f"{movie}{path}", json=url)
        assert (refused.status_code, refused.json()["code"]) == (422, "source-invalid")
    finding = refused.json()["findings"][0]
    assert (finding["rule"], finding["level"], finding["line"]) == ("SRC-E-004", "error", 9)
    assert refused.json()["errors"][0]["field"] == "url"
    looked = await client.post(f"{movie}/source/preview", json=url)
    assert (looked.status_code, looked.json()["status"]) == (200, "failed")
    assert (await client.get(f"{movie}/source")).status_code == 404
    wrong = await client.put(f"{movie}/source", json={"url": "https://169.254.169.254/x.m3u8"})
    assert wrong.status_code == 422
    assert "may fetch" in wrong.json()["errors"][0]["detail"]


async def test_pictures(client: httpx.AsyncClient, movie: str) -> None:
    output = io.BytesIO()
    Image.new("RGB", (600, 900), "#204060").save(output, "PNG")
    done = await client.put(
        f"{movie}/artwork/poster",
        files={"file": ("p.png", output.getvalue(), "image/png")},
        data={"focusX": "0.25"},
    )
    assert done.status_code == 200, done.text
    assert {p["kind"]: p["isDerived"] for p in done.json()["pictures"]} == {
        "poster": False,
        "backdrop": True,
    }
    moved = await client.patch(f"{movie}/artwork/poster", json={"focusX": 1, "focusY": 0})
    assert moved.json()["pictures"][0]["focusX"] == 1
    assert moved.json()["art"] != done.json()["art"]
    lie = await client.put(
        f"{movie}/artwork/poster", files={"file": ("p.jpg", output.getvalue(), "image/jpeg")}
    )
    assert (lie.status_code, lie.json()["errors"][0]["field"]) == (422, "file")
    assert (await client.put(f"{movie}/artwork/banner", files=vtt())).status_code == 422
    assert (await client.get(f"{movie}/artwork")).json()["color"].startswith("#")


async def test_the_audit_tells_who_did_what_and_is_exported(client: httpx.AsyncClient) -> None:
    made = await client.post("/api/movies", json={"title": "=SUM(A1)"}, headers=EDITOR)
    movie_id = made.json()["movieId"]
    for year in (1999, 2000):
        await client.patch(
            f"/api/movies/{movie_id}", json={"year": year}, headers={"If-Match": "*"}
        )
    page = (await client.get("/api/audit?limit=2")).json()
    assert [e["action"] for e in page["events"]] == ["movie.update", "movie.update"]
    assert page["events"][0]["after"]["year"] == 2000
    assert page["events"][0]["address"] == "127.0.0.1"
    rest = (await client.get(f"/api/audit?before={page['nextBefore']}")).json()
    assert [e["action"] for e in rest["events"]] == ["movie.create"]
    assert rest["nextBefore"] is None
    assert rest["events"][0]["correlationId"] == made.headers["x-correlation-id"]
    for query, count in (
        ("actor=EDITOR@films", 1),
        ("action=movie.update", 2),
        ("action=movie.", 3),
        ("action=movie", 0),
        (f"entityId={movie_id}&entity=movie", 3),
        ("since=2100-01-01T00:00:00Z", 0),
        ("until=2100-01-01T00:00:00Z", 3),
        ("actor=100%25", 0),
    ):
        found = await client.get(f"/api/audit?{query}")
        assert len(found.json()["events"]) == count, query
    exported = await client.get("/api/audit/export?format=json")
    assert [e["seq"] for e in json.loads(exported.content)] == [3, 2, 1]
    table = await client.get("/api/audit/export?action=movie.create")
    assert "attachment" in table.headers["content-disposition"]
    rows = list(csv.DictReader(io.StringIO(table.content.decode("utf-8-sig"))))
    assert json.loads(rows[0]["after"])["title"] == "=SUM(A1)"
    assert json.loads((await client.get("/api/audit/export?format=json&entity=x")).content) == []

    assert (await client.get("/api/audit", headers=EDITOR)).status_code == 403
    assert (await client.get("/api/audit/verification")).status_code == 403
    whole = await client.get("/api/audit/verification", headers=OWNER)
    assert whole.json() == {"checked": 3, "brokenAt": None}


async def test_a_bad_correction_names_the_field(client: httpx.AsyncClient, movie: str) -> None:
    for body, field in (
        ({"operation": "shift", "offsetS": "soon"}, "offsetS"),
        ({"operation": "scale", "factor": 9}, "factor"),
        ({"operation": "align", "first": {"captionsS": 1, "filmS": -1}}, "first.filmS"),
        ({"operation": "paint"}, "body"),
        ({}, "body"),
    ):
        answer = await client.post(
            f"{movie}/captions/x/corrections", json=body, headers={"If-Match": "*"}
        )
        assert (answer.status_code, answer.json()["code"]) == (422, "validation")
        assert field in [each["field"] for each in answer.json()["errors"]]
