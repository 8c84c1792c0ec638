"""Decide how each title is drawn: style and mood by genre and year, motif as written."""

from __future__ import annotations

from dataclasses import dataclass

from portal.demo.catalog_reader import CatalogEntry
from portal.demo.people import stable_number

_STYLES_OF_GENRE = {
    "Drama": "horizon papercut minimal linocut bauhaus lightfall botanical split woodblock swiss",
    "Comedy": "pattern retro riso geometric minimal pop bauhaus constructivist papercut split",
    "Romance": "riso botanical papercut bauhaus horizon woodblock minimal mosaic",
    "Thriller": "noir split lightfall constructivist swiss contours blueprint",
    "Crime": "noir linocut split lightfall constructivist swiss riso",
    "Mystery": "lightfall noir contours mosaic blueprint linocut deco",
    "Science Fiction": "cosmos blueprint contours swiss geometric retro papercut",
    "Fantasy": "papercut botanical mosaic cosmos woodblock horizon deco",
    "Horror": "linocut noir lightfall botanical split contours",
    "Adventure": "horizon contours papercut woodblock retro riso linocut",
    "Documentary": "contours swiss riso minimal horizon blueprint woodblock",
    "Animation": "papercut geometric pop pattern retro riso",
    "Family": "geometric pattern papercut retro bauhaus pop minimal",
    "History": "linocut deco woodblock mosaic constructivist botanical",
    "Music": "retro deco pop bauhaus riso swiss pattern geometric",
}
_MOODS_OF_GENRE = {
    "Drama": "warm cool earth blush night",
    "Comedy": "play warm blush",
    "Romance": "blush warm play",
    "Thriller": "dark night cool",
    "Crime": "dark night warm",
    "Mystery": "night dark cool",
    "Science Fiction": "night cool play",
    "Fantasy": "night earth blush cool",
    "Horror": "dark night",
    "Adventure": "warm earth cool",
    "Documentary": "earth cool warm",
    "Animation": "play cool",
    "Family": "play warm",
    "History": "warm earth dark",
    "Music": "play night warm blush",
}
_LANDSCAPES = ["mountain", "sea", "river", "lake", "desert", "road", "bridge", "forest"]
# Styles that stand their motif on a ground, or repeat it: a landscape cannot be that.
_FOR_OBJECTS = [
    "horizon",
    "lightfall",
    "noir",
    "minimal",
    "pattern",
    "bauhaus",
    "split",
    "pop",
    "riso",
]
# Where the subject of each film's still lies, as a share of its width.
_FOCUS = {
    "dusk": 0.60,
    "aurora": 0.56,
    "medusa": 0.50,
    "neon": 0.36,
    "orrery": 0.575,
    "starlings": 0.50,
    "ink": 0.53,
    "snow": 0.66,
}


@dataclass(frozen=True, slots=True)
class ArtDirection:
    """How a title's artwork is drawn.

    Attributes:
        style: Name of a style of ``portal.demo.artwork``.
        motif: Name of what is drawn.
        mood: Name of a group of palettes.
        focus: For stills: where the subject lies, as a share of the width.
        seed: Decides all that is left to chance.
    """

    style: str
    motif: str
    mood: str
    focus: float
    seed: int


def direct_art(entry: CatalogEntry, position: int) -> ArtDirection:
    """Return the art direction of a catalog entry, the same on every machine.

    Args:
        entry: The title as written.
        position: Its place in the catalog: neighbours get different styles.
    """
    seed = stable_number(entry.slug, "art") % 2**32
    styles = _STYLES_OF_GENRE[entry.genres[0]].split()
    moods = _MOODS_OF_GENRE[entry.genres[-1]].split()
    if entry.motif in _LANDSCAPES:
        styles = [style for style in styles if style not in _FOR_OBJECTS] or ["papercut"]
    style = styles[(position + seed % 2) % len(styles)]
    return ArtDirection(
        style=style,
        motif=entry.motif,
        mood=moods[seed // 5 % len(moods)],
        focus=_FOCUS.get(entry.film, 0.5),
        seed=seed,
    )
