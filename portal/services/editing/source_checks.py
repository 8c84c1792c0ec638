"""Look at a stream source as a viewer's player would: fetch, check, measure, try.

Everything comes through the hardened fetcher, and every address inside a playlist is judged anew
(`FetchPolicy.may_lead`). Nothing is stored here, and no result contains an address.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from portal.services.editing import source_findings as found
from portal.services.editing.source_reports import SourceCheck, result, where
from portal.services.hls_gateway import DEMO_SCHEME
from portal.services.hls_playlists import (
    Finding,
    Level,
    MediaPlaylist,
    MultivariantPlaylist,
    Playlist,
    PlaylistError,
    Rendition,
    Segment,
    Variant,
    check_all,
    parse,
)
from portal.services.origin_fetcher import OriginError, OriginFetcher, OriginRefused

MAX_PLAYLISTS: Final = 50
MAX_PROBES: Final = 160
TOTAL_S: Final = 60.0
_AT_ONCE: Final = 6


class SourceExaminer:
    """Examines sources.

    Args:
        fetcher: The hardened fetcher.
        demo_origin_url: What `demo://` stands for; "" where there is no demo.
    """

    def __init__(self, fetcher: OriginFetcher, *, demo_origin_url: str = "") -> None:
        self._fetcher = fetcher
        self._demo_origin_url = demo_origin_url

    def address(self, url: str) -> str:
        """Where a source really is.

        Raises:
            OriginRefused: It may not be fetched.
        """
        if url.startswith(DEMO_SCHEME):
            if not self._demo_origin_url:
                raise OriginRefused("scheme")
            url = self._demo_origin_url + url.removeprefix(DEMO_SCHEME)
        self._fetcher.policy.check_url(url)
        return url

    async def examine(self, url: str) -> SourceCheck:
        """Fetch, check, measure and try a source.

        Raises:
            OriginError: The source itself does not answer, or may not be fetched.
            PlaylistError: It is unreasonable in size.
        """
        fetched = await self._fetcher.fetch_text(self.address(url))
        source = await asyncio.to_thread(parse, fetched.text, fetched.url)
        look = _Look(self._fetcher, source)
        try:
            async with asyncio.timeout(TOTAL_S):
                await look.at_playlists()
                await look.at_segments()
        except TimeoutError:
            look.findings.append(found.out_of_time(TOTAL_S))
        return await asyncio.to_thread(look.result)

    def failed(self, detail: str) -> SourceCheck:
        """The result for a source that does not answer at all."""
        finding = found.playlist_unreachable("", detail)
        return result([finding])


class _Look:
    """One examination."""

    def __init__(self, fetcher: OriginFetcher, source: Playlist) -> None:
        self.findings: list[Finding] = []
        self._fetcher = fetcher
        self._source = source
        self._children: dict[str, Playlist] = {}
        self._slots = asyncio.Semaphore(_AT_ONCE)

    async def at_playlists(self) -> None:
        if not isinstance(self._source, MultivariantPlaylist):
            return
        urls = self._source.media_urls
        if len(urls) > MAX_PLAYLISTS:
            self.findings.append(found.too_many_playlists(len(urls), MAX_PLAYLISTS))
            urls = urls[:MAX_PLAYLISTS]
        await asyncio.gather(*(self._fetch_child(url) for url in urls))

    async def _fetch_child(self, url: str) -> None:
        place = where(self._source, url)
        if not self._fetcher.policy.may_lead(self._source.source.url, url):
            self.findings.append(found.playlist_refused(place))
            return
        try:
            async with self._slots:
                fetched = await self._fetcher.fetch_text(url)
            self._children[url] = await asyncio.to_thread(
                parse, fetched.text, fetched.url, imported=self._source.source.variables
            )
        except (OriginError, PlaylistError) as error:
            self.findings.append(found.playlist_unreachable(place, error.detail))

    async def at_segments(self) -> None:
        tried: set[tuple[str, int | None]] = set()
        tries: list[Awaitable[None]] = []
        for playlist, place in self._media():
            for each in _samples(playlist):
                if (each.url, each.end_byte) in tried or len(tries) >= MAX_PROBES:
                    continue
                tried.add((each.url, each.end_byte))
                tries.append(self._try(each, playlist.source.url, place))
        await asyncio.gather(*tries)

    async def _try(self, sample: _Sample, playlist_url: str, place: str) -> None:
        if not self._fetcher.policy.may_lead(playlist_url, sample.url):
            self.findings.append(replace(found.playlist_refused(place), line=sample.line))
            return
        try:
            async with self._slots:
                probe = await self._fetcher.probe(sample.url)
        except OriginError as error:
            self.findings.append(
                found.segment_unreachable(place, sample.which, sample.line, error.detail)
            )
            return
        if sample.is_key:
            self.findings.extend(found.of_key(probe, where=place, line=sample.line))
        else:
            self.findings.extend(
                found.of_probe(
                    probe,
                    where=place,
                    which=sample.which,
                    line=sample.line,
                    is_encrypted=sample.is_encrypted,
                    end_byte=sample.end_byte,
                )
            )

    def _media(self) -> Iterator[tuple[MediaPlaylist, str]]:
        """The playlists whose segments viewers play: not those for fast forward."""
        if isinstance(self._source, MediaPlaylist):
            if self._source.source.tags:  # else it is an error page, whose lines are no segments
                yield self._source, ""
            return
        entries: list[Variant | Rendition] = [*self._source.variants, *self._source.renditions]
        for url in dict.fromkeys(each.url for each in entries if each.url):
            child = self._children.get(url)
            if isinstance(child, MediaPlaylist) and child.source.tags:
                yield child, where(self._source, url)

    def result(self) -> SourceCheck:
        """All of it, worst first."""
        findings = [*self.findings, *check_all(self._source, self._children)]
        levels = list(Level)
        findings.sort(key=lambda finding: levels.index(finding.level))
        main = next((playlist for playlist, _ in self._media()), None)
        return result(findings, main.duration_s if main and main.endlist else 0.0, self._source)


@dataclass(frozen=True, slots=True)
class _Sample:
    """Something of a playlist to be tried."""

    url: str
    which: str
    line: int
    is_encrypted: bool = False
    end_byte: int | None = None
    is_key: bool = False


def _samples(playlist: MediaPlaylist) -> Iterator[_Sample]:
    """The first and the last segment, with their initialization sections and keys."""
    playable = [segment for segment in playlist.segments if not segment.gap]
    for segment, which in zip(
        dict.fromkeys((*playable[:1], *playable[-1:])), ("first", "last"), strict=False
    ):
        if segment.init is not None and segment.init.url:
            part = segment.init.byterange
            yield _Sample(
                segment.init.url,
                "initialization section",
                segment.init.line,
                end_byte=part.offset + part.length if part and part.offset is not None else None,
            )
        if segment.url:
            yield _Sample(
                segment.url,
                f"{which} segment",
                segment.line,
                is_encrypted=bool(segment.keys),
                end_byte=_end_byte(segment),
            )
        for key in segment.keys:
            if key.url and key.method == "AES-128":
                yield _Sample(key.url, "decryption key", key.line, is_key=True)


def _end_byte(segment: Segment) -> int | None:
    part = segment.byterange
    return part.offset + part.length if part and part.offset is not None else None
