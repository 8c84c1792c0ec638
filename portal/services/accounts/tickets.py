"""Short-lived secrets between two steps of signing in: in Redis, each for one use.

A ticket is what the browser holds; Redis knows it by its hash. With Redis away there is none, and
so nobody signs in.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from typing import Any, Final

from redis.asyncio import Redis

from portal.services.redis_client import answer, ticket_key

SECOND_FACTOR: Final = "second-factor"
PASSKEY_LOGIN: Final = "passkey-login"
PASSKEY_NEW: Final = "passkey-new"
OIDC: Final = "oidc"


class Tickets:
    """Gives out tickets and takes them back."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def issue(self, kind: str, content: dict[str, Any], *, life_s: int) -> str:
        """A new ticket: 256 random bits, base64url.

        Raises:
            Unavailable: Redis is away.
        """
        ticket = secrets.token_urlsafe(32)
        await answer(self._redis.set(_key(kind, ticket), json.dumps(content), ex=life_s))
        return ticket

    async def look(self, kind: str, ticket: str) -> dict[str, Any] | None:
        """What it stands for, left in place; None when it is unknown, used or too old.

        Raises:
            Unavailable: Redis is away.
        """
        found = await answer(self._redis.get(_key(kind, ticket)))
        return None if found is None else dict(json.loads(found))

    async def take(self, kind: str, ticket: str) -> dict[str, Any] | None:
        """What it stands for; it is used up with this.

        Raises:
            Unavailable: Redis is away.
        """
        found = await answer(self._redis.getdel(_key(kind, ticket)))
        return None if found is None else dict(json.loads(found))


def _key(kind: str, ticket: str) -> str:
    return ticket_key(kind, hashlib.sha256(ticket.encode()).hexdigest()[:32])
