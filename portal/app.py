"""The Reflex app: pages, the HTTP side before them, and the services as long as it runs."""

from __future__ import annotations

import contextlib
import functools
import gc
from collections.abc import AsyncIterator

import reflex as rx

from portal import routes, theme
from portal.api.application import in_front_of
from portal.components.my_titles import ROOM_SCRIPT
from portal.components.player.early_intent import early_intent_script
from portal.components.seed import Seed
from portal.embedded import frontend_build
from portal.embedded.server import announce_once
from portal.first_paint.first_paint import FirstPaint
from portal.first_paint.renderer import Renderer
from portal.pages import PAGES
from portal.services.container import running
from portal.services.errors import Unavailable
from portal.settings import current_settings
from portal.state.event_limits import EventLimits
from portal.state.event_metrics import EventMetrics
from portal.state.event_traces import trace_events
from portal.state.fresh_pages import FreshPages
from portal.state.refusals import on_exception
from portal.state.speech import Speech

first_paint = FirstPaint(
    {page.route: page.on_load for page in PAGES if page.is_rendered},
    Renderer(frontend_build.WEB, frontend_build.node_binary()),
)


@contextlib.asynccontextmanager
async def portal_services() -> AsyncIterator[None]:
    """Run the services as long as the server runs."""
    async with running(current_settings()) as services:
        with contextlib.suppress(Unavailable):  # a start without its database still says why
            await services.catalog.snapshot()
        # Catalog and modules stay: the collector need not look through them again and again, for a
        # tenth of a second each time with a hundred thousand titles.
        gc.collect()
        gc.freeze()
        trace_events()
        async with contextlib.AsyncExitStack() as stack:
            if services.settings.render_pages:
                await stack.enter_async_context(first_paint.running())
            announce_once()
            yield


def create_app() -> rx.App:
    """Put it together."""
    made = rx.App(
        html_lang="en",
        toaster=None,
        stylesheets=[theme.STYLESHEET],
        head_components=[
            rx.el.meta(name="theme-color", content=theme.BACKGROUND),
            rx.el.link(rel="icon", href=theme.FAVICON, type="image/svg+xml"),
            rx.el.link(rel="manifest", href=routes.MANIFEST),
            rx.el.link(rel="apple-touch-icon", href=routes.TOUCH_ICON),
            rx.el.link(
                rel="alternate", href=routes.RSS, type="application/rss+xml", title="New films"
            ),
            early_intent_script(),
            rx.el.script(ROOM_SCRIPT),
            rx.el.script(src=theme.SCRIPT, defer=True),
        ],
        extra_app_wraps={(60, "PortalSeed"): lambda _stateful: Seed.create()},
        api_transformer=functools.partial(in_front_of, first_paint=first_paint),
        backend_exception_handler=on_exception,
    )
    # Reflex's own notice of a lost socket covers the page; playback does not need the socket.
    made.app_wraps.pop((5, "Overlay"), None)
    made.register_lifespan_task(portal_services)
    made.add_middleware(Speech())
    made.add_middleware(EventMetrics())
    made.add_middleware(EventLimits())
    made.add_middleware(FreshPages(page.on_load.state for page in PAGES if page.is_rendered))
    for page in PAGES:
        made.add_page(
            page.component,
            route=page.route,
            title=page.title,
            description=page.description,
            image=page.image,
            meta=list(page.meta),
            on_load=page.on_load,
        )
    return made


app = create_app()
