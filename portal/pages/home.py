"""The home page."""

import reflex as rx

from portal import routes
from portal.components import waiting
from portal.components.bands import genre_band, language_band
from portal.components.cards import shelf
from portal.components.hero import home_hero
from portal.components.i18n import t
from portal.components.layout import page
from portal.components.links import plain_link
from portal.components.my_titles import my_row
from portal.components.on_sight import on_sight
from portal.state.home_state import HomeState
from portal.state.site_state import SiteState


def home() -> rx.Component:
    return page(
        rx.cond(
            HomeState.problem != "",
            waiting.failed(HomeState.problem, HomeState.load),
            rx.cond(
                HomeState.hero.length() > 0,
                rx.fragment(
                    rx.el.h1(t("Films on {site}", site=SiteState.site_name), class_name="sr-only"),
                    home_hero(HomeState.hero),
                    my_row("continue"),
                    my_row("list"),
                    rx.el.div(rx.foreach(HomeState.shelves, shelf), class_name="shelves"),
                    language_band(SiteState.languages),
                    # Not before: on a phone they cost as much as all that is above them.
                    on_sight(HomeState.show_more),
                    rx.el.div(rx.foreach(HomeState.more_shelves, shelf), class_name="shelves"),
                    genre_band(SiteState.menu_genres),
                ),
                rx.cond(HomeState.is_loaded, nothing_on(), waiting.home_skeleton()),
            ),
        ),
        current=routes.HOME,
    )


def nothing_on() -> rx.Component:
    return waiting.message(
        t("Nothing is on tonight"),
        t("There is no film in the catalog yet. Content managers can add the first one."),
        actions=[plain_link(t("Add a film"), href=routes.ADMIN, class_name="btn btn-primary")],
    )
