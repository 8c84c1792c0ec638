"""The measures of quality of experience, from sums; each is defined once, here.

VSF, EBVS and the others are shares from 0 to 1; None where there was nothing to take a share of.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from portal.services.qoe.buckets import percentile_ms

Sums = Mapping[str, int]
MS_PER_HOUR = 3_600_000


def total(rows: Iterable[Sums]) -> dict[str, int]:
    """All rows together."""
    found: dict[str, int] = {}
    for row in rows:
        for name, value in row.items():
            found[name] = found.get(name, 0) + value
    return found


def together(histograms: Iterable[Mapping[int, int]]) -> dict[int, int]:
    """All histograms as one."""
    found: dict[int, int] = {}
    for histogram in histograms:
        for bucket, count in histogram.items():
            found[bucket] = found.get(bucket, 0) + count
    return found


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole > 0 else None


def vsf(sums: Sums) -> float | None:
    """Start failures: attempts with a fatal error before the first frame, of all attempts."""
    return _share(sums.get("start_failures", 0), sums.get("attempts", 0))


def ebvs(sums: Sums) -> float | None:
    """Exits before the first frame without an error, of all attempts."""
    return _share(sums.get("early_exits", 0), sums.get("attempts", 0))


def rebuffer_ratio(sums: Sums) -> float | None:
    """Stall of stall and play, without startup, seeking and pausing."""
    stall = sums.get("stall_ms", 0)
    return _share(stall, stall + sums.get("play_ms", 0))


def degradation(sums: Sums) -> float | None:
    """Time in which a session rebuffers, or plays below what bandwidth and player size allow."""
    stall = sums.get("stall_ms", 0)
    return _share(stall + sums.get("degraded_ms", 0), stall + sums.get("play_ms", 0))


def caption_rendered(sums: Sums) -> float | None:
    """Sessions in which a cue was rendered, of those with captions switched on."""
    return _share(sums.get("caption_rendered", 0), sums.get("caption_sessions", 0))


def caption_use(sums: Sums) -> float | None:
    """Sessions with captions switched on, of those that played."""
    return _share(sums.get("caption_sessions", 0), sums.get("starts", 0))


def finished(sums: Sums) -> float | None:
    """Plays that reached the last tenth of the film."""
    return _share(sums.get("tenth_10", 0), sums.get("starts", 0))


def completion(sums: Sums) -> list[float | None]:
    """Share of plays in which each tenth of the film was played."""
    plays = sums.get("starts", 0)
    return [_share(min(plays, sums.get(f"tenth_{n}", 0)), plays) for n in range(1, 11)]


def start_p(histogram: Mapping[int, int], share: float) -> float | None:
    """Video start time in ms that a share of the starts is at most."""
    return percentile_ms(histogram, share)
