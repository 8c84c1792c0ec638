"""From lines to rows: what is new in each line, to its session and to the sums."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from portal.services.clock import as_utc
from portal.services.qoe.beats import Beat, Counters
from portal.services.qoe.models import QoeSession
from portal.services.qoe.rollups import News, Sums, hour_of
from portal.services.repositories import qoe as rows

# What a line may claim beyond the time that its session has been open: the press came first.
_SLACK = timedelta(seconds=90)
CAUSES = frozenset(
    {
        "network", "media", "source", "offline", "timeout", "unsupported", "refused",
        "session-revoked", "movie-not-found", "not-available", "forbidden", "caption-missing",
        "token-invalid", "token-expired", "origin-failed", "unavailable", "rate-limited",
        "too-many-streams",
    }
)  # fmt: skip
"""Causes of failures that are counted by name; anything else a player says is `other`."""
_COUNTERS = tuple(Counters.__dataclass_fields__)


@dataclass(frozen=True, slots=True)
class Received:
    """A line, and what the portal knows of it."""

    beat: Beat
    viewer_id: str
    browser: str
    language: str
    opened_at: datetime
    at: datetime


def absorb(
    session: Session, batch: Sequence[Received], side: Sums, told: list[News] | None = None
) -> int:
    """Store lines, and all that they add to the sums; returns how many were new.

    Args:
        session: One transaction: rows and sums are both there, or neither.
        batch: Lines in the order of their arrival.
        side: Sums that are added as well.
        told: Gets what was new, in place of what an earlier attempt at the same lines put there.
    """
    told = [] if told is None else told
    told.clear()
    sums = Sums()
    for rollup, values in side.rollups.items():
        sums.rollups[rollup] = list(values)  # `side` stays as it is: this may have to be done again
    sums.tallies.update(side.tallies)
    ids = sorted({each.beat.session_id[:32] for each in batch})
    known = rows.sessions(session, ids) if ids else {}
    current = dict(known)
    taken = 0
    for each in batch:
        row = current.get(each.beat.session_id[:32])
        if row is None:
            row = _begin(each)
            current[row.id] = row
        if each.beat.number <= row.last_number or not _is_plausible(each):
            continue
        taken += 1
        news = _take(row, each)
        told.append(news)
        sums.add(news, movie_id=row.movie_id, browser=row.browser, hour=hour_of(each.at))
    rows.new_sessions(
        session, [row for key, row in current.items() if key not in known and row.last_number]
    )
    session.flush()
    rows.add_sums(session, sums)
    return taken


def settle(session: Session, before: datetime, *, limit: int) -> int:
    """Sessions that fell silent before their first frame were left; returns how many."""
    sums = Sums()
    found = rows.unsettled(session, before, limit=limit)
    for row in found:
        missing = row.attempts - row.starts - row.start_failures - row.early_exits
        row.early_exits += missing
        sums.add(
            News(Counters(early_exits=missing), height=row.height),
            movie_id=row.movie_id,
            browser=row.browser,
            hour=hour_of(as_utc(row.last_seen_at)),
        )
        session.add(row)
    session.flush()
    rows.add_sums(session, sums)
    return len(found)


def refused_start(cause: str) -> News:
    """An attempt that ended before there was a session."""
    return News(Counters(attempts=1, start_failures=1), failure=_cause(cause))


def _cause(code: str) -> str:
    return code if code in CAUSES else "other"


def _begin(each: Received) -> QoeSession:
    return QoeSession(
        id=each.beat.session_id[:32],
        movie_id=each.beat.movie_id,
        viewer_id=each.viewer_id,
        browser=each.browser,
        opened_at=each.opened_at,
        last_seen_at=each.at,
        last_number=0,
        state=each.beat.state,
        height=each.beat.height,
    )


def _is_plausible(each: Received) -> bool:
    """Nobody watches longer than their session has been open."""
    counted, open_for = each.beat.counters, each.at - each.opened_at
    if open_for < timedelta(0):
        return True  # our own clock was put back
    spent = timedelta(milliseconds=counted.play_ms + counted.stall_ms)
    ends = counted.starts + counted.start_failures + counted.early_exits
    return (
        spent <= open_for + _SLACK
        and counted.degraded_ms <= counted.play_ms
        and ends <= counted.attempts <= 1 + open_for.total_seconds() + _SLACK.total_seconds()
    )


def _take(row: QoeSession, each: Received) -> News:
    """Bring a session up to a line; returns what is new in it."""
    beat = each.beat
    before = Counters(*(getattr(row, name) for name in _COUNTERS))
    delta = beat.counters.since(before)
    failed = delta.start_failures + delta.later_failures > 0
    news = News(
        counters=delta,
        height=beat.height,
        new_tenths=beat.tenths & ~row.tenths,
        start_ms=beat.start_ms if delta.starts else None,
        failure=_cause(beat.codes[0] if beat.codes else "") if failed else "",
        caption_language=each.language,
        captions_began=beat.captions_on and not row.captions_on,
        caption_rendered=beat.caption_rendered and not row.caption_rendered,
    )
    for name in _COUNTERS:
        setattr(row, name, getattr(before, name) + getattr(delta, name))
    row.tenths |= beat.tenths
    row.state, row.height = beat.state, beat.height or row.height
    row.last_number, row.last_seen_at = beat.number, each.at
    row.failure = news.failure or row.failure
    if news.start_ms is not None and row.start_ms is None:
        row.start_ms = news.start_ms
    if beat.captions_on:
        row.captions_on = True
        row.caption_language = each.language or row.caption_language
    row.caption_rendered = row.caption_rendered or beat.caption_rendered
    return news
