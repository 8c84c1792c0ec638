"""Zero trust: every admin event handler and every mutating route asks who calls, each time.

Reflex makes every public method of a state an endpoint of the socket, decorated or not: so all of
them are called here, by nobody, and none may reach a service before it has asked.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Annotated, Any, get_type_hints

import httpx
import pytest
import reflex as rx
from fastapi import Depends, FastAPI

import portal.pages
import portal.state
from portal.api.application import create_api
from portal.api.guards import SAFE_METHODS, caller
from portal.services import container
from portal.services.actors import Actor, Role
from portal.services.errors import Forbidden, PortalError, Unauthenticated
from portal.services.flags import FLAGS
from portal.state.guards import actor_of

ADMIN = ("portal.state.admin", "portal.pages.admin")
# What looking somebody up and counting them takes; everything else is a service at work.
ASKING = frozenset({"accounts", "settings", "flags", "limiter", "admin_policy", "viewer_policy"})


def admin_states() -> list[type[rx.State]]:
    """Every state class that is defined under the admin packages."""
    for package in (portal.state, portal.pages):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if module.name.startswith(ADMIN):
                importlib.import_module(module.name)

    def below(state: type[rx.State]) -> Iterator[type[rx.State]]:
        for each in state.__subclasses__():
            yield each
            yield from below(each)

    found = {each for each in below(rx.State) if each.__module__.startswith(ADMIN)}
    return sorted(found, key=lambda each: each.__qualname__)


def handlers() -> list[tuple[type[rx.State], str]]:
    """Every event of those states: what a client may call by its name."""
    return [
        (state, name)
        for state in admin_states()
        for name, handler in sorted(state.event_handlers.items())
        if name != "setvar" or handler.fn.__module__.startswith(ADMIN)
    ]


@dataclass
class Asked:
    """Services that note what is asked of them."""

    asked: bool = False
    touched: list[str] = field(default_factory=list)

    def __getattr__(self, name: str) -> Any:
        if name not in ASKING and not self.asked:
            self.touched.append(name)
        return {
            "accounts": SimpleNamespace(
                sessions=SimpleNamespace(find=self._nobody),
                tokens=SimpleNamespace(find=self._nobody),
            ),
            "settings": SimpleNamespace(
                public_url="", environment="demo", site_name="x", trusted_proxy_hops=0
            ),
            "flags": SimpleNamespace(require=lambda flag: FLAGS[flag], is_on=lambda _: True),
        }.get(name) or _Refusing(name)

    async def _nobody(self, *_: object, **__: object) -> None:
        self.asked = True


class _Refusing:
    def __init__(self, name: str) -> None:
        self.name = name

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(f"services().{self.name}.{name} was used by nobody")


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Asked:
    spy = Asked()
    monkeypatch.setattr(container._Running, "current", spy)
    return spy


def argument(annotation: Any) -> Any:
    """Something that fits a parameter."""
    return {str: "x", int: 1, float: 1.0, bool: True}.get(
        annotation, [] if "list" in str(annotation) else {}
    )


async def call(state: type[rx.State], name: str) -> Exception | None:
    """Send an event as a stranger whose cookie looks like ours, and give what it raised."""
    handler = state.event_handlers[name].fn
    instance = await rx.State().get_state(state)
    header = SimpleNamespace(
        cookie="portal_login=guessed", host="localhost:3000", origin="http://localhost:3000",
        raw_headers={}, user_agent="",
    )  # fmt: skip
    router = SimpleNamespace(
        headers=header,
        session=SimpleNamespace(client_ip="203.0.113.9", client_token="t", session_id="s"),
        url=SimpleNamespace(query_parameters={}, path="/admin", query=""),
        page=SimpleNamespace(params={}),
    )
    hints = get_type_hints(handler) if hasattr(handler, "__annotations__") else {}
    names = list(inspect.signature(handler).parameters)[1:]
    values = [argument(hints.get(each, str)) for each in names]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(instance), "router", router, raising=False)
        try:
            result = handler(instance, *values)
            if inspect.isawaitable(result):
                await result
            elif inspect.isasyncgen(result):
                async for _ in result:
                    pass
            elif inspect.isgenerator(result):
                list(result)
        except Exception as error:
            return error
    return None


async def is_guarded(state: type[rx.State], name: str, spy: Asked) -> bool:
    """Whether the event asked who sent it before anything else, and refused nobody's."""
    raised = await call(state, name)
    if isinstance(raised, AssertionError):
        return False
    refused = raised is None or isinstance(raised, (Unauthenticated, Forbidden, PortalError))
    return spy.asked and not spy.touched and refused


