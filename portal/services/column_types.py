"""Column types that mean the same on SQLite, MariaDB and MySQL 8.4.

Migrations use them too: change what one of them stores and a new revision is needed.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import LargeBinary, String, Text
from sqlalchemy.dialects import mysql
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.types import TypeEngine
from sqlmodel.sql.sqltypes import UTCDateTime


class Instant(UTCDateTime):
    """An aware UTC datetime with microseconds on every database."""

    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """`DATETIME` alone would round to whole seconds on MySQL and MariaDB."""
        if dialect.name in {"mysql", "mariadb"}:
            return dialect.type_descriptor(mysql.DATETIME(fsp=6))
        return super().load_dialect_impl(dialect)

    def __repr__(self) -> str:
        return "Instant()"


def long_text() -> TypeEngine[str]:
    """Text up to 16 MiB (`TEXT` alone is 64 KiB on MySQL)."""
    return Text().with_variant(mysql.MEDIUMTEXT(), "mysql", "mariadb")


def long_blob() -> TypeEngine[bytes]:
    """Bytes up to 16 MiB."""
    return LargeBinary().with_variant(mysql.MEDIUMBLOB(), "mysql", "mariadb")


def key_string(length: int) -> TypeEngine[str]:
    """A string that is compared byte by byte: ids, keys, slugs."""
    binary = mysql.VARCHAR(length, charset="utf8mb4", collation="utf8mb4_bin")
    return String(length).with_variant(binary, "mysql", "mariadb")
