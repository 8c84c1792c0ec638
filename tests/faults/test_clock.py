"""The portal's clock jumps while films play: an hour on, an hour back, as after a long sleep."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.film_viewer import FilmViewer
from tests.support.live_portal import ROOT, live_portal

VIEWERS = 3
HOUR_S = 3600
# `portal.services.clock` is the one place that asks what time it is; Python runs this before it.
MOVED = """
from datetime import UTC, datetime, timedelta
from pathlib import Path

from portal.services import clock

offset = Path({offset!r})
clock.utc_now = lambda: datetime.now(UTC) + timedelta(seconds=int(offset.read_text() or 0))
"""


@pytest.mark.parametrize("jump_s", [HOUR_S, -HOUR_S], ids=["on", "back"])
async def test_a_clock_that_jumps(
    tmp_path: Path, demo_data: Callable[..., Path], jump_s: int
) -> None:
    offset = tmp_path / "offset"
    offset.write_text("0")
    (tmp_path / "sitecustomize.py").write_text(MOVED.format(offset=str(offset)))
    data = demo_data(f"clock{jump_s}")
    settings = {"PYTHONPATH": f"{tmp_path}:{ROOT}", "PORTAL_STREAM_TOKEN_TTL_S": "20"}
    with live_portal(data, **settings) as portal:
        listed = portal.client().get("/api/movies?limit=3").json()["movies"]
        films = [FilmViewer(portal.url, film["slug"], speed=2) for film in listed]
        watching = [asyncio.create_task(film.watch(until_s=40)) for film in films]
        for film in films:
            await film.has_started.wait()
        offset.write_text(str(jump_s))
        seen = await asyncio.gather(*watching)
        again = FilmViewer(portal.url, listed[0]["slug"], speed=4)
        started = await again.watch(until_s=8)
    failed = sum(len(each.failures) for each in seen)
    print(
        f"\nclock {jump_s:+d} s: {failed} of {sum(each.requests for each in seen)} requests failed"
        f" at first, longest stall {max(each.stalled_s for each in seen):.1f} s"
    )
    assert [each.lost for each in [*seen, started]] == [[]] * (VIEWERS + 1)
    # A token of before the jump is refused as one that ran out, and renewed.
    assert {failure.split()[0] for each in seen for failure in each.failures} <= {"401"}
