"""Reading the audit: page by page, filtered, and as a file."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import AsyncIterator
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

from sqlmodel import Session

from portal.services import audit
from portal.services.actors import Actor, Role, require
from portal.services.audit import Verification
from portal.services.clock import as_utc
from portal.services.db import Database
from portal.services.models import AuditEvent
from portal.services.repositories import audit_events
from portal.services.repositories.audit_events import AuditFilter

MAX_PAGE: Final = 200
_BATCH: Final = 1000
_VERIFY_S: Final = 600.0  # some ten thousand events a second
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class AuditView:
    """One event: who, when, from where, what."""

    seq: int
    at: datetime
    actor_id: str
    actor_label: str
    address: str
    action: str
    entity: str
    entity_id: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    correlation_id: str
    hash: str


@dataclass(frozen=True, slots=True)
class AuditPage:
    """One page, the newest first; `next_before` is None on the last one."""

    events: tuple[AuditView, ...]
    next_before: int | None


class AuditLog:
    """What managers read of the audit."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def page(
        self, actor: Actor, chosen: AuditFilter, *, before: int | None = None, limit: int = 50
    ) -> AuditPage:
        """One page.

        Args:
            actor: A manager.
            chosen: Which events.
            before: `AuditPage.next_before` of the page before.
            limit: Most events, up to `MAX_PAGE`.

        Raises:
            Unauthenticated, Forbidden, Unavailable: As they say.
        """
        require(actor, Role.MANAGER)
        return await self._page(chosen, before, min(limit, MAX_PAGE))

    async def verify(self, actor: Actor) -> Verification:
        """Walk the whole chain.

        Raises:
            Unauthenticated, Forbidden, Unavailable: As they say.
        """
        require(actor, Role.OWNER)
        return await self._db.run(audit.verify, deadline_s=_VERIFY_S)

    async def export_csv(self, actor: Actor, chosen: AuditFilter) -> AsyncIterator[bytes]:
        """All events as CSV (RFC 4180) in UTF-8, in pieces; states are JSON in one cell.

        Raises:
            Unauthenticated, Forbidden, Unavailable: As they say, before the first piece.
        """
        require(actor, Role.MANAGER)
        first = await self._page(chosen, None, _BATCH)
        return self._csv(chosen, first)

    async def export_json(self, actor: Actor, chosen: AuditFilter) -> AsyncIterator[bytes]:
        """All events as one JSON array, in pieces.

        Raises:
            Unauthenticated, Forbidden, Unavailable: As they say, before the first piece.
        """
        require(actor, Role.MANAGER)
        first = await self._page(chosen, None, _BATCH)
        return self._json(chosen, first)

    async def _csv(self, chosen: AuditFilter, first: AuditPage) -> AsyncIterator[bytes]:
        names = list(AuditView.__dataclass_fields__)
        head = io.StringIO()
        csv.writer(head).writerow(names)
        yield ("\ufeff" + head.getvalue()).encode()  # the mark tells spreadsheets that it is UTF-8
        async for page in self._pages(chosen, first):
            piece = io.StringIO()
            writer = csv.writer(piece)
            for event in page.events:
                writer.writerow([_cell(getattr(event, name)) for name in names])
            yield piece.getvalue().encode()

    async def _json(self, chosen: AuditFilter, first: AuditPage) -> AsyncIterator[bytes]:
        separator = "["
        async for page in self._pages(chosen, first):
            for event in page.events:
                yield f"{separator}\n{_as_json(event)}".encode()
                separator = ","
        yield b"[]\n" if separator == "[" else b"\n]\n"

    async def _pages(self, chosen: AuditFilter, first: AuditPage) -> AsyncIterator[AuditPage]:
        page = first
        yield page
        while page.next_before is not None:
            page = await self._page(chosen, page.next_before, _BATCH)
            yield page

    async def _page(self, chosen: AuditFilter, before: int | None, limit: int) -> AuditPage:
        def read(session: Session) -> AuditPage:
            rows = audit_events.events(session, chosen, before_seq=before, limit=limit + 1)
            views = tuple(_view(row) for row in rows[:limit])
            return AuditPage(views, views[-1].seq if len(rows) > limit else None)

        return await self._db.run(read)


def _view(event: AuditEvent) -> AuditView:
    return AuditView(
        seq=event.seq or 0,
        at=as_utc(event.at),
        actor_id=event.actor_id,
        actor_label=event.actor_label,
        address=event.address,
        action=event.action,
        entity=event.entity,
        entity_id=event.entity_id,
        before=event.before,
        after=event.after,
        correlation_id=event.correlation_id,
        hash=event.hash,
    )


def _as_json(event: AuditView) -> str:
    values = asdict(event)
    values["at"] = event.at.isoformat()
    return json.dumps(values, ensure_ascii=False)


def _cell(value: Any) -> str:
    """A cell that no spreadsheet takes for a formula (CWE-1236)."""
    if value is None:
        return ""
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    text = value.isoformat() if isinstance(value, datetime) else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text
