"""The controls over a film, from media-chrome's elements."""

from __future__ import annotations

from typing import Any

import reflex as rx

from portal import routes
from portal.components.i18n import t
from portal.components.player.component import StreamPlayer, media

# On a grid of 24 x 24, as media-chrome's own.
GLYPHS = {
    "captions_style": "M2 19h3l1.2-3.2h5L12.4 19h3L10.3 6H7.1zm5.1-5.6 1.6-4.5 1.6 4.5zM16.6 19"
    "h2.2l.8-2.2h.3l.8 2.2H22l-1.8-5h-1.8z",
    "transcript": "M4 5h16v2H4zm0 4h10v2H4zm0 4h16v2H4zm0 4h10v2H4z",
}
SPEEDS = "0.5 0.75 1 1.25 1.5 1.75 2"


def stream_player(
    *, title: Any, art: Any, back: rx.Component, back_href: Any, **props: Any
) -> rx.Component:
    """The player with all its controls, as the watch page shows it.

    Args:
        title: The film's title.
        art: Base path of its artwork.
        back: The link that leaves, shown over the film with the title.
        back_href: Where that leads, for the links after the end and after a failure.
        **props: More props and events of `StreamPlayer`.
    """
    return StreamPlayer.create(
        _top(title, back),
        media("media-loading-indicator", slot="centered-chrome", noautohide=True),
        _center(),
        *_menus(),
        media("media-time-range"),  # with thumbnails, from the `thumbnails` text track
        _bar(),
        title=title,
        art=art,
        back_href=back_href,
        browse_href=routes.BROWSE,
        **{"auto_play": True, **props},
    )


def _top(title: Any, back: rx.Component) -> rx.Component:
    return rx.el.div(
        back,
        # The heading below the film says it to screen readers.
        rx.el.span(title, class_name="player-title", custom_attrs={"aria-hidden": "true"}),
        class_name="player-top",
        custom_attrs={"slot": "top-chrome"},
    )


def _center() -> rx.Component:
    """Large buttons for fingers, and for a film that waits for its first press."""
    return rx.el.div(
        media("media-seek-backward-button", seekoffset=10),
        media("media-play-button"),
        media("media-seek-forward-button", seekoffset=10),
        class_name="player-center",
        custom_attrs={"slot": "centered-chrome"},
    )


def _menu(tag: str, **props: Any) -> rx.Component:
    # The empty header takes the place of a hidden "back" button, which no item of a menu may be.
    header = rx.el.span(hidden=True, custom_attrs={"slot": "header"})
    return media(tag, header, menu=True, anchor="auto", hidden=True, **props)


def _menus() -> list[rx.Component]:
    return [
        _menu("media-captions-menu"),
        _menu("media-rendition-menu"),
        _menu("media-playback-rate-menu", rates=SPEEDS),
    ]


def tool(name: str, words: Any, *, opens: str) -> rx.Component:
    """A button of our own beside media-chrome's; `opens` is what its key opens."""
    return rx.el.button(
        rx.el.svg(
            rx.el.path(d=GLYPHS[name]),
            view_box="0 0 24 24",
            custom_attrs={
                "width": "24",
                "height": "24",
                "fill": "currentColor",
                "aria-hidden": "true",
            },
        ),
        type="button",
        class_name="player-tool",
        title=words,
        aria_label=words,
        custom_attrs={"data-player-opens": opens},
    )


def _bar() -> rx.Component:
    return media(
        "media-control-bar",
        media("media-play-button"),
        media("media-seek-backward-button", seekoffset=10),
        media("media-seek-forward-button", seekoffset=10),
        media("media-mute-button"),
        media("media-volume-range"),
        media("media-time-display", showduration=True),
        rx.el.span(class_name="player-gap"),
        media("media-captions-menu-button", menu=True),
        tool("captions_style", t("How captions look (s)"), opens="s"),
        tool("transcript", t("Transcript (t)"), opens="t"),
        media("media-rendition-menu-button", menu=True),
        media("media-playback-rate-menu-button", menu=True),
        media("media-pip-button"),
        media("media-airplay-button"),
        media("media-fullscreen-button"),
    )
