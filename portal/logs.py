"""structlog: readable on a terminal, JSON elsewhere; tokens and source URLs are cut out."""

from __future__ import annotations

import logging
import os
import re
import sys
from collections.abc import Mapping, MutableMapping
from typing import Any

import structlog
from structlog.tracebacks import ExceptionDictTransformer

_TOKEN_IN_PATH = re.compile(r"(/hls/)[^/\s\"']+")
_JWT = re.compile(r"eyJ[\w-]{5,}\.[\w-]{5,}\.[\w-]{5,}")
_PLAYLIST_URL = re.compile(r"https?://[^\s\"']+?\.m3u8[^\s\"']*", re.IGNORECASE)
_SECRET_NAMES = frozenset({"token", "password", "cookie", "authorization", "url", "secret"})


def redact(value: object) -> object:
    """A log value without tokens and source URLs."""
    if isinstance(value, str):
        value = _TOKEN_IN_PATH.sub(r"\1[token]", value)
        value = _JWT.sub("[token]", value)
        return _PLAYLIST_URL.sub("[source]", value)
    if isinstance(value, Mapping):
        return {key: redact(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [redact(item) for item in value]
    return value


def _redact(
    _logger: object, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    for name, value in event.items():
        event[name] = "[secret]" if name.lower() in _SECRET_NAMES else redact(value)
    return event


class _RedactingFilter(logging.Filter):
    """The same for records of libraries that log through the standard module."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = redact(record.getMessage())
        record.args = None
        return True


def configure_logging() -> None:
    """Set up logging once a process, from PORTAL_LOG_LEVEL and PORTAL_LOG_FORMAT."""
    level = logging.getLevelNamesMapping().get(
        os.environ.get("PORTAL_LOG_LEVEL", "info").upper(), logging.INFO
    )
    wanted = os.environ.get("PORTAL_LOG_FORMAT", "auto")
    as_json = wanted == "json" or (wanted == "auto" and not sys.stderr.isatty())
    renderer: Any = (
        structlog.processors.JSONRenderer() if as_json else structlog.dev.ConsoleRenderer()
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            # Without the frames' variables: cookies and tokens are among them.
            structlog.processors.ExceptionRenderer(ExceptionDictTransformer(show_locals=False))
            if as_json
            else structlog.processors.format_exc_info,
            _redact,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(_RedactingFilter())
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(max(level, logging.WARNING))
