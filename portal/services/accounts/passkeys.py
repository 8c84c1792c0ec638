"""Passkeys (WebAuthn level 3): signing in with a device's screen lock or a security key.

A passkey is found by the authenticator itself and asks for the person (user verification), so it
stands for both steps of signing in.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import structlog
import webauthn
from sqlmodel import Session
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from portal.services import audit
from portal.services.account_models import Passkey
from portal.services.accounts import tickets
from portal.services.accounts.browsers import Browser, Outcome
from portal.services.accounts.sessions import open_session
from portal.services.accounts.throttle import LoginThrottle
from portal.services.actors import Actor
from portal.services.db import Clash, Database
from portal.services.errors import Conflict, InvalidInput, NotFound, Unauthenticated
from portal.services.repositories import accounts as rows
from portal.services.repositories import factors
from portal.services.translation import later

log = structlog.get_logger(__name__)

MAX_PASSKEYS: Final = 20
MAX_CREDENTIAL: Final = 32_768  # characters of JSON; a large attestation is a few thousand
_LIFE_S: Final = 300
_MAX_NAME: Final = 80
_REFUSED = "This passkey is not known here, or did not answer as it should. Sign in another way."
_NOT_ADDED = later("The passkey could not be added: the device's answer does not fit. Try again.")
_TOO_LATE = later("That took too long. Try again.")


@dataclass(frozen=True, slots=True)
class RelyingParty:
    """Whom a passkey is for.

    Attributes:
        id: The host name; a passkey works on no other.
        origin: Where its pages come from, such as https://films.example.
        name: As the device shows it.
    """

    id: str
    origin: str
    name: str


@dataclass(frozen=True, slots=True)
class PasskeyView:
    """A passkey as it may be seen."""

    id: str
    name: str
    created_at: datetime
    last_used_at: datetime | None


class Passkeys:
    """Adds passkeys and signs people in with them."""

    def __init__(self, db: Database, given: tickets.Tickets, throttle: LoginThrottle) -> None:
        self._db = db
        self._tickets = given
        self._throttle = throttle

    async def list(self, actor: Actor) -> list[PasskeyView]:
        """The person's own passkeys."""
        return await self._db.run(
            lambda session: [_view(row) for row in factors.passkeys_of(session, actor.id)]
        )

    async def begin_new(self, actor: Actor, party: RelyingParty) -> tuple[str, str]:
        """A ticket, and what the browser's `navigator.credentials.create` takes, as JSON.

        Raises:
            Unavailable: As it says.
        """
        known = await self._db.run(lambda session: factors.passkeys_of(session, actor.id))
        options = webauthn.generate_registration_options(
            rp_id=party.id,
            rp_name=party.name,
            user_id=actor.id.encode(),
            user_name=actor.label,
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED,
                user_verification=UserVerificationRequirement.REQUIRED,
            ),
            exclude_credentials=[
                PublicKeyCredentialDescriptor(id=base64url_to_bytes(row.credential_id))
                for row in known
            ],
        )
        content = {"account": actor.id, "challenge": bytes_to_base64url(options.challenge)}
        ticket = await self._tickets.issue(tickets.PASSKEY_NEW, content, life_s=_LIFE_S)
        return ticket, webauthn.options_to_json(options)

    async def finish_new(
        self,
        actor: Actor,
        ticket: str,
        credential: str,
        name: str,
        party: RelyingParty,
        now: datetime,
    ) -> PasskeyView:
        """Keep what the device made.

        Raises:
            InvalidInput: The answer does not fit, or the name is no name.
            Conflict: There are too many, or this one is known.
        """
        content = await self._tickets.take(tickets.PASSKEY_NEW, ticket)
        if content is None or content["account"] != actor.id:
            raise InvalidInput({"passkey": _TOO_LATE})
        name = " ".join(name.split()) or "Passkey"
        if len(name) > _MAX_NAME or not name.isprintable():
            raise InvalidInput(
                {"passkey": later("Use at most {n} characters for the name.", n=_MAX_NAME)}
            )
        answer = _parsed(credential)
        try:
            made = webauthn.verify_registration_response(
                credential=answer,
                expected_challenge=base64url_to_bytes(content["challenge"]),
                expected_rp_id=party.id,
                expected_origin=party.origin,
                require_user_verification=True,
            )
        except (WebAuthnException, ValueError, KeyError, TypeError) as error:
            log.info("passkey.not-added", reason=type(error).__name__)
            raise InvalidInput({"passkey": _NOT_ADDED}) from None
        row = Passkey(
            account_id=actor.id,
            credential_hash=_hash(made.credential_id),
            credential_id=bytes_to_base64url(made.credential_id),
            public_key=bytes_to_base64url(made.credential_public_key),
            sign_count=made.sign_count,
            transports=_transports(answer),
            name=name,
            created_at=now,
        )

        def work(session: Session) -> PasskeyView:
            if rows.lock(session, actor.id) is None:
                raise NotFound("There is no such account.")
            if len(factors.passkeys_of(session, actor.id)) >= MAX_PASSKEYS:
                raise Conflict(f"There are {MAX_PASSKEYS} passkeys already. Remove one first.")
            session.add(row)
            session.flush()
            _record(session, actor, "passkey.add", {"name": name}, now)
            return _view(row)

        try:
            return await self._db.run(work)
        except Clash:
            raise Conflict("This passkey is known already.") from None

    async def remove(self, actor: Actor, passkey_id: str, now: datetime) -> None:
        """Forget one of the person's own passkeys.

        Raises:
            NotFound: It is not theirs, or gone already.
        """

        def work(session: Session) -> None:
            row = session.get(Passkey, passkey_id)
            if row is None or row.account_id != actor.id:
                raise NotFound("This passkey is removed already.")
            _record(session, actor, "passkey.remove", {"name": row.name}, now)
            session.delete(row)

        await self._db.run(work)

    async def begin_login(self, party: RelyingParty) -> tuple[str, str]:
        """A ticket, and what the browser's `navigator.credentials.get` takes, as JSON.

        It names no passkey: who has none learns nothing about who has.

        Raises:
            Unavailable: Redis is away.
        """
        options = webauthn.generate_authentication_options(
            rp_id=party.id, user_verification=UserVerificationRequirement.REQUIRED
        )
        content = {"challenge": bytes_to_base64url(options.challenge)}
        ticket = await self._tickets.issue(tickets.PASSKEY_LOGIN, content, life_s=_LIFE_S)
        return ticket, webauthn.options_to_json(options)

    async def finish_login(
        self, ticket: str, credential: str, party: RelyingParty, browser: Browser, now: datetime
    ) -> Outcome:
        """Sign in with the device's answer.

        Raises:
            Unauthenticated: It is nobody's, or is not good.
            RateLimited, Unavailable: As they say.
        """
        await self._throttle.begin_from(browser.address)
        content = await self._tickets.take(tickets.PASSKEY_LOGIN, ticket)
        if content is None:
            raise Unauthenticated(_TOO_LATE)
        challenge = base64url_to_bytes(content["challenge"])
        try:
            answer = _parsed(credential)
            credential_id = base64url_to_bytes(str(answer.get("rawId", "")))
        except (InvalidInput, ValueError):
            raise Unauthenticated(_REFUSED) from None

        def work(session: Session) -> str:
            found = factors.passkey_with_account(session, _hash(credential_id))
            if found is None or found[1].disabled_at is not None:
                raise Unauthenticated(_REFUSED)
            row, account = found
            # Held, so that two answers with one counter do not both pass.
            rows.lock(session, account.id)
            session.refresh(row)
            row.sign_count = _checked(answer, row, challenge, party)
            row.last_used_at = now
            return open_session(session, account, "passkey", browser, now)

        secret = await self._db.run(work)
        await self._throttle.succeeded_from(browser.address)
        return Outcome(secret=secret)


