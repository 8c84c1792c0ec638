"""The single door from async code to the database: a thread, a session and one transaction.

Sync work in a Reflex handler or a route would block the whole event loop, so all of it goes through
`Database.run(work)`. Services do not commit; `run` does, once, when `work` returns. What is awaited
no longer is stopped where it runs: in the database.
"""

from __future__ import annotations

import asyncio
import builtins
import random
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import structlog
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError, InterfaceError, OperationalError, TimeoutError
from sqlmodel import Session

from portal.services.db_engine import POOL_SIZE, Trouble, make_engine, trouble_of
from portal.services.db_query import RunningQuery
from portal.services.errors import Unavailable
from portal.services.telemetry import metrics, traces

T = TypeVar("T")
log = structlog.get_logger(__name__)

DEADLINE_S = 8.0
"""How long somebody waits for a unit of work, its place in the queue included."""
_ATTEMPTS = 3
_PAUSE_S = 0.05


class Clash(Exception):
    """The database refused what would not be unique any more, or leads nowhere; nothing is stored.

    Mostly somebody else was faster: the same work, run again, then finds what is there.
    """


class Database:
    """Runs units of work on threads, as many as there are connections."""

    def __init__(self, url: str, *, threads: int = POOL_SIZE, replica_url: str = "") -> None:
        self.engine = make_engine(url, pool_size=threads)
        self.replica: Engine | None = None
        if replica_url:
            self.replica = make_engine(replica_url, pool_size=2)
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="db")
        # Stopping a query takes a connection of its own, and must not wait behind those it stops.
        self._stopping = ThreadPoolExecutor(2, thread_name_prefix="db-stop")

    async def run(
        self,
        work: Callable[[Session], T],
        *,
        deadline_s: float = DEADLINE_S,
        on_replica: bool = False,
    ) -> T:
        """Run `work(session)` on a thread in one transaction and return its result.

        A deadlock, or a connection that was lost before the commit, is retried; `work` must
        therefore have no effect outside the session. At the deadline, and when the caller is
        cancelled, the running statement is stopped and nothing is stored.

        Args:
            work: What to do.
            deadline_s: Seconds the caller waits.
            on_replica: Read from the replica, if there is one: what it holds may be old.

        Raises:
            Clash: Something would not be unique.
            Unavailable: The database cannot be reached, is read-only or full, or takes too long.
        """
        query = RunningQuery(self._engine(on_replica))
        loop = asyncio.get_running_loop()
        with traces.span("database"):
            running = loop.run_in_executor(self._pool, traces.carried(self._run), work, query)
            return await self._ended(running, query, deadline_s)

    async def _ended(self, running: asyncio.Future[T], query: RunningQuery, deadline_s: float) -> T:
        try:
            with metrics.database_work():
                async with asyncio.timeout(deadline_s):
                    return await asyncio.shield(running)
        except BaseException as error:
            if running.done():
                raise
            running.cancel()  # if it has not begun
            running.add_done_callback(lambda done: done.cancelled() or done.exception())
            self._stopping.submit(query.stop)
            if isinstance(error, builtins.TimeoutError):
                metrics.server_error("database")
                log.error("db.deadline", deadline_s=deadline_s)
                raise Unavailable from None
            raise

    def run_sync(self, work: Callable[[Session], T]) -> T:
        """The same for code that has a thread of its own: command line, migrations, tests."""
        return self._run(work, RunningQuery(self.engine))

    def _engine(self, on_replica: bool) -> Engine:
        return self.replica if on_replica and self.replica is not None else self.engine

    def _run(self, work: Callable[[Session], T], query: RunningQuery) -> T:
        for attempt in range(1, _ATTEMPTS + 1):
            committing = False
            try:
                with Session(query.engine, expire_on_commit=False) as session, query.of(session):
                    result = work(session)
                    session.flush()
                    committing = True
                    session.commit()
                    return result
            except IntegrityError as error:
                raise Clash from error
            except TimeoutError as error:  # of the pool
                metrics.server_error("database")
                log.error("db.no_connection")
                raise Unavailable from error
            except (OperationalError, InterfaceError) as error:
                trouble = trouble_of(error)
                if query.is_stopped:
                    raise Unavailable from error
                # A commit that was lost on its way may have been done: doing it again could store
                # a thing twice.
                again = trouble is Trouble.RETRY or (trouble is Trouble.LOST and not committing)
                if again and attempt < _ATTEMPTS:
                    log.warning("db.retry", attempt=attempt, trouble=trouble.value)
                    time.sleep(_PAUSE_S * attempt * (0.5 + random.random()))
                    continue
                if trouble is Trouble.OURS:
                    raise
                metrics.server_error("database")
                log.error("db.unavailable", trouble=trouble.value)
                raise Unavailable from error
        raise AssertionError  # the loop returns or raises

    async def ping(self) -> None:
        """Check that the database answers.

        Raises:
            Unavailable: It does not.
        """
        await self.run(lambda session: session.execute(text("SELECT 1")), deadline_s=2)

    def close(self) -> None:
        """Give back all threads and connections."""
        self._pool.shutdown(wait=True, cancel_futures=True)
        self._stopping.shutdown(wait=True, cancel_futures=True)
        self.engine.dispose()
        if self.replica is not None:
            self.replica.dispose()
