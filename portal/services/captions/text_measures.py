"""How long a text is for a reader: columns, not code points."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TextMeasure:
    """A cue's text, measured.

    Attributes:
        line_widths: Columns of each line.
        words: Words; where a script has no spaces, two wide characters count as one.
    """

    line_widths: tuple[int, ...]
    words: int

    @property
    def width(self) -> int:
        """Columns of all lines together: what a viewer has to read."""
        return sum(self.line_widths)


def display_width(text: str) -> int:
    """Columns that `text` takes: wide and full-width characters two, marks and controls none.

    After Unicode Standard Annex 11 (East Asian Width); direction marks, joiners and combining
    marks take no room, so right-to-left text and text with vowel signs are measured by letters.
    """
    if text.isascii():
        return len(text)
    return sum(map(_character_width, text))


def _character_width(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def measure(plain_text: str) -> TextMeasure:
    """Measure a cue's plain text; white space around its lines does not count."""
    lines = [line.strip() for line in plain_text.split("\n")]
    lines = [line for line in lines if line]
    words = 0
    for line in lines:
        if line.isascii():
            words += len(line.split())
            continue
        wide = sum(_character_width(character) == 2 for character in line)
        narrow = "".join(c if _character_width(c) != 2 else " " for c in line)
        words += (wide + 1) // 2 + len(narrow.split())
    return TextMeasure(tuple(display_width(line) for line in lines), words)
