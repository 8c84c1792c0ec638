"""Connections that are pinned to a checked address.

The host is resolved once for each connection, every address of the answer is judged, and the
connection goes to one of exactly these addresses: a name that resolves differently a moment later
(DNS rebinding) changes nothing. TLS server name and Host header stay the name that was asked for.
"""

import asyncio
import ipaddress
import socket
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence

import httpcore

from portal.services.origin_fetcher.addresses import is_allowed
from portal.services.origin_fetcher.errors import OriginRefused, OriginUnreachable
from portal.services.origin_fetcher.policy import FetchPolicy

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""``(host, port) -> addresses as text``, best first. Raises OSError where there is none."""

MAX_ATTEMPTS = 4
"""How many addresses of one host are tried."""


async def resolve_by_system(host: str, port: int) -> list[str]:
    """Resolve with the system's resolver (A and AAAA), in the order of RFC 6724."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


class PinnedBackend(httpcore.AsyncNetworkBackend):
    """An httpcore network backend that connects only to addresses the policy allows.

    Args:
        policy: The rules.
        resolve: How names become addresses.
        network: What makes the connection to a numeric address.
    """

    def __init__(
        self, policy: FetchPolicy, resolve: Resolve, network: httpcore.AsyncNetworkBackend
    ) -> None:
        self._policy = policy
        self._resolve = resolve
        self._network = network

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 (httpcore's signature)
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Resolve, judge every address, connect to the first that answers.

        Raises:
            OriginRefused: One of the addresses is not allowed.
            OriginUnreachable: The name does not resolve.
            httpcore.ConnectError: No address answers.
            httpcore.ConnectTimeout: None does in time.
        """
        deadline = time.monotonic() + (timeout or self._policy.connect_s)
        addresses = await self._addresses(host, port, deadline)
        failure: Exception = httpcore.ConnectError()
        for left, address in zip(range(len(addresses), 0, -1), addresses, strict=True):
            # An address that swallows packets must not use up the time of the next one.
            share = max(0.05, (deadline - time.monotonic()) / left)
            try:
                return await self._network.connect_tcp(
                    address,
                    port,
                    timeout=share,
                    local_address=local_address,
                    socket_options=socket_options,
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ASYNC109 (httpcore's signature)
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Not an origin.

        Raises:
            OriginRefused: Always.
        """
        raise OriginRefused("address")

    async def sleep(self, seconds: float) -> None:
        """Wait, as httpcore asks its backend to."""
        await asyncio.sleep(seconds)

    async def _addresses(self, host: str, port: int, deadline: float) -> list[str]:
        try:
            found: Sequence[str] = [str(ipaddress.ip_address(host))]
        except ValueError:
            try:
                async with asyncio.timeout(deadline - time.monotonic()):
                    found = await self._resolve(host, port)
            except TimeoutError:
                raise httpcore.ConnectTimeout from None
            except (OSError, UnicodeError):
                raise OriginUnreachable("dns") from None
        if not found:
            raise OriginUnreachable("dns")
        allow_private = self._policy.allows_private(host)
        if not all(is_allowed(address, allow_private=allow_private) for address in found):
            raise OriginRefused("address")
        return list(found[:MAX_ATTEMPTS])
