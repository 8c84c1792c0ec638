"""What managers read of the audit, on both databases."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta

import pytest
from sqlmodel import Session

from portal.services import audit
from portal.services.actors import Actor, Role
from portal.services.container import Services
from portal.services.errors import Forbidden
from portal.services.repositories.audit_events import AuditFilter
from tests.support.catalog import now

MANAGER = Actor("m" * 32, "ann@films.example", Role.MANAGER, "192.0.2.7", "c" * 16)
EDITOR = Actor("e" * 32, "Eve_100%@films.example", Role.EDITOR, "192.0.2.8", "d" * 16)


def _record(session: Session) -> None:
    for n in range(5):
        audit.record(
            session,
            EDITOR if n % 2 else MANAGER,
            "movie.update" if n else "movie.create",
            entity="movie",
            entity_id=f"{n % 2:032}",
            before={"title": "old"},
            after={"title": "=new" if n == 4 else "new"},
            now=now(),
        )


async def test_pages_and_filters(running_services: Services) -> None:
    await running_services.db.run(_record)
    log = running_services.audit_log
    first = await log.page(MANAGER, AuditFilter(), limit=3)
    assert [event.seq for event in first.events] == [5, 4, 3]
    rest = await log.page(MANAGER, AuditFilter(), before=first.next_before)
    assert ([event.seq for event in rest.events], rest.next_before) == ([2, 1], None)
    for chosen, count in (
        (AuditFilter(actor="EVE_100%"), 2),
        (AuditFilter(actor="e%@"), 0),  # a sign of LIKE is a sign like others
        (AuditFilter(actor=MANAGER.id), 3),
        (AuditFilter(action="movie.create"), 1),
        (AuditFilter(action="movie."), 5),
        (AuditFilter(action="movie"), 0),
        (AuditFilter(entity="movie", entity_id=f"{1:032}"), 2),
        (AuditFilter(since=now() + timedelta(days=1)), 0),
    ):
        assert len((await log.page(MANAGER, chosen)).events) == count, chosen


async def test_files_hold_every_event(
    running_services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.services.audit_log._BATCH", 2)
    await running_services.db.run(_record)
    log = running_services.audit_log
    table = b"".join([piece async for piece in await log.export_csv(MANAGER, AuditFilter())])
    rows = list(csv.DictReader(io.StringIO(table.decode("utf-8-sig"))))
    assert [row["seq"] for row in rows] == ["5", "4", "3", "2", "1"]
    assert json.loads(rows[0]["after"]) == {"title": "=new"}
    whole = b"".join([piece async for piece in await log.export_json(MANAGER, AuditFilter())])
    assert [event["seq"] for event in json.loads(whole)] == [5, 4, 3, 2, 1]
    nothing = await log.export_json(MANAGER, AuditFilter(entity="key"))
    assert json.loads(b"".join([piece async for piece in nothing])) == []


async def test_editors_do_not_read_it_and_managers_do_not_verify(
    running_services: Services,
) -> None:
    log = running_services.audit_log
    for refused in (
        log.page(EDITOR, AuditFilter()),
        log.export_csv(EDITOR, AuditFilter()),
        log.export_json(EDITOR, AuditFilter()),
        log.verify(MANAGER),
    ):
        with pytest.raises(Forbidden):
            await refused