def _checked(answer: dict[str, Any], row: Passkey, challenge: bytes, party: RelyingParty) -> int:
    """See that an answer was signed by this passkey; its new counter."""
    handle = answer.get("response", {}).get("userHandle") or ""
    try:
        if base64url_to_bytes(handle) != row.account_id.encode():
            raise Unauthenticated(_REFUSED)
        done = webauthn.verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=party.id,
            expected_origin=party.origin,
            credential_public_key=base64url_to_bytes(row.public_key),
            credential_current_sign_count=row.sign_count,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as error:
        log.warning("passkey.refused", passkey=row.id, reason=type(error).__name__)
        raise Unauthenticated(_REFUSED) from None
    return done.new_sign_count


def _parsed(credential: str) -> dict[str, Any]:
    try:
        answer = json.loads(credential) if len(credential) <= MAX_CREDENTIAL else None
    except (ValueError, RecursionError):
        answer = None
    if not isinstance(answer, dict) or not isinstance(answer.get("response"), dict):
        raise InvalidInput({"passkey": _NOT_ADDED})
    return answer


def _transports(answer: dict[str, Any]) -> list[str]:
    known = {"ble", "hybrid", "internal", "nfc", "smart-card", "usb"}
    given = answer["response"].get("transports")
    return sorted(known & {str(each) for each in given}) if isinstance(given, list) else []


def _hash(credential_id: bytes) -> str:
    return hashlib.sha256(credential_id).hexdigest()


def _view(row: Passkey) -> PasskeyView:
    return PasskeyView(row.id, row.name, row.created_at, row.last_used_at)


def _record(
    session: Session, actor: Actor, action: str, after: dict[str, object], now: datetime
) -> None:
    audit.record(session, actor, action, entity="account", entity_id=actor.id, after=after, now=now)
