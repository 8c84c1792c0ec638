"""From ttconv's model of a TTML, SCC or EBU STL file to cues.

ttconv reads these formats; its own WebVTT writer is not used, as it takes time quadratic in the
number of captions (7 s for 2,000), writes "&" and "<" unescaped, and drops ruby and the horizontal
position. What is kept: italics, bold, underline, the text colours, ruby, vertical writing, and the
place on the screen.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from typing import Any, Final

from ttconv import model
from ttconv.style_properties import (
    DirectionType,
    DisplayAlignType,
    DisplayType,
    FontStyleType,
    FontWeightType,
    LengthType,
    StyleProperties,
    TextAlignType,
    VisibilityType,
    WritingModeType,
)

from portal.services.captions.errors import CaptionError
from portal.services.captions.overlaps import flatten
from portal.services.captions.placement import Box, Horizontal, Vertical, settings_for
from portal.services.captions.webvtt import (
    DEFAULT_SETTINGS,
    Cue,
    CueSettings,
    Style,
    escape_text,
)

DEFAULT_DURATION_S: Final = 5
"""How long a caption without an end is shown, at most until the next one starts."""

MAX_WORK: Final = 4_000_000
"""Timed parts of one paragraph times instants at which they change."""

_NAMED_COLOURS: Final = {
    (255, 255, 255): "",  # the default
    (0, 255, 0): "lime",
    (0, 255, 255): "cyan",
    (255, 0, 0): "red",
    (255, 255, 0): "yellow",
    (255, 0, 255): "magenta",
    (0, 0, 255): "blue",
    (0, 0, 0): "black",
}
"""WebVTT's default classes (section 5.1)."""

_SPACES = re.compile(r"[\t\r\n ]+")


@dataclass(frozen=True, slots=True)
class _Context:
    """What an element inherits."""

    begin: Fraction
    end: Fraction | None
    region: Any = None
    italic: bool = False
    bold: bool = False
    underline: bool = False
    colour: tuple[int, int, int] = (255, 255, 255)
    text_align: Any = None
    rtl: bool = False
    preserve: bool = False


@dataclass(frozen=True, slots=True)
class _Run:
    """A piece of text, already as cue text, with the time it is shown ("\\n" is a line break)."""

    begin: Fraction
    end: Fraction | None
    text: str
    context: _Context


@dataclass(frozen=True, slots=True)
class Extracted:
    """What was found in a model.

    Attributes:
        cues: In order of start time, without overlaps in one place.
        styles: A style sheet for colours that WebVTT has no class for.
        endless: How many captions had no end and were given one.
        before_zero: How many captions would start before the film does, and were left out.
    """

    cues: tuple[Cue, ...]
    styles: tuple[Style, ...]
    endless: int
    before_zero: int


def extract(document: Any, *, boxes_follow_text: bool = False) -> Extracted:
    """Cues from a ttconv `ContentDocument`.

    Args:
        document: The model.
        boxes_follow_text: Regions were made to fit the text (SCC), so text in a box in the middle
            of the screen was meant to be centred, whatever its alignment in the box.
    """
    return _Extractor(document, boxes_follow_text).run()


