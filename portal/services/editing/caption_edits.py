"""The changes of a track's text that people make, each with its words for the history."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from portal.services.captions import edit
from portal.services.captions.webvtt import Cue, Document, format_timestamp
from portal.services.errors import InvalidInput

_SHOWN_TEXT = 300


def _nothing(_document: Document) -> dict[str, Any]:
    return {}


@dataclass(frozen=True, slots=True)
class Edit:
    """A change of a track's text.

    Attributes:
        apply: Gives the new document; raises `CaptionError`.
        note: What it does: "Cue 12 changed".
        before: What it replaces, for the audit; given the document before.
        after: What it puts there, for the audit; given the document after.
    """

    apply: Callable[[Document], Document]
    note: str
    before: Callable[[Document], dict[str, Any]] = _nothing
    after: Callable[[Document], dict[str, Any]] = _nothing


def change_cue(
    number: int,
    *,
    text: str | None = None,
    start_s: float | None = None,
    end_s: float | None = None,
    cue_id: str | None = None,
) -> Edit:
    """Change cue `number` (from 1); what is None stays."""

    def apply(document: Document) -> Document:
        return edit.replace_cue(
            document, number - 1, text=text, start_s=start_s, end_s=end_s, cue_id=cue_id
        )

    given = {"text": text, "start_s": start_s, "end_s": end_s, "cue_id": cue_id}
    changed = {name: _short(value) for name, value in given.items() if value is not None}
    return Edit(apply, f"Cue {number} changed", _cue(number), lambda _d: {"cue": changed})


def add_cue(*, start_s: float, end_s: float, text: str, cue_id: str = "") -> Edit:
    """Add a cue at its place in time."""

    def apply(document: Document) -> Document:
        return edit.insert_cue(document, start_s=start_s, end_s=end_s, text=text, cue_id=cue_id)

    after = {"cue": {"text": _short(text), "start_s": start_s, "end_s": end_s}}
    return Edit(apply, f"Cue added at {format_timestamp(start_s)}", _nothing, lambda _d: after)


def remove_cue(number: int) -> Edit:
    """Remove cue `number` (from 1)."""
    return Edit(
        lambda document: edit.delete_cue(document, number - 1),
        f"Cue {number} removed",
        _cue(number),
    )


def split_cue(number: int, *, at_s: float, text_before: str, text_after: str) -> Edit:
    """Cut cue `number` (from 1) in two."""

    def apply(document: Document) -> Document:
        return edit.split_cue(
            document, number - 1, at_s=at_s, text_before=text_before, text_after=text_after
        )

    return Edit(apply, f"Cue {number} cut at {format_timestamp(at_s)}", _cue(number))


def shift(offset_s: float) -> Edit:
    """Move all cues by seconds."""
    return Edit(lambda document: edit.shift(document, offset_s), f"All cues moved {offset_s:+g} s")


def scale(factor: float) -> Edit:
    """Multiply all times."""
    return Edit(lambda document: edit.scale(document, factor), f"All times multiplied by {factor}")


def align(first: tuple[float, float], second: tuple[float, float]) -> Edit:
    """Shift and scale so that two moments of the captions fall on two moments of the film."""
    return Edit(
        lambda document: edit.align(document, first, second),
        f"Aligned: {first[0]:g} s to {first[1]:g} s, {second[0]:g} s to {second[1]:g} s",
    )


SIMPLE: dict[str, Edit] = {
    "trim-overlaps": Edit(edit.trim_overlaps, "Overlaps trimmed"),
    "sort": Edit(edit.sort_cues, "Cues put in the order of time"),
    "drop-header": Edit(edit.drop_header, "Header removed"),
    "dismiss-dropped": Edit(edit.dismiss_dropped, "Text that could not be read given up"),
}
"""Corrections of a whole track that need no numbers."""


def correction(operation: str) -> Edit:
    """A correction of `SIMPLE`.

    Raises:
        InvalidInput: There is none of this name.
    """
    found = SIMPLE.get(operation)
    if found is None:
        raise InvalidInput({"operation": f"Choose one of {', '.join(SIMPLE)}."})
    return found


def _cue(number: int) -> Callable[[Document], dict[str, Any]]:
    def described(document: Document) -> dict[str, Any]:
        if not 1 <= number <= len(document.cues):
            return {}
        cue: Cue = document.cues[number - 1]
        return {
            "cue": {
                "number": number,
                "text": _short(cue.text),
                "start_s": cue.start_s,
                "end_s": cue.end_s,
            }
        }

    return described


def _short(value: Any) -> Any:
    return (
        f"{value[:_SHOWN_TEXT]}…" if isinstance(value, str) and len(value) > _SHOWN_TEXT else value
    )
