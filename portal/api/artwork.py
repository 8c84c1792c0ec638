"""Posters, backdrops and storyboards of movies that viewers may know of."""

from __future__ import annotations

import re

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from portal import routes
from portal.api.errors import problem
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


async def artwork(request: Request) -> Response:
    """One picture. Those of hidden and draft movies are not there, whoever knows their name."""
    try:
        running = services()
        name = request.path_params["name"]
        movie = (await running.catalog.snapshot()).by_art_key.get(request.path_params["key"])
        if (
            movie is None
            or not _FILE.fullmatch(name)
            or availability.state_of(movie, utc_now()) not in _SHOWN
        ):
            raise NotFound
        path = running.settings.artwork_dir / movie.art_key / name
        if not path.is_file():
            raise NotFound
    except PortalError as error:
        return problem(error)
    stat = path.stat()
    etag = f'"{stat.st_mtime_ns:x}-{stat.st_size:x}"'
    headers = {"Cache-Control": _IMMUTABLE, "ETag": etag}
    if request.headers.get("if-none-match") == etag:
        return Response(status_code=304, headers=headers)
    return FileResponse(
        path, headers=headers, media_type=_TYPES[name.rpartition(".")[2]], stat_result=stat
    )


ROUTES = [Route(f"{routes.ARTWORK}/{{key}}/{{name}}", artwork)]
