"""A few viewers for a few seconds: nobody meets a failure. The real runs are `make load`."""

from __future__ import annotations

import pytest

from tests.load.run import run

pytestmark = pytest.mark.servers


def test_a_few_viewers_meet_no_failure() -> None:
    report = run(viewers=12, seconds=20)
    print(f"\n{report.text(12, 20, 2)}")
    assert report.failures == 0, report.text(12, 20, 2)
    names = {row["name"] for row in report.rows}
    assert {"connect, hydrate, load", "POST stream-token", "GET segment"} <= names
