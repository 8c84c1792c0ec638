"""Editing a caption track: each operation returns a new, valid `Document`.

The result of an operation is written as WebVTT and read back, so what an editor saves is what a
player will read, and its issues are up to date. Issues about text that was dropped when the file
was read stay until somebody dismisses them (`dismiss_dropped`): an edit must not hide a loss.
"""

from __future__ import annotations

import bisect
import math
import re
from dataclasses import replace

from portal.services.captions.errors import CaptionError
from portal.services.captions.rules import DEFAULT_FRAME_RATE, MIN_GAP_FRAMES
from portal.services.captions.webvtt import (
    Cue,
    CueSettings,
    Document,
    format_timestamp,
    parse,
    parse_timestamp,
    round_to_ms,
    serialise,
)
from portal.services.captions.webvtt.timestamps import MAX_TIME_S

MAX_FACTOR = 2.0

_CUE_TIMESTAMP = re.compile(r"<([0-9]+:[0-9:.]+)>")


def replace_cue(
    document: Document,
    index: int,
    *,
    text: str | None = None,
    start_s: float | None = None,
    end_s: float | None = None,
    cue_id: str | None = None,
    settings: CueSettings | None = None,
) -> Document:
    """Change a cue; what is None stays.

    Args:
        document: The track.
        index: 0-based index of the cue.
        text: New cue text (tags and references as in WebVTT).
        start_s: New start in seconds.
        end_s: New end in seconds.
        cue_id: New identifier, "" for none.
        settings: New placement.

    Returns:
        The new track. A cue whose start was changed is put in its place in time.

    Raises:
        CaptionError: No such cue, or what is given has no form in WebVTT; names the field.
    """
    cue = _cue_at(document, index)
    changed = replace(
        cue,
        text=cue.text if text is None else _clean_text(text),
        start_s=cue.start_s if start_s is None else _time(start_s, "start_s"),
        end_s=cue.end_s if end_s is None else _time(end_s, "end_s"),
        id=cue.id if cue_id is None else cue_id.strip(),
        settings=cue.settings if settings is None else settings,
    )
    if start_s is not None or end_s is not None:
        _require_order(changed)
    cues = list(document.cues)
    if changed.start_s == cue.start_s:
        cues[index] = changed
        return _validated(document, replace(document, cues=tuple(cues)))
    return _insert(_without(document, index), changed, document)


def insert_cue(
    document: Document,
    *,
    start_s: float,
    end_s: float,
    text: str,
    cue_id: str = "",
    settings: CueSettings | None = None,
) -> Document:
    """Add a cue at its place in time, behind cues with the same start.

    Raises:
        CaptionError: What is given has no form in WebVTT; names the field.
    """
    cue = Cue(
        id=cue_id.strip(),
        start_s=_time(start_s, "start_s"),
        end_s=_time(end_s, "end_s"),
        text=_clean_text(text),
        settings=settings or CueSettings(),
    )
    _require_order(cue)
    return _insert(document, cue, document)


def delete_cue(document: Document, index: int) -> Document:
    """Remove a cue.

    Raises:
        CaptionError: No such cue.
    """
    _cue_at(document, index)
    return _validated(document, _without(document, index))


def split_cue(
    document: Document, index: int, *, at_s: float, text_before: str, text_after: str
) -> Document:
    """Cut a cue in two at `at_s` seconds, with the given texts.

    Raises:
        CaptionError: No such cue, or `at_s` is not within it.
    """
    cue = _cue_at(document, index)
    at_s = _time(at_s, "at_s")
    if not cue.start_s < at_s < cue.end_s:
        raise CaptionError(
            f"Cue {index + 1} can be cut between {format_timestamp(cue.start_s)} and"
            f" {format_timestamp(cue.end_s)}, not at {format_timestamp(at_s)}.",
            reason="bad-time",
            field="at_s",
        )
    first = replace(cue, end_s=at_s, text=_clean_text(text_before))
    second = replace(cue, id="", start_s=at_s, text=_clean_text(text_after), line_number=0)
    cues = (*document.cues[:index], first, second, *document.cues[index + 1 :])
    notes = tuple(
        replace(note, before_cue=note.before_cue + (note.before_cue > index))
        for note in document.notes
    )
    return _validated(document, replace(document, cues=cues, notes=notes))


