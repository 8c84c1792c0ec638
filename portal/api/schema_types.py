"""Field types that several schemas share."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated, Any

from pydantic import BeforeValidator, PlainSerializer
from pydantic.json_schema import WithJsonSchema

_RFC3339 = re.compile(
    r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:[Zz]|[+-]\d{2}:\d{2})", re.ASCII
)


def parse_instant(value: Any) -> Any:
    """An instant as RFC 3339 writes it, with its offset; not a number, not a local time.

    Raises:
        ValueError: It is none; says what one looks like.
    """
    if value is None or isinstance(value, datetime):
        return value
    if isinstance(value, str) and _RFC3339.fullmatch(value):
        try:
            # Python 3.11 reads at most six digits of a second.
            return datetime.fromisoformat(re.sub(r"(\.\d{6})\d+", r"\1", value.upper()))
        except ValueError:
            pass
    message = "Write an instant with its offset, such as 2026-11-27T18:00:00Z."
    raise ValueError(message)


def write_instant(value: datetime) -> str:
    """An instant as RFC 3339 writes it, in UTC."""
    return value.isoformat().replace("+00:00", "Z")


Instant = Annotated[
    datetime,
    BeforeValidator(parse_instant),
    PlainSerializer(write_instant, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
"""An aware instant."""


def at_most(limit: int, description: str, **more: Any) -> WithJsonSchema:
    """Documents a text of up to `limit` characters.

    What is longer is refused by the service, in its words.
    """
    schema = {"type": "string", "maxLength": limit, "description": description, **more}
    return WithJsonSchema(schema)


def between(least: int, most: int, description: str) -> WithJsonSchema:
    """Documents a whole number; the service checks the bounds, in its words."""
    schema = {"type": "integer", "minimum": least, "maximum": most, "description": description}
    return WithJsonSchema(schema)


def number(least: float, most: float) -> WithJsonSchema:
    """Documents a number within bounds, whole or not."""
    return WithJsonSchema({"type": "number", "minimum": least, "maximum": most})
