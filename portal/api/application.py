"""The FastAPI application and the ASGI wrapper that puts it before Reflex's own."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

from fastapi import FastAPI
from starlette.types import ASGIApp, Receive, Scope, Send

from portal import routes
from portal.api import (
    account,
    artwork,
    audit,
    bulk,
    captions,
    contract,
    demo_origin,
    edge,
    errors,
    feeds,
    health,
    hls,
    insights,
    installed,
    login,
    login_elsewhere,
    movies,
    my_titles,
    people,
    playback,
    qoe,
    search,
    shelves,
    sources,
    wording,
)
from portal.api.admin_pages import AdminPages
from portal.api.body_limit import BodyLimit
from portal.api.correlation import CorrelationMiddleware
from portal.api.documents import FirstPaint
from portal.api.in_language import InLanguage
from portal.api.kept_pages import KeptFirst
from portal.api.measured import Measured
from portal.api.pages import PageEdge
from portal.api.rate_headers import RateHeaders
from portal.services.clock import utc_now
from portal.services.container import services
from portal.services.flags import ADMIN_UI
from portal.services.qa_bypass import HEADER as QA_HEADER

API_VERSION = "1.0.0"
_OURS = tuple(
    f"{prefix}/" for prefix in (routes.API, routes.HLS, routes.ARTWORK, routes.DEMO_ORIGIN)
)
_FORMS = (routes.LOGIN, routes.LOGOUT, routes.ACCOUNT, routes.ACCOUNTS)
_FEEDS = frozenset({routes.ROBOTS, routes.SITEMAP, routes.RSS})
_INSTALLED = frozenset({routes.MANIFEST, routes.SERVICE_WORKER, routes.OFFLINE})
_SITEMAP_PART = routes.SITEMAP_PART.partition("{")[0]
_WORDING = routes.WORDING.partition("{")[0]


def create_api() -> FastAPI:
    """All HTTP routes. Documentation pages would load scripts from a third party: they are off."""
    app = FastAPI(
        title="Movie portal",
        version=API_VERSION,
        description="Catalog, playback authorisation and content management.",
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
    )
    errors.register(app)
    app.add_middleware(BodyLimit)
    app.add_middleware(RateHeaders)
    for part in (movies, search, bulk, captions, sources, audit, playback, insights):
        app.include_router(part.router)
    for part in (my_titles, shelves):
        app.include_router(part.router)
    app.include_router(health.router)
    contract.install(app)
    for part in (
        hls,
        edge,
        qoe,
        artwork,
        demo_origin,
        login,
        login_elsewhere,
        account,
        people,
        feeds,
        wording,
        installed,
    ):
        app.router.routes.extend(part.ROUTES)
    return app


def in_front_of(reflex_app: ASGIApp, first_paint: FirstPaint | None = None) -> ASGIApp:
    """Reflex's ASGI application with the portal's HTTP side before it (`api_transformer`)."""
    api: ASGIApp = KeptFirst(create_api())
    pages: ASGIApp = AdminPages(PageEdge(reflex_app, first_paint))

    async def portal(scope: Scope, receive: Receive, send: Send) -> None:
        token = header(scope, QA_HEADER)
        with services().qa.under(token, utc_now()) if token else contextlib.nullcontext():
            await dispatch(scope, receive, send)

    async def dispatch(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and _is_form(scope["path"]) and _no_forms():
            await pages(scope, receive, send)
        elif scope["type"] == "http" and _is_ours(scope["path"]):
            await api(scope, receive, send)
        elif scope["type"] == "http":
            await pages(scope, receive, send)
        else:
            await reflex_app(scope, receive, send)

    return CorrelationMiddleware(InLanguage(Measured(portal)))


def header(scope: Scope, name: str) -> str:
    """A request's header by its lower-case name; "" if it has none."""
    wanted = name.encode()
    return next((v.decode("latin-1") for k, v in scope.get("headers", ()) if k == wanted), "")


def _no_forms() -> bool:
    return not services().flags.is_on(ADMIN_UI)


def _is_ours(path: str) -> bool:
    made = path.startswith((*_OURS, _SITEMAP_PART, _WORDING))
    return made or path in _FEEDS | _INSTALLED or _is_form(path)


def _is_form(path: str) -> bool:
    return any(path == form or path.startswith(f"{form}/") for form in _FORMS)


Transformer = Callable[[ASGIApp], ASGIApp]
