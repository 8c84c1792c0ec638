"""The caption quality rules, as a table: the check uses it, and the documentation is made of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Level(StrEnum):
    """How much a finding matters."""

    ERROR = "error"  # blocks publishing
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule.

    Attributes:
        id: Stable; shown with each finding.
        level: Errors block publishing.
        title: What is wrong, in a few words.
        limit: What is measured and where the limit lies.
        source: Where the rule comes from.
    """

    id: str
    level: Level
    title: str
    limit: str
    source: str


MAX_CHARACTERS_PER_S: Final = 20.0
MAX_CHARACTERS_PER_S_CHILDREN: Final = 17.0
MAX_LINE_WIDTH: Final = 42
MAX_LINES: Final = 2
MIN_DURATION_S: Final = 5 / 6
MAX_DURATION_S: Final = 7.0
MIN_GAP_FRAMES: Final = 2
DEFAULT_FRAME_RATE: Final = 24.0
MAX_END_OVERRUN_S: Final = 1.0
DEFAULT_MAX_HOLE_S: Final = 180.0
MAX_TAIL_SHARE: Final = 0.15
MIN_TAIL_S: Final = 600.0

_NETFLIX = "Netflix Timed Text Style Guide: General Requirements"
_VTT = "W3C WebVTT"


def _error(number: int, title: str, limit: str, source: str) -> Rule:
    return Rule(f"CAP-E-{number:03d}", Level.ERROR, title, limit, source)


def _warning(number: int, title: str, limit: str, source: str) -> Rule:
    return Rule(f"CAP-W-{number:03d}", Level.WARNING, title, limit, source)


NOTHING_PARSED = _error(1, "No captions", "the file has at least one cue", "WCAG 2.2, 1.2.2")
BAD_TIMES = _error(
    2, "Ends before it starts", "start is zero or more, end is after start", f"{_VTT}, 4.1"
)
STARTS_AFTER_FILM = _error(
    3, "Starts after the film", "a cue starts before the film ends", "EN 301 549, 7.1.2"
)
ENDS_AFTER_FILM = _error(
    4, "Ends after the film", "a cue ends at most 1 s after the film", "EN 301 549, 7.1.2"
)
OVERLAP = _error(5, "Overlap", "one cue at a time in one place of the screen", _NETFLIX)
BAD_ENCODING = _error(
    6, "Unreadable letters", "no replacement characters (�); the file is UTF-8", f"{_VTT}, 6.1"
)
TEXT_LOST = _error(7, "Words that viewers would miss", "the parser drops no text", f"{_VTT}, 6")

READING_SPEED = _warning(
    101,
    "Too fast to read",
    f"at most {MAX_CHARACTERS_PER_S:g} characters a second, for children"
    f" {MAX_CHARACTERS_PER_S_CHILDREN:g}; a wide (Chinese, Japanese, Korean) character counts 2",
    _NETFLIX,
)
LINE_LENGTH = _warning(
    102,
    "Long line",
    f"at most {MAX_LINE_WIDTH} characters a line; a wide character counts 2",
    _NETFLIX,
)
LINE_COUNT = _warning(103, "Too many lines", f"at most {MAX_LINES} lines", _NETFLIX)
TOO_SHORT = _warning(104, "Too short", "shown for at least 5/6 s", _NETFLIX)
TOO_LONG = _warning(105, "Too long", f"shown for at most {MAX_DURATION_S:g} s", _NETFLIX)
SMALL_GAP = _warning(
    106, "Gap too small", f"at least {MIN_GAP_FRAMES} frames between two cues", _NETFLIX
)
HOLE = _warning(
    107,
    "Long stretch without captions",
    f"at most {DEFAULT_MAX_HOLE_S:g} s without a cue, unless set otherwise",
    "FCC 47 CFR 79.1 (completeness)",
)
STOPS_EARLY = _warning(
    108,
    "Captions stop early",
    f"the last cue ends in the film's last {MAX_TAIL_SHARE:.0%} or {MIN_TAIL_S / 60:g} minutes",
    "FCC 47 CFR 79.1 (completeness)",
)
NOT_CONFORMING = _warning(
    109, "Not quite WebVTT", "the file follows the specification; no words are lost", f"{_VTT}, 4"
)
EMPTY_CUE = _warning(110, "Empty cue", "a cue has words", f"{_VTT}, 4.2.2")
GARBLED = _warning(
    111,
    "Garbled letters",
    "no UTF-8 that was once read in another encoding (Ã©, â€™)",
    "this portal",
)
TOGETHER = _warning(
    112, "Two cues at once", "cues at once only in different places of the screen", _NETFLIX
)
TIMESTAMP_MAP = _warning(
    113,
    "Cut out of a stream",
    "no X-TIMESTAMP-MAP in the header of a whole film's captions",
    "RFC 8216, 3.5",
)
STYLE_LOADS = _warning(
    114, "Style sheet loads something", "no url() and no @import in STYLE", "this portal"
)

RULES: Final = (
    NOTHING_PARSED,
    BAD_TIMES,
    STARTS_AFTER_FILM,
    ENDS_AFTER_FILM,
    OVERLAP,
    BAD_ENCODING,
    TEXT_LOST,
    READING_SPEED,
    LINE_LENGTH,
    LINE_COUNT,
    TOO_SHORT,
    TOO_LONG,
    SMALL_GAP,
    HOLE,
    STOPS_EARLY,
    NOT_CONFORMING,
    EMPTY_CUE,
    GARBLED,
    TOGETHER,
    TIMESTAMP_MAP,
    STYLE_LOADS,
)
"""All rules, in the order of their ids."""


def rules_table() -> str:
    """The rules as a Markdown table, for the documentation."""
    rows = [
        "| Rule | Level | What is wrong | What is asked for | Source |",
        "| --- | --- | --- | --- | --- |",
    ]
    rows += [
        f"| {rule.id} | {rule.level} | {rule.title} | {rule.limit} | {rule.source} |"
        for rule in RULES
    ]
    return "\n".join(rows) + "\n"
