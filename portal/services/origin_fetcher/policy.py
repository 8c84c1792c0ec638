"""Which URLs the portal may fetch. The rules about the URL itself; addresses are `addresses`."""

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote

import httpx

from portal.services.origin_fetcher.addresses import is_allowed
from portal.services.origin_fetcher.errors import OriginRefused

MAX_URL_LENGTH = 8192
"""Longest URL, in characters, that is fetched."""

_DEFAULT_PORTS = {"http": 80, "https": 443}
_HOST_NAME = re.compile(r"(?:(?!-)[a-z0-9_-]{1,63}(?<!-)\.)*(?!-)[a-z0-9_-]{1,63}(?<!-)")
# A folder, and a name in it that changes nothing about where the URL leads.
_IN_FOLDER = re.compile(
    r"(https?://[A-Za-z0-9.:\[\]-]+/(?:[A-Za-z0-9_.~%=&+-]+/)*)"
    r"[A-Za-z0-9_~=&+-][A-Za-z0-9_.~=&+-]*(?:\?[A-Za-z0-9_.~%=&+/:-]*)?"
)
_MAX_LED = 4096
_USERINFO = re.compile(r"[^/?#]*//[^/?#]*@")
# Of such a last label resolvers make an IPv4 address: 127.1, 0x7f000001, 2130706433, 0177.0.0.1.
_NUMERIC_LABEL = re.compile(r"(?:.*\.)?(?:\d+|0x[0-9a-f]*)")


@dataclass(frozen=True, slots=True)
class TrustedOrigin:
    """An origin that the operator vouches for, with the headers that only it gets.

    Attributes:
        scheme: ``http`` or ``https``.
        host: As in a URL, lower case, IPv6 without brackets.
        port: TCP port.
        path: Folder below which it is trusted, with ``/`` at its end.
        headers: Sent with each request to it; for example a shared secret.
    """

    scheme: str
    host: str
    port: int
    path: str
    headers: Mapping[str, str] = field(repr=False)

    def covers(self, url: httpx.URL) -> bool:
        """Whether a URL lies in this origin and folder."""
        if (url.scheme, host_of(url), port_of(url)) != (self.scheme, self.host, self.port):
            return False
        # A server may decode twice before it resolves dots: judge what it could come to see. httpx
        # has decoded once already.
        path = unquote(url.path).replace("\\", "/")
        return path.startswith(self.path) and ".." not in path.split("/")


