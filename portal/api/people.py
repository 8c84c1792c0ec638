"""The owners' page of all accounts: who there is, what they may do, and a way back in."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response
from starlette.routing import Route

from portal import routes
from portal.api.forms import page
from portal.api.visits import Visit, done, guarded, sign_in_again
from portal.services.accounts.secrets import new_password
from portal.services.actors import Role
from portal.services.container import services
from portal.services.errors import InvalidInput, PortalError
from portal.services.translation import later, told

_DONE = {
    "role": later("The role is changed; it holds at once."),
    "disabled": later("The account is shut out; its browsers and tokens are signed out."),
    "enabled": later("The account can sign in again."),
    "forgotten": later(
        "Authenticator app, passkeys and outside sign-in are taken off the account."
    ),
}


async def show(visit: Visit) -> Response:
    """The page."""
    return await _page(visit, done=told(_DONE.get(visit.request.query_params.get("done", ""), "")))


async def _again(visit: Visit, *, section: str = "", error: PortalError) -> Response:
    given = error.fields if isinstance(error, InvalidInput) else {}
    fields = {name: told(text) for name, text in given.items()}
    section = str(visit.request.path_params.get("id", section))
    return await _page(
        visit, section=section, error=told(error.detail), problems=fields, values=visit.form
    )


async def _page(visit: Visit, **more: Any) -> Response:
    given: dict[str, Any] = {"problems": {}, "values": {}, **more}
    return page(
        "accounts.html",
        current=routes.ACCOUNTS,
        person=visit.person,
        is_recent=visit.is_recent,
        again=sign_in_again(routes.ACCOUNTS),
        accounts=await services().accounts.people.list(visit.actor),
        roles=list(Role),
        **given,
    )


async def create(visit: Visit) -> Response:
    """A new account with a password that is shown this once."""
    password = new_password()
    made = await services().accounts.people.create(
        visit.actor,
        visit.form.get("email", ""),
        _role(visit),
        visit.now,
        name=visit.form.get("name", ""),
        password=password,
    )
    return await _page(visit, new_password=password, new_email=made.email, is_made=True)


async def set_role(visit: Visit) -> Response:
    """Another role."""
    await services().accounts.people.set_role(visit.actor, _id(visit), _role(visit), visit.now)
    return done(routes.ACCOUNTS, "role", _id(visit))


async def set_password(visit: Visit) -> Response:
    """A new password that is shown this once; what was signed in is not any more."""
    people, password = services().accounts.people, new_password()
    await people.set_password(visit.actor, _id(visit), password, visit.now)
    emails = {each.id: each.email for each in await people.list(visit.actor)}
    return await _page(visit, new_password=password, new_email=emails.get(_id(visit), ""))


async def forget_factors(visit: Visit) -> Response:
    """For somebody whose phone is gone."""
    await services().accounts.people.forget_factors(visit.actor, _id(visit), visit.now)
    return done(routes.ACCOUNTS, "forgotten", _id(visit))


async def disable(visit: Visit) -> Response:
    """Shut an account out."""
    await services().accounts.people.set_disabled(visit.actor, _id(visit), visit.now, disabled=True)
    return done(routes.ACCOUNTS, "disabled", _id(visit))


async def enable(visit: Visit) -> Response:
    """Let an account in again."""
    await services().accounts.people.set_disabled(
        visit.actor, _id(visit), visit.now, disabled=False
    )
    return done(routes.ACCOUNTS, "enabled", _id(visit))


def _id(visit: Visit) -> str:
    return str(visit.request.path_params["id"])


def _role(visit: Visit) -> Role:
    given = visit.form.get("role", "")
    if given not in {role.value for role in Role}:
        raise InvalidInput({"role": later("Choose a role.")})
    return Role(given)


def _post(path: str, handler: Any, section: str = "") -> Route:
    endpoint = guarded(handler, role=Role.OWNER, recent=True, section=section, shows=_again)
    return Route(f"{routes.ACCOUNTS}{path}", endpoint, methods=["POST"])


ROUTES = [
    Route(routes.ACCOUNTS, guarded(show, role=Role.OWNER), methods=["GET"]),
    _post("", create, "create"),
    _post("/{id}/role", set_role),
    _post("/{id}/password", set_password),
    _post("/{id}/forget-factors", forget_factors),
    _post("/{id}/disable", disable),
    _post("/{id}/enable", enable),
]
