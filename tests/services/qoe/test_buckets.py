"""Histograms that can be added."""

from __future__ import annotations

import random
from collections import Counter

from portal.services.qoe.buckets import LAST, bucket_of, edge_ms, percentile_ms


def test_each_duration_lies_in_its_bucket() -> None:
    for ms in (0, 1, 16, 17, 100, 523, 4000, 59_999, 10**7):
        bucket = bucket_of(ms)
        assert edge_ms(bucket) <= ms
        assert bucket == LAST or ms <= edge_ms(bucket + 1)


def test_percentiles_of_a_sum_are_close_to_those_of_all() -> None:
    chance = random.Random(7)
    parts = [[chance.lognormvariate(6, 0.8) for _ in range(500)] for _ in range(8)]
    counts: Counter[int] = Counter()
    for part in parts:
        counts.update(bucket_of(ms) for ms in part)
    everything = sorted(ms for part in parts for ms in part)
    for share in (0.05, 0.5, 0.95, 0.99):
        true = everything[int(share * len(everything)) - 1]
        found = percentile_ms(counts, share)
        assert found is not None
        assert abs(found - true) / true < 0.07
    assert percentile_ms({}, 0.5) is None
