"""Every form of an address that must not be reached, and each CVE that taught it."""

import ipaddress
import socket

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.services.origin_fetcher import FetchPolicy, OriginFetcher, OriginRefused
from portal.services.origin_fetcher.addresses import Reach, is_allowed, reach_of

NEVER = {
    "this network": "0.0.0.0",
    "this network, other": "0.1.2.3",
    "link-local": "169.254.1.1",
    "AWS, Google, Azure metadata": "169.254.169.254",
    "AWS ECS task metadata": "169.254.170.2",
    "Azure WireServer": "168.63.129.16",
    "Alibaba metadata": "100.100.100.200",
    "Oracle metadata": "192.0.0.192",
    "documentation 1": "192.0.2.1",
    "documentation 2": "198.51.100.1",
    "documentation 3": "203.0.113.1",
    "6to4 relay": "192.88.99.1",
    "benchmarking": "198.18.0.1",
    "benchmarking, end": "198.19.255.255",
    "multicast": "224.0.0.1",
    "multicast, end": "239.255.255.255",
    "reserved": "240.0.0.1",
    "broadcast": "255.255.255.255",
    "unspecified v6": "::",
    "v4-mapped loopback": "::ffff:127.0.0.1",
    "v4-mapped metadata, hex": "::ffff:a9fe:a9fe",
    "v4-mapped public": "::ffff:8.8.8.8",
    "v4-compatible loopback": "::127.0.0.1",
    "v4-compatible private": "::10.0.0.1",
    "v4-translated": "::ffff:0:127.0.0.1",
    "NAT64 loopback": "64:ff9b::7f00:1",
    "NAT64 private": "64:ff9b::10.0.0.1",
    "NAT64 metadata": "64:ff9b::169.254.169.254",
    "NAT64 WireServer": "64:ff9b::168.63.129.16",
    "local NAT64": "64:ff9b:1::8.8.8.8",
    "6to4 loopback": "2002:7f00:1::",
    "6to4 metadata": "2002:a9fe:a9fe::1",
    "Teredo": "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "ISATAP loopback": "2a00:1450::5efe:7f00:1",
    "ISATAP metadata, universal": "2a00:1450::200:5efe:a9fe:a9fe",
    "ISATAP link-local": "fe80::5efe:10.0.0.1",
    "site-local": "fec0::1",
    "link-local v6": "fe80::1",
    "link-local v6 with zone": "fe80::1%eth0",
    "public with zone": "2a00:1450::1%1",
    "multicast v6": "ff02::1",
    "discard": "100::1",
    "documentation v6": "2001:db8::1",
    "documentation v6, new": "3fff::1",
    "ORCHID": "2001:20::1",
    "benchmarking v6": "2001:2::1",
    "segment routing": "5f00::1",
    "6bone": "3ffe::1",
    "AWS metadata v6": "fd00:ec2::254",
    "Google metadata v6": "fd20:ce::254",
    "unassigned": "4000::1",
    "not an address": "localhost",
    "empty": "",
}
PRIVATE = {
    "loopback": "127.0.0.1",
    "loopback, other": "127.255.0.9",
    "RFC 1918, 10": "10.0.0.1",
    "RFC 1918, 172": "172.16.0.1",
    "RFC 1918, 172 end": "172.31.255.255",
    "RFC 1918, 192": "192.168.1.1",
    "carrier NAT": "100.64.0.1",
    "loopback v6": "::1",
    "unique local": "fd12:3456::1",
    "unique local, fc": "fc00::1",
}
PUBLIC = [
    "8.8.8.8",
    "93.184.216.34",
    "172.32.0.1",
    "100.128.0.1",
    "169.253.0.1",
    "198.20.0.1",
    "2a00:1450:4001:81b::200e",
    "2606:4700::1111",
    "64:ff9b::8.8.8.8",
    "2001:4860:4860::8888",
    "2a00:1450::5efe:808:808",
]
# What the vulnerable program reached, with the address form that got past its check.
CVES = {
    "Mastodon CVE-2026-22245: benchmarking range missing": "198.18.0.1",
    "Mastodon CVE-2026-22245: carrier NAT range missing": "100.64.0.1",
    "Mastodon CVE-2026-46348: ::": "::",
    "Mastodon CVE-2026-47389: IPv4-mapped AAAA": "::ffff:169.254.169.254",
    "AVideo CVE-2026-33480: IPv4-mapped loopback": "::ffff:127.0.0.1",
    "AVideo CVE-2026-33237: admin-configured URL to the own machine": "127.0.0.1",
    "Lemmy CVE-2026-33693: 0.0.0.0": "0.0.0.0",
    "Ghost CVE-2026-22597: staff member's URL into the private network": "10.0.0.1",
}


