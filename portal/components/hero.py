"""The hero: one film large; which one is the viewer's choice, nothing moves by itself."""

from __future__ import annotations

from typing import Any

import reflex as rx

from portal.components.i18n import t
from portal.components.icons import icon
from portal.components.links import link
from portal.components.pictures import art_color, backdrop, thumbnail
from portal.services.views import CaptionView, MovieDetail


def meta(movie: rx.Var[MovieDetail]) -> rx.Component:
    """Year, length, genres and rating, in one line."""
    return rx.el.p(
        rx.cond(movie.year > 0, rx.el.span(movie.year)),
        rx.el.span(movie.runtime),
        rx.el.span(rx.foreach(movie.genres, _genre), class_name="listed"),
        rx.cond(
            movie.content_rating != "",
            rx.el.span(
                rx.cond(
                    movie.content_rating == "All",
                    t("All ages"),
                    t("Age {age}", age=movie.content_rating),
                )
            ),
        ),
        class_name="meta",
    )


def _genre(genre: rx.Var[str]) -> rx.Component:
    return rx.el.span(t(genre))


def caption_languages(movie: rx.Var[MovieDetail]) -> rx.Component:
    """The languages of the captions, each in its own words."""
    return rx.el.p(
        icon("captions", 22),
        rx.el.span(t("Captions in"), " "),
        rx.foreach(movie.captions, _caption_language),
        class_name="caption-languages",
    )


def _caption_language(track: rx.Var[CaptionView]) -> rx.Component:
    return rx.el.bdi(track.label, lang=track.language)


def play_button(movie: rx.Var[MovieDetail]) -> rx.Component:
    """Leads to the watch page; the player's head script warms the stream when it is pressed."""
    return link(
        icon("play", 22),
        rx.el.span(t("Play"), custom_attrs={"aria-hidden": "true"}),
        rx.el.span(t("Play {title}", title=movie.title), class_name="sr-only"),
        to="/watch/" + movie.slug,
        class_name="btn btn-primary",
        custom_attrs={"data-movie": movie.slug},
    )


def home_hero(movies: rx.Var[list[MovieDetail]]) -> rx.Component:
    """The featured films. Radio buttons choose; the stylesheet shows the chosen one."""
    return rx.el.section(
        rx.el.div(rx.foreach(movies, _slide), class_name="slides"),
        rx.cond(
            movies.length() > 1,
            rx.el.fieldset(
                rx.el.legend(t("Featured tonight")),
                rx.foreach(movies, _choice),
                class_name="picker",
            ),
        ),
        class_name="hero home-hero",
        custom_attrs={"aria-label": t("Featured films")},
    )


def _slide(movie: rx.Var[MovieDetail], index: rx.Var[int]) -> rx.Component:
    is_first = index == 0
    return rx.el.article(
        backdrop(movie.art, is_first=is_first),
        rx.el.div(
            rx.cond(movie.badge != "", rx.el.p(movie.badge, class_name="eyebrow")),
            rx.el.h2(movie.title, class_name="hero-title"),
            meta(movie),
            rx.el.p(movie.synopsis, class_name="lede"),
            rx.el.div(
                play_button(movie),
                link(
                    icon("info"),
                    rx.el.span(t("More info"), custom_attrs={"aria-hidden": "true"}),
                    rx.el.span(
                        t("More info about {title}", title=movie.title), class_name="sr-only"
                    ),
                    to="/movie/" + movie.slug,
                    class_name="btn btn-quiet",
                ),
                class_name="actions",
            ),
            class_name="hero-copy",
        ),
        class_name="slide",
        custom_attrs=art_color(movie.color),
    )


def _choice(movie: rx.Var[MovieDetail], index: rx.Var[int]) -> rx.Component:
    return rx.el.label(
        rx.el.input(
            type="radio",
            name="featured",
            default_checked=index == 0,
            class_name="sr-only",
        ),
        thumbnail(movie.art),
        rx.el.span(rx.el.b(movie.title), rx.el.small(movie.runtime, " · ", t(movie.genres[0]))),
    )


def detail_hero(movie: rx.Var[MovieDetail], poster: rx.Component, *more: Any) -> rx.Component:
    """The top of a movie's page."""
    return rx.el.section(
        backdrop(movie.art),
        rx.el.div(
            rx.el.div(poster, class_name="movie-poster", custom_attrs=art_color(movie.color)),
            rx.el.div(
                rx.cond(movie.badge != "", rx.el.p(movie.badge, class_name="eyebrow")),
                rx.el.h1(movie.title, class_name="movie-title"),
                rx.cond(movie.tagline != "", rx.el.p(movie.tagline, class_name="tagline")),
                meta(movie),
                *more,
                class_name="movie-copy",
            ),
            class_name="movie-body",
        ),
        class_name="hero movie-hero",
        custom_attrs={**art_color(movie.color), "aria-label": movie.title},
    )
