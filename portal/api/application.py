"""The FastAPI application and the ASGI wrapper that puts it before Reflex's own."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import FastAPI
from starlette.types import ASGIApp, Receive, Scope, Send

from portal import routes
from portal.api import artwork, demo_origin, errors, health, hls, playback
from portal.api.correlation import CorrelationMiddleware
from portal.api.pages import PageEdge

API_VERSION = "1.0.0"
_OURS = tuple(
    f"{prefix}/" for prefix in (routes.API, routes.HLS, routes.ARTWORK, routes.DEMO_ORIGIN)
)


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
    app.include_router(playback.router)
    app.include_router(health.router)
    app.router.routes.extend([*hls.ROUTES, *artwork.ROUTES, *demo_origin.ROUTES])
    return app


def in_front_of(reflex_app: ASGIApp) -> ASGIApp:
    """Reflex's ASGI application with the portal's HTTP side before it (`api_transformer`)."""
    api: ASGIApp = create_api()
    pages: ASGIApp = PageEdge(reflex_app)

    async def portal(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith(_OURS):
            await api(scope, receive, send)
        elif scope["type"] == "http":
            await pages(scope, receive, send)
        else:
            await reflex_app(scope, receive, send)

    return CorrelationMiddleware(portal)


Transformer = Callable[[ASGIApp], ASGIApp]
