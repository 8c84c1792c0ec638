"""Codes of an authenticator app as the second step of signing in, and codes on paper beside them.

The secret is shared when the person has shown a first code: a picture that was photographed badly
locks nobody out.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlmodel import Session

from portal.services import audit
from portal.services.account_models import RecoveryCode, TotpSecret
from portal.services.accounts import totp
from portal.services.accounts.secrets import digest
from portal.services.actors import Actor
from portal.services.db import Database
from portal.services.errors import Conflict, InvalidInput, NotFound
from portal.services.models import new_id
from portal.services.repositories import accounts as rows
from portal.services.repositories import factors
from portal.services.secrets_box import Place, SecretsBox
from portal.services.translation import later

RECOVERY_CODES: Final = 10
# Letters and digits that are not mistaken for each other (Crockford): 16 of them are 80 bits.
_LETTERS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_GROUPS: Final = 4
_LOOKS_LIKE: Final = str.maketrans("OIL", "011")


@dataclass(frozen=True, slots=True)
class AuthenticatorView:
    """How an account's second step stands.

    Attributes:
        since: When it was switched on; None when it is off.
        codes_left: Recovery codes that were not used.
    """

    since: datetime | None
    codes_left: int


class Authenticators:
    """Switches the second step of one's own account on and off."""

    def __init__(self, db: Database, box: SecretsBox) -> None:
        self._db = db
        self._box = box

    async def view(self, actor: Actor) -> AuthenticatorView:
        """How it stands."""

        def work(session: Session) -> AuthenticatorView:
            row = factors.totp_of(session, actor.id)
            return AuthenticatorView(
                row.confirmed_at if row else None, factors.unused_codes(session, actor.id)
            )

        return await self._db.run(work)

    async def begin(self, actor: Actor, now: datetime) -> None:
        """Make a secret that waits for its first code.

        Raises:
            Conflict: It is on already.
        """

        def work(session: Session) -> None:
            _hold(session, actor)
            row = factors.totp_of(session, actor.id)
            if row is not None and row.confirmed_at is not None:
                raise Conflict("There is an authenticator app already. Remove it first.")
            factors.delete_totp(session, actor.id)
            row_id = new_id()
            session.add(
                TotpSecret(
                    id=row_id,
                    account_id=actor.id,
                    secret_ciphertext=self._box.seal(totp.new_secret(), _place(row_id)),
                    secret_key_id=self._box.active_key_id,
                    created_at=now,
                )
            )

        await self._db.run(work)

    async def pending(self, actor: Actor) -> str:
        """The secret that waits for its first code; "" for none."""

        def work(session: Session) -> str:
            row = factors.totp_of(session, actor.id)
            if row is None or row.confirmed_at is not None:
                return ""
            return self._box.open(row.secret_ciphertext, _place(row.id))

        return await self._db.run(work)

    async def confirm(self, actor: Actor, code: str, now: datetime) -> list[str]:
        """Switch it on with a first code; gives the recovery codes, which nobody sees again.

        Raises:
            InvalidInput: The code is not the one the app shows.
            Conflict: There is nothing to confirm.
        """

        def work(session: Session) -> list[str]:
            _hold(session, actor)
            row = factors.totp_of(session, actor.id)
            if row is None or row.confirmed_at is not None:
                raise Conflict("There is no authenticator app to confirm. Begin anew.")
            shared = self._box.open(row.secret_ciphertext, _place(row.id))
            step = totp.matching_step(shared, code, now)
            if step is None:
                raise InvalidInput(
                    {
                        "code": later(
                            "This is not what the app shows now. See that the phone's clock is"
                            " right, and type the six digits of the present code."
                        )
                    }
                )
            row.confirmed_at, row.last_step = now, step
            _record(session, actor, "authenticator.add", now)
            return _new_codes(session, actor.id, now)

        return await self._db.run(work)

    async def new_codes(self, actor: Actor, now: datetime) -> list[str]:
        """Other recovery codes; the ones before are void.

        Raises:
            Conflict: There is no authenticator app.
        """

        def work(session: Session) -> list[str]:
            _hold(session, actor)
            row = factors.totp_of(session, actor.id)
            if row is None or row.confirmed_at is None:
                raise Conflict("Recovery codes stand in for an authenticator app. There is none.")
            _record(session, actor, "recovery-codes.new", now)
            return _new_codes(session, actor.id, now)

        return await self._db.run(work)

    async def remove(self, actor: Actor, now: datetime) -> None:
        """Switch it off, recovery codes and all.

        Raises:
            Conflict: It is off.
        """

        def work(session: Session) -> None:
            _hold(session, actor)
            if factors.totp_of(session, actor.id) is None:
                raise Conflict("There is no authenticator app to remove.")
            factors.delete_totp(session, actor.id)
            factors.delete_codes(session, actor.id)
            _record(session, actor, "authenticator.remove", now)

        await self._db.run(work)


def recovery_digest(code: str) -> str:
    """What is stored of a recovery code, however it was typed; "" if it is none."""
    plain = "".join(letter for letter in code.upper() if letter.isalnum()).translate(_LOOKS_LIKE)
    return digest(plain) if len(plain) == 4 * _GROUPS else ""


def _new_codes(session: Session, account_id: str, now: datetime) -> list[str]:
    factors.delete_codes(session, account_id)
    codes = [
        "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(_GROUPS))
        for _ in range(RECOVERY_CODES)
    ]
    for code in codes:
        session.add(
            RecoveryCode(account_id=account_id, code_hash=recovery_digest(code), created_at=now)
        )
    return codes


def _place(row_id: str) -> Place:
    return Place("totp_secret", "secret_ciphertext", row_id)


def _hold(session: Session, actor: Actor) -> None:
    if rows.lock(session, actor.id) is None:
        raise NotFound("There is no such account.")


def _record(session: Session, actor: Actor, action: str, now: datetime) -> None:
    audit.record(session, actor, action, entity="account", entity_id=actor.id, now=now)
