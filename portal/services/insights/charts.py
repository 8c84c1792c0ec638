"""Geometry of charts: values become paths in a box of 1000 x 100, words become marks at its sides.

The box is stretched to whatever room there is, so all words stand outside of it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from portal.services.insight_views import Chart, Line, Mark, Spot
from portal.services.insights import words
from portal.services.insights.ranges import Span
from portal.services.qoe.rollups import instant_of

Values = Sequence[float | None]
WIDTH = 1000.0
_MARKS = 6


def over_time(
    span: Span,
    series: Sequence[tuple[str, Values]],
    say: Callable[[float], str],
    *,
    summary: str,
    filled: bool = False,
    goal: float | None = None,
    goal_words: str = "",
) -> Chart:
    """Lines over the steps of a span.

    Args:
        span: Which steps.
        series: Name and values of each line, the one that matters most first.
        say: A value in words.
        summary: One sentence that says what is to be seen.
        filled: Whether the room below the first line is filled.
        goal: What is hoped for, in the same unit.
        goal_words: What that is.
    """
    hours = span.hours
    known = [value for _, values in series for value in values if value is not None]
    top = nice_top(max([*known, goal or 0.0, 0.0]))
    lines = [
        Line(name, *_paths(values, top, filled=filled and not index), look=look)
        for index, ((name, values), look) in enumerate(
            zip(series, ("first", "second"), strict=False)
        )
    ]
    table = [
        [words.step(hour, span.grain), *(_say(values[index], say) for _, values in series)]
        for index, hour in enumerate(hours)
    ]
    width = WIDTH / max(1, len(hours))
    return Chart(
        lines=lines,
        across=_times(span),
        up=[Mark(100.0 * part / 2, say(top * part / 2)) for part in range(3)],
        spots=[
            Spot(round(index * width, 2), round(width, 2), _spot(row, series))
            for index, row in enumerate(table)
        ],
        summary=summary,
        goal=round(100 * goal / top, 1) if goal is not None else -1.0,
        goal_words=goal_words,
        headings=["Hour" if span.grain == "h" else "Day", *(name for name, _ in series)],
        rows=list(reversed(table)),
        is_empty=not any(known),
    )


def completion(values: Values, *, summary: str) -> Chart:
    """How many are still there in each tenth of a film."""
    shares = [None if value is None else value * 100 for value in values]
    return Chart(
        lines=[Line("Still watching", *_paths(shares, 100.0, filled=True))],
        across=[Mark(float(at), f"{at} %") for at in (0, 25, 50, 75, 100)],
        up=[Mark(0.0, "0 %"), Mark(50.0, "50 %"), Mark(100.0, "100 %")],
        spots=[
            Spot(
                tenth * 100.0,
                100.0,
                f"From {tenth * 10} to {tenth * 10 + 10} % of the film: {words.percent(value)}",
            )
            for tenth, value in enumerate(values)
        ],
        summary=summary,
        headings=["Part of the film", "Plays that saw it"],
        rows=[
            [f"{tenth * 10} to {tenth * 10 + 10} %", words.percent(value)]
            for tenth, value in enumerate(values)
        ],
        is_empty=all(value is None for value in values),
    )


def nice_top(value: float) -> float:
    """The end of an axis: a round number that is at least the value, and whose half is round."""
    if value <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    return next(power * step for step in (1, 2, 4, 6, 10) if power * step >= value * 0.999)


def _say(value: float | None, say: Callable[[float], str]) -> str:
    return words.NOTHING if value is None else say(value)


def _spot(row: list[str], series: Sequence[tuple[str, Values]]) -> str:
    told = ", ".join(f"{name} {value}" for (name, _), value in zip(series, row[1:], strict=True))
    return f"{row[0]}: {told}"


def _paths(values: Values, top: float, *, filled: bool) -> tuple[str, str]:
    """The line and what lies below it; each value stands in the middle of its step."""
    width = WIDTH / max(1, len(values))
    runs: list[list[str]] = [[]]
    for index, value in enumerate(values):
        if value is None:
            runs.append([])
        else:
            y = 100 - 100 * min(value, top) / top
            runs[-1].append(f"{(index + 0.5) * width:.1f} {y:.1f}")
    runs = [run for run in runs if run]
    # A round end makes a dot of a line that leads nowhere: a single value is seen.
    path = "".join(f"M{run[0]}L{' '.join(run[1:] or run)}" for run in runs)
    if not filled:
        return path, ""
    area = "".join(
        f"M{run[0].split(' ')[0]} 100L{' '.join(run)} {run[-1].split(' ')[0]} 100Z" for run in runs
    )
    return path, area


def _times(span: Span) -> list[Mark]:
    """Some of the steps, by name, evenly spread."""
    hours = span.hours
    every = max(1, math.ceil(len(hours) / _MARKS))
    found = []
    for index in range(every // 2, len(hours), every):
        at = instant_of(hours[index])
        if span.grain == "h" and len(hours) <= 36:
            text = f"{at:%H:%M}"
        elif len(hours) > 200:
            text = f"{at:%b %Y}"
        else:
            text = f"{at.day} {at:%b}"
        found.append(Mark(round(100 * (index + 0.5) / len(hours), 2), text))
    return found
