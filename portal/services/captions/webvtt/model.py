"""A WebVTT file as immutable data (W3C WebVTT, section 3)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from portal.services.captions.webvtt.issues import Issue

Vertical = Literal["", "rl", "lr"]
LineAlign = Literal["start", "center", "end"]
PositionAlign = Literal["auto", "line-left", "center", "line-right"]
TextAlign = Literal["start", "center", "end", "left", "right"]


@dataclass(frozen=True, slots=True)
class CueSettings:
    """Where a cue is placed (sections 3.1 and 4.4). The defaults are the specification's.

    Attributes:
        vertical: Writing direction: "" horizontal, "rl" or "lr" vertical.
        line: Line number (`snap_to_lines`) or percentage of the video's height; None is auto.
        snap_to_lines: Whether `line` counts lines (may be negative, from the bottom).
        line_align: Which edge of the cue box `line` is for.
        position: Percentage of the video's width; None is auto.
        position_align: Which edge of the cue box `position` is for.
        size: Width of the cue box in percent of the video's.
        align: Alignment of the text within the cue box.
        region: Identifier of the cue's region, "" for none.
    """

    vertical: Vertical = ""
    line: float | None = None
    snap_to_lines: bool = True
    line_align: LineAlign = "start"
    position: float | None = None
    position_align: PositionAlign = "auto"
    size: float = 100.0
    align: TextAlign = "center"
    region: str = ""


DEFAULT_SETTINGS = CueSettings()


@dataclass(frozen=True, slots=True)
class Region:
    """A part of the video that cues can be put into (section 3.2).

    Attributes:
        id: Identifier that cues refer to.
        width: Percentage of the video's width.
        lines: Height in lines.
        region_anchor: The point of the region (x, y in percent) that is held in place.
        viewport_anchor: Where on the video (x, y in percent) that point is held.
        scroll_up: Whether cues roll up.
        line_number: 1-based line of the block in the source; not part of equality.
    """

    id: str = ""
    width: float = 100.0
    lines: int = 3
    region_anchor: tuple[float, float] = (0.0, 100.0)
    viewport_anchor: tuple[float, float] = (0.0, 100.0)
    scroll_up: bool = False
    line_number: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Style:
    """A STYLE block: a CSS style sheet for `::cue` (section 8.2), kept as text."""

    css: str
    line_number: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Note:
    """A NOTE block (comment).

    Attributes:
        text: The comment without the word NOTE.
        before_cue: How many cues precede it, so that it can be written back to its place.
        line_number: 1-based line of the block in the source; not part of equality.
    """

    text: str
    before_cue: int = 0
    line_number: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Cue:
    """One caption.

    Attributes:
        id: Identifier, "" for none.
        start_s: Start in seconds from the start of the film, to the millisecond.
        end_s: End in seconds.
        settings: Placement.
        text: Cue text as written, tags and references included; lines separated by LF.
        line_number: 1-based line of its timings in the source (0 if it has none); not part of
            equality, so that a document equals its normalised form.
    """

    id: str
    start_s: float
    end_s: float
    text: str
    settings: CueSettings = DEFAULT_SETTINGS
    line_number: int = field(default=0, compare=False)

    @property
    def duration_s(self) -> float:
        """How long it is shown, in seconds; zero or less if its times are wrong."""
        return self.end_s - self.start_s


@dataclass(frozen=True, slots=True)
class Document:
    """A WebVTT file.

    Attributes:
        cues: In file order.
        regions: In file order.
        styles: In file order.
        notes: In file order.
        header: What stands behind and directly below the signature; browsers ignore it, HLS puts
            `X-TIMESTAMP-MAP` there (RFC 8216, section 3.5).
        issues: What the parser dropped or tolerated; not part of equality.
    """

    cues: tuple[Cue, ...] = ()
    regions: tuple[Region, ...] = ()
    styles: tuple[Style, ...] = ()
    notes: tuple[Note, ...] = ()
    header: str = ""
    issues: tuple[Issue, ...] = field(default=(), compare=False)
