"""From boxes on the screen, as other formats describe them, to WebVTT cue settings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from portal.services.captions.webvtt import CueSettings

SAFE_MARGIN: Final = 5.0
"""Percent of the picture that text keeps away from its edges (title-safe area, EBU R 95)."""

Vertical = Literal["top", "middle", "bottom"]
Horizontal = Literal["left", "center", "right"]


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on the picture; all values in percent of its width or height."""

    x: float
    y: float
    width: float
    height: float


def settings_for(box: Box, vertical: Vertical, horizontal: Horizontal) -> CueSettings:
    """Cue settings that put text at the given edges of a box.

    Text at the bottom or in the middle of the line gets no setting: players then keep it clear of
    their controls and of other cues, and viewers' own caption settings apply.
    """
    line: float | None
    line_align: Literal["start", "center", "end"]
    if vertical == "top":
        line, line_align = box.y, "start"
        at_bottom = box.y >= 66
    elif vertical == "bottom":
        line, line_align = box.y + box.height, "end"
        at_bottom = line >= 75
    else:
        line, line_align = box.y + box.height / 2, "center"
        at_bottom = line >= 75
    line = None if at_bottom else _within(line)
    center_x = box.x + box.width / 2
    position: float | None = None
    size = 100.0
    align: Literal["center", "left", "right"] = "center"
    position_align: Literal["auto", "line-left", "center", "line-right"] = "auto"
    if horizontal == "left":
        position = _within(box.x)
        size, align, position_align = 100 - position, "left", "line-left"
    elif horizontal == "right":
        position = _within(box.x + box.width)
        size, align, position_align = position, "right", "line-right"
    elif abs(center_x - 50) > 5:
        position = _within(center_x)
        size, position_align = 2 * min(position, 100 - position), "center"
    return CueSettings(
        line=line,
        snap_to_lines=line is None,
        line_align="start" if line is None else line_align,
        position=position,
        position_align=position_align,
        size=round(size, 2),
        align=align,
    )


def _within(percent: float) -> float:
    return round(min(max(percent, SAFE_MARGIN), 100 - SAFE_MARGIN), 2)