class _Extractor:
    def __init__(self, document: Any, boxes_follow_text: bool) -> None:
        self._document = document
        self._boxes_follow_text = boxes_follow_text
        self._colours: dict[str, str] = {}
        self._placements: dict[tuple[str, Any, bool], CueSettings] = {}

    def run(self) -> Extracted:
        body = self._document.get_body()
        pieces: list[tuple[Fraction, Fraction | None, str, CueSettings]] = []
        if body is not None:
            root = _Context(Fraction(0), None)
            for paragraph, context in self._paragraphs(body, root):
                pieces.extend(self._pieces(paragraph, context))
        starts = sorted({piece[0] for piece in pieces})
        following = dict(pairwise(starts))
        cues: list[Cue] = []
        endless = before_zero = 0
        for begin, own_end, text, settings in sorted(pieces, key=lambda piece: piece[0]):
            end = own_end
            if end is None:
                endless += 1
                end = min(begin + DEFAULT_DURATION_S, following.get(begin, begin + 3600))
            if begin < 0:
                before_zero += 1
            elif begin < end:
                cues.append(Cue("", _to_ms(begin), _to_ms(end), text, settings))
        styles = [f"::cue(.{name}) {{\n  color: {css};\n}}" for css, name in self._colours.items()]
        return Extracted(
            cues=flatten(cues),
            styles=(Style("\n".join(styles)),) if styles else (),
            endless=endless,
            before_zero=before_zero,
        )

    def _paragraphs(self, element: Any, parent: _Context) -> Iterator[tuple[Any, _Context]]:
        context = self._enter(element, parent)
        if context is None:
            return
        if isinstance(element, model.P):
            yield element, context
            return
        for child in element:
            yield from self._paragraphs(child, context)

    def _enter(self, element: Any, parent: _Context) -> _Context | None:
        """The context within an element, or None if nothing of it is ever shown."""
        get = element.get_style
        if get(StyleProperties.Display) is DisplayType.none:
            return None
        if get(StyleProperties.Visibility) is VisibilityType.hidden:
            return None
        begin = parent.begin + (element.get_begin() or 0)
        end = parent.end
        if element.get_end() is not None:
            own_end = parent.begin + element.get_end()
            end = own_end if end is None else min(end, own_end)
        own_region = element.get_region()  # an element without children is false
        region = parent.region if own_region is None else own_region
        context = replace(parent, begin=begin, end=end, region=region)
        if region is not None and region is not parent.region:
            context = _with_styles(context, region.get_style)
        return replace(
            _with_styles(context, get),
            preserve=element.get_space() is model.WhiteSpaceHandling.PRESERVE,
        )

    def _pieces(
        self, paragraph: Any, context: _Context
    ) -> Iterator[tuple[Fraction, Fraction | None, str, CueSettings]]:
        """The paragraph, cut where parts of it appear or disappear."""
        runs = [run for child in paragraph for run in self._runs(child, context)]
        settings = self._settings(context)
        times = {run.begin for run in runs} | {run.end for run in runs if run.end is not None}
        bounds: list[Fraction | None] = [*sorted(times)]
        if any(run.end is None for run in runs):
            bounds.append(None)
        if len(bounds) * len(runs) > MAX_WORK:
            raise CaptionError(
                "One paragraph of the file has too many separately timed parts."
                " Export it with one paragraph for each caption.",
                reason="too-complex",
            )
        for begin, end in pairwise(bounds):
            if begin is None:
                continue
            shown = [r for r in runs if r.begin <= begin and (r.end is None or r.end > begin)]
            text = self._join(shown)
            if text:
                yield begin, end, text, settings

    def _runs(self, element: Any, parent: _Context) -> Iterator[_Run]:
        if isinstance(element, model.Br):
            yield _Run(parent.begin, parent.end, "\n", parent)
            return
        if isinstance(element, model.Text):
            text = element.get_text()
            text = text.replace("\r", "\n") if parent.preserve else _SPACES.sub(" ", text)
            yield _Run(parent.begin, parent.end, escape_text(text), parent)
            return
        context = self._enter(element, parent)
        if context is None:
            return
        if isinstance(element, model.Ruby):
            text = _ruby(element)
            if text:
                yield _Run(context.begin, context.end, text, context)
            return
        for child in element:
            yield from self._runs(child, context)

    def _join(self, runs: list[_Run]) -> str:
        """Cue text from runs: white space collapsed across runs, each line tagged by itself."""
        lines: list[list[tuple[str, _Context]]] = [[]]
        for run in runs:
            for index, part in enumerate(run.text.split("\n")):
                if index:
                    lines.append([])
                if part:
                    lines[-1].append((part, run.context))
        return "\n".join(filter(None, map(self._join_line, lines)))

    def _join_line(self, parts: list[tuple[str, _Context]]) -> str:
        ends_in_space = True
        merged: list[tuple[str, _Context]] = []
        for part, context in parts:
            text = part.lstrip(" ") if ends_in_space and not context.preserve else part
            if not text:
                continue
            ends_in_space = text.endswith(" ")
            if merged and self._tags(merged[-1][1]) == self._tags(context):
                merged[-1] = (merged[-1][0] + text, context)
            else:
                merged.append((text, context))
        while merged and not merged[-1][0].strip():
            merged.pop()
        tagged = ""
        for text, context in merged:
            words = text.strip()
            opening, closing = self._tags(context) if words else ("", "")
            before = text[: len(text) - len(text.lstrip())]
            after = text[len(text.rstrip()) :] if words else ""
            tagged += f"{before}{opening}{words}{closing}{after}"
        return tagged.rstrip()

    def _tags(self, context: _Context) -> tuple[str, str]:
        names = [
            name
            for name, applies in (
                (self._colour_class(context.colour), context.colour != (255, 255, 255)),
                ("b", context.bold),
                ("i", context.italic),
                ("u", context.underline),
            )
            if applies
        ]
        opening = "".join(f"<{name}>" for name in names)
        closing = "".join(f"</{name.partition('.')[0]}>" for name in reversed(names))
        return opening, closing

    def _colour_class(self, colour: tuple[int, int, int]) -> str:
        name = _NAMED_COLOURS.get(colour)
        if name is None:
            css = "#{:02x}{:02x}{:02x}".format(*colour)
            name = self._colours.setdefault(css, f"colour_{css[1:]}")
        return f"c.{name}" if name else "c"

    def _settings(self, context: _Context) -> CueSettings:
        region = context.region
        if region is None:
            return DEFAULT_SETTINGS
        key = (region.get_id(), context.text_align, context.rtl)
        if key not in self._placements:
            self._placements[key] = self._place(region, context)
        return self._placements[key]

    def _place(self, region: Any, context: _Context) -> CueSettings:
        writing_mode = region.get_style(StyleProperties.WritingMode)
        if writing_mode is WritingModeType.tbrl:
            return CueSettings(vertical="rl")
        if writing_mode is WritingModeType.tblr:
            return CueSettings(vertical="lr")
        box = self._box(region)
        if box is None:
            return DEFAULT_SETTINGS
        display_align = region.get_style(StyleProperties.DisplayAlign)
        vertical: Vertical = "top"
        if display_align is DisplayAlignType.after:
            vertical = "bottom"
        elif display_align is DisplayAlignType.center:
            vertical = "middle"
        horizontal: Horizontal = "center"
        in_middle = abs(box.x + box.width / 2 - 50) <= 8
        if context.text_align is not TextAlignType.center and not (
            self._boxes_follow_text and in_middle
        ):
            at_end = context.text_align is TextAlignType.end
            horizontal = "right" if at_end != context.rtl else "left"
        return settings_for(box, vertical, horizontal)

    def _box(self, region: Any) -> Box | None:
        extent = region.get_style(StyleProperties.Extent)
        width = self._percent(extent.width, horizontal=True) if extent else 100.0
        height = self._percent(extent.height, horizontal=False) if extent else 100.0
        if width is None or height is None:
            return None
        x: float | None = 0.0
        y: float | None = 0.0
        if (position := region.get_style(StyleProperties.Position)) is not None:
            x = self._offset(position.h_offset, width, position.h_edge.value == "right", True)
            y = self._offset(position.v_offset, height, position.v_edge.value == "bottom", False)
        elif (origin := region.get_style(StyleProperties.Origin)) is not None:
            x = self._percent(origin.x, horizontal=True)
            y = self._percent(origin.y, horizontal=False)
        return None if x is None or y is None else Box(x, y, width, height)

    def _offset(
        self, length: Any, size: float, from_far_edge: bool, horizontal: bool
    ) -> float | None:
        offset = self._percent(length, horizontal=horizontal)
        if offset is None:
            return None
        if length.units is LengthType.Units.pct:  # of the room that is left, as in CSS
            offset = offset * (100 - size) / 100
        return 100 - size - offset if from_far_edge else offset

    def _percent(self, length: Any, *, horizontal: bool) -> float | None:
        """A length in percent of the picture's width or height; None for units of the font."""
        cells = self._document.get_cell_resolution()
        pixels = self._document.get_px_resolution()
        units = LengthType.Units
        whole = {
            units.pct: 100,
            units.rw: 100 if horizontal else None,
            units.rh: None if horizontal else 100,
            units.c: cells.columns if horizontal else cells.rows,
            units.px: pixels.width if horizontal else pixels.height,
        }.get(length.units)
        return None if whole is None else float(length.value) * 100 / whole


