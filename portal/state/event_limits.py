"""Rate limits on Reflex events: the same buckets in Redis as on the HTTP API."""

from __future__ import annotations

import math
from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING

from reflex.middleware import Middleware
from reflex.state import BaseState, StateUpdate

from portal.services.clock import utc_now
from portal.services.container import Services, services
from portal.services.errors import Unavailable
from portal.services.qa_bypass import HEADER as QA_HEADER
from portal.services.rate_limits import address_key
from portal.services.translation import tn
from portal.services.viewers import COOKIE
from portal.state.limit_state import LimitState

if TYPE_CHECKING:
    from reflex.app import App
    from reflex_base.event import Event

# Reflex's own events (hydration, the start of a page's loading): a page must always come up.
_INTERNAL = ("reflex___state____state.reflex___", "reflex___state____state.hydrate")


class EventLimits(Middleware):
    """Counts each event of a person before its handler runs."""

    async def preprocess(self, app: App, state: BaseState, event: Event) -> StateUpdate | None:
        """Count the event; over the limit the handler is not run and the page says so.

        With Redis away events are let through: they only read, and what changes something asks for
        its own permission.
        """
        del app
        if event.name.startswith(_INTERNAL):
            return None
        running = services()
        token = str(state.router.headers.raw_headers.get(QA_HEADER, ""))
        if token and running.qa.name_of(token, utc_now()):
            return None
        try:
            verdict = await running.limiter.check(running.viewer_policy, _who(state, running))
        except Unavailable:
            return None
        limit = await state.get_state(LimitState)
        if verdict.allowed:
            limit.notice = ""
            return None
        seconds = max(1, math.ceil(verdict.retry_after_s))
        limit.notice = tn(
            "That was a little fast. Please wait {n} second and try again.",
            "That was a little fast. Please wait {n} seconds and try again.",
            seconds,
        )
        delta = await state._get_root_state()._get_resolved_delta()
        state._get_root_state()._clean()  # type: ignore[no-untyped-call]
        return StateUpdate(delta=delta)


def _who(state: BaseState, running: Services) -> str:
    """The viewer of the signed cookie, else the address (Reflex looks behind trusted proxies)."""
    try:
        cookie = SimpleCookie(str(state.router.headers.cookie or "")).get(COOKIE)
    except CookieError:
        cookie = None
    viewer_id = running.viewer_ids.read_cookie(cookie.value) if cookie else None
    return viewer_id or address_key(str(state.router.session.client_ip))
