"""Liveness: the process answers. Readiness: it can serve viewers."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter, Response

from portal.api.schemas import ApiModel
from portal.services.container import services
from portal.services.errors import Unavailable
from portal.services.redis_client import answer

router = APIRouter(prefix="/api/health", tags=["health"])


class Live(ApiModel):
    """The process answers."""

    status: Literal["ok"] = "ok"


class Ready(ApiModel):
    """Which of the portal's servers answer."""

    status: Literal["ready", "unready"]
    database: bool
    redis: bool
    catalog: bool


@router.get("/live", operation_id="live")
async def live() -> Live:
    """The event loop turns. Restart the process when this fails, and only then."""
    return Live()


@router.get("/ready", operation_id="ready", responses={503: {"model": Ready}})
async def ready(response: Response) -> Ready:
    """Whether new viewers should be sent here. Films that run go on either way."""
    running = services()
    database = redis = catalog = True
    try:
        await running.db.ping()
    except Unavailable:
        database = False
    try:
        await answer(running.redis.ping())  # type: ignore[arg-type]
    except Unavailable:
        redis = False
    try:
        await running.catalog.snapshot()
    except Unavailable:
        catalog = False
    good = database and redis and catalog
    response.status_code = 200 if good else 503
    response.headers["Cache-Control"] = "no-store"
    return Ready(
        status="ready" if good else "unready", database=database, redis=redis, catalog=catalog
    )
