"""Scenarist SCC files, checked and bounded before ttconv decodes them.

An SCC line is a time code, a tab, and EIA-608 words of four hexadecimal digits. ttconv skips
other lines in silence, and copies what is on the screen each time something is added to it; so
lines that cannot be read are reported here, and what a decoder could not show (more than four
rows, endless rows) is cut, as otherwise a small file could fill the memory.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from portal.services.captions.errors import CaptionError
from portal.services.captions.webvtt import Issue, IssueCode
from portal.services.captions.webvtt.issues import IssueLog, quote

MAX_WORDS: Final = 300_000
MAX_ROWS: Final = 20_000
"""Rows addressed in a file; a film of three hours has about 5,000."""
MAX_ROWS_SHOWN: Final = 4  # CEA-608: captions fill four rows at most
MAX_ROW_WORDS: Final = 32  # a row has 32 columns, a word two characters; twice that is let pass

_LINE = re.compile(r"([0-9]{2}[:;.,][0-9]{2}[:;.,][0-9]{2}[:;.,][0-9]{2})[\t ]+(.*)")
_WORD = re.compile(r"[0-9a-fA-F]{4}")
_LOAD_POP_ON: Final = 0x1420  # RCL
_NEW_ROW: Final = 0x142D  # CR
_ERASE_BUFFER: Final = 0x142E  # ENM
_SHOW_BUFFER: Final = 0x142F  # EOC
_DIRECT: Final = frozenset({0x1425, 0x1426, 0x1427, 0x1429})  # RU2, RU3, RU4, RDC
_CLEARING: Final = frozenset({0x142C, _NEW_ROW, _ERASE_BUFFER, _SHOW_BUFFER, *_DIRECT})  # 142C: EDM


@dataclass(frozen=True, slots=True)
class CleanScc:
    """An SCC file that can be decoded safely.

    Attributes:
        text: The file, without what could not be read.
        issues: What that was.
    """

    text: str
    issues: tuple[Issue, ...]


def clean_scc(text: str) -> CleanScc:
    """Check an SCC file line by line.

    Raises:
        CaptionError: It has more words or rows than any film's captions.
    """
    return _Cleaner().run(text)


class _Cleaner:
    def __init__(self) -> None:
        self._log = IssueLog()
        self._words = self._rows = 0
        self._row_words = 0  # what was written since a row was last addressed
        self._rows_shown: set[int] = set()
        self._pop_on = False
        self._flipped = False  # the buffer holds what was on the screen before
        self._previous = -1

    def run(self, text: str) -> CleanScc:
        kept = ["Scenarist_SCC V1.0"]
        for number, line in enumerate(re.split(r"\r\n|\r|\n", text), 1):
            stripped = line.strip()
            match = _LINE.fullmatch(stripped)
            words = match[2].split() if match else []
            if match and all(map(_WORD.fullmatch, words)):
                kept.append(f"{match[1]}\t{' '.join(self._clean(words, number))}")
            elif stripped and number > 1:
                self._log.add(
                    IssueCode.UNREADABLE_TIMING,
                    number,
                    f"The line {quote(stripped)} is not SCC and is left out.",
                    "An SCC line is a time code such as 00:00:01;12, a tab, and groups of four"
                    " hexadecimal digits.",
                )
        return CleanScc("\n".join(kept), self._log.freeze())

    def _clean(self, words: list[str], number: int) -> list[str]:
        self._words += len(words)
        kept: list[str] = []
        dropped = 0
        for word in words:
            code = int(word, 16) & 0x7F7F  # without the parity bits
            first = code >> 8
            if 0x10 <= (first & 0xF7) <= 0x17 and code & 0xFF >= 0x40:
                kept.extend(self._address_row(code))
            elif first & 0xF6 == 0x14:
                self._control(code & 0xF6FF)  # the same codes in both fields and channels
            elif code and self._row_words >= MAX_ROW_WORDS:
                dropped += 1
                continue
            elif code:
                kept.extend(self._before_writing())
                self._row_words += 1
            kept.append(word)
            self._previous = code
        if self._words > MAX_WORDS or self._rows > MAX_ROWS:
            raise _too_complex(number)
        if dropped:
            self._log.add(
                IssueCode.TEXT_OUTSIDE_CUE,
                number,
                f"A row of captions has more text than fits on a screen; {dropped} pieces of two"
                " characters are left out.",
                "Check that the file is complete, and export it again.",
            )
        return kept

    def _before_writing(self) -> list[str]:
        """Erases what the screen showed before, where a new caption is loaded without doing so."""
        if not (self._pop_on and self._flipped):
            return []
        self._flipped = False
        return ["94ae", "94ae"]

    def _address_row(self, code: int) -> list[str]:
        """Words to be put before a row's address, so that nothing piles up."""
        if code == self._previous:  # each code is sent twice
            return []
        self._rows += 1
        self._row_words = 0
        row = code & 0x0720
        self._rows_shown.add(row)
        before = self._before_writing()
        if len(self._rows_shown) > MAX_ROWS_SHOWN:
            self._rows_shown = {row}
            before += ["94ae", "94ae"] if self._pop_on else ["942c", "942c"]
        return before

    def _control(self, code: int) -> None:
        if code == _LOAD_POP_ON:
            self._pop_on = True
        elif code in _DIRECT:
            self._pop_on = False
        if code in _CLEARING:
            self._row_words = 0
            self._rows_shown.clear()
        if code == _NEW_ROW and self._previous & 0xF6FF != _NEW_ROW:
            self._rows += 1
        if code == _ERASE_BUFFER:
            self._flipped = False
        elif code == _SHOW_BUFFER and self._previous & 0xF6FF != _SHOW_BUFFER:
            self._flipped = True


def _too_complex(number: int) -> CaptionError:
    return CaptionError(
        f"Line {number}: the file has more captions than any film (over {MAX_WORDS:,} words or"
        f" {MAX_ROWS:,} rows). Check that it is the right file.",
        reason="too-complex",
        line_number=number,
        source_format="Scenarist SCC",
    )
