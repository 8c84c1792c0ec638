"""What content managers' pages show: small, frozen, in words, without secrets.

As in `views`, all fields have defaults because a Reflex state needs an empty value before the first
load.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class MovieLine:
    """One line.

    Attributes:
        facts: "2021 · 1 h 32 min · Drama".
        state: A value of `State`.
        state_words: "Goes live Fri 27 Nov 18:00 UTC · in 4 days".
        source: ok, warnings, failed, unchecked or missing.
        source_words: The same for people.
    """

    movie_id: str = ""
    slug: str = ""
    title: str = ""
    facts: str = ""
    art: str = ""
    color: str = "#1b1a20"
    state: str = "draft"
    state_words: str = ""
    captions: str = ""
    source: str = ""
    source_words: str = ""
    updated: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class BlockerLine:
    """One thing that keeps a movie from being published."""

    words: str = ""
    section: str = ""  # of the movie's page, where it is mended


@dataclass(frozen=True, slots=True)
class MovieHead:
    """A movie as the top of its page tells it.

    Attributes:
        start, end: The availability window, ISO 8601, "" for none.
        served: When its last segment went to a viewer, in words.
    """

    movie_id: str = ""
    title: str = ""
    slug: str = ""
    version: int = 0
    visibility: str = "draft"
    state: str = "draft"
    state_words: str = ""
    updated: str = ""
    start: str = ""
    end: str = ""
    served: str = ""
    art: str = ""
    color: str = "#1b1a20"


@dataclass(frozen=True, slots=True)
class DifferenceLine:
    """A field that somebody else changed meanwhile; `is_choice`: both did, differently."""

    name: str = ""
    label: str = ""
    yours: str = ""
    theirs: str = ""
    is_choice: bool = False


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """A field of an audit event."""

    label: str = ""
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class ActivityLine:
    """An audit event: "Ana, 5 minutes ago: changed Title"."""

    seq: int = 0
    at: str = ""  # ISO 8601
    when: str = ""  # 5 minutes ago
    exact: str = ""  # Fri 27 Nov 18:00 UTC
    subject: str = ""  # the film's title, where it is known
    who: str = ""
    role: str = ""
    address: str = ""
    action: str = ""  # movie.update
    what: str = ""  # Changed Title
    entity: str = ""
    entity_id: str = ""
    href: str = ""
    correlation_id: str = ""
    changes: list[ChangeLine] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class FindingLine:
    """A finding of a check of a source or of captions."""

    rule: str = ""
    level: str = ""
    level_words: str = ""
    place: str = ""  # "variant 2, line 14", "cue 12 at 0:01:04"
    words: str = ""
    fix: str = ""
    cue: int = 0  # from 1; 0 where it is about the file
    at_s: float = 0.0


@dataclass(frozen=True, slots=True)
class RenditionLine:
    """One rendition of a source."""

    size: str = ""
    rate: str = ""
    codecs: str = ""


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A stream source. Of its address only a masked host is left."""

    exists: bool = False
    status: str = ""
    status_words: str = ""
    message: str = ""
    host: str = ""
    checked: str = ""
    duration: str = ""
    same_as: str = ""
    captions: str = ""


@dataclass(frozen=True, slots=True)
class TrackLine:
    """A caption track."""

    track_id: str = ""
    language: str = ""
    language_name: str = ""
    label: str = ""
    kind: str = "subtitles"
    is_default: bool = False
    is_valid: bool = False
    version: int = 1
    cues: str = ""
    verdict: str = ""
    original: str = ""
    changed: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class VersionLine:
    """What a caption track was before."""

    version: int = 0
    words: str = ""
    is_valid: bool = False


@dataclass(frozen=True, slots=True)
class PictureLine:
    """A poster or a backdrop; `original` is the path of the uploaded file, "" if it is not kept."""

    kind: str = ""
    src: str = ""
    original: str = ""
    focus_x: float = 0.5
    focus_y: float = 0.5
    words: str = ""


@dataclass(frozen=True, slots=True)
class CueLine:
    """A cue to be edited; `finding` says what the check found in it."""

    number: int = 0
    start_s: float = 0.0
    end_s: float = 0.0
    start: str = ""
    end: str = ""
    text: str = ""
    finding: str = ""
    level: str = ""


@dataclass(frozen=True, slots=True)
class CorrectionLine:
    """A correction of a whole track that is offered."""

    kind: str = ""
    value: float = 0.0
    words: str = ""
