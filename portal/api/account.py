"""One's own account: password, second step, passkeys, browsers that are signed in, tokens."""

from __future__ import annotations

from typing import Any

import segno
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from portal import routes
from portal.api.forms import HEADERS, page
from portal.api.relying_party import relying_party
from portal.api.visits import Visit, done, guarded, sign_in_again
from portal.services.accounts import totp
from portal.services.actors import RANK, Role
from portal.services.container import services
from portal.services.errors import InvalidInput, PortalError
from portal.services.translation import later, told

AUTHENTICATOR = f"{routes.ACCOUNT}/authenticator"
_DONE = {
    "password": later(
        "Your password is changed. Your other browsers and all tokens are signed out."
    ),
    "authenticator-off": later("Signing in takes no code any more."),
    "passkey": later("The passkey is added. You can sign in with it from now on."),
    "passkey-off": later("The passkey is removed."),
    "session": later("That browser is signed out."),
    "sessions": later("All your other browsers are signed out."),
    "token-off": later("The token is revoked; what used it is refused from now on."),
}
_METHODS = {
    "password": later("password"),
    "password+code": later("password and code"),
    "passkey": later("passkey"),
    "oidc": later("outside sign-in"),
}
_DAYS = (7, 30, 90, 365)
# Never shown again, whatever was wrong.
_SECRET_FIELDS = frozenset({"present", "password", "credential", "ticket", "code"})


async def show(visit: Visit) -> Response:
    """The page."""
    return await _page(visit, done=told(_DONE.get(visit.request.query_params.get("done", ""), "")))


async def _again(visit: Visit, *, section: str = "", error: PortalError) -> Response:
    """The page once more, with what was wrong where it was wrong."""
    given = error.fields if isinstance(error, InvalidInput) else {}
    fields = {name: told(text) for name, text in given.items()}
    kept = {name: text for name, text in visit.form.items() if name not in _SECRET_FIELDS}
    return await _page(
        visit, section=section, error=told(error.detail), problems=fields, values=kept
    )


async def _page(visit: Visit, **more: Any) -> Response:
    accounts, actor = services().accounts, visit.actor
    given: dict[str, Any] = {"problems": {}, "values": {}, **more}
    return page(
        "account.html",
        current=routes.ACCOUNT,
        person=visit.person,
        is_recent=visit.is_recent,
        again=sign_in_again(routes.ACCOUNT),
        account=await accounts.people.own(actor),
        authenticator=await accounts.authenticators.view(actor),
        passkeys=await accounts.passkeys.list(actor),
        can_passkey=relying_party(visit.request) is not None,
        sessions=await accounts.sessions.list(visit.person, visit.now),
        tokens=await accounts.tokens.list(actor, visit.now),
        roles=[role for role in Role if RANK[role] <= RANK[actor.role]],
        days=_DAYS,
        methods=_METHODS,
        **given,
    )


async def change_password(visit: Visit) -> Response:
    """Another password, for who knows the present one."""
    await services().accounts.people.change_own_password(
        visit.person, visit.form.get("present", ""), visit.form.get("password", ""), visit.now
    )
    return done(routes.ACCOUNT, "password", "password")


async def end_session(visit: Visit) -> Response:
    """Sign one of one's browsers out."""
    session_id = str(visit.request.path_params["id"])
    await services().accounts.sessions.end(visit.actor, session_id, visit.now)
    return done(routes.ACCOUNT, "session", "sessions")


async def end_other_sessions(visit: Visit) -> Response:
    """Sign all of one's browsers out but this one."""
    await services().accounts.sessions.end_others(visit.person, visit.now)
    return done(routes.ACCOUNT, "sessions", "sessions")


async def create_token(visit: Visit) -> Response:
    """A token, shown this once."""
    form, role, days = visit.form, visit.form.get("role", ""), visit.form.get("days", "")
    if role not in {each.value for each in Role}:
        raise InvalidInput({"role": later("Choose what the token may do.")})
    if not (days.isascii() and days.isdecimal() and len(days) < 5):
        raise InvalidInput({"days": later("Choose how long the token lives.")})
    view, secret = await services().accounts.tokens.create(
        visit.actor, form.get("name", ""), Role(role), int(days), visit.now
    )
    return await _page(visit, new_token=secret, new_token_name=view.name)


async def revoke_token(visit: Visit) -> Response:
    """End a token."""
    token_id = str(visit.request.path_params["id"])
    await services().accounts.tokens.revoke(visit.actor, token_id, visit.now)
    return done(routes.ACCOUNT, "token-off", "tokens")


async def begin_authenticator(visit: Visit) -> Response:
    """Make a secret to share with an app."""
    await services().accounts.authenticators.begin(visit.actor, visit.now)
    return RedirectResponse(AUTHENTICATOR, 303, headers=HEADERS)


