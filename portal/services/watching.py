"""What counts as begun and as finished: pure functions of position and duration, in seconds."""

from __future__ import annotations

FINISHED_FRACTION = 0.95
CREDITS_S = 120.0
"""The last minutes of a long film are its credits."""
LONG_S = 20 * 60.0
"""From this length on; two minutes of a short film are part of it."""
BEGUN_S = 30.0
BEGUN_FRACTION = 0.05


def is_finished(position_s: float, duration_s: float) -> bool:
    """Whether somebody who left there saw the film to its end; never where no length is known."""
    if duration_s <= 0:
        return False
    in_credits = duration_s >= LONG_S and duration_s - position_s <= CREDITS_S
    return in_credits or position_s >= duration_s * FINISHED_FRACTION


def is_begun(position_s: float, duration_s: float) -> bool:
    """Whether somebody who left there watched more than a glance."""
    if duration_s <= 0:
        return position_s >= BEGUN_S
    return position_s >= min(BEGUN_S, duration_s * BEGUN_FRACTION)


def percent_seen(position_s: float, duration_s: float) -> int:
    """How much of it was seen, from 1 to 100."""
    if duration_s <= 0:
        return 1
    return max(1, min(100, round(position_s / duration_s * 100)))
