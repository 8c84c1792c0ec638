"""Each kind of alert is fired by a real fault, in a real Prometheus with the rules as deployed.

Only two things differ from production: Prometheus asks each second, and `for:` is left out, so that
nobody waits for minutes.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
import yaml
from sqlmodel import Session

from portal.embedded.migrations import upgrade
from portal.services.container import load_keyring
from portal.services.db_engine import make_engine
from portal.services.secrets_box import SecretsBox
from portal.settings import Settings
from tests.support.catalog import add_movie
from tests.support.live_portal import ROOT, LivePortal, live_portal
from tests.support.origin import Answer, http_origin
from tests.support.ports import free_port
from tests.support.qoe import line

SLOW_S = 4.5  # the goal is 4 s
PLAYLIST = "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=800000\nlow.m3u8\n"


@dataclass
class Watched:
    """A portal and the Prometheus that watches it."""

    portal: LivePortal
    metrics_url: str
    prometheus_url: str

    def ask(self, expression: str) -> list[float]:
        """Values of an expression now."""
        answer = httpx.get(f"{self.prometheus_url}/api/v1/query", params={"query": expression})
        return [float(each["value"][1]) for each in answer.json()["data"]["result"]]

    def firing(self) -> set[str]:
        """Names of alerts that fire now."""
        found = httpx.get(f"{self.prometheus_url}/api/v1/alerts").json()["data"]["alerts"]
        return {each["labels"]["alertname"] for each in found if each["state"] == "firing"}

    def _why(self, name: str) -> str:
        values = {
            rule: self.ask(rule)
            for rule in (
                "slo:start:bad1h", "slo:start:bad5m", "portal_qoe_start_seconds_count",
                "portal:origin_failures:ratio5m", "portal:throttle_events:5m",
            )
        }  # fmt: skip
        return f"{name} does not fire, but {self.firing()}; {values}"

    async def until_firing(self, name: str, timeout_s: float = 20) -> None:
        """Wait for an alert."""
        end = time.monotonic() + timeout_s
        while name not in self.firing():
            assert time.monotonic() < end, self._why(name)
            await asyncio.sleep(0.2)


def prometheus_config(folder: Path, target: str) -> Path:
    """The configuration as deployed, asking each second, with alerts that do not wait."""
    (folder / "rules").mkdir()
    for path in (ROOT / "deploy/prometheus/rules").glob("*.yml"):
        text = re.sub(r"^ +for: .*\n", "", path.read_text(), flags=re.MULTILINE)
        (folder / "rules" / path.name).write_text(text)
    config = yaml.safe_load((ROOT / "deploy/prometheus/prometheus.yml").read_text())
    second = {"scrape_interval": "1s", "scrape_timeout": "1s", "evaluation_interval": "1s"}
    config["global"] = second
    config["scrape_configs"][0]["static_configs"][0]["targets"] = [target]
    written = folder / "prometheus.yml"
    written.write_text(yaml.safe_dump(config))
    return written


@contextlib.contextmanager
def prometheus(folder: Path, target: str) -> Iterator[str]:
    """A Prometheus of its own while the block runs; gives its URL."""
    port = free_port()
    with (folder / "prometheus.log").open("wb") as log:
        process = subprocess.Popen(
            [
                "prometheus", f"--config.file={prometheus_config(folder, target)}",
                f"--storage.tsdb.path={folder / 'tsdb'}", f"--web.listen-address=127.0.0.1:{port}",
            ],
            stdout=log, stderr=log,
        )  # fmt: skip
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Watched]:
    """A portal with two workers and three films: one plays, one is slow, one's origin is away."""
    data, port = tmp_path / "data", free_port()
    settings = Settings(data_dir=data, port=1)
    data.mkdir()
    upgrade(settings.sqlalchemy_url())
    box = SecretsBox.of(load_keyring(settings))
    with http_origin() as origin:
        origin.put("/good.m3u8", PLAYLIST)

        def slow() -> Answer:
            time.sleep(SLOW_S)
            return 200, {}, PLAYLIST.encode()

        origin.files["/slow.m3u8"] = slow
        away = f"127.0.0.1:{free_port()}"
        engine = make_engine(settings.sqlalchemy_url(), pool_size=1)
        with Session(engine) as session:
            add_movie(session, box, slug="good", source_url=origin.url("/good.m3u8"))
            add_movie(session, box, slug="slow", source_url=origin.url("/slow.m3u8"))
            add_movie(session, box, slug="away", source_url=f"http://{away}/main.m3u8")
            session.commit()
        engine.dispose()
        with live_portal(
            data,
            PORTAL_WORKERS="2",
            PORTAL_METRICS_PORT=str(port),
            PORTAL_ORIGIN_ALLOWED_HOSTS=f"{origin.host},{away}",
            PORTAL_RENDER_PAGES="false",
        ) as portal:
            target = f"127.0.0.1:{port}"
            with prometheus(tmp_path, target) as url:
                yield Watched(portal, f"http://{target}/metrics", url)


async def start_film(url: str, slug: str) -> int:
    """Press play as a new viewer does, and tell the portal how long it took, as the player does.

    Returns:
        The status of the playlist.
    """
    async with httpx.AsyncClient(base_url=url, timeout=30) as client:
        began = time.monotonic()
        grant = (await client.post(f"/api/movies/{slug}/stream-token", json={})).json()
        playlist = await client.get(grant["url"])
        if playlist.status_code == 200:
            movie_id = re.search(r"/hls/[^/]+/([0-9a-f]{32})/", grant["url"])[1]  # type: ignore[index]
            took_ms = round((time.monotonic() - began) * 1000)
            told = await client.post(
                "/api/qoe",
                content=line(grant["sessionId"], movie_id, 1, msd=took_ms, ok=1),
                headers={"Content-Type": "application/cmcd"},
            )
            assert told.status_code == 204
        return playlist.status_code


async def test_real_faults_fire_their_alerts(watched: Watched) -> None:
    base = watched.portal.url
    for _ in range(100):
        with contextlib.suppress(httpx.HTTPError, KeyError):
            if watched.ask('up{job="portal"}') == [1.0]:
                break
        await asyncio.sleep(0.2)
    assert await start_film(base, "good") == 200
    await asyncio.sleep(3)
    assert watched.firing() == set()

    # One after the other: a herd asks the origin once.
    assert [await start_film(base, "away") for _ in range(8)] == [502] * 8
    await watched.until_firing("OriginFailing")
    assert watched.firing() == {"OriginFailing"}

    async with httpx.AsyncClient(base_url=base) as client:  # 120 a minute are allowed
        await client.get("/api/movies")
        await client.post("/api/movies/good/stream-token", json={})
        answers = [(await client.get("/api/movies")).status_code for _ in range(200)]
    assert answers.count(429) > 50
    await watched.until_firing("ThrottleBurst")
    assert watched.ask("portal:throttle_events:5m")[0] > 50
    assert "StartSlowFast" not in watched.firing()

    assert await asyncio.gather(*(start_film(base, "slow") for _ in range(12))) == [200] * 12
    await watched.until_firing("StartSlowFast")

    # What Prometheus was shown has routes and codes, and nothing of people, tokens or sources.
    async with httpx.AsyncClient() as client:
        shown = (await client.get(watched.metrics_url)).text
    assert 'route="/hls/multivariant",status="502"' in shown
    for secret in ("eyJ", "127.0.0.1", "good.m3u8", "good", "portal_viewer"):
        assert secret not in shown
