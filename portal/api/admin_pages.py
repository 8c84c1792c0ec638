"""Admin pages for those who are signed in; everybody else is shown the way in.

The pages hold nothing: what they show comes with events, each of which is guarded by itself. This
only spares people a page that would fill with refusals.
"""

from __future__ import annotations

from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from portal import routes
from portal.api.forms import HEADERS
from portal.api.guards import signed_in
from portal.services.container import services
from portal.services.errors import PortalError, Unavailable
from portal.services.flags import ADMIN_UI, INSIGHTS, MY_TITLES, SHELVES, STYLEGUIDE

_NOWHERE = "/not-there"


def is_admin(path: str) -> bool:
    """Whether a path is one of the admin pages."""
    return path == routes.ADMIN or path.startswith(f"{routes.ADMIN}/")


class AdminPages:
    """Sends people who are not signed in to the login page, and back where they wanted."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request for a page."""
        flags = services().flags
        if any(not flags.is_on(flag) for flag in _flags_of(scope["path"])):
            # Like any page that is not there.
            scope = {**scope, "path": _NOWHERE, "raw_path": None}
        elif is_admin(scope["path"]) and not await _may_enter(Request(scope)):
            query = scope["query_string"].decode("latin-1")
            goal = scope["path"] + (f"?{query}" if query else "")
            target = f"{routes.LOGIN}?next={quote(goal, safe='/')}"
            await RedirectResponse(target, 303, headers=HEADERS)(scope, receive, send)
            return
        await self.app(scope, receive, send)


_BEHIND = {
    routes.ADMIN: ADMIN_UI,
    routes.ADMIN_INSIGHTS: INSIGHTS,
    routes.ADMIN_SHELVES: SHELVES,
    routes.MY_LIST: MY_TITLES,
    routes.STYLEGUIDE: STYLEGUIDE,
}


def _flags_of(path: str) -> list[str]:
    """The flags that a page stands behind."""
    return [flag for page, flag in _BEHIND.items() if path == page or path.startswith(f"{page}/")]


async def _may_enter(request: Request) -> bool:
    try:
        return await signed_in(request) is not None
    except Unavailable:
        return True  # the page says what is wrong
    except PortalError:
        return False
