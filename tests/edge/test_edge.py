"""Films through the edge: cached once, checked each time, and stopped when they are hidden."""

from __future__ import annotations

import json
import os
import re
import statistics
import subprocess
import time
from urllib.parse import urljoin

import httpx
import pytest

from tests.edge.conftest import Edge
from tests.support.film_viewer import FilmViewer
from tests.support.live_portal import ROOT, environment, portal_command

PROMISED_S = 5
# Twenty for docs/operations.md.
HIDDEN = int(os.environ.get("PORTAL_TEST_HIDDEN", "4"))


@pytest.fixture(scope="module")
def slugs(edge: Edge) -> list[str]:
    """Films that can be watched."""
    with edge.client() as client:
        client.get("/")
        return [film["slug"] for film in client.get("/api/movies?limit=60").json()["movies"]]


def open_film(client: httpx.Client, slug: str) -> tuple[str, str]:
    """The addresses of a film's multivariant playlist and of one of its segments."""
    grant = client.post(f"/api/movies/{slug}/stream-token", json={}).json()
    main_url = urljoin(str(client.base_url), grant["url"])
    main = client.get(main_url).text
    media_url = urljoin(main_url, re.findall(r"^[^#\n]+$", main, re.MULTILINE)[0])
    media = client.get(media_url).text
    return main_url, urljoin(media_url, re.findall(r"^[^#\n]+$", media, re.MULTILINE)[0])


