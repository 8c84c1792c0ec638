"""Who acts on a page: asked of the store for each event, and counted.

Every public method of a state is a remote endpoint, whoever knows its name may call it. So each
handler of an admin page begins with `actor_of`; a test calls all of them without a caller.
"""

from __future__ import annotations

import reflex as rx

from portal.services.accounts import origins
from portal.services.accounts.views import SignedIn
from portal.services.actors import Actor, Role, require
from portal.services.clock import utc_now
from portal.services.container import services
from portal.services.errors import Forbidden
from portal.services.flags import ADMIN_UI
from portal.services.models import new_id


async def actor_of(
    state: rx.State, role: Role, *, acts: bool = True, flag: str = ADMIN_UI
) -> Actor:
    """Who sent the event that is being handled.

    Args:
        state: The state whose handler runs.
        role: What they must be.
        acts: Whether the event changes something: it then counts as one of the account's requests
            a minute. Looking and typing count as a viewer's, which happened already.
        flag: What the page stands behind, besides the admin pages' own.

    Raises:
        NotFound: The page is switched off.
        Unauthenticated, Forbidden: They are nobody, or may not.
        RateLimited: The account has acted too often.
        Unavailable: Accounts cannot be looked up, or counted.
    """
    found = await signed_in(state)
    services().flags.require(flag)
    actor = require(found.actor if found else None, role)
    if acts:
        running = services()
        await running.limiter.require(running.admin_policy, actor.id)
    return actor


async def signed_in(state: rx.State) -> SignedIn | None:
    """The browser's session; None if nobody is signed in.

    The cookie is the one that the socket was opened with. Signing in and out load the page anew,
    and a session that was ended is not found whatever the cookie says.

    Raises:
        Forbidden: The socket was opened by another site's page.
        NotFound: The admin pages are switched off.
    """
    running = services()
    running.flags.require(ADMIN_UI)
    headers = state.router.headers
    secret = origins.login_secret(str(headers.cookie or ""), running.settings)
    if not secret:
        return None
    fetch_site = headers.raw_headers.get("sec-fetch-site", "")
    if not origins.is_own_page(
        host=str(headers.host or ""),
        origin=str(headers.origin or ""),
        fetch_site=fetch_site if fetch_site != "none" else "",
        settings=running.settings,
    ):
        raise Forbidden("This page was opened by another site.")
    return await running.accounts.sessions.find(
        secret,
        address=str(state.router.session.client_ip or ""),
        correlation_id=new_id()[:16],
        now=utc_now(),
    )
