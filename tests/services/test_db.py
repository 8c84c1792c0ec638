"""Deadlines, retries and cancelled work, on the real databases."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator

import pytest
from sqlalchemy import text
from sqlmodel import Session

from portal.services.db import Database
from portal.services.errors import Unavailable

# Counts to a number that takes minutes; no table needed.
_LONG_SQLITE = (
    "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 2000000000)"
    " SELECT count(*) FROM c"
)


@pytest.fixture
def db(database_url: str) -> Iterator[Database]:
    found = Database(database_url, threads=2)
    yield found
    found.close()


def long_work(session: Session) -> object:
    if session.get_bind().dialect.name == "sqlite":
        return session.execute(text(_LONG_SQLITE)).scalar()
    return session.execute(text("SELECT SLEEP(60)")).scalar()


async def no_thread_is_held(db: Database) -> None:
    """Both threads answer again: nothing runs on behind those who do not wait."""
    await asyncio.gather(*(db.run(lambda s: s.execute(text("SELECT 1"))) for _ in range(4)))


async def test_work_that_takes_too_long_is_stopped_in_the_database(db: Database) -> None:
    started = time.monotonic()
    with pytest.raises(Unavailable):
        await db.run(long_work, deadline_s=0.2)
    await no_thread_is_held(db)
    assert time.monotonic() - started < 15  # not the minutes that the statements take


async def test_a_cancelled_caller_stops_the_statement(db: Database) -> None:
    waiting = [asyncio.create_task(db.run(long_work, deadline_s=60)) for _ in range(2)]
    await asyncio.sleep(0.3)
    for task in waiting:
        task.cancel()
    assert {type(e) for e in await asyncio.gather(*waiting, return_exceptions=True)} == {
        asyncio.CancelledError
    }
    await no_thread_is_held(db)


async def test_stopped_work_stores_nothing(db: Database) -> None:
    await db.run(lambda s: s.execute(text("CREATE TABLE note (word VARCHAR(9))")))

    def writes_then_waits(session: Session) -> None:
        session.execute(text("INSERT INTO note VALUES ('half')"))
        long_work(session)

    with pytest.raises(Unavailable):
        await db.run(writes_then_waits, deadline_s=0.3)
    words = await db.run(lambda s: s.execute(text("SELECT count(*) FROM note")).scalar())
    assert words == 0


async def test_work_in_the_queue_ends_at_its_deadline_and_never_begins(db: Database) -> None:
    busy = [asyncio.create_task(db.run(long_work, deadline_s=1)) for _ in range(2)]
    await asyncio.sleep(0.1)
    begun = []
    with pytest.raises(Unavailable):
        await db.run(lambda _: begun.append(1), deadline_s=0.2)
    await asyncio.gather(*busy, return_exceptions=True)
    await no_thread_is_held(db)
    assert begun == []


@pytest.mark.mariadb
async def test_a_deadlock_is_run_again(mariadb: object) -> None:
    db = Database(mariadb.new_database(), threads=2)  # type: ignore[attr-defined]
    try:
        await db.run(lambda s: s.execute(text("CREATE TABLE n (id INT PRIMARY KEY, v INT)")))
        await db.run(lambda s: s.execute(text("INSERT INTO n VALUES (1, 0), (2, 0)")))

        def add(first: int, second: int) -> object:
            def work(session: Session) -> None:
                for row in (first, second):
                    session.execute(text("UPDATE n SET v = v + 1 WHERE id = :row"), {"row": row})
                    session.execute(text("SELECT SLEEP(0.2)"))

            return work

        await asyncio.gather(db.run(add(1, 2)), db.run(add(2, 1)))  # type: ignore[arg-type]
        found = await db.run(lambda s: s.execute(text("SELECT v FROM n")).scalars().all())
        assert list(found) == [2, 2]
    finally:
        db.close()


@pytest.mark.mariadb
async def test_a_lost_connection_is_not_noticed(mariadb: object) -> None:
    db = Database(mariadb.new_database(), threads=1)  # type: ignore[attr-defined]
    try:
        seen: list[int] = []

        def loses_it_once(session: Session) -> object:
            own = session.execute(text("SELECT CONNECTION_ID()")).scalar()
            if not seen:
                seen.append(own)
                with mariadb.connect() as other, other.cursor() as cursor:  # type: ignore[attr-defined]
                    cursor.execute(f"KILL {own}")
            return session.execute(text("SELECT CONNECTION_ID()")).scalar()

        assert await db.run(loses_it_once) not in seen
    finally:
        db.close()
