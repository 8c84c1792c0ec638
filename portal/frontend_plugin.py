"""Adjustments to the front end that Reflex generates, through its public plugin hooks."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from reflex_base.plugins.base import Plugin

if TYPE_CHECKING:
    from typing import Unpack

    from reflex_base.plugins.base import CommonContext, PreCompileContext

_STATE_JS = "utils/state.js"
# Runs beside the build, where Node finds the build's own packages (portal/first_paint).
_RENDERER = "portal-renderer.mjs"
_RENDERER_SOURCE = Path(__file__).parent / "first_paint" / "worker.mjs"
_POSTCSS = "postcss.config.js"
_HOSTNAME_LINE = "endpoint.hostname = frontend_hostname;"
_HOST_LINE = "endpoint.host = window.location.host; /* one port, whichever it is */"
_PLACE_LINE = "pathname: loc.pathname,"
# Read by portal/state/speech.py: the path that Reflex sends has no prefix any more.
_LANGUAGE_LINE = "language: document.documentElement.lang,"


def tell_the_page_s_language(source: str) -> str:
    """Make every event say which language the page is in that it comes from.

    Raises:
        RuntimeError: Reflex's `state.js` no longer has the line; the upgrade needs a look here.
    """
    if _LANGUAGE_LINE in source:
        return source
    if source.count(_PLACE_LINE) != 1:
        message = f"{_STATE_JS}: the line {_PLACE_LINE!r} is gone; adapt frontend_plugin.py"
        raise RuntimeError(message)
    return source.replace(_PLACE_LINE, f"{_PLACE_LINE} {_LANGUAGE_LINE}")


def use_the_page_s_own_port(source: str) -> str:
    """Make the socket connect to the port that served the page.

    Reflex bakes `api_url` into the build and swaps only its host name for the page's, so one build
    would work on one port only. The portal serves pages and socket on one port, chosen at start.

    Raises:
        RuntimeError: Reflex's `state.js` no longer has the line; the upgrade needs a look here.
    """
    if _HOST_LINE in source:
        return source
    if _HOSTNAME_LINE not in source:
        message = f"{_STATE_JS}: the line {_HOSTNAME_LINE!r} is gone; adapt frontend_plugin.py"
        raise RuntimeError(message)
    return source.replace(_HOSTNAME_LINE, _HOST_LINE)


def without_tailwind(config: str) -> str:
    """A `.web` folder from before Tailwind was given up names it, and Node would not find it."""
    return "".join(line for line in config.splitlines(keepends=True) if "tailwind" not in line)


@dataclasses.dataclass
class PortalFrontend(Plugin):
    """Adjusts the generated front end for a portal that serves everything on one port."""

    def get_static_assets(
        self, **context: Unpack[CommonContext]
    ) -> Sequence[tuple[Path, str | bytes]]:
        """The script that renders pages on demand."""
        del context
        return [(Path(_RENDERER), _RENDERER_SOURCE.read_text())]

    def pre_compile(self, **context: Unpack[PreCompileContext]) -> None:
        """Register the changes to generated files."""
        context["add_modify_task"](_STATE_JS, use_the_page_s_own_port)
        context["add_modify_task"](_POSTCSS, without_tailwind)
        context["add_modify_task"](_STATE_JS, tell_the_page_s_language)