def shift(document: Document, offset_s: float) -> Document:
    """Move all cues, and the times within their text, by `offset_s` seconds.

    Raises:
        CaptionError: A cue would start before the film.
    """
    if not abs(offset_s) < MAX_TIME_S:
        raise CaptionError("The offset is not a number.", reason="bad-time", field="offset_s")
    return _retimed(document, 1.0, offset_s)


def scale(document: Document, factor: float) -> Document:
    """Multiply all times by `factor`, e.g. 24/25 for captions made for 24 frames a second on a
    film that plays the same frames at 25.

    Raises:
        CaptionError: The factor is not between 1/2 and 2.
    """
    if not 1 / MAX_FACTOR <= factor <= MAX_FACTOR:
        raise CaptionError(
            f"The factor has to be between {1 / MAX_FACTOR:g} and {MAX_FACTOR:g}.",
            reason="bad-factor",
            field="factor",
        )
    return _retimed(document, factor, 0.0)


def scale_frame_rate(document: Document, *, made_for: float, plays_at: float) -> Document:
    """Correct the drift of captions made for a copy at another frame rate (frames a second).

    Raises:
        CaptionError: A rate is not above zero, or their ratio is not between 1/2 and 2.
    """
    if not (0 < made_for < math.inf and 0 < plays_at < math.inf):
        raise CaptionError(
            "A frame rate has to be above zero.", reason="bad-factor", field="frame_rate"
        )
    return scale(document, made_for / plays_at)


def align(document: Document, first: tuple[float, float], second: tuple[float, float]) -> Document:
    """Shift and scale so that two moments fit, for captions that are late and drift.

    Args:
        document: The track.
        first: A time in the captions, and where in the film it belongs, in seconds.
        second: The same for a moment far from the first.

    Raises:
        CaptionError: The moments are the same, or the result would be absurd or start before the
            film.
    """
    sane = all(0 <= time_s < MAX_TIME_S for time_s in (*first, *second))
    if not sane or abs(second[0] - first[0]) < 1:
        raise CaptionError(
            "The two moments have to lie at least a second apart.",
            reason="bad-time",
            field="second",
        )
    factor = (second[1] - first[1]) / (second[0] - first[0])
    if not 1 / MAX_FACTOR <= factor <= MAX_FACTOR:
        raise CaptionError(
            "With these two moments the captions would run at"
            f" {factor:.2f} times their speed. Check the times.",
            reason="bad-factor",
            field="second",
        )
    return _retimed(document, factor, first[1] - first[0] * factor)


def trim_overlaps(document: Document, *, frame_rate: float = DEFAULT_FRAME_RATE) -> Document:
    """End each cue two frames before the next cue with the same placement starts, if it ends later.

    A cue that would be left without duration is not changed.

    Args:
        document: The track.
        frame_rate: The film's frames a second.

    Raises:
        CaptionError: The frame rate is not above zero.
    """
    if not 0 < frame_rate < math.inf:
        raise CaptionError(
            "A frame rate has to be above zero.", reason="bad-factor", field="frame_rate"
        )
    gap_s = MIN_GAP_FRAMES / frame_rate
    cues = list(document.cues)
    next_start: dict[CueSettings, float] = {}
    for index in sorted(range(len(cues)), key=lambda i: cues[i].start_s, reverse=True):
        cue = cues[index]
        limit = next_start.get(cue.settings)
        if limit is not None and cue.start_s < limit < cue.end_s:
            end_s = round_to_ms(limit - gap_s)
            cues[index] = replace(cue, end_s=end_s if end_s > cue.start_s else limit)
        next_start[cue.settings] = min(cue.start_s, next_start.get(cue.settings, math.inf))
    return _validated(document, replace(document, cues=tuple(cues)))


