"""From a player's lines to sums, on real databases."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import text
from sqlmodel import Session, col, select

from portal.services.clock import utc_now
from portal.services.container import Services
from portal.services.errors import RateLimited, Unavailable
from portal.services.qoe import reception
from portal.services.qoe.models import QoeRollup, QoeSession, QoeTally
from portal.services.qoe.reception import SessionOver
from portal.services.qoe.rollups import day_of, hour_of
from tests.support.catalog import add_movie
from tests.support.qoe import line


class Player:
    """One viewing session."""

    def __init__(self, services: Services, movie_id: str, viewer: str = "") -> None:
        self.services, self.movie = services, movie_id
        self.viewer = viewer or services.viewer_ids.new_viewer()
        self.session = services.viewer_ids.new_session(self.viewer, movie_id)

    async def say(self, number: int, *, now: datetime | None = None, **more: object) -> None:
        text = line(self.session, self.movie, number, **more)
        moment = now or utc_now() + timedelta(seconds=60)
        await self.services.qoe.accept(text, self.viewer, "Firefox", moment)


@pytest.fixture
async def movie_id(running_services: Services) -> str:
    def add(session: Session) -> str:
        return add_movie(session, running_services.box, captions=("en", "pt")).id

    found = await running_services.db.run(add)
    await running_services.catalog.announce_change()
    await running_services.catalog.refresh(force=True)
    return found


async def sums(services: Services, scope: str = "all", grain: str = "h") -> list[QoeRollup]:
    def read(session: Session) -> list[QoeRollup]:
        statement = select(QoeRollup).where(QoeRollup.scope == scope, QoeRollup.grain == grain)
        return list(session.exec(statement.order_by(col(QoeRollup.hour), col(QoeRollup.part))))

    return await services.db.run(read)


async def tallies(services: Services, kind: str) -> dict[str, int]:
    def read(session: Session) -> dict[str, int]:
        statement = select(QoeTally).where(
            QoeTally.kind == kind, QoeTally.grain == "d", QoeTally.movie_id == "",
            QoeTally.part == "",
        )  # fmt: skip
        return {row.name: row.total for row in session.exec(statement)}

    return await services.db.run(read)


async def rows(services: Services) -> list[QoeSession]:
    return await services.db.run(lambda session: list(session.exec(select(QoeSession))))


async def test_a_session_adds_up_everywhere(running_services: Services, movie_id: str) -> None:
    player = Player(running_services, movie_id)
    await player.say(1, sta="s")
    await player.say(2, ok=1, msd=500, h=360)
    await player.say(3, ok=1, pl=4000, dg=1000, h=360, rc=1, sw=1, e="bc")
    await player.say(4, ok=1, pl=9000, st=700, ns=1, dg=1000, h=720, rc=7, sw=1, sta="r")
    await running_services.qoe.flush()
    await player.say(
        5, ok=1, pl=9500, st=700, ns=1, dg=1000, h=720, rc=7, sw=1, sta="f", xf=1,
        ec='("origin-failed")', cc=True, cl='"pt"', cr=True,
    )  # fmt: skip
    await running_services.qoe.flush()
    for grain in "hd":
        [everything] = await sums(running_services, "all", grain)
        assert (everything.attempts, everything.starts, everything.later_failures) == (1, 1, 1)
        assert (everything.play_ms, everything.stall_ms, everything.degraded_ms) == (
            9500,
            700,
            1000,
        )
        assert (everything.stalls, everything.switches) == (1, 1)
        assert (everything.tenth_1, everything.tenth_3, everything.tenth_4) == (1, 1, 0)
        assert (everything.caption_sessions, everything.caption_rendered) == (1, 1)
        by_height = {
            row.part: row.play_ms for row in await sums(running_services, "rendition", grain)
        }
        assert {"360": 4000, "720": 5500}.items() <= by_height.items()
        [film] = await sums(running_services, "film-browser", grain)
        assert (film.movie_id, film.part, film.play_ms) == (movie_id, "Firefox", 9500)
    assert await tallies(running_services, "failure") == {"origin-failed": 1}
    assert await tallies(running_services, "captions") == {"pt": 1}
    assert sum((await tallies(running_services, "start")).values()) == 1
    [row] = await rows(running_services)
    assert (row.start_ms, row.failure, row.caption_language) == (500, "origin-failed", "pt")


async def test_what_comes_twice_late_or_not_at_all_changes_nothing(
    running_services: Services, movie_id: str
) -> None:
    player = Player(running_services, movie_id)
    await player.say(1, sta="s")
    await player.say(2, ok=1, msd=300, pl=100)
    await player.say(2, ok=1, msd=300, pl=100)
    await player.say(5, ok=1, pl=5000, ns=2, st=300)  # 3 and 4 were lost
    await player.say(4, ok=1, pl=4000, ns=1, st=200)
    await running_services.qoe.flush()
    await player.say(6, ok=1, pl=5000, ns=2, st=300, sta="q")
    await player.say(5, ok=1, pl=5000, ns=2, st=300)
    await running_services.qoe.flush()
    [row] = await rows(running_services)
    assert (row.state, row.last_number) == ("q", 6)
    [found] = await sums(running_services)
    assert (found.attempts, found.starts, found.play_ms) == (1, 1, 5000)
    assert (found.stalls, found.stall_ms) == (2, 300)
    assert sum((await tallies(running_services, "start")).values()) == 1


async def test_only_a_session_of_this_portal_and_viewer_is_heard(
    running_services: Services, movie_id: str
) -> None:
    player = Player(running_services, movie_id)
    stranger = Player(running_services, movie_id)
    stranger.session = player.session
    with pytest.raises(SessionOver):
        await stranger.say(1)
    other_film = Player(running_services, "f" * 32, player.viewer)
    other_film.session = player.session
    with pytest.raises(SessionOver):
        await other_film.say(1)
    with pytest.raises(SessionOver):
        await player.say(1, now=utc_now() + timedelta(hours=25))
    assert running_services.qoe.counts.received == 0


async def test_what_cannot_be_is_not_counted(running_services: Services, movie_id: str) -> None:
    player = Player(running_services, movie_id)
    await player.say(1, ok=1, pl=3_600_000)  # an hour, a minute after it was opened
    await player.say(2, ok=5)
    await player.say(3, pl=10, dg=20)
    await player.say(4, ok=1, pl=1000, xf=1, ec='("made-up")', cc=True, cl='"xx"')
    await running_services.qoe.flush()
    [found] = await sums(running_services)
    assert (found.starts, found.play_ms) == (1, 1000)
    assert await tallies(running_services, "failure") == {"other": 1}
    assert await tallies(running_services, "captions") == {"und": 1}


async def test_the_limit_is_the_session_s_own(running_services: Services, movie_id: str) -> None:
    player = Player(running_services, movie_id)
    for number in range(1, reception.LIMIT.quota + 1):
        await player.say(number)
    with pytest.raises(RateLimited):
        await player.say(1000)
    await Player(running_services, movie_id, player.viewer).say(1)
    await running_services.limiter.require(running_services.viewer_policy, player.viewer)
    await running_services.qoe.flush()
    assert await tallies(running_services, "throttle") == {"qoe": 1}


async def test_a_preview_is_nobody_s_viewing(running_services: Services, movie_id: str) -> None:
    player, manager = Player(running_services, movie_id), Player(running_services, movie_id)
    await running_services.redis.set(f"portal:preview:{manager.session}", "1")
    await player.say(1)
    await manager.say(1)
    await running_services.qoe.flush()
    [found] = await sums(running_services)
    assert found.attempts == 1


async def test_without_a_database_lines_are_kept_and_what_does_not_fit_is_counted(
    running_services: Services, movie_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reception, "MAX_QUEUE", 3)
    qoe, run = running_services.qoe, running_services.db.run

    async def away(*_: object, **__: object) -> None:
        raise Unavailable

    player = Player(running_services, movie_id)
    monkeypatch.setattr(running_services.db, "run", away)
    qoe.throttled("viewer", utc_now())
    for number in range(1, 6):
        await player.say(number, pl=number)
    with pytest.raises(Unavailable):
        await qoe.flush()
    assert qoe.waiting() == {"queued": 3, "dropped": 2}
    monkeypatch.setattr(running_services.db, "run", run)
    await qoe.flush()
    [found] = await sums(running_services)
    assert (found.attempts, found.play_ms) == (1, 3)
    assert await tallies(running_services, "throttle") == {"viewer": 1}


async def test_who_falls_silent_before_the_first_frame_has_left(
    running_services: Services, movie_id: str
) -> None:
    silent, playing = Player(running_services, movie_id), Player(running_services, movie_id)
    await silent.say(1, sta="s")
    await playing.say(1, ok=1, msd=300)
    await running_services.qoe.flush()
    assert await running_services.qoe.settle(utc_now()) == 0
    later = utc_now() + timedelta(hours=2)
    assert await running_services.qoe.settle(later) == 1
    assert await running_services.qoe.settle(later) == 0
    [found] = await sums(running_services)
    assert (found.attempts, found.starts, found.early_exits) == (2, 1, 1)


async def test_old_things_go_and_a_viewer_can_be_forgotten(
    running_services: Services, movie_id: str
) -> None:
    qoe = running_services.qoe
    one, other = Player(running_services, movie_id), Player(running_services, movie_id)
    await one.say(1, ok=1, msd=200)
    await other.say(1, ok=1, msd=200)
    await qoe.flush()
    assert await qoe.erase(one.viewer) == 1
    assert [row.viewer_id for row in await rows(running_services)] == [other.viewer]
    [found] = await sums(running_services)
    assert found.starts == 2  # the sums name nobody
    now = utc_now()
    assert await qoe.prune(now) == 0
    await qoe.prune(now + timedelta(days=20))
    assert await sums(running_services, grain="h") == []
    [day] = await sums(running_services, grain="d")
    assert day.hour == day_of(hour_of(now + timedelta(seconds=60)))
    await qoe.prune(now + timedelta(days=100))
    assert await rows(running_services) == []
    await qoe.prune(now + timedelta(days=900))
    assert await sums(running_services, grain="d") == []
    assert await tallies(running_services, "start") == {}


async def test_now_watching_follows_the_players(
    running_services: Services, movie_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.services.qoe.watching.KEPT_S", 0)
    now = utc_now()
    watching = running_services.qoe.watching
    first, second = Player(running_services, movie_id), Player(running_services, movie_id)
    await first.say(1, now=now)
    await second.say(1, now=now)
    await watching.flush(now)
    assert await watching.by_movie(now) == {movie_id: 2}
    await first.say(2, now=now, sta="q")
    await watching.flush(now)
    assert await watching.by_movie(now) == {movie_id: 1}
    assert await watching.by_movie(now + timedelta(seconds=80)) == {}


async def test_nothing_stored_holds_an_address_or_a_whole_session_id(
    running_services: Services, movie_id: str
) -> None:
    player = Player(running_services, movie_id)
    await player.say(1)
    await running_services.qoe.flush()

    def everything(session: Session) -> str:
        return str(session.connection().execute(text("SELECT * FROM qoe_session")).all())

    stored = await running_services.db.run(everything)
    assert player.session[:32] in stored
    assert player.session not in stored


async def test_what_was_said_on_leaving_is_not_overtaken(
    running_services: Services, movie_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A beacon may come before a request that was sent earlier."""
    monkeypatch.setattr("portal.services.qoe.watching.KEPT_S", 0)
    now, watching = utc_now(), running_services.qoe.watching
    player = Player(running_services, movie_id)
    await player.say(3, sta="q", ok=1, pl=900, now=now)
    await player.say(2, sta="p", ok=1, pl=100, now=now)
    await watching.flush(now)
    assert await watching.by_movie(now) == {}
    await player.say(4, sta="p", ok=1, pl=2000, now=now)  # back again
    await watching.flush(now)
    assert await watching.by_movie(now) == {movie_id: 1}
