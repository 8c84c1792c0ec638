"""Posters and backdrops: AVIF in the right size, room kept before they are there."""

from __future__ import annotations

from typing import Any

import reflex as rx

from portal import routes, theme


def _srcset(base: Any, kind: str, widths: tuple[int, ...]) -> Any:
    entries: Any = ""
    for position, width in enumerate(widths):
        entries = entries + (", " if position else "") + base + f"/{kind}-{width}.avif {width}w"
    return entries


def backdrop_srcset(art: str) -> str:
    """The `srcset` of `backdrop` outside of phones, for a path that is known."""
    return str(_srcset(art, "backdrop", routes.BACKDROP_WIDTHS))


def art_color(color: Any) -> dict[str, Any]:
    """Attributes that show a picture's dominant colour until it is there."""
    return {"style": rx.Var.create({"--art-color": color})}


def poster(
    art: Any, *, alt: Any = "", sizes: str = theme.CARD_SIZES, eager: bool = False
) -> rx.Component:
    """A poster, 2:3. The title stands beside it, so it has no alternative text unless given one."""
    return rx.el.img(
        src=art + "/poster-240.avif",
        src_set=_srcset(art, "poster", routes.POSTER_WIDTHS),
        sizes=sizes,
        alt=alt,
        loading="eager" if eager else "lazy",
        custom_attrs={"width": "240", "height": "360", "decoding": "async"},
    )


def backdrop(art: Any, *, is_first: Any = True) -> rx.Component:
    """The large picture behind a hero: portrait on phones, where 16:9 would be blown up.

    Args:
        art: Base path of the movie's artwork.
        is_first: Whether it is seen at once; others load when they are shown.
    """
    return rx.el.picture(
        rx.el.source(
            media=theme.PHONE,
            src_set=art + f"/backdrop-portrait-{routes.BACKDROP_PORTRAIT_WIDTH}.avif",
        ),
        rx.el.img(
            src=art + "/backdrop-1280.avif",
            src_set=_srcset(art, "backdrop", routes.BACKDROP_WIDTHS),
            sizes=theme.BACKDROP_SIZES,
            alt="",
            loading=rx.cond(is_first, "eager", "lazy"),
            custom_attrs={
                "width": "1920",
                "height": "1080",
                "decoding": "async",
                "fetchPriority": rx.cond(is_first, "high", "auto"),
            },
        ),
        class_name="hero-art",
    )


def scene(art: Any) -> rx.Component:
    """A backdrop as large as a wide card, 16:9."""
    return rx.el.img(
        src=art + "/backdrop-640.avif",
        src_set=_srcset(art, "backdrop", routes.BACKDROP_WIDTHS[:2]),
        sizes=theme.SCENE_SIZES,
        alt="",
        loading="lazy",
        custom_attrs={"width": "640", "height": "360", "decoding": "async"},
    )


def thumbnail(art: Any) -> rx.Component:
    """A small backdrop, 16:9."""
    return rx.el.img(
        src=art + "/backdrop-640.avif",
        alt="",
        loading="lazy",
        custom_attrs={"width": "92", "height": "52", "decoding": "async"},
    )
