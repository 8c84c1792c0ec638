"""Caption tracks as the API gives and takes them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, StrictBool, StrictFloat, StrictStr

from portal.api.schema_types import Instant, at_most, number
from portal.api.schemas import ApiModel
from portal.api.schemas_reports import CaptionReport

CaptionKind = Literal["captions", "subtitles", "sdh", "forced"]
Seconds = Annotated[StrictFloat, Field(ge=0, le=360_000, allow_inf_nan=False), number(0, 360_000)]


class Track(ApiModel):
    """A caption track."""

    track_id: str
    movie_id: str
    language: str = Field(description="BCP 47 language tag.")
    language_name: str
    label: str = Field(description="What viewers choose it by.")
    kind: CaptionKind
    is_default: bool
    is_valid: bool = Field(description="Without errors; viewers get no other tracks.")
    version: int = Field(description="Goes up with each change of its text.")
    cue_count: int
    error_count: int
    warning_count: int
    original_format: str = Field(description="vtt, srt, ttml, scc or stl.")
    original_name: str
    has_original: bool
    created_at: Instant
    updated_at: Instant


class TrackList(ApiModel):
    """All caption tracks of a movie."""

    tracks: list[Track]


class TrackVersion(ApiModel):
    """What a track was before."""

    version: int
    note: str = Field(description="What was done to it then.")
    replaced_by: str
    replaced_at: Instant
    is_upload: bool = Field(description="It came as a file.")
    is_valid: bool
    cue_count: int
    original_name: str


class TrackDetail(Track):
    """A caption track with its quality report and its history."""

    report: CaptionReport
    versions: list[TrackVersion] = Field(description="The newest first.")


class Cue(ApiModel):
    """One cue."""

    number: int = Field(description="From 1, in file order.")
    cue_id: str
    start_s: float
    end_s: float
    text: str = Field(description="As WebVTT writes it, tags included.")
    plain: str = Field(description="Without tags.")
    settings: str = Field(description="Placement as WebVTT writes it.")


class CueList(ApiModel):
    """The cues of a track's version."""

    version: int
    is_valid: bool
    cues: list[Cue]


class TrackPatch(ApiModel):
    """Details of a track to be changed; an empty label is the language's name."""

    language: Annotated[StrictStr, at_most(35, "BCP 47 language tag.", minLength=1)] = ""
    label: Annotated[StrictStr, at_most(80, "What viewers choose it by.")] = ""
    kind: CaptionKind = "subtitles"
    is_default: StrictBool = False

    def given(self) -> dict[str, Any]:
        """Only what the caller sent."""
        return {name: getattr(self, name) for name in self.model_fields_set}


class CueCreate(ApiModel):
    """A cue to be added."""

    start_s: Seconds
    end_s: Seconds
    text: Annotated[StrictStr, at_most(5_000, "As WebVTT writes it.")]
    cue_id: Annotated[StrictStr, at_most(200, "Its identifier, mostly empty.")] = ""


class CuePatch(ApiModel):
    """What of a cue is to be changed; what is left out or null stays."""

    start_s: Seconds | None = None
    end_s: Seconds | None = None
    text: Annotated[StrictStr, at_most(5_000, "As WebVTT writes it.")] | None = None
    cue_id: Annotated[StrictStr, at_most(200, "Its identifier.")] | None = None


class CueSplit(ApiModel):
    """Where and into what a cue is cut."""

    at_s: Seconds
    text_before: Annotated[StrictStr, at_most(5_000, "Up to that time.")]
    text_after: Annotated[StrictStr, at_most(5_000, "From that time on.")]


class Moment(ApiModel):
    """A time in the captions, and where in the film it belongs."""

    captions_s: Seconds
    film_s: Seconds


class ShiftCorrection(ApiModel):
    """Move all cues."""

    operation: Literal["shift"]
    offset_s: Annotated[
        StrictFloat,
        Field(ge=-360_000, le=360_000, allow_inf_nan=False),
        number(-360_000, 360_000),
    ]


class ScaleCorrection(ApiModel):
    """Multiply all times, such as 24/25 for a film that plays faster."""

    operation: Literal["scale"]
    factor: Annotated[StrictFloat, Field(ge=0.5, le=2, allow_inf_nan=False), number(0.5, 2)]


class AlignCorrection(ApiModel):
    """Shift and scale so that two moments fit."""

    operation: Literal["align"]
    first: Moment
    second: Moment


class SimpleCorrection(ApiModel):
    """A correction that needs no numbers."""

    operation: Literal["trim-overlaps", "sort", "drop-header", "dismiss-dropped"]


Correction = Annotated[
    ShiftCorrection | ScaleCorrection | AlignCorrection | SimpleCorrection,
    Field(discriminator="operation"),
]
