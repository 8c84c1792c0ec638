"""The single door from async code to the database: a thread, a session and one transaction.

Sync work in a Reflex handler or a route would block the whole event loop, so all of it goes through
`Database.run(work)`. Services do not commit; `run` does, once, when `work` returns.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import structlog
from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.pool import ConnectionPoolEntry
from sqlmodel import Session

from portal.services.errors import Unavailable

T = TypeVar("T")
log = structlog.get_logger(__name__)

POOL_SIZE = 10
# MySQL: 1205 lock wait timeout, 1213 deadlock. The transaction was rolled back whole: run it again.
_RETRY_CODES = frozenset({1205, 1213})
_ATTEMPTS = 3


class Clash(Exception):
    """The database refused what would not be unique any more, or leads nowhere; nothing is stored.

    Mostly somebody else was faster: the same work, run again, then finds what is there.
    """


def make_engine(url: str, *, pool_size: int = POOL_SIZE) -> Engine:
    """An engine with deadlines: no query of a portal waits for ever.

    Args:
        url: A SQLAlchemy URL, `sqlite:///...` or `mysql+pymysql://...`.
        pool_size: Connections, the same number as the thread pool has threads.
    """
    if url.startswith("sqlite"):
        engine = create_engine(url, connect_args={"timeout": 10, "check_same_thread": False})
        event.listen(engine, "connect", _tune_sqlite)
        return engine
    return create_engine(
        url,
        pool_size=pool_size,
        max_overflow=2,
        pool_timeout=3,
        pool_pre_ping=True,
        pool_recycle=1800,
        isolation_level="READ COMMITTED",
        connect_args={
            "connect_timeout": 3,
            "read_timeout": 15,
            "write_timeout": 15,
            "charset": "utf8mb4",
            "init_command": "SET time_zone='+00:00'",
        },
    )


def _tune_sqlite(connection: Any, _record: ConnectionPoolEntry) -> None:
    if not isinstance(connection, sqlite3.Connection):
        return
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",  # readers do not wait for the writer
        "synchronous=NORMAL",  # safe with WAL: a power cut loses no consistency
        "foreign_keys=ON",
        "busy_timeout=10000",
        "temp_store=MEMORY",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


class Database:
    """Runs units of work on threads."""

    def __init__(self, url: str, *, threads: int = POOL_SIZE) -> None:
        self.engine = make_engine(url, pool_size=threads)
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="db")

    async def run(self, work: Callable[[Session], T]) -> T:
        """Run `work(session)` on a thread in one transaction and return its result.

        A deadlock is retried; `work` must therefore have no effect outside the session.

        Raises:
            Clash: Something would not be unique.
            Unavailable: The database cannot be reached.
        """
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._pool, self.run_sync, work)

    def run_sync(self, work: Callable[[Session], T]) -> T:
        """The same for code that has a thread of its own: command line, migrations, tests."""
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                with Session(self.engine, expire_on_commit=False) as session, session.begin():
                    return work(session)
            except IntegrityError as error:
                raise Clash from error
            except (OperationalError, InterfaceError) as error:
                if _is_retryable(error) and attempt < _ATTEMPTS:
                    log.warning("db.retry", attempt=attempt)
                    continue
                if error.connection_invalidated or _is_connection_error(error):
                    log.error("db.unreachable", error=type(error.orig).__name__)
                    raise Unavailable from error
                raise
        raise AssertionError  # the loop returns or raises

    async def ping(self) -> None:
        """Check that the database answers.

        Raises:
            Unavailable: It does not.
        """
        await self.run(lambda session: session.execute(text("SELECT 1")))

    def close(self) -> None:
        """Give back all threads and connections."""
        self._pool.shutdown(wait=True, cancel_futures=True)
        self.engine.dispose()


def _code(error: DBAPIError) -> int:
    args = getattr(error.orig, "args", ())
    return args[0] if args and isinstance(args[0], int) else 0


def _is_retryable(error: DBAPIError) -> bool:
    return _code(error) in _RETRY_CODES


def _is_connection_error(error: DBAPIError) -> bool:
    # PyMySQL: 2003 can't connect, 2006 gone away, 2013 lost, 1040 too many, 1053 shutting down.
    return _code(error) in {2002, 2003, 2006, 2013, 1040, 1053, 1290} or (
        isinstance(error.orig, sqlite3.OperationalError)
        and "unable to open" in str(error.orig).lower()
    )
