"""What elements of a timed text document inherit, and where their regions lie."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from ttconv.style_properties import (
    DirectionType,
    DisplayAlignType,
    FontStyleType,
    FontWeightType,
    LengthType,
    StyleProperties,
    TextAlignType,
    WritingModeType,
)

from portal.services.captions.placement import Box, Horizontal, Vertical, settings_for
from portal.services.captions.webvtt import DEFAULT_SETTINGS, CueSettings


@dataclass(frozen=True, slots=True)
class Context:
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


def with_styles(context: Context, get: Any) -> Context:
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


class Placer:
    """Cue settings for the regions of a document; each is worked out once."""

    def __init__(self, document: Any, *, boxes_follow_text: bool) -> None:
        self._document = document
        self._boxes_follow_text = boxes_follow_text
        self._placements: dict[tuple[str, Any, bool], CueSettings] = {}

    def settings(self, context: Context) -> CueSettings:
        """Where text in this context is placed."""
        region = context.region
        if region is None:
            return DEFAULT_SETTINGS
        key = (region.get_id(), context.text_align, context.rtl)
        if key not in self._placements:
            self._placements[key] = self._place(region, context)
        return self._placements[key]

    def _place(self, region: Any, context: Context) -> CueSettings:
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
