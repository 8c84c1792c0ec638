"""The demo films' own HTTP origin, under the portal's roof but open to its gateway only."""

from __future__ import annotations

import hmac

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from portal import routes
from portal.services.container import ORIGIN_KEY_HEADER, services

_TYPES = {
    ".m3u8": "application/vnd.apple.mpegurl",
    ".m4s": "video/iso.segment",
    ".mp4": "video/mp4",
    ".vtt": "text/vtt; charset=utf-8",
}


async def serve(request: Request) -> Response:
    """A file of a demo film; to everybody else there is nothing here."""
    running = services()
    shown = request.headers.get(ORIGIN_KEY_HEADER, "")
    if not running.settings.demo_origin or not hmac.compare_digest(
        shown.encode(), running.origin_key.encode()
    ):
        return Response(status_code=404)
    root = (running.settings.demo_dir / "films").resolve()
    path = (root / request.path_params["path"]).resolve()
    if not path.is_relative_to(root) or not path.is_file():
        return Response(status_code=404)
    return FileResponse(path, media_type=_TYPES.get(path.suffix))


ROUTES = [Route(f"{routes.DEMO_ORIGIN}/{{path:path}}", serve)]
