"""Corrections of a whole track that can be told from its times: a wrong start, a wrong speed."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, Literal

from portal.services.captions.webvtt import Document, format_timestamp

_FRAME_RATES: Final = (
    (24 * 1000 / 1001, "23.976"),
    (24.0, "24"),
    (25.0, "25"),
    (30 * 1000 / 1001, "29.97"),
    (30.0, "30"),
)
_MIN_OVERRUN_S: Final = 1.0


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A correction of all times at once, to be offered and tried beside the playing film.

    Attributes:
        kind: "shift" adds `value` seconds to every time, "scale" multiplies every time by it.
        value: Seconds, or a factor.
        message: Why, in plain words.
    """

    kind: Literal["shift", "scale"]
    value: float
    message: str


def suggest(document: Document, duration_s: float | None) -> tuple[Suggestion, ...]:
    """What would make captions fit that run beyond the end of the film; often nothing.

    Args:
        document: The track.
        duration_s: The film's length in seconds, None if it is not known.
    """
    times = [
        (cue.start_s, cue.end_s)
        for cue in document.cues
        if math.isfinite(cue.start_s) and math.isfinite(cue.end_s)
    ]
    if duration_s is None or not times:
        return ()
    first_s, last_s = min(times)[0], max(end_s for _, end_s in times)
    if last_s <= duration_s + _MIN_OVERRUN_S:
        return ()
    hours = math.floor(first_s / 3600)
    if hours >= 1 and last_s - hours * 3600 <= duration_s + _MIN_OVERRUN_S:
        return (
            Suggestion(
                "shift",
                -3600.0 * hours,
                f"The first caption starts at {format_timestamp(first_s)}: the times seem to count"
                f" from {hours}:00:00, as tapes do. Shift all captions by -{hours} h.",
            ),
        )
    found: list[Suggestion] = []
    for made_for, made_name in _FRAME_RATES:
        for plays_at, plays_name in _FRAME_RATES:
            # Captions made for a copy at `made_for`, on a film that plays the same frames faster.
            factor = made_for / plays_at
            fits = duration_s * 0.97 <= last_s * factor <= duration_s + _MIN_OVERRUN_S
            if plays_at > made_for and fits:
                found.append(
                    Suggestion(
                        "scale",
                        factor,
                        f"The captions end at {format_timestamp(last_s)}, the film at"
                        f" {format_timestamp(duration_s)}: they may be made for a copy at"
                        f" {made_name} frames a second, and the film runs at {plays_name}.",
                    )
                )
    return tuple(found[:3])
