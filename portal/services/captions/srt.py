"""A tolerant SubRip (SRT) reader.

SubRip has no specification. This reader takes what players take: commas or full stops, missing
numbers, missing blank lines, blank lines within a text, tags in any case, ASS override codes. Text
that it cannot place is not dropped in silence but reported as an `Issue`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from html.entities import html5
from itertools import pairwise
from typing import Final

from portal.services.captions.placement import Box, Horizontal, Vertical, settings_for
from portal.services.captions.webvtt import (
    DEFAULT_SETTINGS,
    Cue,
    CueSettings,
    Document,
    IssueCode,
)
from portal.services.captions.webvtt.issues import IssueLog, count_of, quote
from portal.services.captions.webvtt.timestamps import explain_bad_timestamp

_TIME = r"(?:(\d{1,6}):)?(\d{1,2}):(\d{1,2})(?:[.,](\d{1,3})\d*)?"
_TIMING = re.compile(rf"[ \t]*{_TIME}[ \t]*-{{1,3}}>[ \t]*{_TIME}[ \t]*(.*)", re.ASCII)
_ARROW = re.compile(r"-{2,3}>|\d[ \t]*->[ \t]*\d")
_NUMBER = re.compile(r"[ \t]*\d+[ \t]*", re.ASCII)
_TAG = re.compile(r"<(/?)([a-zA-Z]+)((?:\s[^<>]*)?)>")
_EMPTY_TAG = re.compile(r"<([biu])></\1>|<c\.[a-z]+></c>")
_OVERRIDE = re.compile(r"\{\\([^{}]*)\}")
_ALIGNMENT = re.compile(r"\\?an([1-9])")
_COLOUR = re.compile(r"color\s*=\s*[\"']?#?([a-zA-Z0-9]+)", re.IGNORECASE)
_REFERENCE = re.compile(r"&(?:#[0-9]+;|#[xX][0-9a-fA-F]+;|([a-zA-Z0-9]+;))?")

MAX_DEPTH: Final = 16
"""Tags open at once; deeper ones have no effect, so that misnested tags cannot multiply."""

_SAFE_BOX: Final = Box(10, 10, 80, 80)
_COLOURS: Final = {
    "ffffff": "white",
    "00ff00": "lime",
    "00ffff": "cyan",
    "ff0000": "red",
    "ffff00": "yellow",
    "ff00ff": "magenta",
    "0000ff": "blue",
    "000000": "black",
    "white": "white",
    "lime": "lime",
    "green": "lime",
    "cyan": "cyan",
    "aqua": "cyan",
    "red": "red",
    "yellow": "yellow",
    "magenta": "magenta",
    "fuchsia": "magenta",
    "blue": "blue",
    "black": "black",
}


@dataclass(frozen=True, slots=True)
class SrtResult:
    """A SubRip file, read.

    Attributes:
        document: Its cues, with issues where text could not be placed.
        warnings: What was mended or left out, in plain words.
    """

    document: Document
    warnings: tuple[str, ...]


def parse_srt(text: str) -> SrtResult:
    """Read a SubRip file; what cannot be read is in the document's issues."""
    return _Reader(text).run()


