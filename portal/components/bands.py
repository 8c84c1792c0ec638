"""Bands between the shelves: ways into the catalog by caption language and by genre."""

from __future__ import annotations

import reflex as rx

from portal import routes
from portal.components.i18n import t, tn
from portal.components.links import encoded, link
from portal.services.views import FilterOption


def language_band(languages: rx.Var[list[FilterOption]]) -> rx.Component:
    """The caption languages, large: with captions is how every film here is shown."""
    return rx.cond(
        languages.length() > 0,
        rx.el.section(
            rx.el.div(
                rx.el.h2(t("Read along"), class_name="section-title", id="languages"),
                rx.el.p(t("No film comes here without captions. Choose your language.")),
            ),
            rx.el.ul(rx.foreach(languages, _language), class_name="language-links", role="list"),
            class_name="band language-band",
            custom_attrs={"aria-labelledby": "languages"},
        ),
    )


def _language(language: rx.Var[FilterOption]) -> rx.Component:
    return rx.el.li(
        link(
            rx.el.bdi(language.label, lang=language.value),
            rx.el.small(tn("{n} film", "{n} films", language.count)),
            to=routes.BROWSE + "?captions=" + encoded(language.value),
        )
    )


def genre_band(genres: rx.Var[list[FilterOption]]) -> rx.Component:
    """All genres as tiles."""
    return rx.cond(
        genres.length() > 0,
        rx.el.section(
            rx.el.h2(t("Every genre"), class_name="section-title", id="genres"),
            rx.el.ul(rx.foreach(genres, _genre), class_name="genre-grid", role="list"),
            class_name="band",
            custom_attrs={"aria-labelledby": "genres"},
        ),
    )


def _genre(genre: rx.Var[FilterOption]) -> rx.Component:
    return rx.el.li(
        link(
            rx.el.b(t(genre.label)),
            rx.el.small(tn("{n} film", "{n} films", genre.count)),
            to=routes.BROWSE + "?genre=" + encoded(genre.value),
        )
    )
