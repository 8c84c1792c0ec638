"""A caption track in full: its report, its cues, and what it was before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from portal.services.captions.webvtt import parse, plain_text
from portal.services.captions.webvtt.settings import format_cue_settings
from portal.services.clock import as_utc
from portal.services.editing.views import TrackView, track_view
from portal.services.models import CaptionTrack, CaptionVersion


@dataclass(frozen=True, slots=True)
class CueView:
    """One cue to be edited.

    Attributes:
        number: From 1, in file order.
        cue_id: Its identifier, "" for none.
        text: As written, tags included.
        plain: Without tags.
        settings: Placement as WebVTT writes it: `line:0 align:start`.
    """

    number: int = 0
    cue_id: str = ""
    start_s: float = 0.0
    end_s: float = 0.0
    text: str = ""
    plain: str = ""
    settings: str = ""


@dataclass(frozen=True, slots=True)
class VersionView:
    """What a track was before.

    Attributes:
        note: What was done to it then, and so ended this version.
        replaced_by: Who did that.
    """

    version: int = 0
    note: str = ""
    replaced_by: str = ""
    replaced_at: datetime | None = None
    is_upload: bool = False
    is_valid: bool = False
    cue_count: int = 0
    original_name: str = ""


@dataclass(frozen=True, slots=True)
class TrackDetail:
    """A track with everything about it."""

    track: TrackView = field(default_factory=TrackView)
    report: dict[str, Any] = field(default_factory=dict)
    cues: list[CueView] = field(default_factory=list)
    versions: list[VersionView] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class CaptionFile:
    """A file to download."""

    name: str
    media_type: str
    data: bytes


def track_detail(track: CaptionTrack, versions: Iterable[CaptionVersion]) -> TrackDetail:
    """A track as it is stored. Parses its text: not on the event loop."""
    return TrackDetail(
        track=track_view(track),
        report=dict(track.report or {}),
        cues=[
            CueView(
                number=number,
                cue_id=cue.id,
                start_s=cue.start_s,
                end_s=cue.end_s,
                text=cue.text,
                plain=plain_text(cue),
                settings=format_cue_settings(cue.settings),
            )
            for number, cue in enumerate(parse(track.vtt).cues, 1)
        ],
        versions=[
            VersionView(
                version=old.version,
                note=old.note,
                replaced_by=old.replaced_by,
                replaced_at=as_utc(old.replaced_at),
                is_upload=old.is_upload,
                is_valid=old.is_valid,
                cue_count=old.cue_count,
                original_name=old.original_name,
            )
            for old in versions
        ],
    )
