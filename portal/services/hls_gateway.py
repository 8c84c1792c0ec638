"""The HLS gateway: source playlists fetched, rewritten and cached; nothing of the origin leaves.

Every path that a viewer sees lies below the stream token, so relative URIs inherit it:

    main.m3u8              the multivariant playlist, with the portal's caption tracks
    p/<reference>.m3u8     a media playlist          s/<reference>.m4s   a segment
    k/<reference>.key      a decryption key          d/<reference>.bin   other data (refused)
    c/<track>.m3u8         a caption track's playlist    c/<track>.vtt   its WebVTT
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from functools import partial

import structlog

from portal.services.db import Database
from portal.services.errors import NotFound, OriginFailed
from portal.services.hls_playlists import (
    CaptionRendition,
    PlaylistError,
    UriKind,
    add_captions,
    captions_playlist,
    rewrite,
    variables_of,
    wrap_media_playlist,
)
from portal.services.hls_references import ReferenceSealer, SourcePlace
from portal.services.movie_record import MovieRecord, TrackRecord
from portal.services.origin_fetcher import FetchedText, OriginError, OriginFetcher, OriginResponse
from portal.services.repositories import movies
from portal.services.secrets_box import Place, SecretsBox, SecretUnreadable
from portal.services.telemetry import metrics, traces

log = structlog.get_logger(__name__)

FOLDERS = {
    UriKind.PLAYLIST: "p",
    UriKind.SEGMENT: "s",
    UriKind.INIT: "s",
    UriKind.KEY: "k",
    UriKind.CAPTIONS: "s",
}
# Sources of the demo films are stored without host and port: the portal may move to another port.
DEMO_SCHEME = "demo://"
# A finished playlist does not change; a live one is asked for again each target duration.
_FINISHED_LIFE_S = 600.0
_LIVE_LIFE_S = 1.0
_CACHE_ENTRIES = 2000
_LONG = 64 * 1024  # characters
_MAKES = {
    "m": "multivariant playlist", "p": "media playlist", "c": "captions", "u": "source",
}  # fmt: skip
"""What is made and kept, by the first letter of its key."""
_UNKNOWN_BANDWIDTH_BPS = 2_000_000


@dataclass(frozen=True, slots=True)
class _Cached:
    text: str
    until: float  # time.monotonic()


class HlsGateway:
    """Answers everything below a stream token; the caller has verified the token."""

    def __init__(
        self,
        db: Database,
        box: SecretsBox,
        sealer: ReferenceSealer,
        fetcher: OriginFetcher,
        *,
        demo_origin_url: str = "",
    ) -> None:
        self._db = db
        self._box = box
        self._sealer = sealer
        self._fetcher = fetcher
        self._demo_origin_url = demo_origin_url
        self._texts: OrderedDict[str, _Cached] = OrderedDict()
        self._making: dict[str, asyncio.Task[str]] = {}

    async def multivariant_playlist(self, movie: MovieRecord) -> str:
        """The movie's multivariant playlist as a viewer may see it.

        Raises:
            OriginFailed: The source is unreachable, not a playlist, or too large.
        """
        tracks = movie.playable_tracks
        versions = ",".join(f"{track.id}:{track.version}" for track in tracks)
        key = f"m|{movie.id}|{movie.source_fingerprint}|{versions}"

        async def make() -> str:
            place = await self._place(movie)
            text, base_url = await self._fetch(movie, place.base_url)
            if "#EXT-X-STREAM-INF" in text:
                rewritten = await self._rewrite(text, base_url, place, depth="")
            else:  # the source is itself a media playlist: give it a multivariant one
                if not text.lstrip("\ufeff").startswith("#EXTM3U"):
                    raise PlaylistError("The source is not an HLS playlist.")
                name = self._sealer.seal(place.base_url, UriKind.PLAYLIST, place)
                rewritten = wrap_media_playlist(f"p/{name}", bandwidth_bps=_UNKNOWN_BANDWIDTH_BPS)
            return add_captions(rewritten, [_rendition(track) for track in tracks])

        return await self._cached(movie, key, make)

    async def media_playlist(self, movie: MovieRecord, name: str) -> str:
        """A media playlist by its reference.

        Raises:
            NotFound: The reference is not ours.
            OriginFailed: As above.
        """

        async def make() -> str:
            place = await self._place(movie)
            url = self._sealer.open(name, UriKind.PLAYLIST, place)
            text, base_url = await self._fetch(movie, url)
            imported: dict[str, str] = {}
            if "IMPORT" in text and url != place.base_url:
                parent, parent_url = await self._fetch(movie, place.base_url)
                imported = dict(variables_of(parent, url=parent_url))
            return await self._rewrite(text, base_url, place, depth="../", imported=imported)

        return await self._cached(movie, f"p|{movie.id}|{movie.source_fingerprint}|{name}", make)

    async def captions_playlist(self, movie: MovieRecord, name: str) -> str:
        """The media playlist of one of the portal's caption tracks.

        Raises:
            NotFound: The movie has no such valid track.
        """
        track = _track(movie, name)
        duration_s = movie.duration_s or movie.runtime_s or 1.0
        return captions_playlist(duration_s, f"{track.id}-{track.version}.vtt")

    async def captions(self, movie: MovieRecord, name: str) -> str:
        """The WebVTT of one of the portal's caption tracks.

        Raises:
            NotFound: The movie has no such valid track.
        """
        track = _track(movie, name)

        async def make() -> str:
            text = await self._db.run(lambda s: movies.caption_text(s, movie.id, track.id))
            if text is None:
                raise NotFound
            return text

        return await self._cached(movie, f"c|{track.id}|{track.version}", make)

    def segment(
        self, place: SourcePlace, folder: str, name: str, range_header: str
    ) -> AbstractAsyncContextManager[OriginResponse]:
        """A segment or key from the origin, as a stream.

        Raises:
            NotFound: The reference is not ours.
            OriginError: On entering: the origin does not answer properly.
        """
        kind = UriKind.KEY if folder == "k" else UriKind.SEGMENT
        if name.endswith(".vtt"):
            kind = UriKind.CAPTIONS
        url = self._sealer.open(name, kind, place)
        opened = self._fetcher.stream(url, range_header=range_header or None)
        return traces.around("origin fetch", metrics.from_origin(kind.value, opened), kind.value)

    async def place(self, movie: MovieRecord) -> SourcePlace:
        """Where the movie's source is. For the gateway's routes only: it holds the URL."""
        return await self._place(movie)

    # -------------------------------------------------------------------------------------------

    async def _place(self, movie: MovieRecord) -> SourcePlace:
        async def make() -> str:
            source = await self._db.run(lambda s: movies.sealed_source(s, movie.id))
            if source is None:
                raise OriginFailed("This film has no source yet.")
            place = Place("stream_source", "url_ciphertext", source.id)
            try:
                return self._box.open(source.url_ciphertext, place)
            except SecretUnreadable:
                log.error("source.unreadable", movie_id=movie.id)
                raise OriginFailed from None

        url = await self._cached(movie, f"u|{movie.id}|{movie.source_fingerprint}", make)
        if url.startswith(DEMO_SCHEME) and self._demo_origin_url:
            url = self._demo_origin_url + url.removeprefix(DEMO_SCHEME)
        return SourcePlace(movie.id, movie.source_fingerprint, url)

    async def _fetch(self, movie: MovieRecord, url: str) -> tuple[str, str]:
        try:
            fetching = metrics.from_origin("playlist", self._text(url))
            async with traces.around("origin fetch", fetching, "playlist") as fetched:
                return fetched.text, fetched.url
        except OriginError as error:
            log.warning("origin.failed", movie_id=movie.id, error=type(error).__name__)
            raise

    @contextlib.asynccontextmanager
    async def _text(self, url: str) -> AsyncIterator[FetchedText]:
        yield await self._fetcher.fetch_text(url)

    async def _rewrite(
        self,
        text: str,
        base_url: str,
        place: SourcePlace,
        *,
        depth: str,
        imported: dict[str, str] | None = None,
    ) -> str:
        def reference(kind: UriKind, url: str) -> str | None:
            folder = FOLDERS.get(kind)
            if folder is None:  # steering manifests, asset lists: they hold URLs of their own
                return None
            if not self._fetcher.policy.may_lead(base_url, url):
                return None
            return f"{depth}{folder}/{self._sealer.seal(url, kind, place)}"

        rewriting = partial(
            rewrite, text, base_url=base_url, rewrite_uri=reference, imported=imported
        )
        # A film of hours in short segments takes long enough to be felt by those who play.
        return rewriting() if len(text) < _LONG else await asyncio.to_thread(rewriting)

    async def _cached(
        self, movie: MovieRecord, key: str, make: Callable[[], Awaitable[str]]
    ) -> str:
        now = time.monotonic()
        cached = self._texts.get(key)
        if cached is not None and now < cached.until:
            self._texts.move_to_end(key)
            return cached.text
        # A herd that starts a film together asks the origin once; who leaves stops nobody's.
        making = self._making.get(key)
        if making is None:
            making = self._making[key] = asyncio.create_task(self._make(movie, key, make))
            making.add_done_callback(lambda done: self._made(key, done))
        return await asyncio.shield(making)

    def _made(self, key: str, making: asyncio.Task[str]) -> None:
        del self._making[key]
        if not making.cancelled():
            making.exception()  # told to whoever still waits

    async def _make(self, movie: MovieRecord, key: str, make: Callable[[], Awaitable[str]]) -> str:
        try:
            with traces.span(_MAKES[key[0]], movie_id=movie.id):
                text = await make()
        except PlaylistError as error:
            log.warning("origin.not_a_playlist", movie_id=movie.id, error=str(error))
            raise
        finished = not key.startswith("p|") or "#EXT-X-ENDLIST" in text
        life_s = _FINISHED_LIFE_S if finished else _LIVE_LIFE_S
        self._texts[key] = _Cached(text, time.monotonic() + life_s)
        while len(self._texts) > _CACHE_ENTRIES:
            self._texts.popitem(last=False)
        return text


def _track(movie: MovieRecord, name: str) -> TrackRecord:
    stem = name.rpartition(".")[0]
    for track in movie.playable_tracks:
        if stem == f"{track.id}-{track.version}":
            return track
    raise NotFound


def _rendition(track: TrackRecord) -> CaptionRendition:
    return CaptionRendition(
        name=track.label,
        language=track.language,
        uri=f"c/{track.id}-{track.version}.m3u8",
        default=track.is_default and track.kind != "forced",
        forced=track.kind == "forced",
        sdh=track.kind in {"sdh", "captions"},
    )
