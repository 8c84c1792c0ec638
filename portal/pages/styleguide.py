"""Every component in every state, made by the code that the portal's pages are made by."""

import reflex as rx

from portal import routes
from portal.components import waiting
from portal.components.bands import genre_band, language_band
from portal.components.cards import card_grid, shelf
from portal.components.hero import caption_languages, detail_hero, meta, play_button
from portal.components.icons import PATHS, icon
from portal.components.layout import page
from portal.components.links import link
from portal.components.pictures import poster
from portal.components.query import query_form, query_link, query_select
from portal.components.styleguide import (
    Styleguide,
    color_tokens,
    measure_tokens,
    sample,
    text_tokens,
)
from portal.components.theme_switch import theme_switch
from portal.state.site_state import SiteState
from portal.state.styleguide_state import StyleguideState


def styleguide() -> rx.Component:
    return page(
        rx.cond(
            StyleguideState.problem != "",
            waiting.failed(StyleguideState.problem, StyleguideState.load),
            rx.cond(StyleguideState.is_loaded, samples(), waiting.grid_skeleton()),
        )
    )


def samples() -> rx.Component:
    return Styleguide.create(
        rx.el.header(
            rx.el.h1("Styleguide"),
            rx.el.p(
                "Components as the pages use them, with films of this catalog. Hover, focus and "
                "press them; change theme, width, contrast and motion of your device."
            ),
        ),
        sample("Colours", color_tokens(), about="Tokens of assets/portal.css, in this theme."),
        sample("Type", text_tokens()),
        sample("Space and radius", measure_tokens()),
        sample("Theme switch", rx.el.div(theme_switch(), class_name="pad row")),
        sample("Icons", rx.el.div(*[icon(name, 28) for name in PATHS], class_name="pad row")),
        buttons(),
        sample("Tags", rx.el.div(tags(), class_name="pad")),
        controls(),
        sample(
            "Card",
            card_grid(StyleguideState.cards),
            about="Plain, new, leaving, coming, a long title, a title from right to left.",
        ),
        sample("Shelf", shelf(StyleguideState.row), about="Arrow keys go along and across."),
        sample("Shelf with dates", shelf(StyleguideState.wide_row)),
        heroes(),
        sample("Language band", language_band(SiteState.languages)),
        sample("Genre band", genre_band(SiteState.menu_genres)),
        waits(),
        messages(),
        class_name="guide",
    )


def buttons() -> rx.Component:
    return sample(
        "Buttons",
        rx.el.div(
            play_button(StyleguideState.film),
            rx.el.button("Main", type="button", class_name="btn btn-primary"),
            rx.el.button(icon("info"), "Quiet", type="button", class_name="btn btn-quiet"),
            link("See all", to=routes.BROWSE, class_name="see-all"),
            link("A link in a text", to=routes.BROWSE, class_name="text-link"),
            class_name="pad row",
        ),
        about="One main button on a screen; everything else is quiet or a link.",
    )


def tags() -> rx.Component:
    return rx.el.ul(
        rx.el.li(rx.el.span("A tag", class_name="tag")),
        rx.el.li(link("A tag that leads", to=routes.BROWSE, class_name="tag")),
        rx.el.li(rx.el.span(icon("captions", 16), "With an icon", class_name="tag")),
        class_name="tags",
        role="list",
    )


def controls() -> rx.Component:
    return sample(
        "Filters",
        rx.el.div(
            query_form(
                rx.el.label(
                    rx.el.span("A choice"),
                    query_select("sort", StyleguideState.choices, class_name="select"),
                ),
                action=routes.STYLEGUIDE,
                class_name="filters",
                custom_attrs={"aria-label": "A filter"},
            ),
            query_link("On", name="genre", value="", class_name="chip"),
            query_link("Off", name="genre", value="Drama", class_name="chip"),
            class_name="pad row",
        ),
        about="What they say stands in the address.",
    )


def heroes() -> rx.Component:
    return rx.fragment(
        sample("Film that can be played", film_top(StyleguideState.film)),
        sample("Film that is coming", film_top(StyleguideState.coming_film)),
    )


def film_top(film: rx.Var) -> rx.Component:
    notice = rx.cond(film.coming != "", film.coming, film.leaving)
    return detail_hero(
        film,
        poster(film.art),
        rx.cond(film.coming == "", rx.el.div(play_button(film), class_name="actions")),
        rx.cond(notice != "", rx.el.p(icon("clock"), notice, class_name="notice")),
        caption_languages(film),
    )


def waits() -> rx.Component:
    return sample(
        "Waiting",
        waiting.rail(),
        rx.el.div(meta(StyleguideState.film), class_name="pad"),
        about="As large as what comes, so that nothing moves.",
    )


def messages() -> rx.Component:
    return sample(
        "Messages",
        waiting.message(
            "Nothing like that here",
            "Say what happened and what to do about it.",
            actions=[waiting.browse_link(), waiting.home_link()],
        ),
        waiting.failed(
            "The portal cannot be reached. Try again in a minute.", StyleguideState.load
        ),
    )
