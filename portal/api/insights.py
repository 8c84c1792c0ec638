"""Insights as files, for managers."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Response

from portal.api.guards import switched_on
from portal.api.movies import Manager
from portal.api.problems import problems
from portal.services.clock import utc_now
from portal.services.container import services
from portal.services.flags import INSIGHTS
from portal.services.insights.exports import Table
from portal.services.insights.ranges import span_of

router = APIRouter(
    prefix="/api/insights", tags=["insights"], dependencies=[Depends(switched_on(INSIGHTS))]
)


@router.get(
    "/export",
    operation_id="exportInsights",
    response_class=Response,
    responses=problems(401, 403, 404, 422, 429, 503)
    | {
        200: {
            "description": "Sums of viewing; nobody is named in them.",
            "content": {"text/csv": {"schema": {"type": "string"}}},
        }
    },
)
async def export_insights(
    reader: Manager,
    table: Annotated[Table, Query(description="Which figures.")] = "time",
    span: Annotated[
        Literal["24h", "7d", "30d", "90d", "1y", "custom"], Query(alias="range")
    ] = "30d",
    since: Annotated[
        str, Query(pattern=r"^(\d{4}-\d{2}-\d{2})?$", description="First day, with `custom`.")
    ] = "",
    until: Annotated[
        str, Query(pattern=r"^(\d{4}-\d{2}-\d{2})?$", description="Last day, with `custom`.")
    ] = "",
    movie_id: Annotated[
        str, Query(alias="movieId", max_length=32, description="One film; all without it.")
    ] = "",
) -> Response:
    """How films did, as CSV."""
    asked = span_of(span, since, until, utc_now())
    body = await services().insights.export(reader, asked, table, movie_id)
    return Response(
        body,
        media_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="insights-{table}.csv"',
            "Cache-Control": "no-store",
        },
    )
