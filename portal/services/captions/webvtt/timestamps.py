"""WebVTT timestamps (W3C WebVTT, sections 4.1 and 6.3)."""

from __future__ import annotations

import re
from typing import Final

MAX_HOURS: Final = 999_999
"""More hours than this are refused. The specification sets no limit, but 114 years is not a film,
and times stay exact to the millisecond in a float."""

MAX_TIME_S: Final = (MAX_HOURS + 1) * 3600.0

# "Collect a WebVTT timestamp": hours may have any number of digits, and are required when the first
# number has not exactly two digits or is above 59; else two digits before one colon are minutes.
_TIMESTAMP = re.compile(
    r"(?:(?P<h>[0-9]+):(?P<m>[0-9]{2}):(?P<s>[0-9]{2})|(?P<m2>[0-5][0-9]):(?P<s2>[0-9]{2}))"
    r"\.(?P<ms>[0-9]+)"
)


def collect_timestamp(text: str, position: int) -> tuple[float, int] | None:
    """Run "collect a WebVTT timestamp" on `text` from `position`.

    Returns:
        The time in seconds and the position behind it, or None where the algorithm fails.
    """
    match = _TIMESTAMP.match(text, position)
    if match is None or len(match["ms"]) != 3:
        return None
    hours = (match["h"] or "0").lstrip("0")
    if len(hours) > len(str(MAX_HOURS)):
        return None
    minutes = int(match["m"] or match["m2"])
    seconds = int(match["s"] or match["s2"])
    if minutes > 59 or seconds > 59:
        return None
    total_ms = ((int(hours or "0") * 60 + minutes) * 60 + seconds) * 1000 + int(match["ms"])
    return total_ms / 1000, match.end()


def parse_timestamp(text: str) -> float | None:
    """The time in seconds that `text` as a whole stands for, or None."""
    collected = collect_timestamp(text, 0)
    if collected is None or collected[1] != len(text):
        return None
    return collected[0]


def format_timestamp(time_s: float) -> str:
    """`time_s` as `HH:MM:SS.mmm`; for messages also times that no file can have."""
    if not abs(time_s) < MAX_TIME_S:
        return f"{time_s:g} s"
    sign = "-" if time_s < 0 else ""
    total_ms = round(abs(time_s) * 1000)
    seconds, ms = divmod(total_ms, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{sign}{hours:02d}:{minutes:02d}:{seconds:02d}.{ms:03d}"


def round_to_ms(time_s: float) -> float:
    """`time_s` rounded to the millisecond, the resolution of WebVTT."""
    return round(time_s * 1000) / 1000 if abs(time_s) < MAX_TIME_S else time_s


_MISTAKES = (
    (r"", "the time is missing"),
    (r"-.*", "a time cannot be negative"),
    (r"[0-9:]+,[0-9]+", "it has a comma where WebVTT wants a full stop before the milliseconds"),
    (r"[0-9]+:[0-9]+:[0-9]+[:;][0-9]+", "it counts frames instead of milliseconds"),
    (r"[0-9]+(:[0-9]+)+", "the milliseconds are missing"),
    (r"[0-9:]+\.(?![0-9]{3}$)[0-9]*", "the milliseconds have not exactly 3 digits"),
    (r"([0-9]+:)?[0-9]{2}:[0-9]{2}\.[0-9]{3}", "its hours, minutes or seconds are too large"),
    (r"[0-9]:[0-9]{2}\.[0-9]{3}", "the minutes have one digit instead of two"),
)


def explain_bad_timestamp(text: str) -> str | None:
    """Why `text` is not a timestamp, as the end of a sentence; None if it is one."""
    if parse_timestamp(text) is not None:
        return None
    for pattern, mistake in _MISTAKES:
        if re.fullmatch(pattern, text):
            return mistake
    return "it does not have the form HH:MM:SS.mmm"
