"""What machines read of the catalog: robots.txt, sitemaps and the feed of new titles."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from email.utils import format_datetime
from xml.sax.saxutils import escape, quoteattr

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal import routes
from portal.api.documents import Document
from portal.api.errors import problem
from portal.languages import ENGLISH, LANGUAGES
from portal.services.catalog import Edition
from portal.services.clock import utc_now
from portal.services.container import services
from portal.services.errors import NotFound
from portal.services.views import TitleEntry

PER_SITEMAP = 15_000  # titles, each in all languages; the protocol allows 50,000 and 50 MB
NEW_TITLES = 50
MAX_DOCUMENTS = 100  # addresses come from outside where no public URL is set
_XML = '<?xml version="1.0" encoding="UTF-8"?>\n'
_SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
_XHTML = "http://www.w3.org/1999/xhtml"
_PRIVATE = (routes.API, routes.HLS, routes.DEMO_ORIGIN)
_UNLISTED = (routes.ADMIN, routes.watch("").removesuffix("/"))

Make = Callable[[str, Sequence[TitleEntry]], str]
"""Makes a document of an origin and all titles."""


def site_origin(request: Request) -> str:
    """Scheme and host of links that leave the site: the public URL, else as it was asked for."""
    url = request.url
    return services().settings.public_url or f"{url.scheme}://{url.netloc}"


async def robots(request: Request) -> Response:
    """What crawlers may read: the catalog, not the player and not the machinery."""
    lines = ["User-agent: *", *(f"Disallow: {path}/" for path in _PRIVATE)]
    lines += [f"Disallow: {language.path(path)}/" for language in LANGUAGES for path in _UNLISTED]
    lines += ["Allow: /", "", f"Sitemap: {site_origin(request)}{routes.SITEMAP}", ""]
    headers = {"cache-control": "public, max-age=3600"}
    return Response("\n".join(lines), media_type="text/plain", headers=headers)


async def sitemap(request: Request) -> Response:
    """All pages, or an index of sitemaps when there are more than fit into one."""

    def make(origin: str, titles: Sequence[TitleEntry]) -> str:
        if len(titles) <= PER_SITEMAP:
            return _urls(origin, titles, with_pages=True)
        parts = range(1, -(-len(titles) // PER_SITEMAP) + 1)
        entries = "".join(
            f"<sitemap><loc>{escape(origin + routes.sitemap_part(part))}</loc></sitemap>"
            for part in parts
        )
        return f'<sitemapindex xmlns="{_SITEMAP}">{entries}</sitemapindex>'

    return await _answer(request, make)


async def sitemap_part(request: Request) -> Response:
    """One of several sitemaps."""
    start = (int(request.path_params["part"]) - 1) * PER_SITEMAP
    if not 0 <= start < len(await services().catalog.titles(utc_now())):
        return problem(NotFound())

    def make(origin: str, titles: Sequence[TitleEntry]) -> str:
        return _urls(origin, titles[start : start + PER_SITEMAP], with_pages=start == 0)

    return await _answer(request, make)


async def rss(request: Request) -> Response:
    """RSS 2.0 of the newest titles."""
    name = services().settings.site_name

    def make(origin: str, titles: Sequence[TitleEntry]) -> str:
        newest = [title for title in titles if not title.is_coming][:NEW_TITLES]
        built = f"<lastBuildDate>{_rfc822(newest[0].released_at)}</lastBuildDate>" if newest else ""
        return (
            '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel>'
            f"<title>{escape(name)}: new films</title><link>{escape(origin)}/</link>"
            "<description>The newest films, all of them with captions.</description>"
            f"<language>en</language>{built}<atom:link href={quoteattr(origin + routes.RSS)} "
            'rel="self" type="application/rss+xml"/>'
            f"{''.join(_item(origin, title) for title in newest)}</channel></rss>"
        )

    return await _answer(request, make, "application/rss+xml")


def _item(origin: str, title: TitleEntry) -> str:
    link = escape(origin + routes.movie(title.slug))
    categories = "".join(f"<category>{escape(genre)}</category>" for genre in title.genres)
    return (
        f"<item><title>{escape(title.title)} ({title.year})</title><link>{link}</link>"
        f'<guid isPermaLink="false">{title.movie_id}</guid>'
        f"<pubDate>{_rfc822(title.released_at)}</pubDate>"
        f"<description>{escape(title.synopsis)}</description>{categories}</item>"
    )


def _urls(origin: str, titles: Iterable[TitleEntry], *, with_pages: bool) -> str:
    entries = (
        [_urls_of(origin, path) for path in (routes.HOME, routes.BROWSE)] if with_pages else []
    )
    entries += [_urls_of(origin, routes.movie(title.slug), title.updated_at) for title in titles]
    return f'<urlset xmlns="{_SITEMAP}" xmlns:xhtml="{_XHTML}">{"".join(entries)}</urlset>'


def _urls_of(origin: str, path: str, changed_at: datetime | None = None) -> str:
    """A page in each language; each of them names all of them."""
    changed = f"<lastmod>{changed_at:%Y-%m-%dT%H:%M:%SZ}</lastmod>" if changed_at else ""
    places = {language.code: escape(origin + language.path(path)) for language in LANGUAGES}
    others = "".join(
        f'<xhtml:link rel="alternate" hreflang="{code}" href="{place}"/>'
        for code, place in [*places.items(), ("x-default", places[ENGLISH.code])]
    )
    return "".join(f"<url><loc>{place}</loc>{changed}{others}</url>" for place in places.values())


def _rfc822(at: datetime) -> str:
    return format_datetime(at, usegmt=True)


class _Made:
    """Documents of one edition of the catalog, by their address."""

    edition: Edition | None = None
    documents: dict[str, Document] = {}


async def _answer(request: Request, make: Make, media_type: str = "application/xml") -> Response:
    """Answer with what was made for this edition, or make it."""
    now = utc_now()
    edition = await services().catalog.edition(now)
    if edition != _Made.edition:
        _Made.edition, _Made.documents = edition, {}
    key = site_origin(request) + request.url.path
    document = _Made.documents.get(key)
    if document is None:
        text = _XML + await asyncio.to_thread(
            make, site_origin(request), await services().catalog.titles(now)
        )
        document = Document.of(
            text, media_type=f"{media_type}; charset=utf-8", cache_control="public, max-age=60"
        )
        if len(_Made.documents) < MAX_DOCUMENTS:
            _Made.documents[key] = document
    return document.response(request.headers, 200, head=request.method == "HEAD")


ROUTES = [
    Route(routes.ROBOTS, robots),
    Route(routes.SITEMAP, sitemap),
    Route(routes.SITEMAP_PART, sitemap_part),
    Route(routes.RSS, rss),
]
