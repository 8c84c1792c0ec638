"""Which language a request is answered in: that of its address, of the person, of the browser.

`/pt/movie/x` is `/movie/x` spoken in Portuguese: the prefix is taken off, and everything behind
this answers as ever. Pages with forms have no prefix; they speak what was chosen last.
"""

from __future__ import annotations

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from portal import routes
from portal.languages import COOKIE, ENGLISH, Language, accepted, by_code, of_path
from portal.services.translation import speaking

_FORMS = (routes.LOGIN, routes.LOGOUT, routes.ACCOUNT, routes.ACCOUNTS)
_NOT_PAGES = (routes.API, routes.HLS, routes.ARTWORK, routes.DEMO_ORIGIN)
_VARY = "Accept-Language, Cookie"


class InLanguage:
    """Speaks a language while a request is answered.

    Args:
        app: What answers.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        spoken, path = of_path(scope["path"])
        if spoken.prefix and is_admin(path):
            await _at_its_place(path, scope)(scope, receive, send)
            return
        if spoken.prefix and is_page(path):
            scope = {**scope, "path": path, "raw_path": None}
        else:
            spoken = ENGLISH
        if scope["path"].startswith(_FORMS) and not spoken.prefix:
            spoken = chosen(scope) or accepted(_header(scope, "accept-language")) or ENGLISH
        if scope["path"] == routes.HOME and spoken is ENGLISH:
            if (preferred := _preferred(scope)) is not ENGLISH:
                await _lead_to(preferred, scope)(scope, receive, send)
                return
            send = _varying(send)
        with speaking(spoken):
            await self.app(scope, receive, send)


def is_page(path: str) -> bool:
    """Whether a path without its prefix may be a page: files and the API have one address each."""
    in_api = any(path == root or path.startswith(f"{root}/") for root in _NOT_PAGES)
    return not in_api and "." not in path.rpartition("/")[2]


def chosen(scope: Scope) -> Language | None:
    """The language that a person chose in this browser."""
    return by_code(HTTPConnection(scope).cookies.get(COOKIE, ""))


def _preferred(scope: Scope) -> Language:
    """Where somebody who comes to the bare home page is led; English: nowhere.

    Crawlers and programs name no language; who comes from one of our own pages asked for this one.
    """
    headers = Headers(scope=scope)
    arrives = (
        scope["method"] == "GET"
        and "text/html" in headers.get("accept", "")
        and headers.get("sec-fetch-mode", "navigate") == "navigate"
        and headers.get("sec-fetch-dest", "document") == "document"
        and headers.get("sec-fetch-site", "none") != "same-origin"
        and not headers.get("referer", "").partition("://")[2].startswith(headers.get("host", "-"))
    )
    if not arrives:
        return ENGLISH
    return chosen(scope) or accepted(headers.get("accept-language", "")) or ENGLISH


def is_admin(path: str) -> bool:
    """Whether a path is one of the pages of content managers, which are in English alone."""
    inside = path == routes.ADMIN or path.startswith(f"{routes.ADMIN}/")
    return inside and not path.startswith(_FORMS)


def _at_its_place(path: str, scope: Scope) -> RedirectResponse:
    query = scope["query_string"].decode("latin-1")
    return RedirectResponse(path + (f"?{query}" if query else ""), 302)


def _lead_to(language: Language, scope: Scope) -> RedirectResponse:
    query = scope["query_string"].decode("latin-1")
    target = language.path(routes.HOME) + (f"?{query}" if query else "")
    return RedirectResponse(target, 302, {"Vary": _VARY, "Cache-Control": "private, no-store"})


def _varying(send: Send) -> Send:
    async def varying(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(raw=list(message.get("headers", [])))
            headers["vary"] = ", ".join(filter(None, [headers.get("vary"), _VARY]))
            message["headers"] = headers.raw
        await send(message)

    return varying


def _header(scope: Scope, name: str) -> str:
    return Headers(scope=scope).get(name, "")
