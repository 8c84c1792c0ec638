"""Which IP addresses the portal may connect to. Pure.

``ipaddress.is_global`` is not enough: on Python 3.11 it is True for 64:ff9b::7f00:1 (NAT64),
2002:7f00:1:: (6to4), ::127.0.0.1, fec0::1, ff02::1, 224.0.0.1 and 168.63.129.16. So IPv6 is an
allow-list (global unicast minus exceptions), IPv4 a deny-list after the IANA special-purpose
registry, and an IPv4 address inside an IPv6 one is judged too.
"""

import enum
import ipaddress

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Networks = tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]


class Reach(enum.Enum):
    """How far an address may be connected to."""

    PUBLIC = "public"
    """Anybody's: fine."""
    PRIVATE = "private"
    """The operator's own network or machine: only for hosts that the operator lists."""
    NEVER = "never"
    """Metadata services, link-local, multicast, reserved and tunnelling addresses."""


def _networks(*texts: str) -> Networks:
    return tuple(ipaddress.ip_network(text) for text in texts)


_PRIVATE_4 = _networks(
    "10.0.0.0/8",  # RFC 1918
    "172.16.0.0/12",  # RFC 1918
    "192.168.0.0/16",  # RFC 1918
    "100.64.0.0/10",  # carrier-grade NAT, RFC 6598
    "127.0.0.0/8",  # loopback
)
_NEVER_4 = _networks(
    "0.0.0.0/8",  # this network; 0.0.0.0 reaches the own machine on Linux
    "100.100.100.200/32",  # Alibaba Cloud metadata
    "168.63.129.16/32",  # Azure WireServer; public by its number
    "169.254.0.0/16",  # link-local, cloud metadata
    "192.0.0.0/24",  # IETF protocol assignments; Oracle Cloud metadata
    "192.0.2.0/24",  # documentation
    "192.88.99.0/24",  # 6to4 relay anycast, RFC 7526
    "198.18.0.0/15",  # benchmarking
    "198.51.100.0/24",  # documentation
    "203.0.113.0/24",  # documentation
    "224.0.0.0/4",  # multicast
    "240.0.0.0/4",  # reserved, limited broadcast
)
_PRIVATE_6 = _networks(
    "fc00::/7",  # unique local, RFC 4193
    "::1/128",  # loopback
)
_NEVER_6 = _networks(
    "fd00:ec2::/32",  # AWS metadata, DNS and time
    "fd20:ce::/32",  # Google Cloud metadata
    "2001::/23",  # IETF protocol assignments: Teredo, ORCHID, benchmarking
    "2001:db8::/32",  # documentation
    "2002::/16",  # 6to4, RFC 7526
    "3ffe::/16",  # 6bone, returned
    "3fff::/20",  # documentation, RFC 9637
)
_GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_ISATAP = (0x00005EFE, 0x02005EFE)  # RFC 5214 6.1: interface identifiers that hold an IPv4 address


def reach_of(address: Address) -> Reach:
    """Judge one address.

    IPv4-mapped, IPv4-compatible, IPv4-translated, local NAT64 (64:ff9b:1::/48), site-local,
    link-local, multicast and discard addresses are outside global unicast and so never allowed. Of
    the well-known NAT64 prefix, which IPv6-only clusters need, the IPv4 address inside decides.
    """
    if isinstance(address, ipaddress.IPv4Address):
        return _listed(address, _NEVER_4, _PRIVATE_4) or Reach.PUBLIC
    if address.scope_id is not None:
        return Reach.NEVER
    if listed := _listed(address, _NEVER_6, _PRIVATE_6):
        return listed
    number = int(address)
    inner = reach_of(ipaddress.IPv4Address(number & 0xFFFFFFFF))
    holds_inner = address in _NAT64 or (number >> 32) & 0xFFFFFFFF in _ISATAP
    if address not in _GLOBAL_UNICAST and address not in _NAT64:
        return Reach.NEVER
    # What is private behind a translator is not the operator's network as we know it.
    return Reach.NEVER if holds_inner and inner is not Reach.PUBLIC else Reach.PUBLIC


def _listed(address: Address, never: Networks, private: Networks) -> Reach | None:
    if any(address in network for network in never):
        return Reach.NEVER
    if any(address in network for network in private):
        return Reach.PRIVATE
    return None


def is_allowed(address: str, *, allow_private: bool = False) -> bool:
    """Whether the portal may connect to an address given as text. Nonsense is not allowed."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    reach = reach_of(parsed)
    return reach is Reach.PUBLIC or (allow_private and reach is Reach.PRIVATE)
