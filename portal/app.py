"""The Reflex app."""

import contextlib

import reflex as rx

from portal.api.application import in_front_of
from portal.embedded.server import announce_once
from portal.services.container import running
from portal.services.errors import Unavailable
from portal.settings import current_settings


class HomeState(rx.State):
    n: int = 0

    @rx.event
    def load(self):
        self.n += 1


def index():
    return rx.el.main(rx.el.h1("Lumen ", HomeState.n, class_name="text-4xl"))


@contextlib.asynccontextmanager
async def portal_services():
    """Run the services as long as the server runs."""
    async with running(current_settings()) as services:
        with contextlib.suppress(Unavailable):  # a start without its database still says why
            await services.catalog.snapshot()
        announce_once()
        yield


app = rx.App(html_lang="en", toaster=None, api_transformer=in_front_of)
app.app_wraps.pop((5, "Overlay"), None)
app.register_lifespan_task(portal_services)
app.add_page(index, route="/", title="Lumen", on_load=HomeState.load)
