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
from portal.api.relying_party import relying_party
from portal.languages import of_path
from portal.services.accounts import Browser, Outcome, origins
from portal.services.accounts.sessions import LIFE
from portal.services.clock import utc_now
from portal.services.container import services
from portal.services.errors import Forbidden, PortalError, RateLimited
from portal.services.translation import later, t, told

log = structlog.get_logger(__name__)

_PLAIN_HTTP = later(
    "This portal is reached over plain HTTP: whoever is on the way can read your password. Serve it"
    " over https and set PORTAL_PUBLIC_URL."
)
_MAX_FIELD = 1024


async def show(request: Request) -> Response:
    """The form; somebody who is signed in already goes on."""
    goal = goal_of(request.query_params.get("next", ""))
    again = "again" in request.query_params
    try:
        found = await signed_in(request)
    except PortalError as error:
        return login_page(request, error, next=goal)
    if found is not None and not again:
        return RedirectResponse(goal, 303, headers=HEADERS)
    notice = t("You are signed out.") if "out" in request.query_params else ""
    email = found.actor.label if found is not None else ""
    return login_page(request, next=goal, notice=notice, again=found is not None, email=email)


async def sign_in(request: Request) -> Response:
    """The first step: address and password."""
    given = await _fields(request)
    kept = {"email": given.get("email", ""), "next": goal_of(given.get("next", ""))}
    try:
        require_own_page(request)
        require_safe_transport(request)
        outcome = await services().accounts.sign_in.with_password(
            kept["email"], given.get("password", ""), browser_of(request), utc_now()
        )
    except PortalError as error:
        return login_page(request, error, **kept)
    return await enter(request, outcome, kept["next"])


async def with_code(request: Request) -> Response:
    """The second step: a code of the authenticator."""
    given = await _fields(request)
    kept = {"ticket": given.get("ticket", ""), "next": goal_of(given.get("next", ""))}
    try:
        require_own_page(request)
        outcome = await services().accounts.sign_in.with_code(
            kept["ticket"], given.get("code", ""), browser_of(request), utc_now()
        )
    except PortalError as error:
        return login_page(request, error, **kept)
    return await enter(request, outcome, kept["next"])


async def sign_out(request: Request) -> Response:
    """End the session and forget the cookie."""
    running = services()
    try:
        require_own_page(request)
        secret = origins.login_secret(request.headers.get("cookie", ""), running.settings)
        await running.accounts.sign_in.sign_out(secret, utc_now())
    except PortalError as error:
        return login_page(request, error)
    response = RedirectResponse(f"{routes.LOGIN}?out", 303, headers=HEADERS)
    response.delete_cookie(
        origins.cookie_name(running.settings),
        httponly=True,
        secure=origins.is_https(running.settings),
        samesite="lax",
    )
    return response


async def enter(request: Request, outcome: Outcome, goal: str) -> Response:
    """Set the cookie of the new session, or ask for the code that is still needed."""
    if outcome.ticket:
        return login_page(request, ticket=outcome.ticket, next=goal)
    running = services()
    before = origins.login_secret(request.headers.get("cookie", ""), running.settings)
    await running.accounts.sign_in.sign_out(before, utc_now())
    response = RedirectResponse(goal, 303, headers=HEADERS)
    response.set_cookie(
        origins.cookie_name(running.settings),
        outcome.secret,
        max_age=int(LIFE.total_seconds()),
        httponly=True,
        secure=origins.is_https(running.settings),
        samesite="lax",
    )
    return response


def login_page(request: Request, error: PortalError | None = None, **values: Any) -> Response:
    """The form, with what was wrong; by itself it says what is wrong with the transport."""
    running = services()
    given: dict[str, Any] = {"next": routes.ADMIN, **values}
    external = running.accounts.external
    if error is not None:
        given["error"] = told(error.detail)
    if is_refused := _is_refused(request):
        log.error("login.insecure-http")
        until = t("Until then nobody can sign in here.")
        given |= {"refused": True, "error": f"{told(_PLAIN_HTTP)} {until}"}
    elif _is_plain(request):
        log.warning("login.insecure-http")
        warning = t("Warning insecure-http: {words}", words=told(_PLAIN_HTTP))
        given["warning"] = warning
    status = 403 if is_refused and request.method == "POST" else 200
    response = page(
        "login.html",
        status=error.status if error is not None else status,
        can_passkey=relying_party(request) is not None,
        external=external.provider.label if external else "",
        **given,
    )
    if isinstance(error, RateLimited):
        response.headers["Retry-After"] = str(max(1, math.ceil(error.retry_after_s)))
    return response


def require_safe_transport(request: Request) -> None:
    """See that signing in is not over plain HTTP across a network, in production.

    Raises:
        Forbidden: It is.
    """
    if _is_refused(request):
        raise Forbidden(_PLAIN_HTTP)


def _is_plain(request: Request) -> bool:
    is_local = origins.is_local(request.headers.get("host", ""))
    return not origins.is_https(services().settings) and not is_local


def _is_refused(request: Request) -> bool:
    return _is_plain(request) and services().settings.environment == "production"


def goal_of(given: str) -> str:
    """Where to go after signing in: an admin page of ours and nowhere else."""
    _, path = of_path(given)
    inside = path == routes.ADMIN or path.startswith((f"{routes.ADMIN}/", f"{routes.ADMIN}?"))
    plain = "\\" not in given and given.isprintable() and not path.startswith(routes.LOGIN)
    return given if inside and plain else routes.ADMIN


def browser_of(request: Request) -> Browser:
    """Where somebody signs in."""
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
