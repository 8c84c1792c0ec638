"""Errors in plain words: the pages' counterpart of `portal/api/errors.py`."""

from __future__ import annotations

from portal.services.errors import PortalError

UNEXPECTED = "Something went wrong on our side. Please try again in a moment."


def words_for(error: Exception) -> str:
    """What a person is told of an error; nothing of an unexpected one's insides."""
    return error.detail if isinstance(error, PortalError) else UNEXPECTED
