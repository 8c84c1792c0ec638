"""The watch page. A module of its own: other pages must not load the player's libraries."""

from typing import Any

import reflex as rx

from portal import routes
from portal.components.hero import meta
from portal.components.i18n import t
from portal.components.icons import icon
from portal.components.links import link, plain_link
from portal.components.player import stream_player
from portal.components.route_params import route_param
from portal.services.views import CaptionView
from portal.state.watch_state import WatchState

FILM = WatchState.film
SLUG = route_param("movie_slug")
# The address is ahead of the state, and without the socket the state never comes: the player then
# plays without a title, and the page says what the address says.
KNOWN = (WatchState.shown_slug == SLUG) & (FILM.title != "")


def watch() -> rx.Component:
    film_page = "/movie/" + SLUG
    return rx.el.div(
        plain_link(t("Skip to what the film is about"), href="#about", class_name="skip"),
        rx.el.main(
            stream_player(
                title=rx.cond(KNOWN, FILM.title, ""),
                art=rx.cond(KNOWN, FILM.art, ""),
                back=link(icon("left", 26), t("Back"), to=film_page, class_name="player-back"),
                back_href=film_page,
                next_title=rx.cond(KNOWN, WatchState.next.title, ""),
                next_href="/watch/" + WatchState.next.slug,
                next_art=WatchState.next.art,
            ),
            rx.el.section(
                rx.el.div(
                    title(),
                    rx.cond(KNOWN, rx.fragment(meta(FILM), synopsis())),
                    links(film_page),
                ),
                rx.cond(KNOWN, captions()),
                id="about",
                tab_index=-1,
                class_name="watch-about",
                custom_attrs={"aria-label": t("About the film")},
            ),
            id="main",
        ),
        class_name="watch",
    )


def title() -> rx.Component:
    return rx.el.h1(
        rx.cond(
            KNOWN,
            FILM.title,
            rx.el.span(SLUG.split("-").join(" "), class_name="late"),
        ),
        class_name="section-title",
    )


def synopsis() -> rx.Component:
    return rx.el.p(FILM.synopsis, class_name="lede")


def captions() -> rx.Component:
    return rx.el.div(
        rx.el.p(t("Captions"), class_name="fact-term", id="caption-languages"),
        rx.el.ul(
            rx.foreach(FILM.captions, caption_tag),
            class_name="tags",
            role="list",
            custom_attrs={"aria-labelledby": "caption-languages"},
        ),
    )


def caption_tag(track: rx.Var[CaptionView]) -> rx.Component:
    return rx.el.li(
        rx.el.span(icon("captions", 16), track.label, class_name="tag", lang=track.language)
    )


def opener(words: Any, key: str) -> rx.Component:
    """A button for what a key of the player opens: the key is for those who know it."""
    return rx.el.button(
        words,
        rx.el.kbd(key, custom_attrs={"aria-hidden": "true"}),
        type="button",
        class_name="text-link keys-hint",
        custom_attrs={"data-player-opens": key},
    )


def links(film_page: rx.Var[str]) -> rx.Component:
    return rx.el.p(
        link(t("The film's page"), to=film_page, class_name="text-link"),
        link(t("Browse all films"), to=routes.BROWSE, class_name="text-link"),
        opener(t("Transcript"), "t"),
        opener(t("How captions look"), "s"),
        opener(t("Keys"), "?"),
        class_name="watch-links",
    )
