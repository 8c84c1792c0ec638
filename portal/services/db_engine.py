"""Engines with deadlines, and what a driver's error means for who asked."""

from __future__ import annotations

import sqlite3
from enum import Enum
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import ConnectionPoolEntry

POOL_SIZE = 10
CONNECT_TIMEOUT_S = 3
# A server that stopped in the middle of an answer holds a thread no longer than this.
ANSWER_TIMEOUT_S = 15


class Trouble(Enum):
    """What a failed statement means."""

    RETRY = "rolled back for another transaction's sake"
    LOST = "the connection is gone"
    AWAY = "the server takes no work: full, read-only, too many"
    OURS = "the statement is wrong"


# MySQL and MariaDB: 1205 lock wait timeout, 1213 deadlock. The transaction was rolled back whole.
_RETRY = frozenset({1205, 1213})
# 2002 and 2003 cannot connect, 2006 gone away, 2013 lost, 1053 shutting down, 1927 killed,
# 1080 forced close, 1152 aborted.
_LOST = frozenset({2002, 2003, 2006, 2013, 2014, 1053, 1080, 1152, 1927})
# 1040 too many connections, 1203 of one user, 1021 disk full, 1114 table full, 1290 and 1836
# read-only, 1792 read-only transaction, 1317 interrupted, 1969 and 3024 took too long.
_AWAY = frozenset({1040, 1203, 1021, 1114, 1290, 1836, 1792, 1317, 1969, 3024})
_SQLITE = {
    sqlite3.SQLITE_LOCKED: Trouble.RETRY,
    sqlite3.SQLITE_BUSY: Trouble.AWAY,  # it waited for busy_timeout already
    sqlite3.SQLITE_FULL: Trouble.AWAY,
    sqlite3.SQLITE_IOERR: Trouble.AWAY,
    sqlite3.SQLITE_READONLY: Trouble.AWAY,
    sqlite3.SQLITE_CANTOPEN: Trouble.AWAY,
    sqlite3.SQLITE_INTERRUPT: Trouble.AWAY,
}


def trouble_of(error: DBAPIError) -> Trouble:
    """What a driver's error means."""
    if isinstance(error.orig, sqlite3.Error):
        # The low byte is the class of an extended code (https://sqlite.org/rescode.html).
        code = getattr(error.orig, "sqlite_errorcode", 0) or 0
        if code == sqlite3.SQLITE_BUSY_SNAPSHOT:
            return Trouble.RETRY
        return _SQLITE.get(code & 0xFF, Trouble.OURS)
    args = getattr(error.orig, "args", ())
    code = args[0] if args and isinstance(args[0], int) else 0
    if code in _RETRY:
        return Trouble.RETRY
    if code in _AWAY:
        return Trouble.AWAY
    # PyMySQL says 0 when it is used after its connection broke.
    if code in _LOST or error.connection_invalidated or code == 0:
        return Trouble.LOST
    return Trouble.OURS


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
            "connect_timeout": CONNECT_TIMEOUT_S,
            "read_timeout": ANSWER_TIMEOUT_S,
            "write_timeout": ANSWER_TIMEOUT_S,
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
        "busy_timeout=5000",  # less than what a caller waits: see db.DEADLINE_S
        "temp_store=MEMORY",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
