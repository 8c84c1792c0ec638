"""Who does something to the catalog, and what each role may do.

Zero trust: every handler and route makes an `Actor` anew from the store for each call and asks
`require`; nobody's role is remembered in a page's state.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from portal.services.errors import Forbidden, Unauthenticated
from portal.services.translation import later


class Role(StrEnum):
    """What an account may do; each includes the ones before it."""

    EDITOR = "editor"  # drafts: create and change what is not published
    MANAGER = "manager"  # publishes: visibility, windows, captions and sources of live movies
    OWNER = "owner"  # accounts, keys, audit verification


# As people read them.
ROLE_WORDS = (later("editor"), later("manager"), later("owner"))
RANK = {Role.EDITOR: 1, Role.MANAGER: 2, Role.OWNER: 3}


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who was authenticated for this one call.

    Attributes:
        id: The account.
        label: Its e-mail address, as the audit shows it.
        role: As read from the store for this call.
        address: Where the call came from; "" for the command line.
        correlation_id: Of the request or event, "" if none.
    """

    id: str
    label: str
    role: Role
    address: str = ""
    correlation_id: str = ""


SYSTEM = Actor("", "command line", Role.OWNER)


def require(actor: Actor | None, role: Role) -> Actor:
    """The actor, if they may act as `role`.

    Raises:
        Unauthenticated: Nobody is signed in.
        Forbidden: The role is not enough.
    """
    if actor is None:
        raise Unauthenticated
    if RANK[actor.role] < RANK[role]:
        raise Forbidden(f"This needs the role {role}; yours is {actor.role}.")
    return actor
