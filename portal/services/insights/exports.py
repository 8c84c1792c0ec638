"""Insights as files: the numbers themselves, not words."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Literal

from portal.services.insights import figures
from portal.services.insights.pages import Read, Sums
from portal.services.qoe.rollups import instant_of

Table = Literal[
    "time", "films", "renditions", "browsers", "failures", "captions", "completion", "throttles"
]
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
MEASURES = (
    "plays", "attempts", "watched_s", "start_failure_share", "early_exit_share", "rebuffer_share",
    "degraded_share", "caption_share", "caption_rendered_share", "finished_share",
)  # fmt: skip
STARTS = ("start_p50_ms", "start_p95_ms")
Cell = str | int | float | None


def as_csv(read: Read, table: Table, titles: dict[str, str]) -> bytes:
    """CSV (RFC 4180) in UTF-8.

    Args:
        read: The sums.
        table: Which of them.
        titles: Films by id.
    """
    headings, rows = _TABLES[table](read, titles)
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(headings)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return ("\ufeff" + text.getvalue()).encode()  # the mark tells spreadsheets that it is UTF-8


Rows = tuple[Sequence[str], Iterable[Sequence[Cell]]]


def _time(read: Read, _: dict[str, str]) -> Rows:
    rows = (
        [
            instant_of(hour).isoformat(),
            *_measures(read.steps.get(hour, {})),
            *_starts(read.starts.get(hour, {})),
        ]
        for hour in read.span.hours
    )
    return ("from", *MEASURES, *STARTS), rows


def _films(read: Read, titles: dict[str, str]) -> Rows:
    rows = (
        [movie_id, titles.get(movie_id, ""), *_measures(row),
         *_starts(read.starts_by_film.get(movie_id, {}))]
        for movie_id, row in read.films
    )  # fmt: skip
    return ("movie_id", "title", *MEASURES, *STARTS), rows


def _renditions(read: Read, _: dict[str, str]) -> Rows:
    return ("height", *MEASURES), ([part, *_measures(row)] for part, row in read.renditions.items())


def _browsers(read: Read, _: dict[str, str]) -> Rows:
    rows = (
        [part, *_measures(row), *_starts(read.starts_by_browser.get(part, {}))]
        for part, row in read.browsers.items()
    )
    return ("browser", *MEASURES, *STARTS), rows


def _failures(read: Read, _: dict[str, str]) -> Rows:
    return ("cause", "failures"), read.failures


def _captions(read: Read, _: dict[str, str]) -> Rows:
    return ("language", "plays"), read.captions


def _throttles(read: Read, _: dict[str, str]) -> Rows:
    return ("limit", "requests"), read.limits


def _completion(read: Read, _: dict[str, str]) -> Rows:
    shares = figures.completion(figures.total(read.steps.values()))
    rows = ([(n + 1) * 10, _rounded(share)] for n, share in enumerate(shares))
    return ("up_to_percent", "share_of_plays"), rows


_TABLES = {
    "time": _time,
    "films": _films,
    "renditions": _renditions,
    "browsers": _browsers,
    "failures": _failures,
    "captions": _captions,
    "completion": _completion,
    "throttles": _throttles,
}


def _measures(sums: Sums) -> list[Cell]:
    return [
        sums.get("starts", 0),
        sums.get("attempts", 0),
        round(sums.get("play_ms", 0) / 1000),
        *(
            _rounded(measure(sums))
            for measure in (
                figures.vsf,
                figures.ebvs,
                figures.rebuffer_ratio,
                figures.degradation,
                figures.caption_use,
                figures.caption_rendered,
                figures.finished,
            )
        ),
    ]


def _starts(histogram: dict[int, int]) -> list[Cell]:
    found = (figures.start_p(histogram, share) for share in (0.5, 0.95))
    return [None if value is None else round(value) for value in found]


def _rounded(share: float | None) -> float | None:
    return None if share is None else round(share, 5)


def _cell(value: Cell) -> Cell:
    """A cell that no spreadsheet takes for a formula (CWE-1236)."""
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return "" if value is None else value
