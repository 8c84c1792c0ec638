"""A unit of work that runs in the database, so that it can be stopped there."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from collections.abc import Iterator
from typing import Any

import structlog
from sqlalchemy import Engine, NullPool, create_engine
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from portal.services.db_engine import CONNECT_TIMEOUT_S
from portal.services.errors import Unavailable

log = structlog.get_logger(__name__)


class RunningQuery:
    """Knows the connection that a unit of work uses, while it uses it."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.is_stopped = False
        self._lock = threading.Lock()
        self._connection: Any = None

    @contextlib.contextmanager
    def of(self, session: Session) -> Iterator[None]:
        """Hold the session's connection while the block runs.

        Raises:
            Unavailable: It was stopped before it began.
        """
        self._hold(session.connection().connection.dbapi_connection)
        try:
            yield
        finally:
            # Waits while it is being stopped: the connection's next user must not be hit.
            self._hold(None)

    def _hold(self, connection: Any) -> None:
        with self._lock:
            if self.is_stopped and connection is not None:
                raise Unavailable
            self._connection = connection

    def stop(self) -> None:
        """Stop the statement that runs, if one does; another thread calls this."""
        with self._lock:
            self.is_stopped = True
            running = self._connection
            if isinstance(running, sqlite3.Connection):
                running.interrupt()
            elif running is not None:  # PyMySQL's
                with contextlib.suppress(DBAPIError):
                    self._kill(running.thread_id())

    def _kill(self, thread_id: int) -> None:
        deadlines = {"connect_timeout": CONNECT_TIMEOUT_S, "read_timeout": CONNECT_TIMEOUT_S}
        engine = create_engine(self.engine.url, poolclass=NullPool, connect_args=deadlines)
        with engine.connect() as connection:
            connection.exec_driver_sql(f"KILL QUERY {thread_id:d}")
        log.warning("db.query_stopped")