async def show_authenticator(visit: Visit) -> Response:
    """The secret as a QR code and in letters, and a field for the first code."""
    return await _authenticator_page(visit)


async def _authenticator_again(visit: Visit, *, section: str = "", error: PortalError) -> Response:
    del section
    return await _authenticator_page(visit, error=error.detail)


async def _authenticator_page(visit: Visit, error: str = "") -> Response:
    secret = await services().accounts.authenticators.pending(visit.actor)
    if not secret:
        return RedirectResponse(f"{routes.ACCOUNT}#authenticator", 303, headers=HEADERS)
    issuer = services().settings.site_name
    uri = totp.app_uri(secret, account=visit.actor.label, issuer=issuer)
    return page(
        "authenticator.html",
        current=routes.ACCOUNT,
        person=visit.person,
        error=error,
        uri=uri,
        picture=segno.make(uri, error="m").svg_data_uri(scale=6, border=3, light="#fff"),
        letters=" ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
    )


async def confirm_authenticator(visit: Visit) -> Response:
    """Switch it on with a first code; the recovery codes are shown this once."""
    codes = await services().accounts.authenticators.confirm(
        visit.actor, visit.form.get("code", ""), visit.now
    )
    return _codes_page(visit, codes, is_new=True)


async def new_codes(visit: Visit) -> Response:
    """Other recovery codes, shown this once."""
    codes = await services().accounts.authenticators.new_codes(visit.actor, visit.now)
    return _codes_page(visit, codes, is_new=False)


def _codes_page(visit: Visit, codes: list[str], *, is_new: bool) -> Response:
    return page(
        "codes.html", current=routes.ACCOUNT, person=visit.person, codes=codes, is_new=is_new
    )


async def remove_authenticator(visit: Visit) -> Response:
    """Switch it off."""
    await services().accounts.authenticators.remove(visit.actor, visit.now)
    return done(routes.ACCOUNT, "authenticator-off", "authenticator")


async def passkey_options(visit: Visit) -> Response:
    """What the browser needs to make a passkey; asked by the page's script."""
    party = relying_party(visit.request, required=True)
    ticket, options = await services().accounts.passkeys.begin_new(visit.actor, party)
    return passkey_answer(ticket, options)


def passkey_answer(ticket: str, options: str) -> Response:
    """Options (JSON already) and their ticket."""
    body = f'{{"ticket":"{ticket}","options":{options}}}'
    return Response(body, 200, {"Cache-Control": "no-store"}, "application/json")


async def add_passkey(visit: Visit) -> Response:
    """Keep the passkey that the browser made."""
    form = visit.form
    await services().accounts.passkeys.finish_new(
        visit.actor,
        form.get("ticket", ""),
        form.get("credential", ""),
        form.get("name", ""),
        relying_party(visit.request, required=True),
        visit.now,
    )
    return done(routes.ACCOUNT, "passkey", "passkeys")


async def remove_passkey(visit: Visit) -> Response:
    """Forget a passkey."""
    passkey_id = str(visit.request.path_params["id"])
    await services().accounts.passkeys.remove(visit.actor, passkey_id, visit.now)
    return done(routes.ACCOUNT, "passkey-off", "passkeys")


def _post(path: str, handler: Any, section: str, **how: Any) -> Route:
    endpoint = guarded(handler, section=section, shows=_again, **how)
    return Route(f"{routes.ACCOUNT}{path}", endpoint, methods=["POST"])


ROUTES = [
    Route(routes.ACCOUNT, guarded(show), methods=["GET"]),
    _post("/password", change_password, "password"),
    _post("/sessions/end-others", end_other_sessions, "sessions"),
    _post("/sessions/{id}/end", end_session, "sessions"),
    _post("/tokens", create_token, "tokens", recent=True),
    _post("/tokens/{id}/revoke", revoke_token, "tokens"),
    Route(
        AUTHENTICATOR,
        guarded(show_authenticator, recent=True, section="authenticator"),
        methods=["GET"],
    ),
    Route(
        AUTHENTICATOR,
        guarded(
            confirm_authenticator,
            recent=True,
            section="authenticator",
            shows=_authenticator_again,
        ),
        methods=["POST"],
    ),
    _post("/authenticator/begin", begin_authenticator, "authenticator", recent=True),
    _post("/authenticator/codes", new_codes, "authenticator", recent=True),
    _post("/authenticator/remove", remove_authenticator, "authenticator", recent=True),
    _post("/passkeys/options", passkey_options, "passkeys", recent=True, is_json=True),
    _post("/passkeys", add_passkey, "passkeys", recent=True),
    _post("/passkeys/{id}/remove", remove_passkey, "passkeys", recent=True),
]