def _with_styles(context: _Context, get: Any) -> _Context:
    """The context changed by the styles that `get` (an element's `get_style`) knows."""
    changes: dict[str, Any] = {}
    if (value := get(StyleProperties.FontStyle)) is not None:
        changes["italic"] = value is not FontStyleType.normal
    if (value := get(StyleProperties.FontWeight)) is not None:
        changes["bold"] = value is FontWeightType.bold
    if (value := get(StyleProperties.TextDecoration)) is not None and value.underline is not None:
        changes["underline"] = value.underline
    if (value := get(StyleProperties.Color)) is not None:
        changes["colour"] = tuple(value.components[:3])
    if (value := get(StyleProperties.TextAlign)) is not None:
        changes["text_align"] = value
    if (value := get(StyleProperties.Direction)) is not None:
        changes["rtl"] = value is DirectionType.rtl
    return replace(context, **changes) if changes else context


def _texts(element: Any) -> str:
    if isinstance(element, model.Text):
        return escape_text(_SPACES.sub(" ", element.get_text()))
    return "".join(_texts(child) for child in element).strip()


def _ruby(element: Any) -> str:
    """A ruby container: bases and their annotations in pairs; delimiters (rp) are left out."""
    bases: list[str] = []
    annotations: list[str] = []
    for child in element:
        members = list(child) if isinstance(child, model.Rbc | model.Rtc) else [child]
        for member in members:
            if isinstance(member, model.Rb):
                bases.append(_texts(member))
            elif isinstance(member, model.Rt):
                annotations.append(_texts(member))
    annotations += [""] * (len(bases) - len(annotations))
    pairs = zip(bases, annotations, strict=False)
    return "<ruby>" + "".join(f"{base}<rt>{note}</rt>" for base, note in pairs) + "</ruby>"


def _to_ms(time: Fraction) -> float:
    return round(time * 1000) / 1000
