"""All styles by name, each with its lettering."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from portal.demo.artwork import styles_deep as deep
from portal.demo.artwork import styles_flat as flat
from portal.demo.artwork import styles_graphic as graphic
from portal.demo.artwork import styles_light as light
from portal.demo.artwork.canvas import Canvas
from portal.demo.artwork.palettes import Colour, Palette, mix
from portal.demo.artwork.shapes import Layer
from portal.demo.artwork.typography import Lettering

Painter = Callable[[Canvas, list[Layer], Palette, Random], None]

_FOOT = (0.075, 0.735, 0.925, 0.955)
_BLOCK = (0.075, 0.715, 0.925, 0.955)


@dataclass(frozen=True, slots=True)
class Style:
    """A way to draw, and a way to set the title on what was drawn."""

    paint: Painter
    lettering: Callable[[Palette], Lettering]
    ground: str = ""
    """What is laid under the title: ``"panel"`` (paper), ``"fade"`` (to dark) or nothing."""

    flips: bool = False
    """Whether the style has a paper ground, which on dark sheets is exchanged for the dark."""


def _paper(
    name: str,
    *,
    caps: bool = False,
    tracking: float = 0.0,
    leading: float = 1.0,
    align: str = "left",
    largest: float = 0.17,
) -> Callable[[Palette], Lettering]:
    """Return lettering in the dark colour, for light grounds."""

    def choose(colours: Palette) -> Lettering:
        return Lettering(
            name,
            _FOOT,
            colours.deep,
            mix(colours.deep, colours.base, 0.5),
            caps,
            tracking,
            leading,
            align,
            largest=largest,
        )

    return choose


def _light(
    name: str,
    *,
    caps: bool = False,
    tracking: float = 0.0,
    leading: float = 1.0,
    align: str = "left",
    area: tuple[float, float, float, float] = _FOOT,
    largest: float = 0.17,
) -> Callable[[Palette], Lettering]:
    """Return lettering in the pale colour, for dark grounds."""

    def choose(colours: Palette) -> Lettering:
        soft: Colour = mix(colours.pale, colours.warm, 0.35)
        return Lettering(
            name, area, colours.pale, soft, caps, tracking, leading, align, largest=largest
        )

    return choose


def _headline(colours: Palette) -> Lettering:
    """Return lettering at the head of the sheet; its colour follows the ground."""
    return Lettering(
        "ArchivoBlack",
        (0.0625, 0.085, 0.94, 0.335),
        None,
        None,
        leading=0.98,
        anchor="top",
        largest=0.165,
    )


def _small(colours: Palette) -> Lettering:
    """Return small lettering at the foot; its colour follows the ground."""
    return Lettering("JosefinSans-SemiBold", _FOOT, None, colours.pale, largest=0.115)


STYLES: dict[str, Style] = {
    "geometric": Style(
        flat.geometric,
        _paper("JosefinSans-SemiBold", caps=True, tracking=0.02, leading=1.02),
        ground="panel",
        flips=True,
    ),
    "riso": Style(
        flat.riso,
        _paper("Anton", caps=True, leading=1.12, largest=0.19),
        ground="panel",
        flips=True,
    ),
    "constructivist": Style(
        flat.constructivist,
        _light("Anton", caps=True, leading=1.12, largest=0.20),
        ground="fade",
        flips=True,
    ),
    "pattern": Style(flat.pattern, _paper("ArchivoBlack", leading=1.0), ground="panel"),
    "minimal": Style(flat.minimal, _small),
    "retro": Style(flat.retro, _paper("ArchivoBlack", leading=0.98), ground="panel", flips=True),
    "mosaic": Style(
        flat.mosaic,
        _light("Cormorant-SemiBold", caps=True, tracking=0.02, align="centre", leading=0.98),
        ground="fade",
    ),
    "bauhaus": Style(
        flat.bauhaus, _paper("JosefinSans-SemiBold", leading=0.98), ground="panel", flips=True
    ),
    "split": Style(
        graphic.split, _light("Anton", caps=True, leading=1.12, largest=0.20), ground="fade"
    ),
    "pop": Style(
        graphic.pop, _paper("Anton", caps=True, leading=1.12, largest=0.20), ground="panel"
    ),
    "blueprint": Style(
        graphic.blueprint, _light("JosefinSans-SemiBold", caps=True, tracking=0.04), ground="fade"
    ),
    "woodblock": Style(
        graphic.woodblock, _paper("Cormorant-SemiBold", leading=0.95, largest=0.15), ground="panel"
    ),
    "swiss": Style(flat.swiss, _headline),
    "papercut": Style(deep.papercut, _light("DMSerifDisplay", align="centre"), ground="fade"),
    "linocut": Style(
        deep.linocut,
        _light("Anton", caps=True, leading=1.12, align="centre", area=(0.09, 0.745, 0.91, 0.945)),
        ground="block",
    ),
    "horizon": Style(light.horizon, _light("DMSerifDisplay"), ground="fade"),
    "noir": Style(deep.noir, _light("Anton", caps=True, leading=1.12, largest=0.20), ground="fade"),
    "botanical": Style(
        deep.botanical, _light("Cormorant-SemiBold", align="centre", leading=0.95), ground="fade"
    ),
    "deco": Style(
        deep.deco,
        _light(
            "JosefinSans-SemiBold",
            caps=True,
            tracking=0.08,
            leading=1.08,
            align="centre",
            area=(0.10, 0.755, 0.90, 0.945),
        ),
        ground="block",
    ),
    "contours": Style(deep.contours, _light("ArchivoBlack", leading=1.0), ground="fade"),
    "cosmos": Style(
        light.cosmos,
        _light("JosefinSans-SemiBold", caps=True, tracking=0.06, leading=1.05),
        ground="fade",
    ),
    "lightfall": Style(
        light.lightfall,
        _light("Cormorant-SemiBold", caps=True, tracking=0.03, align="centre", leading=0.98),
    ),
}
