"""Quality reports of captions and stream sources.

They are stored as they were when the check ran: what an older check did not tell is empty.
"""

from __future__ import annotations

from typing import Literal

from pydantic import ConfigDict, Field
from pydantic.alias_generators import to_camel

from portal.api.schemas import ApiModel


class Stored(ApiModel):
    """Base: takes what is there and fills in the rest."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        populate_by_name=True,
        extra="ignore",
        json_schema_serialization_defaults_required=True,
    )


class CaptionFinding(Stored):
    """One thing that is wrong with captions, or could be better."""

    rule: str = ""
    level: Literal["error", "warning"] = "warning"
    message: str = ""
    fix: str = Field("", description="What to do about it.")
    cue: int | None = Field(None, description="Number of the cue, from 1.")
    time_s: float | None = Field(None, description="When the cue is shown.")
    line: int | None = Field(None, description="Line of the file, from 1.")


class CaptionStats(Stored):
    """Figures of a track."""

    cue_count: int = 0
    character_count: int = 0
    word_count: int = 0
    words_per_minute: float = 0
    shown_s: float = Field(0, description="Seconds with a cue on screen.")
    coverage: float = Field(0, description="Share of the film with a cue on screen, 0 to 1.")
    longest_hole_s: float = 0
    longest_hole_at_s: float = 0
    first_start_s: float | None = None
    last_end_s: float | None = None


class Suggestion(Stored):
    """A correction of all cues that seems to fit."""

    kind: Literal["shift", "scale"] = "shift"
    value: float = Field(0, description="Seconds to add, or the factor.")
    message: str = ""


class DroppedText(Stored):
    """Text that a file lost when it was read."""

    code: str = ""
    line: int = 0
    message: str = ""
    fix: str = ""


class CaptionReport(Stored):
    """What the check of a track found."""

    ok: bool = Field(True, description="No errors: viewers get the track.")
    error_count: int = 0
    warning_count: int = 0
    duration_s: float | None = Field(None, description="Length of the film; null: not known.")
    format: str = Field("", description="Of the file: vtt, srt, ttml, scc or stl.")
    encoding: str | None = None
    warnings: list[str] = Field(default=[], description="What was guessed or mended in the file.")
    findings: list[CaptionFinding] = []
    stats: CaptionStats = Field(default_factory=CaptionStats)
    suggestions: list[Suggestion] = []
    dropped: list[DroppedText] = []


class SourceFinding(Stored):
    """One thing that is wrong with a stream source, or could be better."""

    rule: str = ""
    level: Literal["error", "must", "should"] = "should"
    line: int | None = Field(None, description="Line of the playlist, from 1.")
    message: str = ""
    fix: str = Field("", description="What to do about it.")
    where: str = Field("", description="Which playlist or segment.")
    more: int = Field(0, description="How many more lines have the same.")


class SourceCounts(Stored):
    """Findings by level."""

    error: int = 0
    must: int = 0
    should: int = 0


class StreamVariant(Stored):
    """One variant of the multivariant playlist."""

    bandwidth: int | None = Field(None, description="Peak, in bit/s.")
    average_bandwidth: int | None = None
    codecs: list[str] = []
    width: int | None = None
    height: int | None = None
    frame_rate: float | None = None
    video_range: str | None = None


class ManifestCaptions(Stored):
    """Captions that the source itself brings; viewers get the portal's instead."""

    type: str = ""
    language: str = ""
    name: str = ""
    forced: bool = False


class SourceReport(Stored):
    """What the check of a source found."""

    message: str = ""
    counts: SourceCounts = Field(default_factory=SourceCounts)
    findings: list[SourceFinding] = []
    renditions: list[StreamVariant] = []
    captions: list[ManifestCaptions] = []