def test_there_are_handlers_to_look_at() -> None:
    assert len(handlers()) > 3


@pytest.mark.parametrize(
    ("state", "name"), handlers(), ids=lambda each: getattr(each, "__name__", each)
)
async def test_every_admin_event_asks_who_sent_it(
    state: type[rx.State], name: str, asked: Asked
) -> None:
    assert await is_guarded(state, name, asked), f"{state.__name__}.{name} is open to everybody"


class UnguardedSample(rx.State):
    """What the test above has to find: a method without a guard, and one that asks too late."""

    words: str = ""

    def forgotten(self) -> None:
        self.words = "changed by anybody"

    async def too_late(self) -> None:
        container.services().editing.movies.delete("x")
        await actor_of(self, Role.OWNER)

    async def guarded(self) -> None:
        await actor_of(self, Role.OWNER)


@pytest.mark.parametrize(
    ("name", "good"), [("forgotten", False), ("too_late", False), ("guarded", True)]
)
async def test_an_unguarded_handler_is_found(name: str, good: bool, asked: Asked) -> None:
    assert await is_guarded(UnguardedSample, name, asked) is good


# -- HTTP ------------------------------------------------------------------------------------------

# What somebody without an account may do, and what each of them checks instead.
OPEN_TO_ALL = {
    "/api/movies/{movieId}/stream-token": "playback authorisation, rate and stream limits",
    "/api/viewing-sessions/{sessionId}/position": "the viewer's own signed session",
    "/api/qoe": "the viewer's own signed session; its own limit; a bounded queue",
    "/api/my/list/{movieId}": "origin, rate; the viewer's own signed pseudonym",
    "/api/my/continue-watching/{movieId}": "origin, rate; the viewer's own signed pseudonym",
    "/api/my/history": "origin, rate; the viewer's own signed pseudonym",
    "/admin/login": "origin, throttle, password",
    "/admin/login/code": "origin, throttle, ticket, code",
    "/admin/login/passkey": "origin, throttle, ticket, the device's signature",
    "/admin/login/passkey/options": "origin, rate; tells nothing of any account",
    "/admin/logout": "origin; ends only the caller's own session",
}


def mutating(app: FastAPI) -> list[tuple[str, str]]:
    """Path and method of every route that may change something."""

    def below(routes: Iterable[Any]) -> Iterator[tuple[str, str]]:
        for route in routes:
            if router := getattr(route, "original_router", None):
                yield from below(router.routes)
            assert router or route.path, f"{route} may hide routes from this test"
            for method in set(getattr(route, "methods", None) or ()) - SAFE_METHODS:
                yield route.path, method

    return sorted(below(app.routes))


async def is_refused(app: FastAPI, path: str, method: str, spy: Asked) -> bool:
    """Whether nobody, and somebody with an unknown cookie from another site, gets nowhere."""
    filled = re.sub(r"\{[^}]+\}", "x", path)
    strangers = (
        {},
        {"Cookie": "portal_login=guessed", "Sec-Fetch-Site": "same-origin"},
        {"Cookie": "portal_login=guessed", "Origin": "https://evil.example"},
        {"Authorization": "Bearer portal_guessed"},
    )
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost:3000") as client:
        for headers in strangers:
            answer = await client.request(method, filled, json={}, headers=headers)
            if answer.status_code not in {401, 403} or spy.touched:
                return False
    return True


def open_routes() -> list[tuple[str, str]]:
    return [route for route in mutating(create_api()) if route[0] not in OPEN_TO_ALL]


@pytest.mark.parametrize(("path", "method"), open_routes())
async def test_every_mutating_route_refuses_strangers(path: str, method: str, asked: Asked) -> None:
    assert await is_refused(create_api(), path, method, asked), f"{method} {path} is open"


def test_what_is_open_to_all_is_there_and_nothing_else() -> None:
    assert set(OPEN_TO_ALL) <= {path for path, _ in mutating(create_api())}


async def test_an_unguarded_route_is_found(asked: Asked) -> None:
    app = create_api()

    @app.post("/api/forgotten")
    async def forgotten() -> dict[str, str]:
        return {}

    @app.post("/api/guarded")
    async def guarded(_: Annotated[Actor, Depends(caller(Role.EDITOR))]) -> dict[str, str]:
        return {}

    assert not await is_refused(app, "/api/forgotten", "POST", asked)
    assert await is_refused(app, "/api/guarded", "POST", asked)