def sort_cues(document: Document) -> Document:
    """Put the cues in the order of their start times."""
    order = sorted(range(len(document.cues)), key=lambda i: document.cues[i].start_s)
    return _validated(document, replace(document, cues=tuple(document.cues[i] for i in order)))


def drop_header(document: Document) -> Document:
    """Remove what stands in the header, such as an X-TIMESTAMP-MAP."""
    return _validated(document, replace(document, header=""))


def dismiss_dropped(document: Document) -> Document:
    """Accept that text which could not be read from the source file is not in the track."""
    kept = tuple(issue for issue in document.issues if not issue.dropped)
    return replace(document, issues=kept)


def _cue_at(document: Document, index: int) -> Cue:
    if not 0 <= index < len(document.cues):
        raise CaptionError(
            f"There is no cue {index + 1}; the track has {len(document.cues)}.",
            reason="no-such-cue",
            field="index",
        )
    return document.cues[index]


def _time(time_s: float, field: str) -> float:
    if not 0 <= time_s < MAX_TIME_S:
        raise CaptionError(
            f"The time {format_timestamp(time_s)} has to be zero or more.",
            reason="bad-time",
            field=field,
        )
    return round_to_ms(time_s)


def _clean_text(text: str) -> str:
    """Text as typed: line ends made LF, blank lines (which would end the cue) left out."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(line for line in lines if line.strip()).replace("-->", "--&gt;")


def _require_order(cue: Cue) -> None:
    if cue.end_s <= cue.start_s:
        raise CaptionError(
            f"The cue ends at {format_timestamp(cue.end_s)}; it has to end after it starts"
            f" ({format_timestamp(cue.start_s)}).",
            reason="bad-time",
            field="end_s",
        )


def _without(document: Document, index: int) -> Document:
    notes = tuple(
        replace(note, before_cue=note.before_cue - (note.before_cue > index))
        for note in document.notes
    )
    cues = document.cues[:index] + document.cues[index + 1 :]
    return replace(document, cues=cues, notes=notes)


def _insert(document: Document, cue: Cue, source: Document) -> Document:
    at = bisect.bisect_right([other.start_s for other in document.cues], cue.start_s)
    cues = (*document.cues[:at], cue, *document.cues[at:])
    notes = tuple(
        replace(note, before_cue=note.before_cue + (note.before_cue > at))
        for note in document.notes
    )
    return _validated(source, replace(document, cues=cues, notes=notes))


def _retimed(document: Document, factor: float, offset_s: float) -> Document:
    def moved(time_s: float) -> float:
        return round_to_ms(time_s * factor + offset_s)

    def move_tag(match: re.Match[str]) -> str:
        time_s = parse_timestamp(match[1])
        return match[0] if time_s is None else f"<{format_timestamp(max(0.0, moved(time_s)))}>"

    early = [i for i, cue in enumerate(document.cues) if moved(cue.start_s) < 0]
    if early:
        start = format_timestamp(document.cues[early[0]].start_s)
        raise CaptionError(
            f"{len(early)} cues, the first of them cue {early[0] + 1} at {start}, would start"
            " before the film. Use a smaller offset, or delete them first.",
            reason="before-start",
            field="offset_s",
        )
    cues = tuple(
        replace(
            cue,
            start_s=moved(cue.start_s),
            end_s=max(0.0, moved(cue.end_s)),
            text=_CUE_TIMESTAMP.sub(move_tag, cue.text),
        )
        for cue in document.cues
    )
    return _validated(document, replace(document, cues=cues))


def _validated(source: Document, edited: Document) -> Document:
    """`edited` as it reads back, with the losses of `source` still in its issues.

    Raises:
        CaptionError: It has no form in WebVTT, or would read back as something else.
    """
    parsed = parse(serialise(edited))
    if parsed != edited:
        raise CaptionError(
            "This cannot be written as WebVTT: a setting, an identifier or a region has a value"
            " that would be read as something else.",
            reason="not-representable",
            field="settings",
        )
    carried = tuple(issue for issue in source.issues if issue.dropped)
    return replace(parsed, issues=(*carried, *parsed.issues))
