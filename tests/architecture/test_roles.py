"""Who may do what: every mutating route is called in every role, every event by an editor.

The tables say what takes more than an editor. A route or event that is in none is open to every
account, and to nobody without one.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from portal.api.application import create_api
from portal.services import container
from portal.services.accounts.views import SignedIn
from portal.services.actors import RANK, Actor, Role, require
from portal.services.clock import utc_now
from portal.services.container import Services, running
from portal.services.errors import PortalError
from portal.settings import Settings
from portal.state import guards
from tests.architecture.test_guards import OPEN_TO_ALL, Asked, handlers, mutating
from tests.architecture.test_guards import call as call_event
from tests.support.people import Person, person

NEEDS = {
    ("POST", "/api/movies/{movieId}/visibility"): Role.MANAGER,
    ("POST", "/api/bulk/visibility"): Role.MANAGER,
    ("POST", "/api/bulk/schedule"): Role.MANAGER,
    ("POST", "/api/shelves"): Role.MANAGER,
    ("PUT", "/api/shelves/order"): Role.MANAGER,
    ("PATCH", "/api/shelves/{shelfId}"): Role.MANAGER,
    ("DELETE", "/api/shelves/{shelfId}"): Role.MANAGER,
    ("POST", "/admin/accounts"): Role.OWNER,
    ("POST", "/admin/accounts/{id}/role"): Role.OWNER,
    ("POST", "/admin/accounts/{id}/password"): Role.OWNER,
    ("POST", "/admin/accounts/{id}/forget-factors"): Role.OWNER,
    ("POST", "/admin/accounts/{id}/disable"): Role.OWNER,
    ("POST", "/admin/accounts/{id}/enable"): Role.OWNER,
}
ROUTES = [route for route in mutating(create_api()) if route[0] not in OPEN_TO_ALL]


@pytest.fixture
async def portal(sqlite_url: str, redis_url: str, tmp_path: Path) -> AsyncIterator[Services]:
    settings = Settings(
        data_dir=tmp_path / "data",
        database_url=sqlite_url,
        redis_url=redis_url,
        port=1,
        admin_requests_per_min=10_000,
    )
    settings.data_dir.mkdir()
    async with running(settings) as found:
        yield found


async def call(client: httpx.AsyncClient, someone: Person, path: str, method: str) -> int:
    """The status for somebody, with a body that no route can use."""
    headers = {"Cookie": someone.cookie, "Sec-Fetch-Site": "same-origin"}
    if path.startswith("/api"):
        headers = dict(someone.bearer)
    filled = re.sub(r"\{[^}]+\}", "x", path)
    answer = await client.request(method, filled, json={}, headers=headers)
    return answer.status_code


async def test_every_mutating_route_takes_the_role_that_it_needs_and_no_more(
    portal: Services,
) -> None:
    people = {role: await person(portal, role) for role in Role}
    transport = httpx.ASGITransport(create_api())
    wrong = []
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost:3000") as client:
        for path, method in ROUTES:
            needed = NEEDS.get((method, path), Role.EDITOR)
            for role, someone in people.items():
                status = await call(client, someone, path, method)
                may = RANK[role] >= RANK[needed]
                if (status not in {401, 403}) is not may or status >= 500:
                    wrong.append(f"{method} {path} answers {status} to an {role}")
    assert not wrong, "\n".join(wrong)


def test_the_table_names_routes_that_are_there() -> None:
    assert {(method, path) for path, method in ROUTES} >= NEEDS.keys()


# -- Events ----------------------------------------------------------------------------------------

EVENTS_OF_MANAGERS = {
    "ExplainState.load",
    "EditorState.look_again",
    "EditorState.set_visibility",
    "EditorState.undo",
    "MoviesState.act",
    "MoviesState.undo",
}


class AskedByEditor(Asked):
    """An editor's cookie; no service may be reached with it."""

    async def _nobody(self, *_: object, **__: object) -> SignedIn:
        self.asked = True
        actor = Actor("an-editor", "editor@films.example", Role.EDITOR)
        return SignedIn(actor, "s", "Editor", "password", utc_now())


async def test_events_that_publish_take_a_manager(monkeypatch: pytest.MonkeyPatch) -> None:
    asked_for: list[Role] = []

    def recording(actor: Actor | None, role: Role) -> Actor:
        asked_for.append(role)
        return require(actor, role)

    monkeypatch.setattr(guards, "require", recording)
    found = set()
    for state, name in handlers():
        monkeypatch.setattr(container._Running, "current", AskedByEditor())
        asked_for.clear()
        raised = await call_event(state, name)
        assert asked_for, f"{state.__name__}.{name} asks for no role"
        if asked_for[0] is not Role.EDITOR:
            found.add(f"{state.__name__}.{name}")
            # Refused, in words or by the error itself, before any service was reached.
            assert raised is None or isinstance(raised, PortalError), (state, name, raised)
    assert found == EVENTS_OF_MANAGERS
