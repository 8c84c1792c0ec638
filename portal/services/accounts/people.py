"""Accounts themselves: who there is, what they may do, and their passwords."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from sqlmodel import Session

from portal.services import audit
from portal.services.account_models import ApiToken, LoginSession
from portal.services.accounts.emails import normalise
from portal.services.accounts.passwords import Passwords, require_good_password
from portal.services.accounts.views import AccountView, SignedIn, account_view
from portal.services.actors import Actor, Role, require
from portal.services.db import Clash, Database
from portal.services.errors import Conflict, InvalidInput, NotFound
from portal.services.models import Account
from portal.services.repositories import accounts as rows
from portal.services.repositories import factors
from portal.services.translation import later

_MAX_NAME = 120
_TAKEN = later("There is an account with this e-mail address already.")


class People:
    """Creates and changes accounts. All but one's own password takes an owner."""

    def __init__(self, db: Database, passwords: Passwords) -> None:
        self._db = db
        self._passwords = passwords

    async def list(self, actor: Actor) -> list[AccountView]:
        """All accounts, by address.

        Raises:
            Unauthenticated, Forbidden: This takes an owner.
        """
        require(actor, Role.OWNER)
        return await self._db.run(_all)

    async def own(self, actor: Actor) -> AccountView:
        """The actor's own account.

        Raises:
            NotFound: It is gone.
        """
        found = await self._db.run(lambda session: session.get(Account, actor.id))
        if found is None:
            raise NotFound("There is no such account.")
        return account_view(found)

    async def find(self, actor: Actor, email: str) -> AccountView:
        """An account by its address.

        Raises:
            NotFound: There is none.
        """
        require(actor, Role.OWNER)
        found = await self._db.run(lambda session: rows.by_email(session, normalise(email)))
        if found is None:
            raise NotFound("There is no account with this e-mail address.")
        return account_view(found)

    async def create(
        self, actor: Actor, email: str, role: Role, now: datetime, *, name: str = "", password: str
    ) -> AccountView:
        """A new account.

        Args:
            actor: An owner.
            email: Its address; accounts that differ only in case are one.
            role: What it may do.
            now: The present instant.
            name: How the person is called.
            password: As it will be typed; "" for one who signs in by other means.

        Raises:
            InvalidInput: Names what is wrong.
        """
        require(actor, Role.OWNER)
        address = normalise(email)
        name = _clean_name(name)
        if password:
            require_good_password(password, email=address)
        stored = await self._passwords.hash(password) if password else ""
        account = Account(
            email=address,
            name=name,
            role=role,
            password_hash=stored,
            created_at=now,
            updated_at=now,
        )

        def work(session: Session) -> AccountView:
            if rows.by_email(session, address) is not None:
                raise InvalidInput({"email": _TAKEN})
            session.add(account)
            session.flush()
            after = {"email": address, "name": name, "role": role.value}
            _record(session, actor, "account.create", account, {}, after, now)
            return account_view(account)

        try:
            return await self._db.run(work)
        except Clash:
            raise InvalidInput({"email": _TAKEN}) from None

    async def set_role(self, actor: Actor, account_id: str, role: Role, now: datetime) -> None:
        """Give an account another role; it holds from its next request on.

        Raises:
            NotFound, Conflict: The last owner stays one.
        """

        def work(session: Session) -> None:
            account = _hold(session, actor, account_id, keeps_owner=role is Role.OWNER)
            before, account.role, account.updated_at = account.role, role, now
            _record(
                session, actor, "account.role", account, {"role": before}, {"role": role.value}, now
            )

        await self._db.run(work)

    async def set_disabled(
        self, actor: Actor, account_id: str, now: datetime, *, disabled: bool
    ) -> None:
        """Shut an account out at once, or let it in again (its sessions and tokens are gone).

        Raises:
            NotFound, Conflict: The last owner stays.
        """

        def work(session: Session) -> None:
            account = _hold(session, actor, account_id, keeps_owner=not disabled)
            was = account.disabled_at is not None
            account.disabled_at, account.updated_at = now if disabled else None, now
            if disabled:
                _sign_out(session, account_id, now)
            action = "account.disable" if disabled else "account.enable"
            _record(session, actor, action, account, {"disabled": was}, {"disabled": disabled}, now)

        await self._db.run(work)

    async def set_password(
        self, actor: Actor, account_id: str, password: str, now: datetime
    ) -> None:
        """Give an account a new password; all its sessions and tokens end.

        Raises:
            InvalidInput, NotFound: As they say.
        """
        require(actor, Role.OWNER)
        account = await self._db.run(lambda session: session.get(Account, account_id))
        if account is None:
            raise NotFound("There is no such account.")
        require_good_password(password, email=account.email)
        stored = await self._passwords.hash(password)

        def work(session: Session) -> None:
            held = _hold(session, actor, account_id, keeps_owner=True)
            held.password_hash, held.updated_at = stored, now
            _sign_out(session, account_id, now)
            _record(session, actor, "account.password", held, {}, {}, now)

        await self._db.run(work)

    async def forget_factors(self, actor: Actor, account_id: str, now: datetime) -> None:
        """Take from an account what it signs in with beside its password; its sessions end.

        For somebody whose phone is gone, and with it their codes.

        Raises:
            NotFound: There is no such account.
        """

        def work(session: Session) -> None:
            account = _hold(session, actor, account_id, keeps_owner=True)
            factors.delete_totp(session, account_id)
            factors.delete_codes(session, account_id)
            factors.delete_passkeys(session, account_id)
            factors.delete_identities(session, account_id)
            _sign_out(session, account_id, now)
            _record(session, actor, "account.forget-factors", account, {}, {}, now)

        await self._db.run(work)

    async def change_own_password(
        self, signed_in: SignedIn, present: str, password: str, now: datetime
    ) -> None:
        """Change one's own password; one's other sessions, and all tokens, end.

        Raises:
            InvalidInput: The present password is wrong, or the new one is not good.
        """
        actor = signed_in.actor
        account = await self._db.run(lambda session: session.get(Account, actor.id))
        good, _ = await self._passwords.check(present, account.password_hash if account else "")
        if account is None or not good:
            raise InvalidInput({"present": later("This is not your present password.")})
        require_good_password(password, email=account.email)
        stored = await self._passwords.hash(password)

        def work(session: Session) -> None:
            held = rows.lock(session, actor.id)
            if held is None:
                raise NotFound
            held.password_hash, held.updated_at = stored, now
            rows.revoke_all(session, LoginSession, held.id, now, but=signed_in.session_id)
            rows.revoke_all(session, ApiToken, held.id, now)
            _record(session, actor, "account.password", held, {}, {}, now)

        await self._db.run(work)


