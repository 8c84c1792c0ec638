"""What an edge (nginx, `auth_request`) asks before it serves a segment from its cache."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal import routes
from portal.services.clock import utc_now
from portal.services.container import services
from portal.services.errors import PortalError, TokenExpired, Unavailable

REMEMBERED_S = 3
"""How long an edge may go on with an answer. nginx counts whole seconds, up to one more than said:
so a film that is hidden stops within 4 s there, and 5 are promised."""


async def authorise(request: Request) -> Response:
    """204 for a segment that may be served; 401 and 403 are the only refusals nginx understands.

    `X-Original-URI` names the segment. `X-Accel-Expires` says for how many seconds the answer
    holds: at most 3, and never beyond the token's end. Refusals are not kept.
    """
    token, movie_id = _named(request.headers.get("x-original-uri", ""))
    running, now = services(), utc_now()
    try:
        movie = await running.playback.authorise(token, movie_id, now)
    except TokenExpired:
        return _refused(401)
    except Unavailable:
        return Response(status_code=503, headers={"Cache-Control": "no-store"})
    except PortalError:
        return _refused(403)
    running.served.note(movie.id, now)
    left_s = running.playback.seconds_left(token, movie_id, now)
    life_s = max(0, min(REMEMBERED_S, int(left_s)))
    return Response(status_code=204, headers={"X-Accel-Expires": str(life_s)})


def _refused(status: int) -> Response:
    return Response(status_code=status, headers={"X-Accel-Expires": "0"})


def _named(uri: str) -> tuple[str, str]:
    """Token and movie of `/hls/<token>/<movie>/...`."""
    parts = uri.partition("?")[0].split("/")
    below = f"/{parts[1]}" == routes.HLS if len(parts) > 4 else False
    return (parts[2], parts[3]) if below else ("", "")


ROUTES = [Route(f"{routes.API}/edge/authorise", authorise)]
