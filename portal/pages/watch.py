"""The watch page. A module of its own: other pages must not load the player's libraries."""

import reflex as rx

from portal import routes
from portal.components.hero import meta
from portal.components.icons import icon
from portal.components.links import link, plain_link
from portal.components.player import stream_player
from portal.components.route_params import route_param
from portal.services.views import CaptionView
from portal.state.watch_state import WatchState

FILM = WatchState.film


def watch() -> rx.Component:
    slug = route_param("movie_slug")
    film_page = "/movie/" + slug
    return rx.el.div(
        plain_link("Skip to the film's facts", href="#about", class_name="skip"),
        rx.el.header(
            link(icon("left", 24), "Back", to=film_page, class_name="watch-back"),
            class_name="watch-header",
        ),
        rx.el.main(
            stream_player(title=FILM.title, art=FILM.art, back_href=film_page),
            rx.el.section(
                rx.el.h1(
                    rx.cond(FILM.title != "", FILM.title, "Watch"), class_name="section-title"
                ),
                rx.cond(FILM.title != "", about()),
                id="about",
                tab_index=-1,
                class_name="watch-about",
                custom_attrs={"aria-label": "About the film"},
            ),
            id="main",
        ),
        class_name="watch",
    )


def about() -> rx.Component:
    return rx.fragment(
        meta(FILM),
        rx.el.p(FILM.synopsis, class_name="lede"),
        rx.el.p("Captions", class_name="fact-term"),
        rx.el.ul(rx.foreach(FILM.captions, caption_tag), class_name="tags", role="list"),
        rx.el.p(
            "Press ",
            rx.el.kbd("?"),
            " for the list of keys. ",
            link("Browse all films", to=routes.BROWSE, class_name="text-link"),
            class_name="hint",
        ),
    )


def caption_tag(track: rx.Var[CaptionView]) -> rx.Component:
    return rx.el.li(
        rx.el.span(icon("captions", 16), track.label, class_name="tag", lang=track.language)
    )
