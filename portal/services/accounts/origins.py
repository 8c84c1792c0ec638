"""The login cookie's name, and the check that a request comes from our own page (CSRF). Pure.

A browser sends cookies along whatever page asked for the request. So whatever changes something
and shows a cookie must also show that it was our own page (OWASP's cheat sheet on CSRF: verifying
the origin, Fetch Metadata).
"""

from __future__ import annotations

from http.cookies import CookieError, SimpleCookie
from urllib.parse import urlsplit

from portal.settings import Settings

_LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})


def is_https(settings: Settings) -> bool:
    """Whether viewers reach the portal by https."""
    return settings.public_url.startswith("https://")


def cookie_name(settings: Settings) -> str:
    """`__Host-` binds a cookie to this very host, and to https; plain HTTP cannot have it."""
    return "__Host-portal_login" if is_https(settings) else "portal_login"


def login_secret(cookie_header: str, settings: Settings) -> str:
    """The secret of the login cookie, or ""."""
    try:
        found = SimpleCookie(cookie_header).get(cookie_name(settings))
    except CookieError:
        return ""
    return found.value if found else ""


def is_local(host: str) -> bool:
    """Whether a Host header names this machine: plain HTTP to it crosses no network."""
    name = urlsplit(f"//{host}").hostname or ""
    return name in _LOCAL or name.endswith(".localhost")


def own_base(host: str, settings: Settings) -> str:
    """Where a browser reaches us, such as https://films.example; "" if that is not certain.

    The Host header is believed only for this machine itself: elsewhere the settings say it.
    """
    if settings.public_url:
        return settings.public_url
    return f"http://{host}" if is_local(host) else ""


def is_own_page(*, host: str, origin: str, fetch_site: str, settings: Settings) -> bool:
    """Whether a request was made by a page of this portal.

    Args:
        host: The Host header.
        origin: The Origin header, "" if there is none.
        fetch_site: The Sec-Fetch-Site header, "" if there is none.
        settings: The public URL is ours, too.
    """
    if fetch_site and fetch_site != "same-origin":
        return False
    if not origin:  # browsers send it with everything but GET and HEAD
        return fetch_site == "same-origin"
    own = urlsplit(settings.public_url).netloc.lower()
    return urlsplit(origin).netloc.lower() in {host.lower(), own} - {""}
