"""Errors in plain words: the pages' counterpart of `portal/api/errors.py`."""

from __future__ import annotations

import structlog

from portal.services.errors import PortalError
from portal.services.translation import later, told

log = structlog.get_logger(__name__)

UNEXPECTED = later("Something went wrong on our side. Please try again in a moment.")


def words_for(error: Exception) -> str:
    """What a person is told of an error; nothing of an unexpected one's insides.

    An unexpected error is a fault of ours: it goes to the log with its traceback.
    """
    if isinstance(error, PortalError):
        return told(error.detail)
    log.error("page.failed", exc_info=error)
    return told(UNEXPECTED)
