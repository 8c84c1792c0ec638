"""The WebVTT file parser (W3C WebVTT, section 6.1).

It yields exactly the cues, regions and style sheets that the specification's algorithm yields, and
besides records, as `Issue`s, what the algorithm drops or tolerates without a word.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from portal.services.captions.errors import CaptionError
from portal.services.captions.webvtt.cue_text_issues import check_cue_text
from portal.services.captions.webvtt.issues import IssueCode, IssueLog, quote
from portal.services.captions.webvtt.model import Cue, Document, Note, Region, Style
from portal.services.captions.webvtt.settings import (
    ASCII_WHITESPACE,
    Timing,
    parse_region_settings,
    parse_timing_line,
)
from portal.services.captions.webvtt.timestamps import format_timestamp

BOM: Final = "\N{ZERO WIDTH NO-BREAK SPACE}"
ARROW: Final = "-->"
SIGNATURE: Final = "WEBVTT"


def parse(source: str | bytes) -> Document:
    """Parse a WebVTT file.

    Args:
        source: Its bytes, which WebVTT wants in UTF-8, or its text. One byte order mark at the
            start is skipped.

    Returns:
        The document; what was dropped or tolerated is in its `issues`.

    Raises:
        CaptionError: It does not start with the signature (the algorithm's only failure).
    """
    log = IssueLog()
    text = _decode(source, log)
    if text.startswith(BOM):
        text = text[1:]
    lines = _split_lines(text, log)
    _check_signature(lines)
    return _FileParser(lines, log).run()


def _decode(source: str | bytes, log: IssueLog) -> str:
    """The "UTF-8 decode" algorithm: unreadable bytes become U+FFFD, and are logged by line."""
    if isinstance(source, str):
        return source
    try:
        return source.decode("utf-8")
    except UnicodeDecodeError:
        text = source.decode("utf-8", errors="replace")
    for number, line in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), 1):
        if "\N{REPLACEMENT CHARACTER}" in line:
            log.add(
                IssueCode.REPLACED_CHARACTER,
                number,
                f"Some letters cannot be read, as the file is not in UTF-8: {quote(line)}.",
                "Save the file as UTF-8 and upload it again, or say which encoding it has.",
            )
    return text


def _split_lines(text: str, log: IssueLog) -> list[str]:
    """Step 1 of the algorithm (NUL, CRLF, CR), then the lines."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\0" in text:
        log.add(
            IssueCode.NUL_CHARACTER,
            text.count("\n", 0, text.index("\0")) + 1,
            f"The file contains {text.count(chr(0)):,} NUL characters; they are shown as “�”.",
            "Remove them; the file may have been damaged, or be in another encoding.",
        )
        text = text.replace("\0", "\N{REPLACEMENT CHARACTER}")
    return text.split("\n")


def _check_signature(lines: list[str]) -> None:
    first = lines[0]
    if first.startswith(SIGNATURE) and (len(first) == 6 or first[6] in " \t"):
        return
    if first.startswith(SIGNATURE):
        why = "there has to be a space or a line break after the word WEBVTT"
    elif first.strip().upper().startswith(SIGNATURE):
        why = "WEBVTT has to stand in capitals at the very start"
    else:
        why = f"its first line is {quote(first)}" if first else "its first line is empty"
    raise CaptionError(
        f"This is not a WebVTT file: {why}. The first line has to be WEBVTT.",
        reason="no-signature",
        line_number=1,
        source_format="WebVTT",
    )


def _is_comment(line: str) -> bool:
    """Whether a block that starts with this line is a comment (section 4.1)."""
    return line == "NOTE" or line.startswith(("NOTE ", "NOTE\t"))


@dataclass(slots=True)
class _Block:
    """What "collect a WebVTT block" has collected."""

    first_line: int  # index of its first line
    cue_line: int = -1  # index of the line that started a cue, -1 if none
    timing: Timing | None = None
    id: str = ""
    is_style: bool = False
    is_region: bool = False
    cut_by_arrow: bool = False
    buffer: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "\n".join(self.buffer)


class _FileParser:
    """The state that the algorithm shares between its steps: position, seen cue, regions."""

    def __init__(self, lines: list[str], log: IssueLog) -> None:
        self._lines = lines
        # Without a line break at the end there is no further, empty line.
        self._count = len(lines) - 1 if not lines[-1] else len(lines)
        self._log = log
        self._position = 0
        self._cues: list[Cue] = []
        self._regions: dict[str, Region] = {}
        self._all_regions: list[Region] = []
        self._styles: list[Style] = []
        self._notes: list[Note] = []
        self._ids: set[str] = set()
        self._latest_start_s = 0.0

    def run(self) -> Document:
        header = [self._lines[0][len(SIGNATURE) :].strip(ASCII_WHITESPACE)]
        self._position = 1
        if self._position < self._count:
            if self._lines[1]:
                header.extend(self._collect_header())
            else:
                self._position += 1
            self._skip_blank_lines()
            while self._position < self._count:
                self._take(self._collect_block())
                self._skip_blank_lines()
        return Document(
            cues=tuple(self._cues),
            regions=tuple(self._all_regions),
            styles=tuple(self._styles),
            notes=tuple(self._notes),
            header="\n".join(header),
            issues=self._log.freeze(),
        )

    def _skip_blank_lines(self) -> None:
        while self._position < self._count and not self._lines[self._position]:
            self._position += 1

    def _collect_header(self) -> list[str]:
        """ "Collect a WebVTT block" with the "in header" flag: everything up to a blank line."""
        first = self._position
        while self._position < self._count and self._lines[self._position]:
            if ARROW in self._lines[self._position]:
                self._log.add(
                    IssueCode.HEADER_NOT_CLOSED,
                    self._position + 1,
                    "There is no blank line between the top of the file and the first cue.",
                    "Insert a blank line above this one.",
                )
                break
            self._position += 1
        lines = self._lines[first : self._position]
        if not all(line.startswith("X-TIMESTAMP-MAP") for line in lines):
            self._log.add(
                IssueCode.HEADER_TEXT,
                first + 1,
                f"What stands below WEBVTT is ignored up to a blank line: {quote(lines[0])}.",
                "Remove them, or turn them into a comment: a blank line, then NOTE.",
            )
        return lines

    def _collect_block(self) -> _Block:
        """ "Collect a WebVTT block" without the "in header" flag."""
        block = _Block(self._position)
        previous = self._position
        line_count = 0
        while self._position < self._count:
            line = self._lines[self._position]
            self._position += 1
            line_count += 1
            if ARROW in line:
                if line_count == 1 or (line_count == 2 and block.cue_line < 0):
                    self._start_cue(block, line)
                    previous = self._position
                else:
                    self._position = previous
                    block.cut_by_arrow = True
                    break
            elif not line:
                break
            else:
                if line_count == 2 and not self._cues and block.cue_line < 0:
                    self._recognise(block)
                block.buffer.append(line)
                previous = self._position
        return block

    def _start_cue(self, block: _Block, line: str) -> None:
        block.cue_line = self._position - 1
        in_comment = _is_comment(self._lines[block.first_line])
        log = IssueLog() if in_comment else self._log
        block.timing = parse_timing_line(line, self._position, self._regions, log)
        if block.timing is not None:
            block.id = block.text
            block.buffer.clear()
        elif in_comment:
            self._log.add(
                IssueCode.COMMENT_WITH_ARROW,
                self._position,
                "A comment contains the arrow “-->”, which WebVTT keeps for timing lines.",
                "Write “->” in comments.",
            )

    def _recognise(self, block: _Block) -> None:
        """Whether the block's first line makes it a style sheet or a region definition."""
        keyword = block.text.rstrip(ASCII_WHITESPACE)
        if keyword in ("STYLE", "REGION"):
            block.is_style = keyword == "STYLE"
            block.is_region = keyword == "REGION"
            block.buffer.clear()

    def _take(self, block: _Block) -> None:
        """Add what the block turned out to be to the document."""
        number = block.first_line + 1
        if block.timing is not None:
            self._take_cue(block, block.timing)
        elif block.is_style:
            self._styles.append(Style(block.text, number))
        elif block.is_region:
            region = parse_region_settings(block.text, number, self._log)
            self._take_region(region, number)
        elif block.cue_line < 0:  # else it is dropped, and its timing line has been logged
            self._take_other(block, number)
        if block.cut_by_arrow:
            self._log.add(
                IssueCode.MISSING_BLANK_LINE,
                self._position + 1,
                "There is no blank line above this timing line, so what stands above it is read as"
                " part of what comes before.",
                "Insert a blank line before the cue (above its number, if it has one).",
            )

    def _take_cue(self, block: _Block, timing: Timing) -> None:
        number = block.cue_line + 1
        cue = Cue(
            id=block.id,
            start_s=timing.start_s,
            end_s=timing.end_s,
            text=block.text,
            settings=timing.settings,
            line_number=number,
        )
        if cue.id:
            if cue.id in self._ids:
                self._log.add(
                    IssueCode.DUPLICATE_ID,
                    number - 1,
                    f"The cue identifier {quote(cue.id)} is used more than once.",
                    "Give each cue its own identifier, or none.",
                )
            self._ids.add(cue.id)
            if _is_comment(cue.id):
                self._log.add(
                    IssueCode.COMMENT_IS_CUE,
                    number - 1,
                    "This looks like a comment, but as a timing line follows directly the cue below"
                    " it is shown.",
                    "Put a blank line below the comment, or remove the cue.",
                )
        if cue.start_s < self._latest_start_s:
            self._log.add(
                IssueCode.TIMING_ORDER,
                number,
                f"The cue starts at {format_timestamp(cue.start_s)}, before the cue above it"
                f" ({format_timestamp(self._latest_start_s)}).",
                "Put the cues in the order of their start times.",
            )
        self._latest_start_s = max(self._latest_start_s, cue.start_s)
        check_cue_text(cue.text, number + 1, cue.start_s, cue.end_s, self._log)
        self._cues.append(cue)

    def _take_region(self, region: Region, number: int) -> None:
        if region.id and region.id in self._regions:
            self._log.add(
                IssueCode.DUPLICATE_REGION,
                number,
                f"The region {quote(region.id)} is defined twice; cues use the last definition.",
                "Remove one of them.",
            )
        self._all_regions.append(region)
        if region.id:
            self._regions[region.id] = region

    def _take_other(self, block: _Block, number: int) -> None:
        """A block that the algorithm drops: a comment, a misplaced block, or lost text."""
        first, rest = block.buffer[0], block.buffer[1:]
        keyword = first.rstrip(ASCII_WHITESPACE)
        if _is_comment(first):
            inline = first[5:]
            text = "\n".join([inline, *rest] if inline else rest)
            self._notes.append(Note(text, len(self._cues), number))
        elif keyword in ("STYLE", "REGION") and self._cues:
            late = IssueCode.LATE_STYLE if keyword == "STYLE" else IssueCode.LATE_REGION
            self._log.add(
                late,
                number,
                f"This {keyword} block is ignored, as it stands below the first cue.",
                "Move it to the top of the file.",
            )
        elif keyword in ("STYLE", "REGION"):
            self._log.add(
                IssueCode.EMPTY_STYLE,
                number,
                f"This {keyword} block is empty, or a blank line stands directly below the word.",
                f"Remove the blank line, or the word {keyword}.",
            )
        elif first.startswith(("REGION:", "Region:")):
            self._log.add(
                IssueCode.REGION_SETTING,
                number,
                f"{quote(first)} is the old form of a region definition and is ignored.",
                "Write a block that starts with a line REGION, and one setting as “name:value” on"
                " each line below it.",
            )
        elif not self._cues and ("{" in block.text or "}" in block.text):
            self._log.add(
                IssueCode.STYLE_CUT,
                number,
                f"{quote(first)} looks like part of a style sheet and is ignored.",
                "Remove the blank lines within the STYLE block.",
            )
        elif keyword == "ATTRIBUTES":
            self._log.add(
                IssueCode.ATTRIBUTES_BLOCK,
                number,
                "The ATTRIBUTES block is ignored.",
                "Set the language and the kind of the track in the portal.",
            )
        else:
            count = len(block.buffer)
            self._log.add(
                IssueCode.TEXT_OUTSIDE_CUE,
                number,
                f"{quote(first)}{f' and {count - 1} more lines' if count > 1 else ''} will not be"
                " shown, as no timing line stands above the text.",
                "If it belongs to the cue above, remove the blank line in between; if it is a"
                " comment, put NOTE above it.",
            )
