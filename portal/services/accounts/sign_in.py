"""Signing in with a password and, where the person has one, an authenticator's code."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import structlog
from sqlmodel import Session

from portal.services import audit
from portal.services.accounts import tickets, totp
from portal.services.accounts.authenticator import recovery_digest
from portal.services.accounts.browsers import Browser, Outcome
from portal.services.accounts.emails import normalise_or_blank
from portal.services.accounts.passwords import Passwords
from portal.services.accounts.secrets import digest
from portal.services.accounts.sessions import open_session
from portal.services.accounts.throttle import LoginThrottle
from portal.services.actors import Actor, Role
from portal.services.db import Database
from portal.services.errors import Unauthenticated
from portal.services.models import Account
from portal.services.repositories import accounts as rows
from portal.services.repositories import factors
from portal.services.secrets_box import Place, SecretsBox
from portal.services.translation import later

log = structlog.get_logger(__name__)

CODE_LIFE_S: Final = 300
_WRONG = later("The e-mail address or the password is wrong.")
_WRONG_CODE = later("This code is wrong, or was used already. Wait for the next one and try again.")
_TOO_LATE = later("That took too long. Sign in again.")


class SignIn:
    """Lets people in. With Redis away nobody can sign in: attempts could not be counted."""

    def __init__(
        self,
        db: Database,
        passwords: Passwords,
        throttle: LoginThrottle,
        given: tickets.Tickets,
        box: SecretsBox,
    ) -> None:
        self._db = db
        self._passwords = passwords
        self._throttle = throttle
        self._tickets = given
        self._box = box

    async def with_password(
        self, email: str, password: str, browser: Browser, now: datetime
    ) -> Outcome:
        """Sign in, or ask for a code.

        Raises:
            Unauthenticated: Address or password is wrong; nobody is told which.
            RateLimited, Unavailable: As they say.
        """
        address = normalise_or_blank(email)
        attempt = await self._throttle.begin(address, browser.address)
        account = await self._db.run(lambda s: rows.by_email(s, address)) if address else None
        stored = account.password_hash if account is not None else ""
        good, newer = await self._passwords.check(password, stored)
        if not good or account is None or account.disabled_at is not None:
            await self._throttle.failed(attempt)
            log.info("login.refused", account=attempt.account)
            raise Unauthenticated(_WRONG)
        await self._throttle.succeeded(attempt)

        def work(session: Session) -> str:
            held = rows.lock(session, account.id)
            if held is None or held.disabled_at is not None or held.password_hash != stored:
                raise Unauthenticated(_WRONG)
            if newer:
                held.password_hash = newer
            secret = factors.totp_of(session, held.id)
            if secret is not None and secret.confirmed_at is not None:
                return ""
            return open_session(session, held, "password", browser, now)

        if found := await self._db.run(work):
            return Outcome(secret=found)
        content = {"account": account.id}
        ticket = await self._tickets.issue(tickets.SECOND_FACTOR, content, life_s=CODE_LIFE_S)
        return Outcome(ticket=ticket)

    async def with_code(self, ticket: str, code: str, browser: Browser, now: datetime) -> Outcome:
        """The second step: a code of the authenticator, or one of the recovery codes.

        Raises:
            Unauthenticated: The code is wrong, or the ticket is over.
            RateLimited, Unavailable: As they say.
        """
        content = await self._tickets.look(tickets.SECOND_FACTOR, ticket)
        if content is None:
            raise Unauthenticated(_TOO_LATE)
        account_id = str(content["account"])
        attempt = await self._throttle.begin_code(account_id, browser.address)

        def work(session: Session) -> str:
            held = rows.lock(session, account_id)
            if held is None or held.disabled_at is not None:
                raise Unauthenticated(_TOO_LATE)
            method = self._accept(session, held, code, browser, now)
            return open_session(session, held, method, browser, now) if method else ""

        secret = await self._db.run(work)
        if not secret:
            await self._throttle.failed(attempt)
            raise Unauthenticated(_WRONG_CODE)
        await self._tickets.take(tickets.SECOND_FACTOR, ticket)
        await self._throttle.succeeded(attempt)
        return Outcome(secret=secret)

    def _accept(
        self, session: Session, account: Account, code: str, browser: Browser, now: datetime
    ) -> str:
        row = factors.totp_of(session, account.id)
        if row is not None and row.confirmed_at is not None:
            place = Place("totp_secret", "secret_ciphertext", row.id)
            shared = self._box.open(row.secret_ciphertext, place)
            step = totp.matching_step(shared, code, now, after=row.last_step)
            if step is not None:
                row.last_step = step
                return "password+code"
        on_paper = recovery_digest(code)
        unused = factors.unused_code(session, account.id, on_paper) if on_paper else None
        if unused is None:
            return ""
        unused.used_at = now
        actor = Actor(
            account.id, account.email, Role(account.role), browser.address, browser.correlation_id
        )
        audit.record(
            session, actor, "recovery-code.use", entity="account", entity_id=account.id, now=now
        )
        return "password+code"

    async def sign_out(self, secret: str, now: datetime) -> None:
        """End the session of a cookie, if there is one."""

        def work(session: Session) -> None:
            found = rows.session_with_account(session, digest(secret))
            if found is not None and found[0].revoked_at is None:
                found[0].revoked_at = now

        if secret:
            await self._db.run(work)
