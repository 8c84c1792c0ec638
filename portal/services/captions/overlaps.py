"""Cues that were shown together in one place, turned into cues that follow each other.

TTML and SubRip may show several paragraphs at once in one region, one below the other. In WebVTT
that would be overlapping cues, which players stack in different orders; so the time is cut where
something appears or disappears, and each piece is one cue with all its lines.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import pairwise
from typing import Final

from portal.services.captions.webvtt import Cue, CueSettings

MAX_TOGETHER: Final = 8
"""With more cues than this at once in one place a file is wrong rather than rich: it is left as it
is (and its overlaps are reported), so that its text cannot multiply."""


def flatten(cues: Iterable[Cue]) -> tuple[Cue, ...]:
    """The cues in order of start time, those with the same placement without overlaps."""
    places: dict[CueSettings, list[Cue]] = defaultdict(list)
    for cue in cues:
        places[cue.settings].append(cue)
    flat = [cue for place in places.values() for cue in _flatten_place(place)]
    return tuple(sorted(flat, key=lambda cue: (cue.start_s, cue.end_s)))


def _flatten_place(cues: list[Cue]) -> Iterator[Cue]:
    cues = sorted(cues, key=lambda cue: cue.start_s)
    if not 1 < _most_together(cues) <= MAX_TOGETHER:
        yield from cues
        return
    times = sorted({time_s for cue in cues for time_s in (cue.start_s, cue.end_s)})
    active: list[tuple[float, int, Cue]] = []  # by end time
    upcoming = 0
    last: Cue | None = None
    for start_s, end_s in pairwise(times):
        while upcoming < len(cues) and cues[upcoming].start_s <= start_s:
            heapq.heappush(active, (cues[upcoming].end_s, upcoming, cues[upcoming]))
            upcoming += 1
        while active and active[0][0] <= start_s:
            heapq.heappop(active)
        shown = [cue for _, _, cue in sorted(active, key=lambda entry: entry[1])]
        if not shown:
            continue
        text = "\n".join(dict.fromkeys(cue.text for cue in shown))
        piece = replace(shown[0], start_s=start_s, end_s=end_s, text=text)
        if last is not None and last.end_s == start_s and last.text == text:
            last = replace(last, end_s=end_s)
            continue
        if last is not None:
            yield last
        last = piece
    if last is not None:
        yield last


def _most_together(cues: list[Cue]) -> int:
    """The greatest number of cues shown at one instant; cues are in order of start time."""
    ends: list[float] = []
    most = 0
    for cue in cues:
        while ends and ends[0] <= cue.start_s:
            heapq.heappop(ends)
        heapq.heappush(ends, cue.end_s)
        most = max(most, len(ends))
    return most
