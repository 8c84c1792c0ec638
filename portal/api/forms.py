"""Server-rendered pages with forms: no socket, nothing to wait for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, select_autoescape
from starlette.responses import HTMLResponse

from portal.api.user_agents import browser_words
from portal.services import words
from portal.services.container import services
from portal.services.translation import language, t, tc, tn

_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).with_name("templates")),
    autoescape=select_autoescape(default=True),
    trim_blocks=True,
    lstrip_blocks=True,
)
_TEMPLATES.filters["instant"] = words.instant
_TEMPLATES.filters["day"] = lambda at: at.strftime("%-d %B %Y")
_TEMPLATES.filters["iso"] = lambda at: at.strftime("%Y-%m-%dT%H:%M:%SZ")
_TEMPLATES.filters["browser"] = browser_words
_TEMPLATES.globals |= {"t": t, "tc": tc, "tn": tn}
HEADERS = {
    "Cache-Control": "no-store",
    # The one script is for passkeys, which take one; every form works without it.
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self';"
        " script-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none';"
        " frame-ancestors 'none'"
    ),
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


def page(template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """A page from a template; what is put in is escaped."""
    site_name = services().settings.site_name
    html = _TEMPLATES.get_template(template).render(
        site_name=site_name, language=language(), **values
    )
    return HTMLResponse(html, status_code=status, headers=HEADERS)