def url_of(address: str) -> str:
    return f"https://[{address}]/x.m3u8" if ":" in address else f"https://{address}/x.m3u8"


@pytest.mark.parametrize("name", NEVER)
def test_never_even_where_private_addresses_are_allowed(name: str) -> None:
    assert not is_allowed(NEVER[name], allow_private=True)


@pytest.mark.parametrize("name", PRIVATE)
def test_private_only_where_the_operator_says_so(name: str) -> None:
    assert not is_allowed(PRIVATE[name])
    assert is_allowed(PRIVATE[name], allow_private=True)


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are_fine(address: str) -> None:
    assert is_allowed(address)


@given(st.ip_addresses(v=6))
def test_nothing_that_the_standard_library_calls_private_is_allowed(address) -> None:
    special = not address.is_global or address.is_multicast or address.is_reserved
    if special and address not in ipaddress.ip_network("64:ff9b::/96"):
        assert reach_of(address) is not Reach.PUBLIC


@given(st.ip_addresses(v=4))
def test_nothing_of_ipv4_that_the_standard_library_calls_private_is_allowed(address) -> None:
    if not address.is_global or address.is_multicast:
        assert reach_of(address) is not Reach.PUBLIC


@pytest.mark.parametrize("name", CVES)
@pytest.mark.parametrize("how", ["in the URL", "by DNS", "among good addresses"])
async def test_cves(name: str, how: str, no_network) -> None:
    address = CVES[name]
    url = url_of(address) if how == "in the URL" else "https://films.example/main.m3u8"
    answer = ["93.184.216.34", address] if how == "among good addresses" else [address]

    async def resolve(host: str, port: int) -> list[str]:
        return answer

    async with OriginFetcher(resolve=resolve, network=no_network) as fetcher:
        with pytest.raises(OriginRefused) as caught:
            await fetcher.fetch_text(url)
    assert caught.value.reason == "address"
    assert no_network.contacted == []


URL_FORMS = {
    "http": ("http://films.example/a.m3u8", "scheme"),
    "file": ("file:///etc/passwd", "scheme"),
    "ftp": ("ftp://films.example/", "scheme"),
    "gopher": ("gopher://127.0.0.1:6379/_INFO", "scheme"),
    "javascript": ("javascript:alert(1)", "scheme"),
    "data": ("data:text/plain,x", "scheme"),
    "no scheme": ("films.example/a.m3u8", "scheme"),
    "relative scheme": ("//films.example/a.m3u8", "scheme"),
    "no host": ("https:///a.m3u8", "url"),
    "empty": ("", "scheme"),
    "user name": ("https://user@films.example/", "userinfo"),
    "password": ("https://user:secret@films.example/", "userinfo"),
    "empty user name": ("https://@films.example/", "userinfo"),
    "host in user name": ("https://films.example@127.0.0.1/", "userinfo"),
    "redis port": ("https://films.example:6379/", "port"),
    "port 80 with https": ("https://films.example:80/", "port"),
    "port 0": ("https://films.example:0/", "url"),
    "port 65536": ("https://films.example:65536/", "url"),
    "backslash": ("https://films.example\\@127.0.0.1/", "url"),
    "line end": ("https://films.example/\r\nHost: x", "url"),
    "tab": ("https://films.\texample/", "url"),
    "too long": ("https://films.example/" + "a" * 9000, "url"),
    "decimal address": ("https://2130706433/", "host"),
    "hex address": ("https://0x7f000001/", "host"),
    "octal address": ("https://0177.0.0.1/", "url"),
    "short address": ("https://127.1/", "host"),
    "hex part": ("https://0x7f.0.0.1/", "host"),
    "five parts": ("https://1.2.3.4.5/", "host"),
    "ideographic dots": ("https://127。0。0。1/", "address"),
    "circled digits": ("https://①②⑦.0.0.1/", "url"),
    "percent-encoded host": ("https://%31%32%37.0.0.1/", "host"),
    "zone": ("https://[fe80::1%25eth0]/", "address"),
    "trailing dot": ("https://films.example./", "host"),
    "empty label": ("https://films..example/", "host"),
    "loopback v6": ("https://[::1]/", "address"),
    "mapped v6": ("https://[::ffff:7f00:1]/", "address"),
    "metadata": ("https://169.254.169.254/latest/meta-data/", "address"),
}


