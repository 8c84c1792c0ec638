"""Every page of the portal, in one table: `portal/app.py` adds them all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import reflex as rx

from portal import routes
from portal.components.i18n import t
from portal.pages.admin.audit import audit
from portal.pages.admin.cues import cues
from portal.pages.admin.explain import explain
from portal.pages.admin.insights import insights, movie_insights
from portal.pages.admin.movie import edit_movie, new_movie
from portal.pages.admin.movies import movies as admin_movies
from portal.pages.admin.preview import preview
from portal.pages.browse import browse
from portal.pages.home import home
from portal.pages.movie import is_this_one, movie
from portal.pages.my_list import my_list
from portal.pages.not_found import not_found
from portal.pages.styleguide import styleguide
from portal.pages.watch import watch
from portal.state.admin.artwork_state import ArtworkState
from portal.state.admin.audit_state import AuditState
from portal.state.admin.captions_state import CaptionsState
from portal.state.admin.cue_state import CueState
from portal.state.admin.editor_state import EditorState
from portal.state.admin.explain_state import ExplainState
from portal.state.admin.insights_state import InsightsState
from portal.state.admin.movies_state import MoviesState
from portal.state.admin.preview_state import PreviewState
from portal.state.admin.source_state import SourceState
from portal.state.browse_state import BrowseState
from portal.state.home_state import HomeState
from portal.state.movie_state import MovieState
from portal.state.my_list_state import MyListState
from portal.state.not_found_state import NotFoundState
from portal.state.site_state import SiteState
from portal.state.styleguide_state import StyleguideState
from portal.state.watch_state import WatchState


@dataclass(frozen=True)
class Page:
    """One page.

    Attributes:
        route: A pattern of `portal.routes`; "404" for the page of unknown addresses.
        component: Makes the page.
        title: The document's title: words or a Var.
        description: For search engines: words or a Var.
        on_load: The event that fills it and its frame, or several.
        image: What a shared link shows: a path or a Var, "" for none.
        meta: More elements of the head.
        is_rendered: Whether it is the same for every viewer: it is answered with its content then.
    """

    route: str
    component: Callable[[], rx.Component]
    title: Any
    description: Any = None
    on_load: Any = None
    image: Any = ""
    meta: tuple[rx.Component, ...] = ()
    is_rendered: bool = False


def _public(
    route: str,
    component: Callable[[], rx.Component],
    title: Any,
    description: Any,
    state: Any,
    *more: rx.Component,
    kind: str = "website",
) -> Page:
    """A page that is found by search engines and shared; its state has `page_url` and image."""
    properties = {
        "og:site_name": SiteState.site_name,
        "og:type": kind,
        "og:url": state.page_url,
        "og:title": title,
        "og:description": description,
    }
    names = {
        "twitter:card": "summary_large_image",
        "twitter:title": title,
        "twitter:description": description,
        "twitter:image": state.page_image,
    }
    meta = (
        rx.el.link(rel="canonical", href=state.page_url),
        *(
            rx.el.meta(content=content, custom_attrs={"property": name})
            for name, content in properties.items()
        ),
        *(rx.el.meta(name=name, content=content) for name, content in names.items()),
        *more,
    )
    return Page(
        route, component, title, description, state.load, state.page_image, meta, is_rendered=True
    )


_UNLISTED = (rx.el.meta(name="robots", content="noindex, nofollow"),)

PAGES: tuple[Page, ...] = (
    _public(
        routes.HOME,
        home,
        t("{site}: films worth staying up for", site=SiteState.site_name),
        t("Hand-picked films, all of them with captions."),
        HomeState,
    ),
    _public(
        routes.BROWSE,
        browse,
        BrowseState.heading + " · " + SiteState.site_name,
        t("The whole catalog, by genre, decade and caption language."),
        BrowseState,
    ),
    _public(
        routes.MOVIE,
        movie,
        # The address is ahead of the state after a click; the film before is not this page's title.
        rx.cond(is_this_one(), MovieState.page_title, SiteState.site_name),
        MovieState.page_description,
        MovieState,
        kind="video.movie",
    ),
    _public(
        routes.WATCH,
        watch,
        WatchState.page_title,
        WatchState.page_description,
        WatchState,
        kind="video.movie",
    ),
    Page(
        routes.MY_LIST,
        my_list,
        "My films · " + SiteState.site_name,
        "What you are watching, and what you want to see.",
        MyListState.load,
        meta=_UNLISTED,
    ),
    Page(
        routes.ADMIN,
        admin_movies,
        "Films · " + SiteState.site_name,
        "The catalog, for content managers.",
        MoviesState.load,
        meta=_UNLISTED,
    ),
    Page(
        routes.ADMIN_NEW_MOVIE,
        new_movie,
        "New film · " + SiteState.site_name,
        "Make a draft.",
        EditorState.load_new,
        meta=_UNLISTED,
    ),
    Page(
        routes.ADMIN_MOVIE,
        edit_movie,
        EditorState.page_title + " · editing · " + SiteState.site_name,
        "Edit a film.",
        [EditorState.load, SourceState.load, CaptionsState.load, ArtworkState.load],
        meta=_UNLISTED,
    ),
    Page(
        routes.ADMIN_EXPLAIN,
        explain,
        "Why does it not play? · " + SiteState.site_name,
        "Which rule allows or refuses a film.",
        ExplainState.load,
        meta=_UNLISTED,
    ),
    Page(
        routes.ADMIN_AUDIT,
        audit,
        "Audit · " + SiteState.site_name,
        "Who changed what.",
        AuditState.load,
        meta=_UNLISTED,
    ),
    Page(
        routes.ADMIN_INSIGHTS,
        insights,
        "Insights · " + SiteState.site_name,
        "How films do.",
        InsightsState.load,
        meta=_UNLISTED,
    ),
    Page(
        routes.ADMIN_MOVIE_INSIGHTS,
        movie_insights,
        InsightsState.page_title + " · insights · " + SiteState.site_name,
        "How a film does.",
        InsightsState.load,
        meta=_UNLISTED,
    ),
    Page(
        routes.ADMIN_PREVIEW,
        preview,
        "Preview of " + MovieState.page_title + " · " + SiteState.site_name,
        "A film as viewers will see it.",
        PreviewState.load,
        meta=_UNLISTED,
    ),
    Page(
        routes.ADMIN_CAPTIONS,
        cues,
        CueState.page_title + " · captions · " + SiteState.site_name,
        "Edit captions.",
        CueState.load,
        meta=_UNLISTED,
    ),
    Page(
        routes.STYLEGUIDE,
        styleguide,
        "Styleguide · " + SiteState.site_name,
        "Every component in every state.",
        StyleguideState.load,
        meta=_UNLISTED,
    ),
    Page(
        "404",
        not_found,
        t("Nothing here") + " · " + SiteState.site_name,
        t("There is nothing at this address."),
        NotFoundState.load,
    ),
)
