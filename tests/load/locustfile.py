"""Viewers as the compiled front end makes them: its pages, its socket, its tokens and media.

Run by `tests.load.run` (`make load`), which starts the portal and names it as the host. The socket
speaks Reflex's protocol: engine.io over a websocket, the namespace `/_event`, the hydrate event
with the hashes of the build under test, `on_load_internal` for each navigation.
"""

from __future__ import annotations

import json
import random
import re
import time
import uuid
from collections.abc import Callable
from importlib.metadata import version
from urllib.parse import urljoin

import gevent
import websocket
from gevent.event import Event
from locust import FastHttpUser, between, events, task

from tests.load.build import HASHES, HYDRATE, HYDRATED, ON_LOAD, SCHEMA

_WAIT_S = 20


def tell(name: str, began: float, error: BaseException | None) -> None:
    """Count something that is no HTTP request."""
    events.request.fire(
        request_type="WS",
        name=name,
        response_time=(time.perf_counter() - began) * 1000,
        response_length=0,
        exception=error,
    )


class Socket:
    """The page's socket."""

    def __init__(self, host: str, cookie: str) -> None:
        self._host = host
        self._cookie = cookie
        self._token = str(uuid.uuid4())
        self._answered = Event()
        self._wanted: Callable[[str], bool] | None = None
        self._socket: websocket.WebSocket | None = None

    def open(self, path: str, query: dict[str, str]) -> None:
        """Connect, hydrate and load the page."""
        began, error = time.perf_counter(), None
        try:
            self._socket = websocket.create_connection(
                f"{self._host.replace('http', 'ws', 1)}/_event/?token={self._token}"
                "&EIO=4&transport=websocket",
                subprotocols=[version("reflex")],
                origin=self._host,
                cookie=self._cookie,
                timeout=_WAIT_S,
                enable_multithread=False,
            )
            self._socket.settimeout(90)
            assert self._socket.recv()[0] == "0"  # engine.io: open
            self._expect()
            event = {"name": HYDRATE, "payload": {"hashes": HASHES}}
            event["router_data"] = {"pathname": path, "asPath": path, "query": query}
            self._socket.send("40/_event," + json.dumps({"event": event, "state_schema": SCHEMA}))
            gevent.spawn(self._read)
            if not self._answered.wait(_WAIT_S):
                error = TimeoutError("hydrate")
        except Exception as caught:  # counted, like every failure of a viewer
            error = caught
        tell("connect, hydrate, load", began, error)

    def go(self, path: str, query: dict[str, str], name: str) -> None:
        """Navigate: the new page's loading."""
        if self._socket is None:
            return
        began, error = time.perf_counter(), None
        try:
            self._expect()
            event = {"name": ON_LOAD, "payload": {}}
            event["router_data"] = {"pathname": path, "asPath": path, "query": query}
            self._socket.send("42/_event," + json.dumps(["event", event]))
            if not self._answered.wait(_WAIT_S):
                error = TimeoutError(name)
        except Exception as caught:
            error = caught
        tell(name, began, error)

    def close(self) -> None:
        """Leave as a browser does."""
        if self._socket is not None:
            try:
                self._socket.send("41/_event,")
                self._socket.close()
            except OSError:
                pass  # it is gone already

    def _expect(self) -> None:
        self._answered.clear()
        self._wanted = lambda text: HYDRATED in text

    def _read(self) -> None:
        assert self._socket is not None
        try:
            while text := self._socket.recv():
                if text == "2":
                    self._socket.send("3")  # the server's ping
                elif text.startswith('42/_event,["state_mismatch"'):
                    tell("state_mismatch", time.perf_counter(), RuntimeError("another build"))
                elif self._wanted and self._wanted(text):
                    self._wanted = None
                    self._answered.set()
        except (OSError, websocket.WebSocketException):
            return  # closed


