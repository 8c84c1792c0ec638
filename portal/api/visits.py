"""Forms of people who are signed in: who they are is asked of the store for each request.

A page is looked at within a viewer's limit; each form that is sent counts as one of the account's
requests, like a mutating request of the API.
"""

from __future__ import annotations

import math
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from portal import routes
from portal.api.errors import problem
from portal.api.forms import HEADERS, page
from portal.api.guards import SAFE_METHODS, require_own_page, signed_in
from portal.services.accounts.sessions import RECENT, require_recent
from portal.services.accounts.views import SignedIn
from portal.services.actors import Actor, Role, require
from portal.services.clock import utc_now
from portal.services.container import services
from portal.services.errors import PortalError, RateLimited, SignInAgain, Unauthenticated
from portal.services.translation import told

MAX_FIELD = 40_000
"""Characters of one field; a passkey's answer is the longest."""
_MAX_FIELDS = 12


@dataclass(frozen=True)
class Visit:
    """One request of somebody who is signed in."""

    request: Request
    person: SignedIn
    form: dict[str, str]
    now: datetime

    @property
    def actor(self) -> Actor:
        """Who acts, with the role as stored now."""
        return self.person.actor

    @property
    def is_recent(self) -> bool:
        """Whether they signed in lately enough to change how people sign in."""
        return self.person.opened_at > self.now - RECENT


class Shows(Protocol):
    """Renders the page that a form stands on, once more with what was wrong."""

    async def __call__(self, visit: Visit, *, section: str = "", error: PortalError) -> Response:
        """The page."""


Handler = Callable[[Visit], Awaitable[Response]]
Endpoint = Callable[[Request], Awaitable[Response]]


def guarded(
    handler: Handler,
    *,
    role: Role = Role.EDITOR,
    recent: bool = False,
    section: str = "",
    shows: Shows | None = None,
    is_json: bool = False,
) -> Endpoint:
    """An endpoint that only lets in who may.

    Args:
        handler: What it does for them.
        role: What they must be at least.
        recent: Whether they must have signed in lately.
        section: Which part of the page the form is.
        shows: Renders that page when the handler refuses.
        is_json: Whether a script asks, and not a form.
    """

    async def endpoint(request: Request) -> Response:
        try:
            visit = await _visit(request, role, recent=recent)
        except PortalError as error:
            return _refusal(request, error, section, is_json=is_json)
        try:
            return await handler(visit)
        except PortalError as error:
            if is_json:
                return problem(error)
            if shows is None:
                return _refusal(request, error, section, is_json=False)
            answer = await shows(visit, section=section, error=error)
            answer.status_code = error.status
            return _with_wait(answer, error)

    return endpoint


def done(path: str, what: str, section: str) -> Response:
    """Back to the page, which says what was done (post, redirect, get)."""
    return RedirectResponse(f"{path}?done={quote(what)}#{section}", 303, headers=HEADERS)


def sign_in_again(goal: str) -> str:
    """Where somebody shows once more that it is they."""
    return f"{routes.LOGIN}?again&next={quote(goal, safe='')}"


async def _visit(request: Request, role: Role, *, recent: bool) -> Visit:
    person = await signed_in(request)
    actor = require(person.actor if person else None, role)
    assert person is not None  # noqa: S101  `require` raised otherwise
    require_own_page(request)
    running, now = services(), utc_now()
    is_form = request.method not in SAFE_METHODS
    policy = running.admin_policy if is_form else running.viewer_policy
    await running.limiter.require(policy, actor.id)
    if recent:
        require_recent(person, now)
    return Visit(request, person, await _form(request) if is_form else {}, now)


async def _form(request: Request) -> dict[str, str]:
    form = await request.form(max_files=0, max_fields=_MAX_FIELDS, max_part_size=MAX_FIELD)
    return {name: str(value)[:MAX_FIELD] for name, value in form.items()}


def _refusal(request: Request, error: PortalError, section: str, *, is_json: bool) -> Response:
    if is_json:
        return problem(error)
    part = f"#{section}" if section else ""
    home = routes.ACCOUNTS if request.url.path.startswith(routes.ACCOUNTS) else routes.ACCOUNT
    if isinstance(error, SignInAgain):
        return RedirectResponse(sign_in_again(home + part), 303, headers=HEADERS)
    if isinstance(error, Unauthenticated) and request.method in SAFE_METHODS:
        goal = quote(request.url.path, safe="/")
        return RedirectResponse(f"{routes.LOGIN}?next={goal}", 303, headers=HEADERS)
    answer = page(
        "refused.html",
        status=error.status,
        title=told(error.title),
        error=told(error.detail),
        login=f"{routes.LOGIN}?next={home}" if isinstance(error, Unauthenticated) else "",
    )
    return _with_wait(answer, error)


def _with_wait(answer: Response, error: PortalError) -> Response:
    if isinstance(error, RateLimited):
        answer.headers["Retry-After"] = str(max(1, math.ceil(error.retry_after_s)))
    return answer
