"""Redis behind Sentinel: the Sentinels are asked who is the master, again after a failover.

`redis+sentinel://[user:password@]host[:26379][,host…]/master[/db]`; with `rediss+sentinel://` Redis
and the Sentinels are reached over TLS. `?sentinel_password=…` is for Sentinels that want one of
their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlsplit

from redis.asyncio.sentinel import Sentinel

SCHEMES = ("redis+sentinel://", "rediss+sentinel://")
_SENTINEL_PORT = 26379
_SENTINEL_TIMEOUT_S = 0.5


@dataclass(frozen=True, slots=True)
class SentinelAddress:
    """Where the Sentinels are, and what they watch.

    Attributes:
        hosts: Host and port of each.
        master: The name under which they watch the master.
        db: Number of the database.
        tls: Whether Redis and the Sentinels speak TLS.
    """

    hosts: tuple[tuple[str, int], ...]
    master: str
    db: int
    username: str
    password: str
    sentinel_password: str
    tls: bool

    def sentinel(self, **connection: Any) -> Sentinel:
        """A client of the Sentinels; `connection` is for the master's clients that it makes."""
        to_sentinels: dict[str, Any] = {
            "socket_timeout": _SENTINEL_TIMEOUT_S,
            "socket_connect_timeout": _SENTINEL_TIMEOUT_S,
        }
        if self.sentinel_password:
            to_sentinels["password"] = self.sentinel_password
        if self.tls:
            to_sentinels["ssl"] = connection["ssl"] = True
        return Sentinel(self.hosts, sentinel_kwargs=to_sentinels, **connection)  # type: ignore[no-untyped-call]

    def credentials(self) -> dict[str, str]:
        """User name and password of the master, where there are any."""
        given = {"username": self.username, "password": self.password}
        return {name: value for name, value in given.items() if value}

    def by_socket(self, path: str) -> str:
        """The URL of the same database through a Unix socket that leads to the master."""
        user, password = quote(self.username, safe=""), quote(self.password, safe="")
        who = f"{user}:{password}@" if password else ""
        return f"unix://{who}{path}?db={self.db}"


def is_sentinel(url: str) -> bool:
    """Whether a URL names Sentinels."""
    return url.startswith(SCHEMES)


def parse_sentinel_url(url: str) -> SentinelAddress:
    """Read such a URL.

    Raises:
        ValueError: It names no Sentinel, no master, or a database that is no number.
    """
    parts = urlsplit(url)
    who, _, hosts = parts.netloc.rpartition("@")
    username, _, password = who.partition(":")
    found = tuple(_host(each) for each in hosts.split(",") if each)
    master, _, db = parts.path.strip("/").partition("/")
    if not found or not master or not (db or "0").isdigit():
        message = "must be redis+sentinel://host:26379,host:26379/name-of-the-master[/db]"
        raise ValueError(message)
    return SentinelAddress(
        hosts=found,
        master=unquote(master),
        db=int(db or 0),
        username=unquote(username),
        password=unquote(password),
        sentinel_password=parse_qs(parts.query).get("sentinel_password", [""])[0],
        tls=parts.scheme.startswith("rediss"),
    )


def _host(text: str) -> tuple[str, int]:
    name, separator, port = text.rpartition(":")
    if not separator or text.endswith("]"):
        return text.strip("[]"), _SENTINEL_PORT
    if not port.isdigit():
        message = f"port {port!r} of a Sentinel is not a number"
        raise ValueError(message)
    return name.strip("[]"), int(port)
