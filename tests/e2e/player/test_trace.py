"""One trace from the press of Play to the first segment, as an operator's collector gets it."""

from __future__ import annotations

import re

import pytest

from tests.e2e.player.conftest import Film, Player
from tests.support.otlp_collector import Collector

TOKEN, FIRST = "POST /api/movies/{movieId}/stream-token", "GET /hls/multivariant"


def test_from_the_press_to_the_first_segment(
    player: Player, films: list[Film], collector: Collector, capsys: pytest.CaptureFixture[str]
) -> None:
    # One that no other test plays: the gateway has nothing of it and asks its origin.
    film = max(films, key=lambda each: each.slug)
    player.page.goto(f"/movie/{film.slug}")
    with player.page.expect_request(lambda request: "/stream-token" in request.url) as asked:
        player.page.locator("a.btn-primary[href^='/watch/']").first.click()
    sent = re.fullmatch(r"00-(\w{32})-(\w{16})-01", asked.value.headers["traceparent"])
    assert sent is not None
    trace_id, root_id = sent.groups()
    player.wait_until_moving()

    collector.wait_for(lambda: [root.name for root in collector.trace(trace_id)] == ["play"])
    [root] = collector.trace(trace_id)
    with capsys.disabled():
        print(f"\n   ms      took  trace {trace_id[:8]}\n{root.tree()}")
    assert (root.id, root.attributes["portal.movie_id"]) == (root_id, film.movie_id)
    [token] = root.find("POST /api/movies/{movieId}/stream-token")
    [asks] = token.find("stream token")
    assert asks.attributes["portal.movie_id"] == film.movie_id
    assert asks.children  # Redis: the limit, the session
    # Asked for by the head script, and perhaps again by hls.js when that was more than 1 s ago.
    firsts = root.find("GET /hls/multivariant")
    assert any(first.find("origin fetch") for first in firsts)
    assert root.find("GET /hls/playlist")
    segments = root.find("GET /hls/segment")
    assert any(segment.find("origin fetch") for segment in segments)
    # The id that an answer, its log lines and the page of an error have is the trace's own.
    ids = {span.attributes["portal.correlation_id"] for span in (token, *firsts, *segments)}
    assert ids == {trace_id}
    # The film goes on under no trace of its start.
    assert all(each.began < root.ended + 500_000_000 for each in segments)
