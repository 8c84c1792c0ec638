"""Signing in at an OpenID Connect provider: authorization code with PKCE, state and nonce.

(OpenID Connect Core 1.0 3.1, RFC 7636, RFC 9207.) What the provider demands of people, such as a
second step, is its business; whom it knows, and that it has verified their address, is believed.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import parse_qs, quote, urlsplit

import httpx
import structlog
from sqlmodel import Session

from portal.services import audit
from portal.services.account_models import ExternalIdentity
from portal.services.accounts import tickets
from portal.services.accounts.browsers import Browser, Outcome
from portal.services.accounts.emails import normalise_or_blank
from portal.services.accounts.sessions import open_session
from portal.services.accounts.throttle import LoginThrottle
from portal.services.actors import SYSTEM, Role
from portal.services.db import Clash, Database
from portal.services.errors import OriginFailed, Unauthenticated
from portal.services.models import Account
from portal.services.repositories import accounts as rows
from portal.services.repositories import factors
from portal.services.translation import later

log = structlog.get_logger(__name__)

LIFE_S: Final = 600
"""How long somebody may take at the provider."""
_SCOPE: Final = "openid email profile"
_ALGORITHMS: Final = ("RS256", "PS256", "ES256", "ES384", "EdDSA", "Ed25519")
_LEEWAY_S: Final = 60
_KEPT_S: Final = 3600
_REFRESH_S: Final = 30
_TIMEOUT: Final = httpx.Timeout(10, connect=4)
_AWAY = "The sign-in service does not answer properly. Try again, or sign in with your password."
_REFUSED = "The sign-in service did not let you in. Try again, or ask an owner of this portal."
_TOO_LATE = later("That took too long, or was begun in another browser. Try again.")
_UNKNOWN = later(
    "There is no account for you here. Ask an owner of this portal to make one with the e-mail"
    " address that you sign in with."
)
_NOT_VERIFIED = "The sign-in service has not verified your e-mail address, so we cannot go by it."


class ProviderFailed(OriginFailed):
    """The provider is away, or answers what it must not."""

    code = "sign-in-service-failed"
    title = "The sign-in service has a problem"
    default_detail = _AWAY


@dataclass(frozen=True, slots=True)
class Provider:
    """The provider as the settings name it.

    Attributes:
        issuer: Its issuer identifier, an https URL.
        client_id: Who we are there.
        client_secret: "" for a public client.
        label: What the button says.
        new_role: Role of an account for somebody who has none; None to refuse them.
    """

    issuer: str
    client_id: str
    client_secret: str
    label: str
    new_role: Role | None


@dataclass(frozen=True, slots=True)
class Person:
    """Whom the provider signed in."""

    subject: str
    email: str
    is_verified: bool
    name: str


class ExternalSignIn:
    """Sends people to the provider and takes them back."""

    def __init__(
        self,
        db: Database,
        given: tickets.Tickets,
        throttle: LoginThrottle,
        provider: Provider,
        may_register: Callable[[], bool],
    ) -> None:
        self.provider = provider
        self._db = db
        self._tickets = given
        self._throttle = throttle
        self._may_register = may_register
        self._metadata: dict[str, Any] = {}
        self._keys: Any = None
        self._read_at = -_KEPT_S * 1.0

    async def begin(self, redirect_uri: str, goal: str) -> tuple[str, str]:
        """Where to send the browser, and the ticket it keeps in a cookie meanwhile.

        Raises:
            ProviderFailed, Unavailable: The provider, or Redis, is away.
        """
        metadata = await self._discovered()
        content = {
            "state": secrets.token_urlsafe(24),
            "nonce": secrets.token_urlsafe(24),
            "verifier": secrets.token_urlsafe(48),
            "goal": goal,
            "redirect_uri": redirect_uri,
        }
        url = _authorization_url(metadata, self.provider, content)
        ticket = await self._tickets.issue(tickets.OIDC, content, life_s=LIFE_S)
        return url, ticket

    async def finish(
        self, ticket: str, url: str, browser: Browser, now: datetime
    ) -> tuple[Outcome, str]:
        """Sign in whom the provider sent back; gives also where they wanted to go.

        Args:
            ticket: From the cookie.
            url: The whole address that the browser came back to.
            browser: Where they are.
            now: The present instant.

        Raises:
            Unauthenticated: They are nobody here, or this is not what was begun.
            ProviderFailed, RateLimited, Unavailable: As they say.
        """
        await self._throttle.begin_from(browser.address)
        content = await self._tickets.take(tickets.OIDC, ticket) if ticket else None
        given = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        if content is None or not hmac.compare_digest(
            str(content["state"]), given.get("state", "")
        ):
            raise Unauthenticated(_TOO_LATE)
        if given.get("iss", self.provider.issuer) != self.provider.issuer:
            raise Unauthenticated(_REFUSED)
        if "code" not in given:
            log.info("oidc.refused", error=given.get("error", "")[:80])
            raise Unauthenticated(_REFUSED)
        person = await self._person(given["code"], content)
        try:
            secret = await self._db.run(lambda s: self._enter(s, person, browser, now))
        except Clash:  # the same person came back twice at once, for the first time
            secret = await self._db.run(lambda s: self._enter(s, person, browser, now))
        await self._throttle.succeeded_from(browser.address)
        return Outcome(secret=secret), str(content["goal"])

    async def _person(self, code: str, content: dict[str, Any]) -> Person:
        token = await self._exchanged(code, content)
        return await self._verified(token, content["nonce"])

    async def _verified(self, token: dict[str, Any], nonce: str) -> Person:
        from authlib.oidc.core import CodeIDToken
        from joserfc import jwt
        from joserfc.errors import InvalidKeyIdError, JoseError

        decoded = None
        for fresh in (False, True):
            keys = await self._key_set(fresh=fresh)
            try:
                decoded = jwt.decode(str(token["id_token"]), keys, algorithms=list(_ALGORITHMS))
                break
            except (JoseError, ValueError) as error:
                # The provider may have changed its keys since we asked for them.
                if fresh or not isinstance(error, (InvalidKeyIdError, ValueError)):
                    log.warning("oidc.token-refused", reason=type(error).__name__)
                    raise Unauthenticated(_REFUSED) from None
        assert decoded is not None  # noqa: S101  the loop ends by one or the other
        provider = self.provider
        claims = CodeIDToken(
            decoded.claims,
            decoded.header,
            options={
                "iss": {"essential": True, "value": provider.issuer},
                "aud": {"essential": True, "value": provider.client_id},
                "sub": {"essential": True},
            },
            params={
                "nonce": nonce,
                "client_id": provider.client_id,
                "access_token": token.get("access_token"),
            },
        )
        try:
            claims.validate(leeway=_LEEWAY_S)
        except (JoseError, ValueError, TypeError) as error:
            log.warning("oidc.token-refused", reason=type(error).__name__)
            raise Unauthenticated(_REFUSED) from None
        return Person(
            subject=str(claims["sub"]),
            email=normalise_or_blank(str(claims.get("email") or "")),
            is_verified=claims.get("email_verified") is True,
            name=" ".join(str(claims.get("name") or "").split())[:120],
        )

    def _enter(self, session: Session, person: Person, browser: Browser, now: datetime) -> str:
        identity_hash = hashlib.sha256(
            f"{self.provider.issuer}\n{person.subject}".encode()
        ).hexdigest()
        found = factors.identity_with_account(session, identity_hash)
        if found is None:
            account = self._account_of(session, person, now)
            row = ExternalIdentity(
                account_id=account.id,
                identity_hash=identity_hash,
                issuer=self.provider.issuer[:255],
                subject=person.subject[:255],
                created_at=now,
            )
            session.add(row)
            session.flush()
            audit.record(
                session,
                SYSTEM,
                "identity.link",
                entity="account",
                entity_id=account.id,
                after={"issuer": self.provider.issuer},
                now=now,
            )
        else:
            row, account = found
        if account.disabled_at is not None:
            raise Unauthenticated(_UNKNOWN)
        row.last_used_at = now
        return open_session(session, account, "oidc", browser, now)

    def _account_of(self, session: Session, person: Person, now: datetime) -> Account:
        if not person.email or not person.is_verified:
            raise Unauthenticated(_NOT_VERIFIED)
        account = rows.by_email(session, person.email)
        if account is not None:
            others = factors.identities_of(session, account.id)
            if any(each.issuer == self.provider.issuer for each in others):
                # The address was given to somebody else at the provider meanwhile.
                log.warning("oidc.address-taken", account=account.id)
                raise Unauthenticated(_UNKNOWN)
            return account
        if self.provider.new_role is None or not self._may_register():
            raise Unauthenticated(_UNKNOWN)
        account = Account(
            email=person.email,
            name=person.name,
            role=self.provider.new_role,
            password_hash="",
            created_at=now,
            updated_at=now,
        )
        session.add(account)
        session.flush()
        audit.record(
            session,
            SYSTEM,
            "account.create",
            entity="account",
            entity_id=account.id,
            after={"email": person.email, "role": account.role, "by": self.provider.issuer},
            now=now,
        )
        return account

    async def _exchanged(self, code: str, content: dict[str, Any]) -> dict[str, Any]:
        """The tokens for a code (RFC 6749 4.1.3)."""
        provider = self.provider
        metadata = await self._discovered()
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": str(content["redirect_uri"]),
            "code_verifier": str(content["verifier"]),
        }
        auth = None
        offered = metadata.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        if provider.client_secret and "client_secret_basic" in offered:
            # RFC 6749 2.3.1: both are form-encoded first.
            auth = httpx.BasicAuth(
                quote(provider.client_id, safe=""), quote(provider.client_secret, safe="")
            )
        else:
            form["client_id"] = provider.client_id
            if provider.client_secret:
                form["client_secret"] = provider.client_secret
        try:
            async with httpx.AsyncClient(timeout=_TIMEOUT, trust_env=False) as client:
                answer = await client.post(
                    metadata["token_endpoint"],
                    data=form,
                    auth=auth or httpx.USE_CLIENT_DEFAULT,
                    headers={"Accept": "application/json"},
                )
            token = answer.json()
        except (httpx.HTTPError, ValueError) as error:
            raise _failed("token", error) from None
        if not isinstance(token, dict) or answer.status_code >= 500:
            raise _failed("token", ValueError(f"status {answer.status_code}"))
        if answer.status_code != 200 or "id_token" not in token:
            log.warning("oidc.code-refused", error=str(token.get("error", ""))[:80])
            raise Unauthenticated(_REFUSED)
        return token

    async def _discovered(self) -> dict[str, Any]:
        if time.monotonic() - self._read_at > _KEPT_S:
            await self._read()
        return self._metadata

    async def _key_set(self, *, fresh: bool) -> Any:
        if fresh and time.monotonic() - self._read_at > _REFRESH_S:
            await self._read()
        await self._discovered()
        return self._keys

    async def _read(self) -> None:
        """Read what the provider says about itself (OpenID Connect Discovery 1.0 4)."""
        from joserfc.jwk import KeySet

        issuer = self.provider.issuer
        try:
            async with httpx.AsyncClient(timeout=_TIMEOUT, trust_env=False) as client:
                metadata = await _json(
                    client, f"{issuer.rstrip('/')}/.well-known/openid-configuration"
                )
                if metadata.get("issuer") != issuer:
                    raise ValueError("another issuer")
                for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
                    _require_safe(str(metadata[name]), issuer)
                keys = KeySet.import_key_set(await _json(client, str(metadata["jwks_uri"])))  # type: ignore[arg-type]
        except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
            raise _failed("discovery", error) from None
        self._metadata, self._keys, self._read_at = metadata, keys, time.monotonic()


def _authorization_url(
    metadata: dict[str, Any], provider: Provider, content: dict[str, Any]
) -> str:
    from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
    from authlib.oauth2.rfc7636 import create_s256_code_challenge

    url = prepare_grant_uri(
        metadata["authorization_endpoint"],
        provider.client_id,
        "code",
        redirect_uri=content["redirect_uri"],
        scope=_SCOPE,
        state=content["state"],
        nonce=content["nonce"],
        code_challenge=create_s256_code_challenge(content["verifier"]),
        code_challenge_method="S256",
    )
    return str(url)


async def _json(client: httpx.AsyncClient, url: str) -> dict[str, Any]:
    answer = await client.get(url, headers={"Accept": "application/json"})
    answer.raise_for_status()
    found = answer.json()
    if not isinstance(found, dict):
        raise TypeError("not an object")
    return found


def _require_safe(url: str, issuer: str) -> None:
    """https, unless the issuer itself is plain HTTP, which the settings allow on this machine."""
    if urlsplit(url).scheme != "https" and urlsplit(issuer).scheme == "https":
        raise ValueError("not https")


def _failed(step: str, error: Exception) -> ProviderFailed:
    words = str(error)[:200]
    log.error("oidc.provider-failed", step=step, reason=type(error).__name__, words=words)
    return ProviderFailed()