def _all(session: Session) -> list[AccountView]:
    with_codes = frozenset(factors.accounts_with_totp(session))
    passkeys, seen = factors.passkey_counts(session), rows.last_seen(session)
    return [
        replace(
            account_view(row),
            has_authenticator=row.id in with_codes,
            passkeys=passkeys.get(row.id, 0),
            last_seen_at=seen.get(row.id),
        )
        for row in rows.all_accounts(session)
    ]


def _hold(session: Session, actor: Actor, account_id: str, *, keeps_owner: bool) -> Account:
    require(actor, Role.OWNER)
    owners = rows.lock_owners(session)
    account = rows.lock(session, account_id)
    if account is None:
        raise NotFound("There is no such account.")
    if not keeps_owner and list(owners) == [account_id]:
        raise Conflict("This is the last owner. Make somebody else an owner first.")
    return account


def _sign_out(session: Session, account_id: str, now: datetime) -> None:
    rows.revoke_all(session, LoginSession, account_id, now)
    rows.revoke_all(session, ApiToken, account_id, now)


def _clean_name(name: str) -> str:
    cleaned = " ".join(name.split())
    if len(cleaned) > _MAX_NAME or not cleaned.isprintable():
        raise InvalidInput(
            {"name": later("Use at most {n} visible characters for the name.", n=_MAX_NAME)}
        )
    return cleaned


def _record(
    session: Session,
    actor: Actor,
    action: str,
    account: Account,
    before: Mapping[str, object],
    after: Mapping[str, object],
    now: datetime,
) -> None:
    audit.record(
        session,
        actor,
        action,
        entity="account",
        entity_id=account.id,
        before=before,
        after=after,
        now=now,
    )
