"""A small OpenID Connect provider: one client, one person who always agrees (Core 1.0 3.1)."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import hashlib
import secrets
import threading
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlencode

import uvicorn
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from tests.support.ports import free_port

CLIENT_ID = "portal & co"
CLIENT_SECRET = "s3cret:with/odd characters"


def new_key() -> RSAKey:
    """A signing key with an id of its own."""
    return RSAKey.generate_key(2048, {"kid": secrets.token_hex(4)}, private=True)


@dataclass
class OidcProvider:
    """The provider and who is in front of it.

    Attributes:
        person: Claims of whom it signs in.
        claims: Put over the ID token's own: what a broken or hostile provider would say.
        header: Put over the ID token's header.
        refuses: Error it sends back instead of a code; "" for none.
        signs_with: A key that is not published, or None for its own.
    """

    issuer: str
    redirect_uri: str
    person: dict[str, Any]
    claims: dict[str, Any] = field(default_factory=dict)
    header: dict[str, Any] = field(default_factory=dict)
    refuses: str = ""
    signs_with: RSAKey | None = None
    key: RSAKey = field(default_factory=new_key)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def routes(self) -> list[Route]:
        """What it answers."""
        return [
            Route("/.well-known/openid-configuration", self._metadata),
            Route("/keys", self._keys),
            Route("/authorize", self._authorize),
            Route("/token", self._token, methods=["POST"]),
        ]

    async def _metadata(self, _: Request) -> Response:
        return JSONResponse(
            {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/keys",
                "token_endpoint_auth_methods_supported": ["client_secret_basic"],
            }
        )

    async def _keys(self, _: Request) -> Response:
        return JSONResponse(KeySet([self.key]).as_dict(private=False))

    async def _authorize(self, request: Request) -> Response:
        asked = dict(request.query_params)
        known = asked.get("client_id") == CLIENT_ID
        if not known or asked.get("redirect_uri") != self.redirect_uri:
            return Response("unknown client or return address", 400)
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        assert {"openid", "email"} <= set(asked["scope"].split())
        back = {"state": asked["state"], "iss": self.issuer}
        if self.refuses:
            back["error"] = self.refuses
        else:
            back["code"] = secrets.token_urlsafe(16)
            self.codes[back["code"]] = asked
        return RedirectResponse(f"{self.redirect_uri}?{urlencode(back)}", 302)

    async def _token(self, request: Request) -> Response:
        form = dict(await request.form())
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        name, _, secret = base64.b64decode(given).decode().partition(":")
        client = (scheme.lower(), unquote(name), unquote(secret))
        if client != ("basic", CLIENT_ID, CLIENT_SECRET):
            return JSONResponse({"error": "invalid_client"}, 401)
        asked = self.codes.pop(str(form.get("code")), None)
        digest = hashlib.sha256(str(form.get("code_verifier")).encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        fits = (
            asked is not None
            and form.get("grant_type") == "authorization_code"
            and form.get("redirect_uri") == asked["redirect_uri"]
            and challenge == asked["code_challenge"]
        )
        if asked is None or not fits:
            return JSONResponse({"error": "invalid_grant"}, 400)
        return JSONResponse(
            {
                "access_token": secrets.token_urlsafe(16),
                "token_type": "Bearer",
                "id_token": self._id_token(asked["nonce"]),
            },
            headers={"Cache-Control": "no-store"},
        )

    def _id_token(self, nonce: str) -> str:
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT_ID,
            "iat": now,
            "exp": now + 300,
            "nonce": nonce,
            **self.person,
            **self.claims,
        }
        key = self.signs_with or self.key
        header = {"alg": "RS256", "kid": key.kid, **self.header}
        return jwt.encode(header, {k: v for k, v in claims.items() if v is not None}, key)


@contextlib.contextmanager
def oidc_provider_on_thread(redirect_uri: str, person: dict[str, Any]) -> Iterator[OidcProvider]:
    """A running provider beside a test without a loop."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    running = oidc_provider(redirect_uri, person)
    try:
        yield asyncio.run_coroutine_threadsafe(running.__aenter__(), loop).result(10)
    finally:
        closing = running.__aexit__(None, None, None)
        asyncio.run_coroutine_threadsafe(closing, loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


@contextlib.asynccontextmanager
async def oidc_provider(redirect_uri: str, person: dict[str, Any]) -> AsyncIterator[OidcProvider]:
    """A running provider, in this loop."""
    port = free_port()
    provider = OidcProvider(f"http://127.0.0.1:{port}", redirect_uri, person)
    config = uvicorn.Config(
        Starlette(routes=provider.routes()), port=port, log_level="error", lifespan="off"
    )
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110  uvicorn has no event for it
        await asyncio.sleep(0.01)
    try:
        yield provider
    finally:
        server.should_exit = True
        await task
