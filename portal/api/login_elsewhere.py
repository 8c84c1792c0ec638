"""Signing in with a passkey, and at an OpenID Connect provider."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from portal import routes
from portal.api.account import passkey_answer
from portal.api.errors import problem
from portal.api.forms import HEADERS
from portal.api.guards import address_of, require_own_page
from portal.api.login import browser_of, enter, goal_of, login_page, require_safe_transport
from portal.api.relying_party import relying_party
from portal.api.visits import MAX_FIELD
from portal.services.accounts import origins
from portal.services.accounts.oidc import LIFE_S, ExternalSignIn
from portal.services.clock import utc_now
from portal.services.container import services
from portal.services.errors import NotFound, PortalError, Unavailable
from portal.services.rate_limits import address_key


async def passkey_options(request: Request) -> Response:
    """What the browser needs to ask for a passkey; asked by the form's script."""
    try:
        require_own_page(request)
        running = services()
        await running.limiter.require(running.viewer_policy, address_key(address_of(request)))
        party = relying_party(request, required=True)
        return passkey_answer(*await running.accounts.passkeys.begin_login(party))
    except PortalError as error:
        return problem(error)


async def with_passkey(request: Request) -> Response:
    """The device's answer."""
    form = await request.form(max_files=0, max_fields=8, max_part_size=MAX_FIELD)
    goal = goal_of(str(form.get("next", "")))
    try:
        require_own_page(request)
        outcome = await services().accounts.passkeys.finish_login(
            str(form.get("ticket", "")),
            str(form.get("credential", "")),
            relying_party(request, required=True),
            browser_of(request),
            utc_now(),
        )
    except PortalError as error:
        return login_page(request, error, next=goal)
    return await enter(request, outcome, goal)


async def to_provider(request: Request) -> Response:
    """Send the browser to the provider; a cookie binds its return to this browser."""
    goal = goal_of(request.query_params.get("next", ""))
    try:
        require_safe_transport(request)
        running = services()
        await running.limiter.require(running.viewer_policy, address_key(address_of(request)))
        url, ticket = await _external().begin(_return_address(request), goal)
    except PortalError as error:
        return login_page(request, error, next=goal)
    response = RedirectResponse(url, 303, headers=HEADERS)
    response.set_cookie(
        _cookie(),
        ticket,
        max_age=LIFE_S,
        httponly=True,
        secure=origins.is_https(running.settings),
        samesite="lax",
    )
    return response


async def from_provider(request: Request) -> Response:
    """The browser is back."""
    try:
        outcome, goal = await _external().finish(
            request.cookies.get(_cookie(), ""),
            f"{_return_address(request)}?{request.url.query}",
            browser_of(request),
            utc_now(),
        )
        response = await enter(request, outcome, goal_of(goal))
    except PortalError as error:
        response = login_page(request, error)
    response.delete_cookie(
        _cookie(), httponly=True, secure=origins.is_https(services().settings), samesite="lax"
    )
    return response


def _external() -> ExternalSignIn:
    external = services().accounts.external
    if external is None:
        raise NotFound
    return external


def _return_address(request: Request) -> str:
    base = origins.own_base(request.headers.get("host", ""), services().settings)
    if not base:
        raise Unavailable("Set PORTAL_PUBLIC_URL: the provider sends people back to that address.")
    return f"{base}{routes.LOGIN_OIDC_RETURN}"


def _cookie() -> str:
    return "__Host-portal_oidc" if origins.is_https(services().settings) else "portal_oidc"


ROUTES = [
    Route(routes.LOGIN_PASSKEY_OPTIONS, passkey_options, methods=["POST"]),
    Route(routes.LOGIN_PASSKEY, with_passkey, methods=["POST"]),
    Route(routes.LOGIN_OIDC, to_provider, methods=["GET"]),
    Route(routes.LOGIN_OIDC_RETURN, from_provider, methods=["GET"]),
]
