"""Posters, backdrops and storyboards."""

from __future__ import annotations

import re
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from portal import routes
from portal.api.errors import problem
from portal.api.guards import signed_in
from portal.services import availability
from portal.services.availability import State
from portal.services.clock import utc_now
from portal.services.container import services
from portal.services.errors import NotFound, PortalError

_FILE = re.compile(r"[a-z0-9][a-z0-9-]{0,60}\.(avif|webp|jpg|png|vtt)")
_TYPES = {
    "avif": "image/avif",
    "webp": "image/webp",
    "jpg": "image/jpeg",
    "png": "image/png",
    "vtt": "text/vtt; charset=utf-8",
}
_SHOWN = frozenset({State.LIVE, State.SCHEDULED})
# A new picture gets a new folder name, so what is under a name never changes.
_IMMUTABLE = "public, max-age=31536000, immutable"
_FOR_STAFF = "private, max-age=86400"
_ORIGINALS = frozenset({"original-poster.bin", "original-backdrop.bin"})


async def artwork(request: Request) -> Response:
    """One picture.

    Those of hidden and draft movies, and the files that were uploaded, are for content managers; to
    everybody else they are not there, whoever knows their name.
    """
    try:
        running = services()
        name = request.path_params["name"]
        movie = (await running.catalog.snapshot()).by_art_key.get(request.path_params["key"])
        if movie is None or not (_FILE.fullmatch(name) or name in _ORIGINALS):
            raise NotFound
        is_public = name not in _ORIGINALS and availability.state_of(movie, utc_now()) in _SHOWN
        if not is_public and await signed_in(request) is None:
            raise NotFound
        path = running.settings.artwork_dir / movie.art_key / name
        if not path.is_file():
            raise NotFound
    except PortalError as error:
        return problem(error)
    stat = path.stat()
    etag = f'"{stat.st_mtime_ns:x}-{stat.st_size:x}"'
    headers = {"Cache-Control": _IMMUTABLE if is_public else _FOR_STAFF, "ETag": etag}
    if request.headers.get("if-none-match") == etag:
        return Response(status_code=304, headers=headers)
    if name in _ORIGINALS:  # it was decoded when it came; a browser shall not guess anything else
        headers |= {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox"}
        return FileResponse(path, headers=headers, media_type=_picture_type(path))
    return FileResponse(
        path, headers=headers, media_type=_TYPES[name.rpartition(".")[2]], stat_result=stat
    )


def _picture_type(path: Path) -> str:
    with path.open("rb") as file:
        head = file.read(12)
    if head.startswith(b"\xff\xd8"):
        return "image/jpeg"
    if head.startswith(b"\x89PNG"):
        return "image/png"
    return "image/webp" if head[8:12] == b"WEBP" else "image/avif"


ROUTES = [Route(f"{routes.ARTWORK}/{{key}}/{{name}}", artwork)]