@pytest.fixture(scope="module")
def bearer(edge: Edge) -> dict[str, str]:
    """Somebody who may hide films."""
    answer = subprocess.run(
        portal_command("account", "token", "owner@demo.example"),
        env=environment(edge.portal.data_dir, edge.portal.port),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return {"Authorization": f"Bearer {answer.stdout.strip()}"}


async def test_a_film_plays_to_its_end(edge: Edge, slugs: list[str]) -> None:
    seen = await FilmViewer(edge.url, slugs[0], speed=3).watch()
    assert seen.lost == []
    assert seen.failures == []
    assert seen.ended


def test_a_segment_is_fetched_once_for_all_tokens(edge: Edge, slugs: list[str]) -> None:
    bodies = set()
    for _ in range(3):
        with edge.client() as client:
            _, url = open_film(client, slugs[1])
            answer = client.get(url)
            assert answer.status_code == 200
            bodies.add(answer.content)
    states = re.findall(r'"GET /hls/-/[^"]+/s/[^"]+" 200 .* cache=(\w+)', edge.log())
    assert len(bodies) == 1
    assert states[-3:].count("HIT") >= 2


def test_parts_of_a_file_are_kept_as_slices(edge: Edge, slugs: list[str]) -> None:
    with edge.client() as client:
        _, url = open_film(client, slugs[2])
        parts = [client.get(url, headers={"Range": "bytes=60000-79999"}) for _ in range(2)]
        whole = client.get(url)
        rest = client.get(url, headers={"Range": "bytes=60000-"})
        _, other = open_film(client, slugs[1])
        name = url.rpartition("/")[2]
        stolen = client.get(
            f"{other.rpartition('/')[0]}/{name}", headers={"Range": "bytes=60000-79999"}
        )
        no_token = client.get(re.sub("/hls/[^/]+/", "/hls/x/", url), headers={"Range": "bytes=0-9"})
    assert whole.status_code == 200
    assert len(whole.content) > 80_000  # more than one slice
    for part in parts:
        assert part.status_code == 206
        assert part.content == whole.content[60000:80000]
        assert part.headers["content-range"] == f"bytes 60000-79999/{len(whole.content)}"
    assert rest.content == whole.content[60000:]
    states = re.findall(r'"GET /hls/-/[^"]+/s/[^"]+" 206 20000 .* cache=(\w+)', edge.log())
    assert states[:2] == ["MISS", "HIT"]
    # What is kept under one film's name is not given out under another's, nor without a token.
    assert stolen.status_code in {403, 404}
    assert no_token.status_code == 403


def test_a_wrong_token_opens_nothing_that_is_cached(edge: Edge, slugs: list[str]) -> None:
    with edge.client() as client:
        _, url = open_film(client, slugs[1])
        assert client.get(url).status_code == 200
        _, other = open_film(client, slugs[2])
        token, other_token = (re.search(r"/hls/([^/]+)/", each)[1] for each in (url, other))  # type: ignore[index]
        for bad in (token[:-4] + "AAAA", "x", other_token):
            refused = client.get(url.replace(token, bad))
            assert refused.status_code == 403
            assert refused.headers["content-type"].startswith("application/problem+json")
            assert "segment" not in refused.text


def test_an_expired_token_says_so(edge: Edge, slugs: list[str]) -> None:
    with edge.client() as client:
        _, url = open_film(client, slugs[1])
        answers = []
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline and 401 not in answers:
            answers.append(client.get(url).status_code)
            time.sleep(0.5)
        refused = client.get(url)
    assert set(answers) == {200, 401}
    assert refused.json()["code"] == "token-expired"


def test_no_token_and_no_origin_is_logged_or_sent(edge: Edge, slugs: list[str]) -> None:
    with edge.client() as client:
        main_url, url = open_film(client, slugs[3])
        answers = [client.get(each) for each in (main_url, url)]
    log = edge.log()
    assert "/hls/-/" in log
    token = re.search(r"/hls/([^/]+)/", url)[1]  # type: ignore[index]
    assert token not in log
    assert token.split(".")[2] not in edge.portal.log()
    for answer in answers:
        assert "/origin/" not in str(answer.headers) + answer.text[:2000]
    with edge.client() as client:
        for inside in ("/origin/x", "/api/edge/authorise", "/api/health/ready"):
            assert client.get(inside).status_code == 404


def test_pages_and_their_files_come_through(edge: Edge) -> None:
    with edge.client() as client:
        page = client.get("/")
        assert page.status_code == 200
        assert page.headers["x-content-type-options"] == "nosniff"
        assert "server" not in page.headers or "1." not in page.headers["server"]
        asset = re.search(r'(/assets/[\w.-]+\.js)"', page.text)
        assert asset
        script = client.get(asset[1])
        assert "immutable" in script.headers["cache-control"]
        assert script.headers["content-encoding"] in {"br", "gzip"}


@pytest.mark.parametrize("spoofed", [True, False])
def test_the_limit_counts_the_caller_and_not_what_they_say(edge: Edge, spoofed: bool) -> None:
    """A caller without a cookie is an address, whatever X-Forwarded-For they write."""
    answers = []
    with httpx.Client(base_url=edge.url, timeout=20) as client:
        for number in range(125):
            headers = {"X-Forwarded-For": f"203.0.113.{number}"} if spoofed else {}
            client.cookies.clear()
            answers.append(client.get("/api/movies?limit=1", headers=headers).status_code)
    # The second run starts where the first ended: the same caller.
    assert answers.count(200) <= 120
    assert answers[-1] == 429


def test_a_hidden_film_stops_within_seconds(
    edge: Edge, slugs: list[str], bearer: dict[str, str]
) -> None:
    times = []
    for slug in slugs[4 : 4 + HIDDEN]:
        with edge.client() as client:
            _grant_past_limits(client)
            _, url = open_film(client, slug)
            assert client.get(url).status_code == 200
            movie = client.get(f"/api/movies/{slug}", headers=bearer)
            hide = client.post(
                f"/api/movies/{slug}/visibility",
                json={"visibility": "hidden"},
                headers={**bearer, "If-Match": movie.headers["etag"]},
            )
            assert hide.status_code == 200, hide.text
            hidden_at = time.monotonic()
            last = hidden_at
            while time.monotonic() - hidden_at < PROMISED_S + 1:
                answer = client.get(url)
                if answer.status_code == 200:
                    last = time.monotonic()
                time.sleep(0.05)
            assert answer.status_code in {403, 404, 410}
            assert json.loads(answer.text)["code"] in {"movie-not-found", "not-available"}
            times.append(last - hidden_at)
    print(
        f"\nhide -> last segment through nginx: median {statistics.median(times):.2f} s,"
        f" longest {max(times):.2f} s of {len(times)}"
    )
    assert max(times) <= PROMISED_S


def _grant_past_limits(client: httpx.Client) -> None:
    """A viewer of their own: the address has used up its requests in the test before."""
    client.get("/")


def test_a_portal_that_is_away_is_a_clear_answer(edge: Edge) -> None:
    from tests.edge.conftest import edge_before
    from tests.support.ports import free_port

    gone = type(edge.portal)(
        free_port(), edge.portal.data_dir, edge.portal.process, edge.portal.log_path
    )
    with edge_before(gone, edge.folder / "away") as away, away.client() as client:
        for path in ("/", "/api/movies", "/hls/x/y/main.m3u8", "/hls/x/y/s/z.m4s"):
            answer = client.get(path)
            assert answer.status_code == 503
            assert answer.headers["retry-after"] == "5"
            assert answer.json()["code"] == "unavailable"
