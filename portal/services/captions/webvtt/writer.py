"""Normalised WebVTT from a `Document` (W3C WebVTT, section 4.1)."""

from __future__ import annotations

import math
from collections import defaultdict

from portal.services.captions.errors import CaptionError
from portal.services.captions.webvtt.issues import quote
from portal.services.captions.webvtt.model import Cue, Document
from portal.services.captions.webvtt.parser import ARROW, SIGNATURE
from portal.services.captions.webvtt.settings import format_cue_settings, format_region
from portal.services.captions.webvtt.timestamps import MAX_TIME_S, format_timestamp


def serialise(document: Document) -> str:
    """The document as normalised WebVTT text, to be stored in UTF-8 without a byte order mark.

    Hours are always written, line breaks are LF, default settings are left out, the order is
    styles, regions, then cues with the comments between them. `parse(serialise(d)) == d`.

    Raises:
        CaptionError: A part of the document has no form in WebVTT (text with a blank line or an
            arrow, a time below zero); parsed documents never have such a part.
    """
    notes: dict[int, list[str]] = defaultdict(list)
    for note in document.notes:
        _require_block(note.text, "comment")
        joint = "\n" if "\n" in note.text else " " if note.text else ""
        notes[min(note.before_cue, len(document.cues))].append(f"NOTE{joint}{note.text}")
    blocks = [_signature_line(document.header)]
    for style in document.styles:
        _require_block(style.css, "style sheet")
        blocks.append(f"STYLE\n{style.css}")
    blocks.extend(format_region(region) for region in document.regions)
    for index, cue in enumerate(document.cues):
        blocks.extend(notes[index])
        blocks.append(_cue_block(cue, index))
    blocks.extend(notes[len(document.cues)])
    return "\n\n".join(blocks) + "\n"


def _signature_line(header: str) -> str:
    first, line_break, below = header.partition("\n")
    if line_break:  # the signature line may hold anything, the lines below it no arrow
        _require_block(below or "\n", "header")
    space = " " if first else ""
    return f"{SIGNATURE}{space}{header}"


def _cue_block(cue: Cue, index: int) -> str:
    require_cue(cue, index)
    settings = format_cue_settings(cue.settings)
    lines = [
        f"{format_timestamp(cue.start_s)} {ARROW} {format_timestamp(cue.end_s)}"
        f"{' ' if settings else ''}{settings}"
    ]
    if cue.id:
        lines.insert(0, cue.id)
    if cue.text:
        lines.append(cue.text)
    return "\n".join(lines)


def require_cue(cue: Cue, index: int) -> None:
    """Refuse a cue that has no form in WebVTT.

    Raises:
        CaptionError: Naming the cue (counted from 1) and the field.
    """
    where = f"Cue {index + 1}"
    for name, time_s in (("start", cue.start_s), ("end", cue.end_s)):
        if not 0 <= time_s < MAX_TIME_S:
            raise CaptionError(
                f"{where}: its {name} is {format_timestamp(time_s)}; it has to be zero or more.",
                reason="bad-time",
                field=f"{name}_s",
            )
    placement = cue.settings.line or 0.0, cue.settings.position or 0.0, cue.settings.size
    if not all(map(math.isfinite, placement)):
        raise CaptionError(
            f"{where}: its placement is not a number.", reason="bad-placement", field="settings"
        )
    if ARROW in cue.id or any(c in cue.id for c in "\n\r\0"):
        raise CaptionError(
            f"{where}: the identifier {quote(cue.id)} must be one line without “-->”.",
            reason="bad-id",
            field="id",
        )
    _require_block(cue.text, f"text of cue {index + 1}")


def _require_block(text: str, what: str) -> None:
    if ARROW in text:
        raise CaptionError(
            f"The {what} contains “-->”, which only timing lines may. Write “--&gt;” or “→”.",
            reason="arrow-in-text",
            field="text",
        )
    if "\n" in text and not all(text.split("\n")):
        raise CaptionError(
            f"The {what} contains a blank line, which would end it. Remove the blank line.",
            reason="blank-line",
            field="text",
        )
    if "\r" in text or "\0" in text:
        raise CaptionError(
            f"The {what} contains a character that WebVTT cannot hold (CR or NUL). Remove it.",
            reason="bad-character",
            field="text",
        )
