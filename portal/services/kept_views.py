"""Views that are the same for everybody, kept as long as the catalog they were made from."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from datetime import datetime
from typing import TypeVar, cast

from portal.services.catalog_snapshot import PublicCatalog
from portal.services.translation import language

T = TypeVar("T")

KEPT_S = 20
"""Views say "leaves in 3 hours": they are made anew now and then where nothing changed, too."""
MOST = 2000


class KeptViews:
    """What was made from one public catalog, at one time of the clock."""

    def __init__(self) -> None:
        self._of: PublicCatalog | None = None
        self._slice = 0
        self._views: dict[Hashable, object] = {}

    def get(self, public: PublicCatalog, now: datetime, key: Hashable, make: Callable[[], T]) -> T:
        """The view of that name in the language that is spoken; made where there is none."""
        time_slice = int(now.timestamp() // KEPT_S)
        if self._of is not public or self._slice != time_slice or len(self._views) >= MOST:
            self._of, self._slice, self._views = public, time_slice, {}
        named = language(), key
        if named not in self._views:
            self._views[named] = make()
        return cast(T, self._views[named])
