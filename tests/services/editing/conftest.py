"""People and a clock for the editing services."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from portal.services.actors import Actor, Role
from portal.services.container import Services
from portal.services.editing import Editing

EDITOR = Actor("e" * 32, "eva@films.example", Role.EDITOR, "203.0.113.7", "corr-1")
MANAGER = Actor("a" * 32, "mara@films.example", Role.MANAGER, "203.0.113.8", "corr-2")
OWNER = Actor("0" * 32, "olga@films.example", Role.OWNER)
NOW = datetime(2026, 11, 27, 18, 0, tzinfo=UTC)


@pytest.fixture
def editing(running_services: Services) -> Editing:
    """The editing services on real servers, with an empty catalog."""
    return running_services.editing
