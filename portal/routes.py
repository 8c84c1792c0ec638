"""Every path of the portal, as a pattern and as a builder: the only place a path is spelled."""

from __future__ import annotations

from urllib.parse import quote, urlencode

# Pages. The bracket names a Reflex route argument; no state field may have the same name.
HOME = "/"
BROWSE = "/browse"
MOVIE = "/movie/[movie_slug]"
WATCH = "/watch/[movie_slug]"
STYLEGUIDE = "/styleguide"
MY_LIST = "/my-list"
ADMIN = "/admin"
LOGIN = "/admin/login"
LOGIN_CODE = "/admin/login/code"
LOGIN_PASSKEY = "/admin/login/passkey"
LOGIN_PASSKEY_OPTIONS = "/admin/login/passkey/options"
LOGIN_OIDC = "/admin/login/oidc"
LOGIN_OIDC_RETURN = "/admin/login/oidc/return"
LOGOUT = "/admin/logout"
ACCOUNT = "/admin/account"
ACCOUNTS = "/admin/accounts"
ADMIN_NEW_MOVIE = "/admin/movies/new"
ADMIN_MOVIE = "/admin/movies/[movie_id]"
ADMIN_PREVIEW = "/admin/movies/[movie_id]/preview"
ADMIN_CAPTIONS = "/admin/movies/[movie_id]/captions/[track_id]"
ADMIN_AUDIT = "/admin/audit"
ADMIN_EXPLAIN = "/admin/explain"
ADMIN_INSIGHTS = "/admin/insights"
ADMIN_MOVIE_INSIGHTS = "/admin/insights/[movie_id]"

# HTTP API.
API = "/api"
MOVIES = "/api/movies"
STREAM_TOKEN = "/api/movies/{movieId}/stream-token"  # noqa: S105
SEARCH = "/api/search"
QOE = "/api/qoe"
INSIGHTS_EXPORT = "/api/insights/export"
SHELVES = "/api/shelves"
ADMIN_SHELVES = "/admin/shelves"
MY = "/api/my"
MY_TITLES = "/api/my/titles"
LIVE = "/api/health/live"
READY = "/api/health/ready"

# What machines read of the catalog.
ROBOTS = "/robots.txt"
SITEMAP = "/sitemap.xml"
SITEMAP_PART = "/sitemap-{part:int}.xml"
RSS = "/new.rss"

# The interface's messages, for the browser.
WORDING = "/i18n/{name}.{digest}.js"

# What makes it an app of the device.
MANIFEST = "/manifest.webmanifest"
SERVICE_WORKER = "/service-worker.js"
OFFLINE = "/offline"
ICONS = "/icons"  # drawn by scripts/icons.py
ICON_SIZES = (192, 512)
TOUCH_ICON = "/icons/apple-touch-icon.png"
# What the page without network is made of.
OFFLINE_FILES = (
    "/portal.css",
    "/site/theme.js",
    "/site/offline.js",
    "/site/forms.css",
    "/fonts/instrument-sans.woff2",
    "/fonts/instrument-serif.woff2",
    "/favicon.svg",
)

# Media. HLS URLs carry the stream token in the path so that the relative URIs of a playlist inherit
# it, and playlists are the same text for every viewer.
HLS = "/hls"
HLS_MULTIVARIANT = "main.m3u8"
ARTWORK = "/artwork"
DEMO_ORIGIN = "/origin"

POSTER_WIDTHS = (160, 240, 360, 480)
BACKDROP_WIDTHS = (640, 1280, 1920)
BACKDROP_PORTRAIT_WIDTH = 780


def admin_movie(movie_id: str, section: str = "") -> str:
    """Path where a movie is edited: `details`, `schedule`, `source`, `captions` or `artwork`."""
    return f"{ADMIN}/movies/{quote(movie_id)}{f'#{section}' if section else ''}"


def admin_insights(movie_id: str) -> str:
    """Path of what is known of a movie's viewing."""
    return f"{ADMIN_INSIGHTS}/{quote(movie_id)}"


def wording(name: str, digest: str) -> str:
    """Path of a language's messages."""
    return f"/i18n/{name}.{digest}.js"


def sitemap_part(number: int) -> str:
    """Path of one of several sitemaps, counted from 1."""
    return f"/sitemap-{number}.xml"


def movie(slug: str) -> str:
    """Path of a movie's page."""
    return f"/movie/{quote(slug)}"


def watch(slug: str, *, at_s: float = 0) -> str:
    """Path of a movie's watch page, to start at a second of it."""
    at = f"?t={at_s:g}" if at_s else ""
    return f"/watch/{quote(slug)}{at}"


def browse(**filters: str) -> str:
    """Path of the browse page with filters: `browse(genre="Drama")`."""
    chosen = {name: value for name, value in filters.items() if value}
    return f"{BROWSE}?{urlencode(chosen)}" if chosen else BROWSE


def stream_token(movie_id: str) -> str:
    """Path that opens or renews a viewing session (POST)."""
    return f"{MOVIES}/{quote(movie_id)}/stream-token"


def hls_multivariant(token: str, movie_id: str) -> str:
    """Path of a movie's multivariant playlist below a stream token."""
    return f"{HLS}/{token}/{movie_id}/{HLS_MULTIVARIANT}"


def artwork(art_key: str) -> str:
    """Base path of a movie's artwork; `/poster-240.avif` and the like follow."""
    return f"{ARTWORK}/{art_key}"


def storyboard(art_key: str) -> str:
    """WebVTT of the thumbnails that the time bar shows."""
    return f"{ARTWORK}/{art_key}/storyboard.vtt"
