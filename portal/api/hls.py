"""The HLS routes: verify the token, then answer from the gateway or the segment cache."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any

import structlog
from starlette.requests import Request
from starlette.responses import FileResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from portal import routes
from portal.api.errors import problem
from portal.services.clock import utc_now
from portal.services.container import Services, services
from portal.services.errors import NotFound, OriginFailed, PortalError
from portal.services.movie_record import MovieRecord
from portal.services.segment_cache import etag
from portal.services.telemetry import metrics

log = structlog.get_logger(__name__)

PLAYLIST_TYPE = "application/vnd.apple.mpegurl"
VTT_TYPE = "text/vtt; charset=utf-8"
_TYPES = {
    ".m4s": "video/iso.segment",
    ".mp4": "video/mp4",
    ".cmfv": "video/mp4",
    ".cmfa": "audio/mp4",
    ".m4a": "audio/mp4",
    ".m4v": "video/mp4",
    ".ts": "video/mp2t",
    ".aac": "audio/aac",
    ".mp3": "audio/mpeg",
    ".vtt": VTT_TYPE,
    ".key": "application/octet-stream",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
}
# Media under one reference never changes. `private`: a shared cache must ask the token check first.
_IMMUTABLE = "private, max-age=86400, immutable"
_PLAYLIST_CACHE = "private, max-age=1"
_GOOD = frozenset({200, 206})


async def playlist(request: Request) -> Response:
    """`main.m3u8`, `p/...` and `c/...`: small texts."""
    try:
        movie, running = await _authorised(request)
        name = request.path_params.get("name", "")
        folder = request.path_params.get("folder", "")
        media_type, cache = PLAYLIST_TYPE, _PLAYLIST_CACHE
        if not folder:
            if name != routes.HLS_MULTIVARIANT:
                raise NotFound
            text = await running.gateway.multivariant_playlist(movie)
        elif folder == "p":
            text = await running.gateway.media_playlist(movie, name)
        elif name.endswith(".m3u8"):
            text = await running.gateway.captions_playlist(movie, name)
        else:
            text = await running.gateway.captions(movie, name)
            media_type, cache = VTT_TYPE, _IMMUTABLE
    except PortalError as error:
        return problem(error)
    return Response(text, media_type=media_type, headers={"Cache-Control": cache})


async def segment(request: Request) -> Response:
    """`s/...` and `k/...`: from the cache, else from the origin while the cache is filled."""
    try:
        movie, running = await _authorised(request)
        answer = await _Media(request, running, movie).respond()
        running.served.note(movie.id, utc_now())
        return answer
    except PortalError as error:
        return problem(error)


class _Media:
    """Answers one request for a segment or key."""

    def __init__(self, request: Request, running: Services, movie: MovieRecord) -> None:
        self.running = running
        self.movie = movie
        self.folder: str = request.path_params["folder"]
        self.name: str = request.path_params["name"]
        self.range = request.headers.get("range", "")
        self.if_none_match = request.headers.get("if-none-match", "")
        self.key = running.segments.key(movie.id, movie.source_fingerprint, self.name)

    async def respond(self) -> Response:
        cache = self.running.segments
        # Keys are small and secret; a part of what may be a very large file is not kept whole.
        if self.folder == "k" or not cache.enabled:
            metrics.segment("uncached")
            return await self._from_origin()
        found = self._from_cache()
        if found is not None:
            metrics.segment("hit")
            return found
        metrics.segment("uncached" if self.range else "miss")
        if self.range:
            return await self._from_origin()
        return await self._while_it_is_kept()

    def _from_cache(self) -> Response | None:
        found = self.running.segments.get(self.key)
        if found is None or not found.path.exists():
            return None
        headers = {"Cache-Control": _IMMUTABLE, "ETag": found.etag, "Accept-Ranges": "bytes"}
        if self.if_none_match == found.etag:
            return Response(status_code=304, headers=headers)
        return FileResponse(found.path, headers=headers, media_type=_media_type(self.name))

    async def _while_it_is_kept(self) -> Response:
        place = await self.running.gateway.place(self.movie)
        # Made before anything is opened: a reference that is not ours is refused here.
        source = self.running.gateway.segment(place, self.folder, self.name, "")
        reader = self.running.segments.fill(self.key, lambda: source)
        try:
            head = await reader.head()
        except BaseException as error:
            reader.close()
            self._tell(error)
            raise

        async def close() -> None:
            reader.close()

        return self._stream(head.status, head.headers, reader.pieces(), close)

    async def _from_origin(self) -> Response:
        stack = contextlib.AsyncExitStack()
        try:
            place = await self.running.gateway.place(self.movie)
            answer = await stack.enter_async_context(
                self.running.gateway.segment(place, self.folder, self.name, self.range)
            )
        except BaseException as error:
            await stack.aclose()
            self._tell(error)
            raise
        return self._stream(answer.status, answer.headers, answer.aiter_bytes(), stack.aclose)

    def _stream(
        self,
        status: int,
        headers: Mapping[str, str],
        pieces: AsyncIterator[bytes],
        close: Callable[[], Awaitable[None]],
    ) -> Response:
        return _Stream(
            self._telling(pieces),
            close,
            status_code=status,
            headers=self._headers(status, headers),
            media_type=_media_type(self.name),
        )

    async def _telling(self, pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        try:
            async for piece in pieces:
                yield piece
        except OriginFailed as error:
            # The status is out: breaking the connection tells the player, which asks again.
            self._tell(error, "origin.broke_off")
            raise

    def _tell(self, error: BaseException, event: str = "origin.failed") -> None:
        if isinstance(error, OriginFailed):
            log.warning(event, movie_id=self.movie.id, error=type(error).__name__)

    def _headers(self, status: int, given: Mapping[str, str]) -> dict[str, str]:
        headers = {
            "cache-control": _IMMUTABLE if status in _GOOD else "no-store",
            "accept-ranges": "bytes",
        }
        for passed in ("content-length", "content-range"):
            if passed in given:
                headers[passed] = given[passed]
        size = headers.get("content-length", "")
        if status == 200 and size.isdecimal() and self.folder != "k":
            headers["etag"] = etag(self.key, int(size))
        return headers


class _Stream(StreamingResponse):
    """A stream that gives back what it holds, also when the viewer left before the first byte."""

    def __init__(
        self, pieces: AsyncIterator[bytes], close: Callable[[], Awaitable[None]], **rest: Any
    ) -> None:
        super().__init__(pieces, **rest)
        self._close = close

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            await self._close()


async def segment_or_playlist(request: Request) -> Response:
    """Everything in a folder below the token."""
    folder = request.path_params["folder"]
    if folder in {"s", "k"}:
        return await segment(request)
    if folder in {"p", "c"}:
        return await playlist(request)
    return problem(NotFound())


async def _authorised(request: Request) -> tuple[MovieRecord, Services]:
    running = services()
    movie = await running.playback.authorise(
        request.path_params["token"], request.path_params["movie_id"], utc_now()
    )
    return movie, running


def _media_type(name: str) -> str:
    return _TYPES.get("." + name.rpartition(".")[2], "application/octet-stream")


_BELOW = f"{routes.HLS}/{{token}}/{{movie_id:str}}"
ROUTES = [
    Route(f"{_BELOW}/{{name}}", playlist),
    Route(f"{_BELOW}/{{folder:str}}/{{name}}", segment_or_playlist),
]
