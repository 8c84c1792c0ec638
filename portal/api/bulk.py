"""The same change to many movies, in one transaction."""

from __future__ import annotations

from fastapi import APIRouter

from portal.api.movies import Manager
from portal.api.problems import editing
from portal.api.schemas_bulk import BulkResult, BulkSchedule, BulkVisibility
from portal.services.clock import utc_now
from portal.services.container import services

router = APIRouter(prefix="/api/bulk", tags=["movies"])


@router.post("/visibility", operation_id="setVisibilityOfMany", responses=editing())
async def set_visibility_of_many(actor: Manager, body: BulkVisibility) -> BulkResult:
    """Show or hide many movies. What cannot be published is left as it is, and named."""
    done = await services().editing.publishing.set_visibility_of(
        actor, body.movie_ids, body.visibility, utc_now()
    )
    return BulkResult.model_validate(done)


@router.post("/schedule", operation_id="scheduleMany", responses=editing())
async def schedule_many(actor: Manager, body: BulkSchedule) -> BulkResult:
    """Give many movies the same availability window."""
    done = await services().editing.publishing.schedule(
        actor, body.movie_ids, body.available_from, body.available_until, utc_now()
    )
    return BulkResult.model_validate(done)