class Viewer(FastHttpUser):
    """Somebody who looks around, and now and then watches."""

    wait_time = between(3, 9)
    slugs: list[str] = []

    def on_start(self) -> None:
        """Open the home page."""
        page = self.client.get("/", name="GET /")
        cookie = page.headers.get("set-cookie", "").partition(";")[0] if page.headers else ""
        self.headers = {"Cookie": cookie} if cookie else {}
        if not Viewer.slugs:
            films = self.client.get("/api/movies?limit=60", name="GET /api/movies")
            Viewer.slugs = [film["slug"] for film in films.json()["movies"]]
        self.socket = Socket(self.host or "", cookie)
        self.socket.open("/", {})

    def on_stop(self) -> None:
        """Leave."""
        self.socket.close()

    @task(5)
    def browse(self) -> None:
        """Filter the catalog."""
        sort = random.choice(["new", "title", "year"])
        self.socket.go(f"/browse?sort={sort}", {"sort": sort}, "load /browse")

    @task(4)
    def look(self) -> None:
        """Open a movie's page."""
        slug = random.choice(self.slugs)
        self.socket.go(f"/movie/{slug}", {"movie_slug": slug}, "load /movie")

    @task(1)
    def again(self) -> None:
        """The same page once more: answered by its ETag or from the cache of pages."""
        self.client.get("/", name="GET /", headers=self.headers)

    @task(4)
    def watch(self) -> None:
        """Half a minute of a film, at its own speed, over several token lives if they are short."""
        slug = random.choice(self.slugs)
        self.socket.go(f"/watch/{slug}", {"movie_slug": slug}, "load /watch")
        grant = self._grant(slug, "")
        if grant is None:
            return
        media = self._media(grant["url"])
        granted_at = began = time.monotonic()
        self._tell(grant, 1, "s", 0)
        for number, url in enumerate(media):
            if number == 2:
                self._tell(grant, 2, "p", 0)
            elif number % 20 == 19:
                self._tell(grant, 2 + number, "p", time.monotonic() - began)
            if time.monotonic() > granted_at + grant["renewAfter"]:
                grant = self._grant(slug, grant["sessionId"]) or grant
                granted_at = time.monotonic()
            now = re.sub(r"/hls/[^/]+/", f"/hls/{grant['token']}/", url)
            self.client.get(now, name="GET segment", headers=self.headers)
            gevent.sleep(0 if number < 4 else 1.9)
        self.client.post(
            f"/api/viewing-sessions/{grant['sessionId']}/position",
            json={"positionS": 30, "ended": True},
            name="POST position",
            headers=self.headers,
        )
        self._tell(grant, 1000, "q", time.monotonic() - began)

    def _tell(self, grant: dict, number: int, state: str, seconds: float) -> None:  # type: ignore[type-arg]
        """A line of quality of experience, as `portal/components/player/qoe.js` writes it."""
        session, movie = grant["sessionId"], grant["url"].split("/")[3]
        line = (
            f'sid="{session}",cid="{movie}",v=2,e=ps,sta={state},ts={int(time.time() * 1000)}'
            f",sn={number},portal-at=1,portal-h=360"
        )
        if number > 1:
            line += f",portal-ok=1,portal-pl={int(seconds * 1000)},portal-rc=1"
        if number == 2:
            line += ",msd=400"
        headers = {**self.headers, "Content-Type": "application/cmcd"}
        self.client.post("/api/qoe", data=line.encode(), name="POST qoe", headers=headers)

    def _grant(self, slug: str, session_id: str) -> dict | None:  # type: ignore[type-arg]
        body = {"sessionId": session_id} if session_id else {}
        name = "POST stream-token (renew)" if session_id else "POST stream-token"
        path = f"/api/movies/{slug}/stream-token"
        answer = self.client.post(path, json=body, name=name, headers=self.headers)
        return answer.json() if answer.status_code == 200 else None

    def _media(self, url: str) -> list[str]:
        """Segments of the lowest variant and its sound, in the order of playing."""
        main = self.client.get(url, name="GET playlist", headers=self.headers).text or ""
        variants = re.findall(r"#EXT-X-STREAM-INF:[^\n]*BANDWIDTH=(\d+)[^\n]*\n([^\n#]+)", main)
        sound = re.search(r'#EXT-X-MEDIA:TYPE=AUDIO[^\n]*URI="([^"]+)"', main)
        lists = [min(variants, key=lambda found: int(found[0]))[1]] if variants else []
        lists += [sound[1]] if sound else []
        found = []
        for each in lists:
            base = urljoin(url, each)
            text = self.client.get(base, name="GET playlist", headers=self.headers).text or ""
            names = re.findall(r"^[^#\n]+$", text, re.MULTILINE)
            found.append([urljoin(base, name) for name in names])
        return [url for pair in zip(*found, strict=False) for url in pair]
