"""Stream sources, artwork and the audit as the API gives and takes them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, StrictFloat, StrictStr

from portal.api.schema_types import Instant, at_most, number
from portal.api.schemas import ApiModel
from portal.api.schemas_reports import SourceReport

SourceStatus = Literal["ok", "warnings", "failed", "unchecked"]


class Source(ApiModel):
    """A stream source. Its address is never given out again."""

    source_id: str
    status: SourceStatus
    message: str = Field(description="What the last check came to, in a sentence.")
    host: str = Field(description="As much of the address as may be shown: `•••.example.com`.")
    error_count: int
    must_count: int
    should_count: int
    duration_s: float = Field(description="Measured length of the film; 0: not known.")
    same_as: list[str] = Field(description="Titles of other films that play the same address.")
    key_id: str = Field(description="Which key the address is encrypted with.")
    report: SourceReport
    checked_at: Instant | None
    updated_at: Instant


class SourceChange(ApiModel):
    """The address of a film's `.m3u8`."""

    url: Annotated[
        StrictStr,
        at_most(8_192, "https, or demo://<film>/main.m3u8 in a demo.", pattern="^(https|demo)://"),
    ]


class SourcePreview(ApiModel):
    """What a look at an address showed; nothing was stored."""

    status: SourceStatus
    message: str
    duration_s: float
    report: SourceReport


class Picture(ApiModel):
    """One picture of a movie."""

    kind: Literal["poster", "backdrop"]
    focus_x: float = Field(description="Focal point, from 0 (left) to 1.")
    focus_y: float = Field(description="Focal point, from 0 (top) to 1.")
    width: int = Field(description="Of the original in pixels; 0: it is not kept.")
    height: int
    can_crop: bool = Field(description="The original is kept: the focal point can be moved.")
    is_derived: bool = Field(description="It was made from the other picture.")


class Artwork(ApiModel):
    """A movie's pictures."""

    movie_id: str
    art: str = Field(description="Base path: `/poster-240.avif` and so on follow; empty: none.")
    color: str
    pictures: list[Picture]


Share = Annotated[StrictFloat, Field(ge=0, le=1, allow_inf_nan=False), number(0, 1)]


class FocusChange(ApiModel):
    """The point that every crop keeps in view."""

    focus_x: Share
    focus_y: Share


class AuditEvent(ApiModel):
    """One change: who, when, from where, what."""

    seq: int
    at: Instant
    actor_id: str
    actor_label: str
    address: str
    action: str
    entity: str
    entity_id: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    correlation_id: str
    hash: str = Field(description="Seals this event and, through it, all before it.")


class AuditPage(ApiModel):
    """One page of the audit, the newest first."""

    events: list[AuditEvent]
    next_before: int | None = Field(description="For `before`; null on the last page.")


class AuditVerification(ApiModel):
    """Whether the audit's chain of hashes is whole."""

    checked: int = Field(description="Events that fit.")
    broken_at: int | None = Field(description="`seq` of the first event that does not, or null.")
