"""Sums of months: pages say the same with them as without, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import delete
from sqlmodel import Session, col, select

from portal.services.container import Services
from portal.services.insights import read_all
from portal.services.insights.pages import Read
from portal.services.insights.ranges import Span, span_of
from portal.services.qoe.beats import Counters
from portal.services.qoe.models import QoeRollup, QoeTally
from portal.services.qoe.rollups import News, Sums, hour_of, instant_of, month_of, next_month
from portal.services.repositories import qoe as rows

NOW = datetime(2026, 11, 23, 15, 20, tzinfo=UTC)
MONTHS = [datetime(2026, month, 1, tzinfo=UTC) for month in (8, 9, 10)]


def a_year(session: Session) -> None:
    """Plays of three films, from the middle of July until now, in sums by day."""
    sums = Sums()
    for day in range(130):
        news = News(
            Counters(attempts=2, starts=1, start_failures=1, play_ms=60_000 + day, stall_ms=day),
            height=720, new_tenths=7, start_ms=200 + 9 * day, failure="network",
            captions_began=True, caption_language="pt",
        )  # fmt: skip
        at = hour_of(NOW - timedelta(days=day))
        sums.add(news, movie_id=f"film-{day % 3}", browser="Firefox", hour=at, grains="d")
        sums.count("throttle", "viewer", at, grains="d")
    rows.add_sums(session, sums)


async def page(services: Services, span: Span, movie_id: str = "") -> Read:
    return await services.db.run(lambda session: read_all(session, span, movie_id, films=10))


async def test_a_page_says_the_same(running_services: Services) -> None:
    services = running_services
    await services.db.run(a_year)
    year = span_of("1y", "", "", NOW)
    asked = [
        (span, movie_id)
        for span in (year, span_of("custom", "2026-08-12", "2026-10-30", NOW))
        for movie_id in ("", "film-1")
    ]
    before = [await page(services, *each) for each in asked]
    assert before[0].films[0][1]["starts"] == 44
    assert await services.qoe.sum_up(NOW) == 4
    assert await services.qoe.sum_up(NOW) == 0
    assert [await page(services, *each) for each in asked] == before

    # They are what is read: nothing of a film's days in whole months is needed any more.
    def forget(session: Session) -> None:
        for model, of in ((QoeRollup, QoeRollup.scope != "all"), (QoeTally, QoeTally.kind != "")):
            session.execute(
                delete(model).where(
                    of,  # type: ignore[arg-type]
                    col(model.grain) == "d",
                    col(model.movie_id) != "",
                    col(model.hour) < next_month(hour_of(MONTHS[-1])),
                )
            )

    await services.db.run(forget)
    assert await page(services, year) == before[0]


async def test_a_month_is_summed_up_when_nothing_more_can_come(running_services: Services) -> None:
    await running_services.db.run(a_year)
    first = datetime(2026, 11, 1, tzinfo=UTC)
    made = [await running_services.qoe.sum_up(first + timedelta(hours=h)) for h in (0, 47, 48)]
    assert made == [3, 0, 1]


async def test_months_go_when_all_of_their_days_went(running_services: Services) -> None:
    await running_services.db.run(a_year)
    await running_services.qoe.sum_up(NOW)
    kept = timedelta(days=running_services.settings.qoe_sum_days)
    for day, left in ((30, [7, 8, 9, 10]), (31, [8, 9, 10])):
        await running_services.qoe.prune(datetime(2026, 7, 1, tzinfo=UTC) + kept + timedelta(day))
        starts = await running_services.db.run(
            lambda session: session.exec(
                select(QoeRollup.hour).where(QoeRollup.grain == "m").distinct()
            ).all()
        )
        assert sorted(instant_of(hour).month for hour in starts) == left


def test_the_fewest_sums_that_have_all_of_a_time() -> None:
    months = {hour_of(month) for month in MONTHS}

    def pieces(since: str, until: str) -> list[tuple[str, str, str]]:
        found = span_of("custom", since, until, NOW).pieces(months)
        return [(grain, *(f"{instant_of(at):%m-%d}" for at in ends)) for grain, *ends in found]

    assert pieces("2026-07-15", "2026-11-03") == [
        ("d", "07-15", "08-01"), ("m", "08-01", "11-01"), ("d", "11-01", "11-04"),
    ]  # fmt: skip
    assert pieces("2026-08-02", "2026-08-31") == [("d", "08-02", "09-01")]
    assert pieces("2026-09-01", "2026-09-30") == [("m", "09-01", "10-01")]
    assert month_of(hour_of(NOW)) == hour_of(datetime(2026, 11, 1, tzinfo=UTC))
