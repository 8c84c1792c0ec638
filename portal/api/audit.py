"""The audit over HTTP: page by page, as a file, and whether it is whole."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query
from starlette.responses import StreamingResponse

from portal.api.guards import caller
from portal.api.movies import Manager
from portal.api.problems import problems
from portal.api.schema_types import Instant
from portal.api.schemas_sources import AuditEvent, AuditPage, AuditVerification
from portal.services.actors import Actor, Role
from portal.services.audit_log import MAX_PAGE
from portal.services.container import services
from portal.services.repositories.audit_events import AuditFilter

router = APIRouter(prefix="/api/audit", tags=["audit"])

_PROBLEMS = problems(401, 403, 422, 429, 503)


def audit_filter(
    actor: Annotated[
        str, Query(max_length=254, description="An id, or part of an e-mail address.")
    ] = "",
    action: Annotated[
        str, Query(max_length=64, description="`movie.update`, or `movie.` for all of a kind.")
    ] = "",
    entity: Annotated[str, Query(max_length=32, description="movie, account, key, ...")] = "",
    entity_id: Annotated[str, Query(alias="entityId", max_length=32)] = "",
    since: Annotated[Instant | None, Query(description="Not before this instant.")] = None,
    until: Annotated[Instant | None, Query(description="Before this instant.")] = None,
) -> AuditFilter:
    """Which events."""
    return AuditFilter(actor, action, entity, entity_id, since, until)


Chosen = Annotated[AuditFilter, Depends(audit_filter)]


@router.get("", operation_id="listAudit", responses=_PROBLEMS)
async def list_audit(
    reader: Manager,
    chosen: Chosen,
    before: Annotated[
        int | None, Query(ge=1, le=2**62, description="`nextBefore` of a page.")
    ] = None,
    limit: Annotated[int, Query(ge=1, le=MAX_PAGE)] = 50,
) -> AuditPage:
    """Events from the newest on."""
    page = await services().audit_log.page(reader, chosen, before=before, limit=limit)
    return AuditPage(
        events=[AuditEvent.model_validate(event) for event in page.events],
        next_before=page.next_before,
    )


@router.get(
    "/export",
    operation_id="exportAudit",
    response_class=StreamingResponse,
    responses=_PROBLEMS
    | {
        200: {
            "description": "All events that fit, the newest first.",
            "content": {
                "text/csv": {"schema": {"type": "string"}},
                "application/json": {"schema": {"type": "array", "items": {"type": "object"}}},
            },
        }
    },
)
async def export_audit(
    reader: Manager,
    chosen: Chosen,
    format: Annotated[Literal["csv", "json"], Query()] = "csv",  # the parameter's name
) -> StreamingResponse:
    """All events as a file."""
    log = services().audit_log
    if format == "csv":
        pieces, media_type = await log.export_csv(reader, chosen), "text/csv; charset=utf-8"
    else:
        pieces, media_type = await log.export_json(reader, chosen), "application/json"
    return StreamingResponse(
        pieces,
        media_type=media_type,
        headers={
            "Content-Disposition": f'attachment; filename="audit.{format}"',
            "Cache-Control": "no-store",
        },
    )


@router.get("/verification", operation_id="verifyAudit", responses=_PROBLEMS)
async def verify_audit(
    owner: Annotated[Actor, Depends(caller(Role.OWNER))],
) -> AuditVerification:
    """Walk the whole chain of hashes. Owners may."""
    return AuditVerification.model_validate(await services().audit_log.verify(owner))
