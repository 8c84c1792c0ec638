"""A film that plays, watched from outside: what it asks for, and what the video goes through."""

from __future__ import annotations

import json
import re
import sqlite3
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, Request, Response, expect
from redis import Redis

from tests.support.live_portal import LivePortal

# Media events do not bubble, but they are captured: the list is there before the player is.
RECORD_MEDIA_EVENTS = """
  window.mediaEvents = [];
  for (const name of ["playing", "waiting", "stalled", "pause", "seeked", "ended", "error"])
    document.addEventListener(name, (event) => {
      if (event.target.localName === "video") window.mediaEvents.push(name);
    }, true);
"""
TOKEN = re.compile(r"/hls/([^/]+)/")
SMALL_BUFFER = {"hls": {"maxBufferLength": 6, "maxMaxBufferLength": 6}}


@dataclass(frozen=True)
class Film:
    """A film of the demo that can be watched now."""

    movie_id: str
    slug: str
    title: str
    duration_s: float


@dataclass
class Asked:
    """One request of the page and what it was answered; None while it is on its way or failed."""

    url: str
    method: str
    status: int | None = None
    body: str = ""


@dataclass
class Player:
    """A player on a page."""

    page: Page
    portal: LivePortal
    asked: list[Asked] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._by_request: dict[Request, Asked] = {}
        self.page.on("request", self._on_request)
        self.page.on("response", self._on_response)
        self.page.add_init_script(RECORD_MEDIA_EVENTS)

    def _on_request(self, request: Request) -> None:
        asked = Asked(request.url, request.method, body=request.post_data or "")
        self._by_request[request] = asked
        self.asked.append(asked)

    def _on_response(self, response: Response) -> None:
        if (asked := self._by_request.get(response.request)) is not None:
            asked.status = response.status

    # What it asked

    def media(self) -> list[Asked]:
        """Playlists, segments and captions, answered or not."""
        return [asked for asked in self.asked if "/hls/" in asked.url]

    def refused_media(self) -> list[Asked]:
        """Media that was answered with something else than 200."""
        return [asked for asked in self.media() if asked.status not in {None, 200, 206, 304}]

    def media_tokens(self) -> list[str]:
        """The stream tokens below which media was asked for, in their order."""
        found = [TOKEN.search(asked.url) for asked in self.media()]
        return list(dict.fromkeys(match[1] for match in found if match))

    def token_calls(self) -> list[Asked]:
        """Calls that open or renew a viewing session."""
        return [asked for asked in self.asked if asked.url.endswith("/stream-token")]

    def reports(self) -> list[dict[str, Any]]:
        """Position reports."""
        return [json.loads(a.body) for a in self.asked if a.url.endswith("/position")]

    def session_id(self) -> str:
        """The viewing session of the token that was used last."""
        import base64

        claims = self.media_tokens()[-1].split(".")[1]
        return str(json.loads(base64.urlsafe_b64decode(claims + "=="))["sid"])

    # What it does

    def options(self, **options: Any) -> None:
        """Settings of an embedding page, before it is opened."""
        self.page.add_init_script(f"window.__portalPlayerOptions = {json.dumps(options)}")

    def open(self, film: Film, query: str = "") -> None:
        """Open the watch page."""
        self.page.goto(f"/watch/{film.slug}{query}")

    def play(self, film: Film, query: str = "") -> None:
        """Open the watch page and wait for moving pictures."""
        self.open(film, query)
        self.wait_until_moving()

    def wait_until_moving(self, beyond_s: float = 0.1, timeout_s: float = 15) -> None:
        """Wait until the film is beyond a position."""
        self.page.wait_for_function(
            "at => { const v = document.querySelector('video');"
            " return v && !v.paused && v.currentTime > at; }",
            arg=beyond_s,
            timeout=timeout_s * 1000,
        )

    @property
    def video(self) -> Locator:
        """The video element."""
        return self.page.locator("video")

    def position_s(self) -> float:
        """Where the film is."""
        return float(self.video.evaluate("video => video.currentTime"))

    def seek(self, to_s: float) -> None:
        """Go to a position."""
        self.video.evaluate("(video, at) => { video.currentTime = at; }", to_s)

    def events(self) -> list[str]:
        """What the video went through since the page was opened."""
        return list(self.page.evaluate("window.mediaEvents"))

    def stalls(self) -> int:
        """How often it waited for data after it had started."""
        events = self.events()
        started = events.index("playing") if "playing" in events else len(events)
        return events[started:].count("waiting")

    def showing_captions(self) -> list[str]:
        """Languages of the caption tracks that show."""
        return list(
            self.video.evaluate(
                "video => [...video.textTracks]"
                ".filter(t => t.mode === 'showing').map(t => t.language)"
            )
        )

    def cue_text(self) -> str:
        """Text of the cues on screen."""
        return str(
            self.video.evaluate(
                "video => [...video.textTracks].filter(t => t.mode === 'showing')"
                ".flatMap(t => [...(t.activeCues ?? [])]).map(c => c.text).join(' ')"
            )
        )

    def alert(self) -> Locator:
        """The failure that a viewer is told of."""
        return self.page.get_by_role("alert")

    def status(self) -> Locator:
        """The notice over the film."""
        return self.page.locator(".player-note")

    def revoke(self) -> None:
        """End the viewing session behind the player's back, as an operator does."""
        with Redis(unix_socket_path=str(self.portal.data_dir / "redis" / "redis.sock")) as redis:
            redis.hset(f"portal:session:{self.session_id()}", "revoked", "1")

    def retry(self) -> None:
        """Press "Try again"."""
        self.page.get_by_role("button", name="Try again").click()
        expect(self.alert()).to_be_empty()


@pytest.fixture(scope="session")
def films(portal: LivePortal) -> list[Film]:
    """Films that anybody can watch, the longest first."""
    with sqlite3.connect(portal.data_dir / "portal.sqlite3") as db:
        rows = db.execute(
            "select m.id, m.slug, m.title, s.duration_s from movie m"
            " join stream_source s on s.movie_id = m.id"
            " where m.visibility = 'visible' and m.available_from is null"
            " and m.available_until is null order by s.duration_s desc, m.slug"
        )
        found = [Film(*row) for row in rows]
    assert len(found) > 2
    return found


@pytest.fixture
def film(films: list[Film]) -> Film:
    """A film of half a minute."""
    return films[-1]


@pytest.fixture
def player(page: Page, portal: LivePortal) -> Player:
    """A player with a small buffer, so that it asks often."""
    found = Player(page, portal)
    found.options(**SMALL_BUFFER)
    return found


@pytest.fixture
def second_player(context: BrowserContext, portal: LivePortal) -> Player:
    """A player in another tab of the same viewer."""
    found = Player(context.new_page(), portal)
    found.options(**SMALL_BUFFER)
    return found
