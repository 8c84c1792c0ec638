"""Who calls a route: asked of the store for each request, and counted.

A mutating route that shows the login cookie must come from our own page; a bearer token needs no
such proof, for no browser sends one by itself.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import lru_cache

from starlette.requests import Request

from portal.api.callers import client_address
from portal.api.correlation import correlation_id
from portal.services.accounts import origins
from portal.services.accounts.views import SignedIn
from portal.services.actors import Actor, Role, require
from portal.services.clock import utc_now
from portal.services.container import services
from portal.services.errors import Forbidden, Unauthenticated
from portal.services.flags import ADMIN_UI

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_FOREIGN = "This request did not come from a page of this portal."
_BAD_TOKEN = "This token is unknown, expired or revoked."  # noqa: S105  words about one


async def caller_or_none(request: Request) -> Actor | None:
    """Who calls, or None for somebody who is not signed in.

    Raises:
        Unauthenticated: A bearer token was shown that is not good.
        Forbidden: The cookie was shown by another site's page.
        RateLimited: The account has made too many requests.
        Unavailable: Accounts cannot be looked up, or counted.
    """
    actor = await _identified(request)
    if actor is not None:
        running = services()
        verdict = await running.limiter.require(running.admin_policy, actor.id)
        request.state.rate_limit = verdict
    return actor


@lru_cache
def caller(role: Role) -> Callable[[Request], Awaitable[Actor]]:
    """A dependency: the caller, who may act as `role`.

    Raises:
        Unauthenticated, Forbidden: They are nobody, or may not.
    """

    async def guard(request: Request) -> Actor:
        return require(await caller_or_none(request), role)

    return guard


def switched_on(flag: str) -> Callable[[], Awaitable[None]]:
    """A dependency: what stands behind a flag is there.

    Raises:
        NotFound: The flag is off.
    """

    async def guard() -> None:
        services().flags.require(flag)

    return guard


async def signed_in(request: Request) -> SignedIn | None:
    """The browser's session, for routes that are forms and not API.

    Raises:
        NotFound: The admin pages are switched off, and with them their cookie.
        Forbidden: The cookie was shown by another site's page.
    """
    running = services()
    secret = origins.login_secret(request.headers.get("cookie", ""), running.settings)
    if not secret:
        return None
    running.flags.require(ADMIN_UI)
    require_own_page(request)
    return await running.accounts.sessions.find(
        secret, address=address_of(request), correlation_id=correlation_id(), now=utc_now()
    )


def require_own_page(request: Request) -> None:
    """See that a mutating request was made by one of our own pages.

    Raises:
        Forbidden: It was not.
    """
    if request.method in SAFE_METHODS:
        return
    if not origins.is_own_page(
        host=request.headers.get("host", ""),
        origin=request.headers.get("origin", ""),
        fetch_site=request.headers.get("sec-fetch-site", ""),
        settings=services().settings,
    ):
        raise Forbidden(_FOREIGN)


def address_of(request: Request) -> str:
    """Where a request comes from, for limits and for the audit."""
    peer = request.client.host if request.client else ""
    return client_address(peer, request.headers, services().settings.trusted_proxy_hops)


async def _identified(request: Request) -> Actor | None:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        actor = await services().accounts.tokens.find(
            token.strip(),
            address=address_of(request),
            correlation_id=correlation_id(),
            now=utc_now(),
        )
        if actor is None:
            raise Unauthenticated(_BAD_TOKEN)
        return actor
    found = await signed_in(request)
    return found.actor if found else None
