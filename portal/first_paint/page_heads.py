"""What each page's document has for search engines and for its first picture."""

from __future__ import annotations

from typing import Any

from reflex.state import BaseState

from portal import routes, theme
from portal.components.pictures import backdrop_srcset
from portal.first_paint.documents import Extras, Picture
from portal.services.container import services
from portal.services.translation import language
from portal.services.views import MovieDetail
from portal.state.browse_state import BrowseState
from portal.state.home_state import HomeState
from portal.state.movie_state import MovieState
from portal.state.watch_state import WatchState


def extras_of(page: BaseState, origin: str) -> Extras:
    """For the state of a page that has loaded.

    Args:
        page: The state.
        origin: Scheme and host for addresses that leave the site.
    """
    site_address = origin + language().prefix
    if isinstance(page, HomeState):
        pictures = backdrop_pictures(page.hero[0].art) if page.hero else []
        return Extras(pictures, [site(origin)], address=routes.HOME)
    if isinstance(page, MovieState) and page.outcome == "found":
        film = page.film
        address = routes.movie(film.slug)
        return Extras(backdrop_pictures(film.art), [movie(film, origin)], address=address)
    if isinstance(page, WatchState):
        data = [movie(page.film, origin)] if page.film.title else []
        return Extras(structured_data=data, late_boot=False)  # nothing else can start the film
    if isinstance(page, BrowseState):
        return Extras(address=page.page_url.removeprefix(site_address))
    return Extras()


def backdrop_pictures(art: str) -> list[Picture]:
    """The large picture of a hero: one for phones, one for all others (`pictures.backdrop`)."""
    if not art:
        return []
    portrait = f"{art}/backdrop-portrait-{routes.BACKDROP_PORTRAIT_WIDTH}.avif"
    return [
        Picture(portrait, media=theme.PHONE),
        Picture(
            f"{art}/backdrop-1280.avif",
            srcset=backdrop_srcset(art),
            sizes=theme.BACKDROP_SIZES,
            media=f"not all and {theme.PHONE}",
        ),
    ]


def site(origin: str) -> dict[str, Any]:
    """schema.org WebSite, with its search."""
    return {
        "@context": "https://schema.org",
        "@type": "WebSite",
        "name": services().settings.site_name,
        "url": origin + language().path(routes.HOME),
        "potentialAction": {
            "@type": "SearchAction",
            "target": f"{origin}{language().path(routes.BROWSE)}?q={{search_term_string}}",
            "query-input": "required name=search_term_string",
        },
    }


def movie(film: MovieDetail, origin: str) -> dict[str, Any]:
    """schema.org Movie: only what is known."""
    data = {
        "@context": "https://schema.org",
        "@type": "Movie",
        "name": film.title,
        "url": origin + language().path(routes.movie(film.slug)),
        "description": film.synopsis,
        "image": [f"{origin}{film.art}/{name}" for name in ("social.jpg", "poster-480.avif")]
        if film.art
        else [],
        "dateCreated": str(film.year) if film.year else "",
        "duration": f"PT{film.runtime_s}S" if film.runtime_s else "",
        "genre": film.genres,
        "inLanguage": film.language,
        "contentRating": film.content_rating,
        "countryOfOrigin": {"@type": "Country", "name": film.country} if film.country else None,
        "director": {"@type": "Person", "name": film.director} if film.director else None,
        "actor": [{"@type": "Person", "name": name} for name in film.cast],
        "subtitleLanguage": list(dict.fromkeys(track.language for track in film.captions)),
    }
    if not film.coming:
        data["potentialAction"] = {
            "@type": "WatchAction",
            "target": origin + language().path(routes.watch(film.slug)),
        }
    return {name: value for name, value in data.items() if value}
