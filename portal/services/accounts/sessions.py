"""Browsers that are signed in: opened, looked up for each call, ended."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlmodel import Session

from portal.services import audit
from portal.services.account_models import LoginSession
from portal.services.accounts.browsers import Browser
from portal.services.accounts.secrets import digest, new_session_secret
from portal.services.accounts.views import SessionView, SignedIn, session_view
from portal.services.actors import Actor, Role
from portal.services.db import Database
from portal.services.errors import NotFound, SignInAgain
from portal.services.models import Account
from portal.services.repositories import accounts as rows

IDLE_LIFE = timedelta(hours=12)
"""Somebody who does nothing for so long is signed out."""
LIFE = timedelta(days=7)
"""Everybody is after this."""
RECENT = timedelta(minutes=30)
"""Who changes how they or others sign in has shown so lately who they are."""
_KEPT = timedelta(days=30)
"""What is over is kept so long, then it goes when somebody signs in; the audit tells of it."""
_SEEN_EVERY = timedelta(minutes=1)
_MAX_USER_AGENT = 200


class LoginSessions:
    """Sessions of browsers. Nothing of them is remembered here: each call asks the store."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def find(
        self, secret: str, *, address: str, correlation_id: str, now: datetime
    ) -> SignedIn | None:
        """Who a cookie belongs to at this instant; None if to nobody any more.

        Raises:
            Unavailable: The database is away.
        """
        if not secret:
            return None
        return await self._db.run(
            lambda session: _find(session, digest(secret), address, correlation_id, now)
        )

    async def list(self, signed_in: SignedIn, now: datetime) -> list[SessionView]:
        """The person's own sessions."""
        return await self._db.run(
            lambda session: [
                session_view(row, signed_in.session_id)
                for row in rows.live_sessions(session, signed_in.actor.id, now)
                if row.last_seen_at > now - IDLE_LIFE
            ]
        )

    async def end(self, actor: Actor, session_id: str, now: datetime) -> None:
        """End one of the person's own sessions.

        Raises:
            NotFound: It is not theirs.
        """
        await self._db.run(lambda session: _end(session, actor, session_id, now))

    async def end_others(self, signed_in: SignedIn, now: datetime) -> None:
        """End all of the person's sessions but this one."""

        def work(session: Session) -> None:
            actor = signed_in.actor
            rows.revoke_all(session, LoginSession, actor.id, now, but=signed_in.session_id)
            audit.record(
                session, actor, "session.end-others", entity="account", entity_id=actor.id, now=now
            )

        await self._db.run(work)


def require_recent(signed_in: SignedIn, now: datetime) -> None:
    """See that somebody signed in lately: a browser that was left open is not enough.

    Raises:
        SignInAgain: They did not.
    """
    if signed_in.opened_at <= now - RECENT:
        raise SignInAgain


def open_session(
    session: Session, account: Account, method: str, browser: Browser, now: datetime
) -> str:
    """Sign a browser in, in the caller's transaction; gives the cookie's secret."""
    rows.delete_old_sessions(session, account.id, now - _KEPT)
    secret = new_session_secret()
    row = LoginSession(
        account_id=account.id,
        token_hash=digest(secret),
        method=method,
        address=browser.address,
        user_agent=browser.user_agent[:_MAX_USER_AGENT],
        created_at=now,
        last_seen_at=now,
        expires_at=now + LIFE,
    )
    session.add(row)
    actor = Actor(
        account.id, account.email, Role(account.role), browser.address, browser.correlation_id
    )
    audit.record(
        session,
        actor,
        "session.open",
        entity="account",
        entity_id=account.id,
        after={"method": method},
        now=now,
    )
    return secret


def _find(
    session: Session, token_hash: str, address: str, correlation_id: str, now: datetime
) -> SignedIn | None:
    found = rows.session_with_account(session, token_hash)
    if found is None:
        return None
    row, account = found
    over = row.revoked_at is not None or row.expires_at <= now
    if over or row.last_seen_at <= now - IDLE_LIFE or account.disabled_at is not None:
        return None
    if row.last_seen_at < now - _SEEN_EVERY:
        row.last_seen_at = now
    actor = Actor(account.id, account.email, Role(account.role), address, correlation_id)
    return SignedIn(actor, row.id, account.name or account.email, row.method, row.created_at)


def _end(session: Session, actor: Actor, session_id: str, now: datetime) -> None:
    row = session.get(LoginSession, session_id)
    if row is None or row.account_id != actor.id or row.revoked_at is not None:
        raise NotFound("This session is over already.")
    row.revoked_at = now
    audit.record(session, actor, "session.end", entity="account", entity_id=actor.id, now=now)
