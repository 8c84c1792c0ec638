"""Players tell how playback goes: CMCD v2 events, taken into memory and stored a moment later.

Without a framework's parsing: at 5,000 viewers these are most of the requests to the portal itself.
"""

from __future__ import annotations

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from portal import routes
from portal.api.errors import problem
from portal.api.user_agents import browser_family
from portal.services.clock import utc_now
from portal.services.container import services
from portal.services.errors import PortalError, TooLarge
from portal.services.flags import VIEWING_REPORTS
from portal.services.qoe.reception import MAX_BODY, BadBeat, SessionOver
from portal.services.viewers import COOKIE

MEDIA_TYPE = "application/cmcd"
_NO_STORE = {"Cache-Control": "no-store"}


class NotUnderstood(PortalError):
    """The body is not what a player sends."""

    code, status, title = "bad-request", 400, "The request cannot be read"


async def receive(request: Request) -> Response:
    """204 when the lines are in the queue; 410 and, switched off, 404 tell a player to stop."""
    running = services()
    try:
        running.flags.require(VIEWING_REPORTS)
        if request.headers.get("content-type", "").partition(";")[0].strip() != MEDIA_TYPE:
            raise NotUnderstood(f"The body must be {MEDIA_TYPE}.")
        body = await _body(request)
        viewer_id = running.viewer_ids.read_cookie(request.cookies.get(COOKIE, ""))
        if viewer_id is None:
            raise SessionOver
        family = browser_family(request.headers.get("user-agent", "")[:512])
        await running.qoe.accept(body, viewer_id, family, utc_now())
    except BadBeat as error:
        return problem(NotUnderstood(f"These events are not understood: {error}."))
    except PortalError as error:
        return problem(error)
    except ClientDisconnect:
        return Response(status_code=400)
    return Response(status_code=204, headers=_NO_STORE)


async def _body(request: Request) -> str:
    received = bytearray()
    async for piece in request.stream():
        received += piece
        if len(received) > MAX_BODY:
            raise TooLarge(f"More than {MAX_BODY // 1024} KiB, the most that is taken here.")
    try:
        return received.decode("ascii")  # structured fields have no other characters
    except UnicodeDecodeError:
        raise NotUnderstood("The body has characters that structured fields do not.") from None


ROUTES = [Route(routes.QOE, receive, methods=["POST"])]
