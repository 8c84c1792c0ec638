"""The hero: one film large, others tonight beside it."""

from __future__ import annotations

from typing import Any

import reflex as rx

from portal.components.icons import icon
from portal.components.links import link
from portal.components.pictures import art_color, backdrop, thumbnail
from portal.services.views import MovieDetail


def meta(movie: rx.Var[MovieDetail]) -> rx.Component:
    """Year, length, first genre, rating and captions, in one line."""
    return rx.el.p(
        rx.el.span(movie.year),
        rx.el.span(movie.runtime),
        rx.el.span(movie.genres.join(", ")),
        rx.cond(movie.content_rating != "", rx.el.span("Age ", movie.content_rating)),
        rx.el.span(captions_hint(movie), class_name="inline-flex items-center gap-2"),
        class_name="meta",
    )


def captions_hint(movie: rx.Var[MovieDetail]) -> rx.Component:
    """How many languages the captions are in."""
    return rx.fragment(
        icon("captions", 18),
        rx.cond(
            movie.captions.length() == 1,
            rx.fragment(movie.captions[0].label, " captions"),
            rx.fragment(movie.captions.length(), " caption tracks"),
        ),
    )


def play_button(movie: rx.Var[MovieDetail], words: str = "Play") -> rx.Component:
    """Leads to the watch page; the head script warms the stream when it is pressed."""
    return link(
        icon("play", 22),
        words,
        rx.el.span(" ", movie.title, class_name="sr-only"),
        to="/watch/" + movie.slug,
        class_name="btn btn-primary",
    )


def home_hero(movies: rx.Var[list[MovieDetail]]) -> rx.Component:
    """The first film large, with the next ones as a short list."""
    movie = movies[0]
    return rx.el.section(
        backdrop(movie.art),
        rx.el.div(
            rx.el.div(
                rx.el.p(rx.cond(movie.badge != "", movie.badge, "Tonight"), class_name="eyebrow"),
                rx.el.h1(movie.title, class_name="hero-title"),
                meta(movie),
                rx.el.p(movie.synopsis, class_name="lede"),
                rx.el.div(
                    play_button(movie),
                    link(
                        icon("info"),
                        "More about it",
                        rx.el.span(": ", movie.title, class_name="sr-only"),
                        to="/movie/" + movie.slug,
                        class_name="btn btn-quiet",
                    ),
                    class_name="actions",
                ),
                class_name="hero-copy",
            ),
            rx.el.div(
                rx.el.h2("Also tonight", id="also"),
                rx.el.ul(
                    rx.foreach(movies[1:], _also),
                    role="list",
                    custom_attrs={"aria-labelledby": "also"},
                ),
                class_name="also",
            ),
            class_name="hero-body",
        ),
        class_name="hero",
        custom_attrs={**art_color(movie.color), "aria-label": "Featured film"},
    )


def _also(movie: rx.Var[MovieDetail]) -> rx.Component:
    return rx.el.li(
        link(
            thumbnail(movie.art),
            rx.el.span(rx.el.b(movie.title), movie.runtime, " · ", movie.genres[0]),
            to="/movie/" + movie.slug,
        )
    )


def detail_hero(movie: rx.Var[MovieDetail], poster: rx.Component, *more: Any) -> rx.Component:
    """The top of a movie's page."""
    return rx.el.section(
        backdrop(movie.art),
        rx.el.div(
            rx.el.div(poster, class_name="movie-poster", custom_attrs=art_color(movie.color)),
            rx.el.div(
                rx.el.h1(movie.title, class_name="movie-title"),
                rx.cond(movie.tagline != "", rx.el.p(movie.tagline, class_name="tagline")),
                meta(movie),
                *more,
                class_name="movie-copy",
            ),
            class_name="movie-body",
        ),
        class_name="hero movie-hero",
        custom_attrs={**art_color(movie.color), "aria-label": "About the film"},
    )
