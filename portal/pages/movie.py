"""A movie's page."""

from typing import Any

import reflex as rx

from portal import routes, theme
from portal.components import waiting
from portal.components.cards import simple_shelf
from portal.components.hero import caption_languages, detail_hero, play_button
from portal.components.i18n import t, tc
from portal.components.icons import icon
from portal.components.layout import page
from portal.components.links import encoded, link
from portal.components.my_titles import save_button
from portal.components.pictures import poster
from portal.components.route_params import route_param
from portal.state.movie_state import MovieState

FILM = MovieState.film


def is_this_one() -> rx.Var[bool]:
    """Whether the state has come up with the address, which is ahead of it after a click."""
    return MovieState.shown_slug == route_param("movie_slug")


def movie() -> rx.Component:
    return page(
        rx.cond(
            is_this_one(),
            rx.match(
                MovieState.outcome,
                ("found", found()),
                ("missing", missing()),
                ("gone", gone()),
                waiting.failed(MovieState.problem, MovieState.load),
            ),
            waiting.movie_skeleton(),
        )
    )


def found() -> rx.Component:
    return rx.fragment(
        detail_hero(
            FILM,
            poster(FILM.art, sizes=theme.POSTER_SIZES, eager=True),
            rx.cond(
                FILM.coming != "",
                rx.el.p(icon("clock"), FILM.coming, class_name="notice"),
                rx.el.div(play_button(FILM), save_button(FILM), class_name="actions"),
            ),
            rx.cond(FILM.coming != "", rx.el.div(save_button(FILM), class_name="actions")),
            rx.cond(FILM.leaving != "", rx.el.p(icon("clock"), FILM.leaving, class_name="notice")),
            caption_languages(FILM),
        ),
        rx.el.div(
            rx.el.section(
                rx.el.h2(t("The story"), class_name="section-title", id="story"),
                rx.el.p(FILM.synopsis, class_name="lede"),
                custom_attrs={"aria-labelledby": "story"},
            ),
            facts(),
            class_name="facts",
        ),
        simple_shelf("similar", t("More like this"), MovieState.similar),
    )


def facts() -> rx.Component:
    return rx.el.dl(
        rx.cond(FILM.director != "", fact(t("Directed by"), person(FILM.director))),
        rx.cond(FILM.cast.length() > 0, fact(tc("cast", "With"), people(FILM.cast))),
        fact(
            t("Genres"),
            rx.el.ul(rx.foreach(FILM.genres, genre_tag), class_name="tags", role="list"),
        ),
        rx.cond(
            FILM.country != "",
            fact(t("Made in"), rx.fragment(t(FILM.country), " · ", t(FILM.language))),
        ),
        class_name="fact-list",
    )


def fact(term: Any, words: rx.Component | rx.Var[str]) -> rx.Component:
    return rx.el.div(rx.el.dt(term), rx.el.dd(words))


def people(names: rx.Var[list[str]]) -> rx.Component:
    return rx.el.ul(
        rx.foreach(names, lambda name: rx.el.li(person(name))), class_name="names", role="list"
    )


def person(name: rx.Var[str]) -> rx.Component:
    """Leads to all films that somebody is part of."""
    return rx.el.span(link(name, to=routes.BROWSE + "?q=" + encoded(name)), class_name="names")


def genre_tag(genre: rx.Var[str]) -> rx.Component:
    return rx.el.li(link(t(genre), to=routes.BROWSE + "?genre=" + encoded(genre), class_name="tag"))


def missing() -> rx.Component:
    return rx.fragment(
        waiting.message(
            t("We can't find that film"),
            t("It may have moved, or its name was typed differently."),
            actions=[waiting.browse_link(t("Look in the catalog")), waiting.home_link()],
        ),
        simple_shelf("instead", t("New on the portal"), MovieState.similar),
    )


def gone() -> rx.Component:
    return rx.fragment(
        waiting.message(
            t("This film has left"),
            MovieState.problem,
            actions=[waiting.browse_link(t("See what is on")), waiting.home_link()],
        ),
        simple_shelf("instead", t("Still here, and like it"), MovieState.similar),
    )
