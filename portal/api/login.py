"""Signing in and out: plain HTML forms that set an HttpOnly cookie."""

from __future__ import annotations

import math
from typing import Any

import structlog
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from portal import routes
from portal.api.callers import client_address
from portal.api.correlation import correlation_id
from portal.api.forms import HEADERS, page
from portal.api.guards import require_own_page, signed_in
from portal.services.accounts import Browser, Outcome, origins
from portal.services.accounts.sessions import LIFE
from portal.services.clock import utc_now
from portal.services.container import services
from portal.services.errors import PortalError, RateLimited

log = structlog.get_logger(__name__)

_PLAIN_HTTP = (
    "This portal is reached over plain HTTP: whoever is on the way can read your password. Serve it"
    " over https and set PORTAL_PUBLIC_URL"
)
_MAX_FIELD = 1024


async def show(request: Request) -> Response:
    """The form; somebody who is signed in already goes on."""
    goal = _goal(request.query_params.get("next", ""))
    try:
        if await signed_in(request) is not None:
            return RedirectResponse(goal, 303, headers=HEADERS)
    except PortalError as error:
        return page("login.html", status=error.status, error=error.detail, next=goal)
    notice = "You are signed out." if "out" in request.query_params else ""
    return page("login.html", next=goal, notice=notice, **_transport(request))


async def sign_in(request: Request) -> Response:
    """The first step: address and password."""
    given = await _fields(request)
    kept = {"email": given.get("email", ""), "next": _goal(given.get("next", ""))}
    transport = _transport(request)
    try:
        require_own_page(request)
        if transport.get("refused"):
            return page("login.html", status=403, **kept, **transport)
        outcome = await services().accounts.sign_in.with_password(
            kept["email"], given.get("password", ""), _browser(request), utc_now()
        )
    except PortalError as error:
        return _again(error, **kept, **transport)
    return _after(outcome, kept["next"])


async def with_code(request: Request) -> Response:
    """The second step: a code of the authenticator."""
    given = await _fields(request)
    kept = {"ticket": given.get("ticket", ""), "next": _goal(given.get("next", ""))}
    try:
        require_own_page(request)
        outcome = await services().accounts.sign_in.with_code(
            kept["ticket"], given.get("code", ""), _browser(request), utc_now()
        )
    except PortalError as error:
        return _again(error, **kept)
    return _after(outcome, kept["next"])


async def sign_out(request: Request) -> Response:
    """End the session and forget the cookie."""
    running = services()
    try:
        require_own_page(request)
        secret = origins.login_secret(request.headers.get("cookie", ""), running.settings)
        await running.accounts.sign_in.sign_out(secret, utc_now())
    except PortalError as error:
        return _again(error)
    response = RedirectResponse(f"{routes.LOGIN}?out", 303, headers=HEADERS)
    response.delete_cookie(
        origins.cookie_name(running.settings),
        httponly=True,
        secure=origins.is_https(running.settings),
        samesite="lax",
    )
    return response


def _after(outcome: Outcome, goal: str) -> Response:
    if outcome.ticket:
        return page("login.html", ticket=outcome.ticket, next=goal)
    settings = services().settings
    response = RedirectResponse(goal, 303, headers=HEADERS)
    response.set_cookie(
        origins.cookie_name(settings),
        outcome.secret,
        max_age=int(LIFE.total_seconds()),
        httponly=True,
        secure=origins.is_https(settings),
        samesite="lax",
    )
    return response


def _again(error: PortalError, **kept: str) -> Response:
    response = page("login.html", status=error.status, error=error.detail, **kept)
    if isinstance(error, RateLimited):
        response.headers["Retry-After"] = str(max(1, math.ceil(error.retry_after_s)))
    return response


def _transport(request: Request) -> dict[str, Any]:
    """Plain HTTP across a network: refused in production, a named warning elsewhere."""
    settings = services().settings
    if origins.is_https(settings) or origins.is_local(request.headers.get("host", "")):
        return {}
    if settings.environment == "production":
        log.error("login.insecure-http")
        return {"refused": "yes", "error": f"{_PLAIN_HTTP}; until then nobody can sign in here."}
    log.warning("login.insecure-http")
    return {"warning": f"Warning insecure-http: {_PLAIN_HTTP[0].lower()}{_PLAIN_HTTP[1:]}."}


def _goal(given: str) -> str:
    """Where to go after signing in: an admin page of ours and nowhere else."""
    inside = given == routes.ADMIN or given.startswith((f"{routes.ADMIN}/", f"{routes.ADMIN}?"))
    plain = "\\" not in given and given.isprintable() and not given.startswith(routes.LOGIN)
    return given if inside and plain else routes.ADMIN


def _browser(request: Request) -> Browser:
    peer = request.client.host if request.client else ""
    hops = services().settings.trusted_proxy_hops
    return Browser(
        client_address(peer, request.headers, hops),
        request.headers.get("user-agent", ""),
        correlation_id(),
    )


async def _fields(request: Request) -> dict[str, str]:
    form = await request.form(max_files=0, max_fields=8)
    return {name: str(value)[:_MAX_FIELD] for name, value in form.items()}


ROUTES = [
    Route(routes.LOGIN, show, methods=["GET"]),
    Route(routes.LOGIN, sign_in, methods=["POST"]),
    Route(routes.LOGIN_CODE, with_code, methods=["POST"]),
    Route(routes.LOGOUT, sign_out, methods=["POST"]),
]
