"""A viewer without a browser: plays films as the real player does, and remembers what went wrong.

It opens a viewing session, reads the playlists, fetches segments a little ahead of its clock,
renews its token when it is told to, and retries as hls.js does here: a few times, with growing
pauses. A stall is a moment at which the film's clock would have to wait for data.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import time
from dataclasses import dataclass, field
from urllib.parse import urljoin

import httpx

AHEAD_S = 12.0
"""How much of the film a player keeps in its buffer."""
_TRIES = 7
_TOKEN = re.compile(r"/hls/[^/]+/")
_STALE = (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError)


@dataclass
class Watched:
    """What a viewer went through.

    Attributes:
        segments: How many were played.
        failures: Requests that failed, as words; most were tried again.
        lost: Requests that failed each time: the film broke off.
        stalled_s: Seconds the film's clock stood still after it had started.
        start_s: Seconds from asking for the token to the first segment.
        ended: Whether the film was seen to its end.
        requests: All requests.
        reconnects: Requests that were sent again on another connection, as browsers do.
    """

    segments: int = 0
    failures: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    stalled_s: float = 0.0
    start_s: float = 0.0
    ended: bool = False
    requests: int = 0
    reconnects: int = 0


class FilmViewer:
    """Plays one film."""

    def __init__(
        self, base_url: str, slug: str, *, speed: float = 1.0, connections: int = 4
    ) -> None:
        """Args: where the portal is, what to play, and how many times faster than life."""
        limits = httpx.Limits(max_connections=connections)
        self._client = httpx.AsyncClient(base_url=base_url, timeout=10, limits=limits)
        self._slug = slug
        self._speed = speed
        self._grant: dict[str, object] = {}
        self._granted_at = 0.0
        self.seen = Watched()
        self.has_started = asyncio.Event()
        self._renewing = asyncio.Lock()

    async def watch(self, until_s: float = 1e9) -> Watched:
        """Play the film from its start to its end, or as far as a position."""
        async with self._client, contextlib.AsyncExitStack() as stack:
            stack.callback(self.has_started.set)
            began = time.monotonic()
            try:
                await self._renew()
                variant, audio = await self._playlists()
                await self._play(variant, audio, began, until_s)
            except _Lost as error:
                self.seen.lost.append(str(error))
        return self.seen

    async def _play(
        self,
        variant: list[tuple[str, float]],
        audio: list[tuple[str, float]],
        began: float,
        until_s: float,
    ) -> None:
        buffered_s = 0.0
        started_at = 0.0
        for index, (url, seconds) in enumerate(variant):
            while started_at and buffered_s - self._clock(started_at) > AHEAD_S:
                await self._renew_if_due()
                await asyncio.sleep(0.05)
            urls = [url, audio[index][0]] if index < len(audio) else [url]
            await asyncio.gather(*(self._get(each) for each in urls))
            if not started_at:
                started_at = time.monotonic()
                self.seen.start_s = started_at - began
                self.has_started.set()
            late_s = (self._clock(started_at) - buffered_s) / self._speed
            if late_s > 0 and buffered_s:
                self.seen.stalled_s += late_s
                started_at += late_s
            buffered_s += seconds
            self.seen.segments += 1
            if buffered_s >= until_s:
                return
        while self._clock(started_at) < buffered_s:
            await self._renew_if_due()
            await asyncio.sleep(0.05)
        self.seen.ended = True

    def _clock(self, started_at: float) -> float:
        return (time.monotonic() - started_at) * self._speed

    async def _playlists(self) -> tuple[list[tuple[str, float]], list[tuple[str, float]]]:
        main_url = str(self._grant["url"])
        main = (await self._get(main_url)).text
        variants = re.findall(r"#EXT-X-STREAM-INF:[^\n]*BANDWIDTH=(\d+)[^\n]*\n([^\n#]+)", main)
        lowest = min(variants, key=lambda found: int(found[0]))[1]
        sound = re.search(r'#EXT-X-MEDIA:TYPE=AUDIO[^\n]*URI="([^"]+)"', main)
        found = [await self._media(urljoin(main_url, lowest))]
        found.append(await self._media(urljoin(main_url, sound[1])) if sound else [])
        return found[0], found[1]

    async def _media(self, url: str) -> list[tuple[str, float]]:
        text = (await self._get(url)).text
        parts = re.findall(r"#EXTINF:([\d.]+)[^\n]*\n(?:#[^\n]*\n)*([^\n#]+)", text)
        return [(urljoin(url, name), float(seconds)) for seconds, name in parts]

    async def _renew_if_due(self) -> None:
        due = self._granted_at + float(str(self._grant["renewAfter"]))
        if time.monotonic() >= due:
            with contextlib.suppress(_Lost):  # asked for again before the next segment
                await self._renew(tries=1)

    async def _renew(self, tries: int = _TRIES) -> None:
        body = {"sessionId": self._grant["sessionId"]} if self._grant else {}
        answer = await self._ask("POST", f"/api/movies/{self._slug}/stream-token", tries, json=body)
        self._grant = answer.json()
        self._granted_at = time.monotonic()

    async def _get(self, url: str) -> httpx.Response:
        # Like the player: no request leaves with a token that may end on its way.
        life_s = float(str(self._grant["expiresIn"]))
        if time.monotonic() > self._granted_at + life_s - min(5, life_s / 4):
            async with self._renewing:
                if time.monotonic() > self._granted_at + life_s - min(5, life_s / 4):
                    await self._renew()
        return await self._ask("GET", url, _TRIES)

    async def _send(self, method: str, url: str, **more: object) -> httpx.Response:
        """Send a request; on a connection that was just being closed, once more on another.

        Browsers and proxies do so by themselves (RFC 9112 9.3.1): nobody sees it.
        """
        try:
            return await self._client.request(method, url, **more)  # type: ignore[arg-type]
        except _STALE:
            self.seen.reconnects += 1
            return await self._client.request(method, url, **more)  # type: ignore[arg-type]

    async def _ask(self, method: str, url: str, tries: int, **more: object) -> httpx.Response:
        words = ""
        for attempt in range(tries):
            if attempt:
                await asyncio.sleep(min(0.25 * 2**attempt, 4) / self._speed)
            now = _TOKEN.sub(f"/hls/{self._grant['token']}/", url) if self._grant else url
            self.seen.requests += 1
            try:
                answer = await self._send(method, now, **more)
            except httpx.HTTPError as error:
                words = f"{type(error).__name__} {method} {_plain(url)}"
            else:
                if answer.status_code < 300:
                    return answer
                words = f"{answer.status_code} {method} {_plain(url)}"
                if answer.status_code == 401 and method == "GET":
                    await self._renew()
            self.seen.failures.append(words)
        raise _Lost(words)


class _Lost(Exception):
    """Tried often enough."""


def _plain(url: str) -> str:
    return _TOKEN.sub("/hls/.../", url)[-40:]