@pytest.mark.parametrize("name", URL_FORMS)
async def test_url_forms(name: str, no_network) -> None:
    url, reason = URL_FORMS[name]

    async def resolve(host: str, port: int) -> list[str]:
        raise AssertionError("resolved")

    async with OriginFetcher(resolve=resolve, network=no_network) as fetcher:
        for call in (fetcher.fetch_text, fetcher.probe):
            with pytest.raises(OriginRefused) as caught:
                await call(url)
            assert caught.value.reason == reason
    assert no_network.contacted == []


@pytest.mark.parametrize("name", ["localhost", "ip6-localhost", "metadata.google.internal"])
async def test_names_of_the_own_machine_are_refused_whatever_they_resolve_to(name: str, no_network):
    async def resolve(host: str, port: int) -> list[str]:
        return ["::1"] if "6" in host else ["127.0.0.1"] if "local" in host else ["169.254.169.254"]

    async with OriginFetcher(resolve=resolve, network=no_network) as fetcher:
        with pytest.raises(OriginRefused):
            await fetcher.fetch_text(f"https://{name}/")
    assert no_network.contacted == []


async def test_the_systems_resolver_is_judged_too(no_network) -> None:
    assert socket.getaddrinfo("localhost", 443)
    async with OriginFetcher(network=no_network) as fetcher:
        with pytest.raises(OriginRefused):
            await fetcher.fetch_text("https://localhost/")
    assert no_network.contacted == []


def test_hosts_can_be_limited() -> None:
    policy = FetchPolicy(allowed_hosts=frozenset({"cdn.example", "*.films.example"}))
    policy.check_url("https://cdn.example/a")
    policy.check_url("https://a.b.films.example/a")
    for host in ("films.example", "evilfilms.example", "cdn.example.evil.example", "8.8.8.8"):
        with pytest.raises(OriginRefused):
            policy.check_url(f"https://{host}/a")


def test_plain_http_and_ports_can_be_allowed() -> None:
    policy = FetchPolicy(
        plain_http_hosts=frozenset({"old.example"}), allowed_ports=frozenset({443, 8443})
    )
    policy.check_url("http://old.example/a")
    policy.check_url("http://old.example:8443/a")
    policy.check_url("https://new.example:8443/a")
    for url in ("http://new.example/", "http://old.example:81/", "https://old.example:80/"):
        with pytest.raises(OriginRefused):
            policy.check_url(url)


def test_the_text_of_an_error_names_neither_url_nor_host() -> None:
    for name, (url, _) in URL_FORMS.items():
        with pytest.raises(OriginRefused) as caught:
            FetchPolicy().check_url(url)
        error = caught.value
        for part in ("films", "127", "secret", "169"):
            assert part not in f"{error} {error!r} {error.reason}", name


LED = FetchPolicy(
    trusted_origins=frozenset({"http://127.0.0.1:3000/origin/"}),
    plain_http_hosts=frozenset({"old.example"}),
)
PIECES = [
    "origin",
    "film",
    "a.ts",
    ".",
    "..",
    "%2e%2e",
    "%252e%252e",
    "",
    "a b",
    "x%41",
    "..%2f",
    "~",
]


@settings(max_examples=500)
@given(
    authority=st.sampled_from(
        [
            "http://127.0.0.1:3000",
            "https://cdn.example",
            "https://10.0.0.1",
            "http://old.example",
            "http://cdn.example",
            "https://u@cdn.example",
            "https://[::1]",
            "https://cdn.example:22",
            "http://127.0.0.1:30001",
            "https://127.0.0.1:3000",
            "https://cdn.example:x",
            "HTTPS://a",
        ]
    ),
    path=st.lists(st.sampled_from(PIECES), max_size=5).map("/".join),
    rest=st.sampled_from(["", "?a=/../b", "?@x", "#f", "?" + "q" * 9000, "\\@x", "\n"]),
    stranger=st.booleans(),
)
def test_judging_a_folder_once_is_judging_each_of_its_files(authority, path, rest, stranger):
    origin = "https://cdn.example/x.m3u8" if stranger else "http://127.0.0.1:3000/origin/x.m3u8"
    url = f"{authority}/{path}{rest}"
    once = LED.may_lead(origin, url)
    assert once is LED._may_lead(origin, url)
    assert once is LED.may_lead(origin, url)