@dataclass(frozen=True, slots=True)
class FetchPolicy:
    """What the operator allows. The default: any public host, https, port 443.

    Attributes:
        allowed_hosts: If not empty, only these hosts; ``*.example.com`` is any host below. In
            lower case, international ones in their ``xn--`` form, as all hosts here.
        plain_http_hosts: Hosts that may be fetched with http, on port 80 or an allowed one.
        allowed_ports: TCP ports for https (and for http to ``plain_http_hosts``).
        allow_private_hosts: Hosts that may have private or loopback addresses. Link-local and
            metadata addresses stay forbidden.
        trusted_origins: ``scheme://host:port``, optionally with a folder (``/origin/``), that no
            rule about scheme, port or address applies to. Matched exactly. Never redirected into
            from elsewhere.
        trusted_headers: Extra request headers for entries of ``trusted_origins``, by the same text.
        connect_s: Time for name resolution and connection, and again for the TLS handshake.
        total_s: Time for a whole text, or until the headers of a stream.
        idle_s: Longest silence within a stream.
        max_redirects: How many redirects are followed; each is judged anew.

    Raises:
        ValueError: An entry of ``trusted_origins`` is no origin, or headers are given for another.
    """

    allowed_hosts: frozenset[str] = frozenset()
    plain_http_hosts: frozenset[str] = frozenset()
    allowed_ports: frozenset[int] = frozenset({443})
    allow_private_hosts: frozenset[str] = frozenset()
    trusted_origins: frozenset[str] = frozenset()
    trusted_headers: Mapping[str, Mapping[str, str]] = field(default_factory=dict, repr=False)
    connect_s: float = 3.0
    total_s: float = 10.0
    idle_s: float = 10.0
    max_redirects: int = 3
    _trusted: tuple[TrustedOrigin, ...] = field(init=False, repr=False, compare=False)
    _led: dict[tuple[str, str], bool] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )

    def __post_init__(self) -> None:
        if unknown := set(self.trusted_headers) - self.trusted_origins:
            raise ValueError(f"trusted_headers has {len(unknown)} entries not in trusted_origins.")
        trusted = tuple(
            _trusted_origin(text, self.trusted_headers.get(text, {}))
            for text in sorted(self.trusted_origins)
        )
        object.__setattr__(self, "_trusted", trusted)

    def check_url(self, url: str) -> httpx.URL:
        """Parse a URL and judge all that can be judged without resolving its host.

        Raises:
            OriginRefused: The URL is malformed or against the policy.
        """
        parsed = _parse(url)
        if self.trusted_origin(parsed) is not None:
            return parsed
        host = host_of(parsed)
        if parsed.scheme != "https" and not (
            parsed.scheme == "http" and _listed(host, self.plain_http_hosts)
        ):
            raise OriginRefused("scheme")
        port = port_of(parsed)
        if port not in self.allowed_ports and not (parsed.scheme == "http" and port == 80):
            raise OriginRefused("port")
        if self.allowed_hosts and not _listed(host, self.allowed_hosts):
            raise OriginRefused("host")
        if _is_literal(host):
            if not is_allowed(host, allow_private=self.allows_private(host)):
                raise OriginRefused("address")
        elif _NUMERIC_LABEL.fullmatch(host) or not _HOST_NAME.fullmatch(host) or len(host) > 253:
            raise OriginRefused("host")
        return parsed

    def trusted_origin(self, url: httpx.URL) -> TrustedOrigin | None:
        """The trusted origin that a parsed URL lies in, if any."""
        return next((origin for origin in self._trusted if origin.covers(url)), None)

    def allows_private(self, host: str) -> bool:
        """Whether a host may have private addresses."""
        return _listed(host, self.allow_private_hosts)

    def may_lead(self, from_url: str, to_url: str) -> bool:
        """Whether what one URL answered (a redirect, a playlist) may point to another URL.

        Besides that the target has to be allowed, a stranger may not make the portal fetch from a
        trusted origin, whose secret header would go along.
        """
        # A playlist names thousands of files of one folder; all of them are judged alike.
        plain = _IN_FOLDER.fullmatch(to_url)
        if plain is None or len(to_url) > MAX_URL_LENGTH:
            return self._may_lead(from_url, to_url)
        key = from_url, plain[1]
        known = self._led.get(key)
        if known is None:
            known = self._may_lead(from_url, plain[1])
            if len(self._led) >= _MAX_LED:
                self._led.clear()
            self._led[key] = known
        return known

    def _may_lead(self, from_url: str, to_url: str) -> bool:
        try:
            target = self.check_url(to_url)
            trusted = self.trusted_origin(target)
            return trusted is None or self.trusted_origin(_parse(from_url)) is trusted
        except OriginRefused:
            return False


def host_of(url: httpx.URL) -> str:
    """Host of a URL as it is resolved: lower case, IDNA-encoded, IPv6 without brackets."""
    return url.raw_host.decode("ascii")


def port_of(url: httpx.URL) -> int:
    """TCP port of a URL, the scheme's own where none is written."""
    return url.port if url.port is not None else _DEFAULT_PORTS.get(url.scheme, 0)


def _parse(url: str) -> httpx.URL:
    if len(url) > MAX_URL_LENGTH or not url.isprintable() or "\\" in url:
        raise OriginRefused("url")
    try:
        parsed = httpx.URL(url.strip())
        port = port_of(parsed)
    except (httpx.InvalidURL, ValueError):
        raise OriginRefused("url") from None
    if parsed.scheme not in _DEFAULT_PORTS:
        raise OriginRefused("scheme")
    if not parsed.host or not 0 < port < 65536:
        raise OriginRefused("url")
    if parsed.userinfo or _USERINFO.match(url):
        raise OriginRefused("userinfo")
    return parsed


def _trusted_origin(text: str, headers: Mapping[str, str]) -> TrustedOrigin:
    try:
        url = _parse(text)
    except OriginRefused:
        raise ValueError("trusted_origins has an entry that is no http(s) origin.") from None
    if url.query or url.fragment:
        raise ValueError("trusted_origins has an entry with a query or fragment.")
    path = url.path if url.path.endswith("/") else url.path + "/"
    return TrustedOrigin(url.scheme, host_of(url), port_of(url), path, dict(headers))


def _is_literal(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _listed(host: str, patterns: frozenset[str]) -> bool:
    return host in patterns or any(
        pattern.startswith("*.") and host.endswith(pattern[1:]) for pattern in patterns
    )
