"""Histograms that can be added: start times in fixed buckets, five to each doubling.

A bucket is 15 % wide and a percentile is interpolated inside it, so one read from a sum of
histograms is at most 7 % off, however many were added and in whatever order.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

_PER_DOUBLING: Final = 5
LEAST_MS: Final = 16.0
LAST: Final = 70
"""The bucket of everything from 256 s on."""


def bucket_of(ms: float) -> int:
    """The bucket of a duration; 0 is up to `LEAST_MS`."""
    if ms <= LEAST_MS:
        return 0
    return min(LAST, math.floor(_PER_DOUBLING * math.log2(ms / LEAST_MS)) + 1)


def edge_ms(bucket: int) -> float:
    """Where a bucket begins."""
    return 0.0 if bucket <= 0 else float(LEAST_MS * 2 ** ((bucket - 1) / _PER_DOUBLING))


def percentile_ms(counts: Mapping[int, int], share: float) -> float | None:
    """The duration that a share of all is at most; None without any.

    Args:
        counts: How many are in each bucket.
        share: 0.5 for the median.
    """
    total = sum(counts.values())
    if total <= 0:
        return None
    wanted = share * total
    seen = 0
    for bucket in sorted(counts):
        count = counts[bucket]
        if count and seen + count >= wanted:
            low, high = edge_ms(bucket), edge_ms(bucket + 1)
            return low + (high - low) * max(0.0, wanted - seen) / count
        seen += count
    return edge_ms(LAST)
