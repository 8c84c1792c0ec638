"""From sums to what a page shows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from portal.services.insight_views import Bar, Chart, FilmLine, Insights, PartLine, Tile
from portal.services.insights import charts, figures, words
from portal.services.insights.figures import MS_PER_HOUR
from portal.services.insights.ranges import Span

Sums = dict[str, int]
Histogram = dict[int, int]
GOAL_P95_MS = 1000.0
"""Targets of the project: start time p95 below 1 s, rebuffer ratio below 0.3 %, start failures
below 0.5 %, degraded time below 5 %."""
GOAL_REBUFFER = 0.003
GOAL_VSF = 0.005
GOAL_DEGRADED = 0.05


@dataclass(frozen=True)
class Read:
    """What was read for one page."""

    span: Span
    steps: Mapping[int, Sums]
    before: Sums
    starts: Mapping[int, Histogram]
    failures: Sequence[tuple[str, int]]
    captions: Sequence[tuple[str, int]]
    renditions: Mapping[str, Sums]
    browsers: Mapping[str, Sums]
    starts_by_browser: Mapping[str, Histogram] = field(default_factory=dict)
    limits: Sequence[tuple[str, int]] = ()
    throttles: Mapping[int, int] = field(default_factory=dict)
    films: Sequence[tuple[str, Sums]] = ()
    starts_by_film: Mapping[str, Histogram] = field(default_factory=dict)


def build(read: Read, *, title: str, film: Callable[[str], tuple[str, str]]) -> Insights:
    """Everything of a page.

    Args:
        read: The sums.
        title: The film's, or "".
        film: Title and path of a film's own page, by its id.
    """
    sums = figures.total(read.steps.values())
    histogram = figures.together(read.starts.values())
    return Insights(
        title=title,
        span=read.span.words(),
        tiles=_tiles(sums, read.before, histogram),
        plays=_plays(read, sums),
        hours=_hours(read, sums),
        starts=_starts(read, histogram),
        quality=_quality(read, sums),
        completion=_completion(sums),
        throttles=_throttles(read),
        failures=_bars(read.failures, words.cause),
        captions=_bars(read.captions, words.language),
        limits=_bars(read.limits, words.limit),
        renditions=[
            _part(words.height(part), row, {})
            for part, row in sorted(read.renditions.items(), key=lambda each: -int(each[0] or 0))
            if part not in {"", "0"} and row.get("play_ms", 0)
        ],
        browsers=[
            _part(part, row, read.starts_by_browser.get(part, {}))
            for part, row in sorted(read.browsers.items(), key=lambda each: -each[1]["starts"])
            if part
        ],
        films=_films(read, film),
        is_empty=not sums.get("attempts", 0),
    )


def _tiles(sums: Sums, before: Sums, histogram: Histogram) -> list[Tile]:
    plays, played = sums.get("starts", 0), sums.get("play_ms", 0)
    p50, p95 = figures.start_p(histogram, 0.5), figures.start_p(histogram, 0.95)
    failed, stalled = figures.vsf(sums), figures.rebuffer_ratio(sums)
    degraded = figures.degradation(sums)
    use, shown = figures.caption_use(sums), figures.caption_rendered(sums)
    return [
        Tile("Plays", words.number(plays), _against(plays, before.get("starts", 0))),
        Tile("Watched", words.hours(played), _against(played, before.get("play_ms", 0))),
        Tile(
            "Start time, half of plays",
            words.duration(p50),
            f"95 % start within {words.duration(p95)}" if p95 is not None else "",
            _tone(p95, GOAL_P95_MS),
        ),
        _goal("Failed to start", failed, GOAL_VSF),
        Tile("Left before the start", words.percent(figures.ebvs(sums)), "without any error"),
        _goal("Rebuffering", stalled, GOAL_REBUFFER),
        _goal("Degraded time", degraded, GOAL_DEGRADED),
        Tile("Captions on", words.percent(use), f"shown in {words.percent(shown)} of these"),
    ]


def _goal(label: str, value: float | None, goal: float) -> Tile:
    return Tile(label, words.percent(value), f"goal: below {goal * 100:g} %", _tone(value, goal))


def _against(value: int, before: int) -> str:
    if not before:
        return "nothing in the time before" if value else ""
    change = (value - before) / before
    if change > 9:
        return "hardly any in the time before"
    if abs(change) < 0.005:
        return "as in the time before"
    return f"{abs(change) * 100:.0f} % {'more' if change > 0 else 'less'} than in the time before"


def _tone(value: float | None, goal: float) -> str:
    return "" if value is None else "good" if value <= goal else "bad"


def _steps(read: Read, name: str, unit: float = 1.0) -> list[float | None]:
    return [read.steps.get(hour, {}).get(name, 0) / unit for hour in read.span.hours]


def _unit(read: Read) -> str:
    return "hour" if read.span.grain == "h" else "day"


def _plays(read: Read, sums: Sums) -> Chart:
    values = _steps(read, "starts")
    summary = f"{words.number(sums.get('starts', 0))} plays. " + _most(read, values, words.number)
    return charts.over_time(
        read.span, [("Plays", values)], words.number, summary=summary, filled=True
    )


def _hours(read: Read, sums: Sums) -> Chart:
    values = _steps(read, "play_ms", MS_PER_HOUR)

    def say(value: float) -> str:
        return words.hours(round(value * MS_PER_HOUR))

    summary = f"{words.hours(sums.get('play_ms', 0))} watched. " + _most(read, values, say)
    return charts.over_time(read.span, [("Watched", values)], say, summary=summary, filled=True)


def _most(read: Read, values: Sequence[float | None], say: Callable[[float], str]) -> str:
    best = max(((value or 0.0, hour) for value, hour in zip(values, read.span.hours, strict=True)))
    if best[0] <= 0:
        return ""
    return f"Most in one {_unit(read)}: {say(best[0])}, {words.step(best[1], read.span.grain)}."


def _starts(read: Read, histogram: Histogram) -> Chart:
    steps = [read.starts.get(hour, {}) for hour in read.span.hours]
    half = [figures.start_p(step, 0.5) for step in steps]
    most = [figures.start_p(step, 0.95) for step in steps]
    summary = (
        f"Half of all plays start within {words.duration(figures.start_p(histogram, 0.5))}, "
        f"95 % within {words.duration(figures.start_p(histogram, 0.95))}."
    )
    return charts.over_time(
        read.span,
        [("95 % within", most), ("Half within", half)],
        words.duration,
        summary=summary,
        goal=GOAL_P95_MS,
        goal_words="goal for 95 %: 1 s",
    )


def _quality(read: Read, sums: Sums) -> Chart:
    steps = [read.steps.get(hour, {}) for hour in read.span.hours]
    summary = (
        f"{words.percent(figures.rebuffer_ratio(sums))} of the time the film stood still, "
        f"{words.percent(figures.degradation(sums))} it did that or looked worse than it could."
    )
    return charts.over_time(
        read.span,
        [
            ("Degraded", [figures.degradation(step) for step in steps]),
            ("Rebuffering", [figures.rebuffer_ratio(step) for step in steps]),
        ],
        words.percent,
        summary=summary,
        goal=GOAL_DEGRADED,
        goal_words="goal for degraded: 5 %",
    )


def _completion(sums: Sums) -> Chart:
    shares = figures.completion(sums)
    summary = ""
    if shares[4] is not None:
        summary = (
            f"{words.percent(shares[4])} of plays get to the middle, "
            f"{words.percent(shares[-1])} to the last tenth."
        )
    return charts.completion(shares, summary=summary)


def _throttles(read: Read) -> Chart:
    values: list[float | None] = [float(read.throttles.get(h, 0)) for h in read.span.hours]
    count = sum(total for _, total in read.limits)
    return charts.over_time(
        read.span,
        [("Throttled", values)],
        words.number,
        summary=f"{words.number(count)} requests met a limit.",
        filled=True,
    )


def _bars(rows: Sequence[tuple[str, int]], say: Callable[[str], str]) -> list[Bar]:
    total, most = sum(count for _, count in rows), max((count for _, count in rows), default=0)
    return [
        Bar(say(name), words.number(count), words.percent(count / total), 100 * count / most)
        for name, count in rows[:12]
    ]


def _part(name: str, row: Sums, histogram: Histogram) -> PartLine:
    return PartLine(
        name=name,
        plays=words.number(row.get("starts", 0)),
        hours=words.hours(row.get("play_ms", 0)),
        start_p50=words.duration(figures.start_p(histogram, 0.5)),
        start_p95=words.duration(figures.start_p(histogram, 0.95)),
        failures=words.percent(figures.vsf(row)),
        rebuffer=words.percent(figures.rebuffer_ratio(row)),
        degraded=words.percent(figures.degradation(row)),
    )


def _films(read: Read, film: Callable[[str], tuple[str, str]]) -> list[FilmLine]:
    most = max((row["starts"] for _, row in read.films), default=0)
    found = []
    for movie_id, row in read.films:
        title, href = film(movie_id)
        histogram = read.starts_by_film.get(movie_id, {})
        found.append(
            FilmLine(
                href=href,
                title=title,
                plays=words.number(row["starts"]),
                hours=words.hours(row["play_ms"]),
                finished=words.percent(figures.finished(row)),
                start_p95=words.duration(figures.start_p(histogram, 0.95)),
                failures=words.percent(figures.vsf(row)),
                rebuffer=words.percent(figures.rebuffer_ratio(row)),
                share=100 * row["starts"] / most if most else 0.0,
            )
        )
    return found
