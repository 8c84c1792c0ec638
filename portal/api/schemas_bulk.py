"""Bulk changes as the API takes and answers them."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StrictStr

from portal.api.schema_types import Instant
from portal.api.schemas import ApiModel
from portal.api.schemas_movies import Visibility
from portal.services.editing.publishing import MAX_BULK

MovieIds = Annotated[list[Annotated[StrictStr, Field(max_length=120)]], Field(max_length=MAX_BULK)]


class BulkVisibility(ApiModel):
    """Who may see these movies."""

    movie_ids: MovieIds
    visibility: Visibility


class BulkSchedule(ApiModel):
    """When these movies can be watched."""

    movie_ids: MovieIds
    available_from: Instant | None = Field(description="Start of the window; null: at once.")
    available_until: Instant | None = Field(description="Its end; null: none.")


class Refusal(ApiModel):
    """A movie that was left as it was."""

    movie_id: str
    title: str
    reason: str


class BulkResult(ApiModel):
    """What a bulk change did."""

    changed: int = Field(description="Movies that it changed.")
    unchanged: int = Field(description="Movies that were so already.")
    refused: list[Refusal]
