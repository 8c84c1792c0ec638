"""What the HTTP API takes and gives, in camelCase."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictFloat
from pydantic.alias_generators import to_camel

from portal.api.schema_types import number


class ApiModel(BaseModel):
    """Base: camelCase outside, snake_case inside."""

    model_config = ConfigDict(
        alias_generator=to_camel, populate_by_name=True, from_attributes=True, extra="forbid"
    )


class StreamTokenRequest(ApiModel):
    """Nothing to open a session; the session's id to renew it."""

    session_id: str = Field(
        "", max_length=128, description="The viewing session to renew; empty opens a new one."
    )


class CaptionInfo(ApiModel):
    """A caption track that a viewer may choose."""

    track_id: str
    language: str = Field(description="BCP 47 language tag.")
    label: str
    kind: str = Field(description="captions, subtitles, sdh or forced.")
    is_default: bool


class StreamTokenResponse(ApiModel):
    """A viewing session opened or renewed."""

    session_id: str
    token: str = Field(description="Signed stream token, at most 300 s long.")
    url: str = Field(description="Path of the multivariant playlist below the token.")
    expires_at: datetime
    expires_in: int = Field(description="Life of the token in seconds.")
    renew_after: float = Field(description="Seconds after which to renew.")
    captions: list[CaptionInfo]
    resume_at: float = Field(description="Where this viewer left the film, in seconds.")
    storyboard_url: str = Field(description="WebVTT of thumbnails for the time bar, or empty.")


class PositionReport(ApiModel):
    """Where a viewer is in a film."""

    position_s: Annotated[
        StrictFloat,
        Field(ge=0, le=1_000_000, allow_inf_nan=False),
        number(0, 1_000_000),
    ]
    ended: StrictBool = Field(False, description="The player is being closed.")


class Problem(ApiModel):
    """RFC 9457 problem details."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    correlation_id: str