class _Reader:
    def __init__(self, text: str) -> None:
        normalised = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
        self._lines = normalised.replace("\0", "\ufffd").split("\n")
        self._log = IssueLog()
        self._blank_lines = self._missing_blank = self._tags = self._colours = 0

    def run(self) -> SrtResult:
        timings = [i for i, line in enumerate(self._lines) if _ARROW.search(line)]
        starts = [self._block_start(i) for i in timings]
        self._check_before(starts[0] if starts else len(self._lines))
        cues: list[Cue] = []
        for index, (start, line_index) in enumerate(zip(starts, timings, strict=True)):
            end = starts[index + 1] if index + 1 < len(starts) else len(self._lines)
            if start and self._lines[start - 1].strip(" \t"):
                self._missing_blank += 1
            cue = self._read_cue(line_index, end)
            if cue is not None:
                cues.append(cue)
        warnings = self._warnings(cues)
        in_order = tuple(sorted(cues, key=lambda cue: cue.start_s))
        return SrtResult(Document(cues=in_order, issues=self._log.freeze()), warnings)

    def _block_start(self, timing: int) -> int:
        """The index of a cue's first line: its number, if one stands above the timing line."""
        return timing - 1 if timing and _NUMBER.fullmatch(self._lines[timing - 1]) else timing

    def _check_before(self, first: int) -> None:
        lost = [line for line in self._lines[:first] if line.strip()]
        if lost:
            self._log.add(
                IssueCode.TEXT_OUTSIDE_CUE,
                self._lines.index(lost[0]) + 1,
                f"{quote(lost[0])} stands above the first timing line and will not be shown.",
                "Put a timing line above it, or remove it.",
            )

    def _read_cue(self, line_index: int, end: int) -> Cue | None:
        line = self._lines[line_index]
        match = _TIMING.fullmatch(line)
        if match is None:
            self._unreadable(line, line_index + 1)
            return None
        groups = match.groups()
        times = _milliseconds(groups[:4]), _milliseconds(groups[4:8])
        body = self._lines[line_index + 1 : end]
        while body and not body[-1].strip():
            body.pop()
        while body and not body[0].strip():
            body.pop(0)
        kept = [text for text in body if text.strip()]
        if len(kept) < len(body):
            self._blank_lines += 1
        text, settings = self._convert("\n".join(kept))
        return Cue("", times[0] / 1000, times[1] / 1000, text, settings, line_index + 1)

    def _unreadable(self, line: str, line_number: int) -> None:
        before, _, after = line.partition("->")
        first = before.rstrip("- \t").lstrip().replace(",", ".")
        second = after.replace(",", ".").split()
        reasons = [explain_bad_timestamp(first), explain_bad_timestamp(second[0] if second else "")]
        why = next((reason for reason in reasons if reason), "it has an unusual form")
        self._log.add(
            IssueCode.UNREADABLE_TIMING,
            line_number,
            f"The timing line {quote(line)} cannot be read, and its text is left out: {why}.",
            "Write the times as “00:00:01,000 --> 00:00:02,000”.",
        )

    def _convert(self, text: str) -> tuple[str, CueSettings]:
        """SubRip text as WebVTT cue text, and the placement its override codes ask for."""
        settings = DEFAULT_SETTINGS
        for override in _OVERRIDE.finditer(text):
            if (alignment := _ALIGNMENT.search(override[1])) and settings is DEFAULT_SETTINGS:
                settings = _settings_for_alignment(int(alignment[1]))
        text = _OVERRIDE.sub("", text).replace("\\N", "\n").replace("\\h", "\u00a0")
        lines = self._convert_tags(text).split("\n")
        return "\n".join(line for line in lines if line.strip()), settings

    def _convert_tags(self, text: str) -> str:
        if "<" not in text:
            return _escape(text)
        parts: list[str] = []
        stack: list[tuple[str, str]] = []  # tag in the file, tag in WebVTT
        position = 0
        for match in _TAG.finditer(text):
            name = match[2].lower()
            if name not in ("b", "i", "u", "font"):
                continue  # it stays in the text, where viewers see it
            parts.append(_escape(text[position : match.start()]))
            position = match.end()
            if match[1]:
                parts.append(_close(stack, name))
            elif len(stack) < MAX_DEPTH:
                opened = self._font(match[3]) if name == "font" else name
                stack.append((name, opened))
                parts.append(f"<{opened}>" if opened else "")
        parts.append(_escape(text[position:]))
        parts.extend(_end_tag(opened) for _, opened in reversed(stack))
        return _EMPTY_TAG.sub("", "".join(parts))

    def _font(self, attributes: str) -> str:
        colour = _COLOUR.search(attributes)
        if colour is None:
            return ""
        name = _COLOURS.get(colour[1].lower())
        if name is None:
            self._colours += 1
            return ""
        return f"c.{name}"

    def _warnings(self, cues: list[Cue]) -> tuple[str, ...]:
        warnings: list[str] = []
        if any(later.start_s < cue.start_s for cue, later in pairwise(cues)):
            warnings.append("The captions were not in order of time and have been sorted.")
        if self._missing_blank:
            warnings.append(
                f"{count_of(self._missing_blank, 'caption')} had no blank line above; it was added."
            )
        if self._blank_lines:
            warnings.append(
                f"Blank lines in the text of {count_of(self._blank_lines, 'caption')} were removed."
            )
        if self._colours:
            warnings.append(
                f"{count_of(self._colours, 'text colour')} without a name in WebVTT dropped."
            )
        return tuple(warnings)


def _milliseconds(groups: tuple[str | None, ...]) -> int:
    hours, minutes, seconds, fraction = groups
    whole = (int(hours or 0) * 60 + int(minutes or 0)) * 60 + int(seconds or 0)
    return whole * 1000 + int((fraction or "").ljust(3, "0"))


def _settings_for_alignment(number: int) -> CueSettings:
    """Placement for an ASS alignment, numbered as on a numeric keypad (8 is top centre)."""
    row, column = divmod(number - 1, 3)
    vertical: Vertical = ("bottom", "middle", "top")[row]
    horizontal: Horizontal = ("left", "center", "right")[column]
    settings = settings_for(_SAFE_BOX, vertical, horizontal)
    return (
        replace(settings, line=None, line_align="start", snap_to_lines=True)
        if row == 0
        else (settings)
    )


def _close(stack: list[tuple[str, str]], name: str) -> str:
    """End tags for `name`: what was opened within it is closed first and opened again."""
    if all(open_name != name for open_name, _ in stack):
        return ""
    inner: list[tuple[str, str]] = []
    text = ""
    while True:
        open_name, opened = stack.pop()
        text += _end_tag(opened)
        if open_name == name:
            break
        inner.append((open_name, opened))
    for entry in reversed(inner):
        stack.append(entry)
        text += f"<{entry[1]}>" if entry[1] else ""
    return text


def _end_tag(opened: str) -> str:
    return f"</{opened.partition('.')[0]}>" if opened else ""


def _escape(text: str) -> str:
    """Text as cue text; character references, which some programs write, are kept."""
    text = _REFERENCE.sub(_escape_ampersand, text) if "&" in text else text
    return text.replace("<", "&lt;").replace("-->", "--&gt;")


def _escape_ampersand(match: re.Match[str]) -> str:
    known = match[0] != "&" and (match[1] is None or match[1] in html5)
    return match[0] if known else f"&amp;{match[0][1:]}"
