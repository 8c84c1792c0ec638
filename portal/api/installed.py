"""What makes it an app of the device: manifest, service worker, and a page without network."""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal import routes
from portal.api import forms
from portal.services.container import services
from portal.services.flags import INSTALLABLE

_WORKER = Path(__file__).with_name("service_worker.js")
_CLIENT = Path(__file__).resolve().parents[2] / ".web" / "build" / "client"
_BACKGROUND = "#0b0a0d"  # --color-bg of the dark theme
_FAREWELL = """// Switched off: devices forget what they kept, and ask the network again.
self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(
  caches.keys()
    .then((names) => Promise.all(names.map((name) => caches.delete(name))))
    .then(() => self.registration.unregister()),
));
"""
_ANEW = {"cache-control": "no-cache", "x-content-type-options": "nosniff"}


async def manifest(request: Request) -> Response:
    """The web app manifest: name, colours, icons and where it starts."""
    del request
    services().flags.require(INSTALLABLE)
    name = services().settings.site_name
    icons = [
        {"src": f"{routes.ICONS}/{kind}-{size}.png", "sizes": f"{size}x{size}", "type": "image/png"}
        | {"purpose": purpose}
        for kind, purpose in (("icon", "any"), ("maskable", "maskable"))
        for size in routes.ICON_SIZES
    ]
    document = {
        "id": routes.HOME,
        "name": name,
        "short_name": name,
        "description": "Films with captions, all of them.",
        "start_url": routes.HOME,
        "scope": routes.HOME,
        "display": "standalone",
        "background_color": _BACKGROUND,
        "theme_color": _BACKGROUND,
        "categories": ["entertainment"],
        "icons": icons,
        "shortcuts": [{"name": "Browse all films", "url": routes.BROWSE}],
    }
    return Response(json.dumps(document), media_type="application/manifest+json", headers=_ANEW)


async def service_worker(request: Request) -> Response:
    """The service worker of the present build: other bytes after a deploy, so it is renewed."""
    del request
    script = _script() if services().flags.is_on(INSTALLABLE) else _FAREWELL
    return Response(script, media_type="text/javascript", headers=_ANEW)


@lru_cache(maxsize=1)
def _script() -> str:
    given = {
        "build": _build(),
        "offline": routes.OFFLINE,
        # What the page without network is made of.
        "shell": [routes.OFFLINE, *routes.OFFLINE_FILES],
    }
    return f"const PORTAL = {json.dumps(given)};\n{_WORKER.read_text('utf-8')}"


def _build() -> str:
    """A short name of the front end's build: its pages name all of its files."""
    try:
        return hashlib.sha256((_CLIENT / "index.html").read_bytes()).hexdigest()[:16]
    except OSError:
        return "none"


async def offline(request: Request) -> Response:
    """What a device shows when it has neither network nor the page that is asked for."""
    del request
    answer = forms.page("offline.html")
    answer.headers["cache-control"] = "no-cache"  # the service worker keeps it
    return answer


ROUTES = [
    Route(routes.MANIFEST, manifest),
    Route(routes.SERVICE_WORKER, service_worker),
    Route(routes.OFFLINE, offline),
]
