"""Changes of the catalog: one transaction each, then every worker is told."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import structlog
from sqlmodel import Session

from portal.services.catalog import Catalog
from portal.services.db import Clash, Database
from portal.services.errors import Conflict

T = TypeVar("T")
log = structlog.get_logger(__name__)

_ATTEMPTS = 3


class CatalogWriter:
    """Runs a change and announces it."""

    def __init__(self, db: Database, catalog: Catalog) -> None:
        self._db = db
        self._catalog = catalog

    async def read(self, work: Callable[[Session], T]) -> T:
        """Run `work(session)` without announcing anything."""
        return await self._db.run(work)

    async def write(
        self, work: Callable[[Session], T], *, announce: Callable[[T], bool] = lambda _: True
    ) -> T:
        """Run `work(session)` in one transaction, then announce that the catalog changed.

        Args:
            work: What to do.
            announce: Whether its result is worth announcing.

        Two people may take the same title at the same instant; the database refuses the second,
        which is run again and then finds the first and says so.

        Raises:
            Conflict: It was refused each time.
        """
        for _ in range(_ATTEMPTS):
            try:
                result = await self._db.run(work)
            except Clash:
                log.info("editing.retry")
                continue
            if announce(result):
                await self._catalog.announce_change()
            return result
        raise Conflict("Somebody else is changing the same thing just now. Try again.")
