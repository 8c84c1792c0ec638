"""What the insights pages show: words and geometry, ready to be drawn; nobody is named in them."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Tile:
    """A figure at the top.

    Attributes:
        label: What it is.
        value: The figure with its unit.
        note: How it compares, or what is hoped for.
        tone: `good`, `bad` or "" for how the note is meant.
    """

    label: str = ""
    value: str = ""
    note: str = ""
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """A word at an axis; `at` is in percent from the left, or from the bottom."""

    at: float = 0.0
    words: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a chart, as SVG paths in a box of 1000 x 100.

    Attributes:
        name: What it is of.
        path: The line; it is broken where nothing is known.
        area: What lies below it; "" where that is not filled.
        look: `first` or `second`: colour and dashes.
    """

    name: str = ""
    path: str = ""
    area: str = ""
    look: str = "first"


@dataclass(frozen=True, slots=True)
class Spot:
    """A point of time in a chart, to be pointed at: from `x`, `width` wide, in per mille."""

    x: float = 0.0
    width: float = 0.0
    words: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """Lines over time with a table behind them.

    Attributes:
        summary: One sentence that says what is to be seen.
        goal: Height of the line that is hoped for, in percent from the bottom; below 0: none.
        goal_words: What that line is.
    """

    lines: list[Line] = field(default_factory=list)
    across: list[Mark] = field(default_factory=list)
    up: list[Mark] = field(default_factory=list)
    spots: list[Spot] = field(default_factory=list)
    summary: str = ""
    goal: float = -1.0
    goal_words: str = ""
    headings: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    is_empty: bool = True


@dataclass(frozen=True, slots=True)
class Bar:
    """One row of a ranking; `share` is its length in percent of the longest."""

    name: str = ""
    value: str = ""
    note: str = ""
    share: float = 0.0


@dataclass(frozen=True, slots=True)
class PartLine:
    """A rendition or a browser, with what viewers had of it."""

    name: str = ""
    plays: str = ""
    hours: str = ""
    start_p50: str = ""
    start_p95: str = ""
    failures: str = ""
    rebuffer: str = ""
    degraded: str = ""


@dataclass(frozen=True, slots=True)
class FilmLine:
    """A film in the table of films."""

    href: str = ""
    title: str = ""
    plays: str = ""
    hours: str = ""
    finished: str = ""
    start_p95: str = ""
    failures: str = ""
    rebuffer: str = ""
    share: float = 0.0


@dataclass(frozen=True, slots=True)
class Watched:
    """A film that is being watched now."""

    href: str = ""
    title: str = ""
    viewers: int = 0


@dataclass(frozen=True, slots=True)
class Insights:
    """Everything of a page, for one range of time."""

    title: str = ""
    span: str = ""
    tiles: list[Tile] = field(default_factory=list)
    plays: Chart = field(default_factory=Chart)
    hours: Chart = field(default_factory=Chart)
    starts: Chart = field(default_factory=Chart)
    quality: Chart = field(default_factory=Chart)
    completion: Chart = field(default_factory=Chart)
    throttles: Chart = field(default_factory=Chart)
    failures: list[Bar] = field(default_factory=list)
    captions: list[Bar] = field(default_factory=list)
    limits: list[Bar] = field(default_factory=list)
    renditions: list[PartLine] = field(default_factory=list)
    browsers: list[PartLine] = field(default_factory=list)
    films: list[FilmLine] = field(default_factory=list)
    is_empty: bool = True
