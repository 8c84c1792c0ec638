"""What the API takes and gives.

Generated from contracts/openapi/movies.yaml by `make contract`; do not edit.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from portal.client.shapes import Received, Sent


class AlignCorrection(Sent):
    """Shift and scale so that two moments fit."""

    operation: Literal["align"]

    first: Moment

    second: Moment


class Artwork(Received):
    """A movie's pictures."""

    movie_id: str

    art: str
    """Base path: `/poster-240.avif` and so on follow; empty: none."""

    color: str

    pictures: list[Picture]


class AuditEvent(Received):
    """One change: who, when, from where, what."""

    seq: int

    at: datetime

    actor_id: str

    actor_label: str

    address: str

    action: str

    entity: str

    entity_id: str

    before: dict[str, Any] | None

    after: dict[str, Any] | None

    correlation_id: str

    hash: str
    """Seals this event and, through it, all before it."""


class AuditPage(Received):
    """One page of the audit, the newest first."""

    events: list[AuditEvent]

    next_before: int | None
    """For `before`; null on the last page."""


class AuditVerification(Received):
    """Whether the audit's chain of hashes is whole."""

    checked: int
    """Events that fit."""

    broken_at: int | None
    """`seq` of the first event that does not, or null."""


class Blocker(Received):
    """One thing that keeps a movie from being published."""

    code: str

    words: str

    href: str
    """Path of the admin page where it is mended."""


class BlockerProblem(Received):
    """One thing that keeps a movie from being published."""

    code: str

    detail: str

    href: str


class BulkResult(Received):
    """What a bulk change did."""

    changed: int
    """Movies that it changed."""

    unchanged: int
    """Movies that were so already."""

    refused: list[Refusal]


class BulkSchedule(Sent):
    """When these movies can be watched."""

    movie_ids: list[str]

    available_from: datetime | None
    """Start of the window; null: at once."""

    available_until: datetime | None
    """Its end; null: none."""


class BulkVisibility(Sent):
    """Who may see these movies."""

    movie_ids: list[str]

    visibility: Literal["draft", "visible", "hidden"]


class CaptionFinding(Received):
    """One thing that is wrong with captions, or could be better."""

    rule: str

    level: Literal["error", "warning"]

    message: str

    fix: str
    """What to do about it."""

    cue: int | None
    """Number of the cue, from 1."""

    time_s: float | None
    """When the cue is shown."""

    line: int | None
    """Line of the file, from 1."""


class CaptionInfo(Received):
    """A caption track that a viewer may choose."""

    track_id: str

    language: str
    """BCP 47 language tag."""

    label: str

    kind: str
    """captions, subtitles, sdh or forced."""

    is_default: bool


class CaptionReport(Received):
    """What the check of a track found."""

    ok: bool
    """No errors: viewers get the track."""

    error_count: int

    warning_count: int

    duration_s: float | None
    """Length of the film; null: not known."""

    format: str
    """Of the file: vtt, srt, ttml, scc or stl."""

    encoding: str | None

    warnings: list[str]
    """What was guessed or mended in the file."""

    findings: list[CaptionFinding]

    stats: CaptionStats

    suggestions: list[Suggestion]

    dropped: list[DroppedText]


class CaptionStats(Received):
    """Figures of a track."""

    cue_count: int

    character_count: int

    word_count: int

    words_per_minute: float

    shown_s: float
    """Seconds with a cue on screen."""

    coverage: float
    """Share of the film with a cue on screen, 0 to 1."""

    longest_hole_s: float

    longest_hole_at_s: float

    first_start_s: float | None

    last_end_s: float | None


class ConflictProblem(Received):
    """A request that does not fit what is stored, such as publishing without captions."""

    type: str

    title: str

    status: int

    detail: str

    code: str

    correlation_id: str

    blockers: list[BlockerProblem] | None = None


class Cue(Received):
    """One cue."""

    number: int
    """From 1, in file order."""

    cue_id: str

    start_s: float

    end_s: float

    text: str
    """As WebVTT writes it, tags included."""

    plain: str
    """Without tags."""

    settings: str
    """Placement as WebVTT writes it."""


class CueCreate(Sent):
    """A cue to be added."""

    start_s: float

    end_s: float

    text: str
    """As WebVTT writes it."""

    cue_id: str = ""
    """Its identifier, mostly empty."""


class CueList(Received):
    """The cues of a track's version."""

    version: int

    is_valid: bool

    cues: list[Cue]


class CuePatch(Sent):
    """What of a cue is to be changed; what is left out or null stays."""

    start_s: float | None = None

    end_s: float | None = None

    text: str | None = None

    cue_id: str | None = None


class CueSplit(Sent):
    """Where and into what a cue is cut."""

    at_s: float

    text_before: str
    """Up to that time."""

    text_after: str
    """From that time on."""


class DifferenceProblem(Received):
    """A field that somebody else changed meanwhile."""

    field: str

    yours: Any | None = None

    theirs: Any | None = None

    both_changed: bool


class DroppedText(Received):
    """Text that a file lost when it was read."""

    code: str

    line: int

    message: str

    fix: str


class FieldProblem(Received):
    """What is wrong with one field."""

    field: str

    detail: str


class FocusChange(Sent):
    """The point that every crop keeps in view."""

    focus_x: float

    focus_y: float


class Live(Received):
    """The process answers."""

    status: Literal["ok"] = "ok"


class Management(Received):
    """What content managers see of a movie in a list."""

    visibility: Literal["draft", "visible", "hidden"]

    version: int
    """Goes up with each edit of the movie's own fields."""

    featured: int
    """Place in the hero, 1 first; 0: not there."""

    source_status: str
    """Last check of the source: ok, warnings, failed, unchecked; empty: no source."""

    source_checked_at: datetime | None

    added_at: datetime

    updated_at: datetime


class ManagementDetail(Received):
    """What content managers see of one movie."""

    visibility: Literal["draft", "visible", "hidden"]

    version: int
    """Goes up with each edit of the movie's own fields."""

    featured: int
    """Place in the hero, 1 first; 0: not there."""

    source_status: str
    """Last check of the source: ok, warnings, failed, unchecked; empty: no source."""

    source_checked_at: datetime | None

    added_at: datetime

    updated_at: datetime

    created_at: datetime

    blockers: list[Blocker]
    """Empty when the movie can be published."""

    tracks: list[Track]

    source: Source | None

    last_served_at: datetime | None
    """When the last segment went to a viewer; null: never, or long ago."""


class ManifestCaptions(Received):
    """Captions that the source itself brings; viewers get the portal's instead."""

    type: str

    language: str

    name: str

    forced: bool


class Moment(Sent):
    """A time in the captions, and where in the film it belongs."""

    captions_s: float

    film_s: float


class Movie(Received):
    """A movie in full."""

    movie_id: str

    slug: str

    title: str

    tagline: str

    year: int
    """0: not known."""

    runtime_s: int
    """Running time in seconds; 0: not known."""

    genres: list[str]

    content_rating: str

    state: Literal["draft", "hidden", "scheduled", "live", "expired"]
    """At the instant that was asked about."""

    available_from: datetime | None

    available_until: datetime | None

    art: str
    """Base path of the artwork: `/poster-240.avif` and so on follow."""

    color: str
    """Dominant colour, shown until the artwork is there."""

    captions: list[MovieCaption]

    management: ManagementDetail | None = None
    """For content managers only."""

    synopsis: str

    director: str

    cast: list[str]

    country: str

    language: str

    has_storyboard: bool


class MovieCaption(Received):
    """A caption track that viewers may choose."""

    language: str
    """BCP 47 language tag."""

    label: str

    kind: str
    """captions, subtitles, sdh or forced."""


class MovieCreate(Sent):
    """A movie to be made, as a draft."""

    slug: str = ""
    """Part of the address; empty: made from the title."""

    tagline: str = ""
    """One line under the title."""

    synopsis: str = ""
    """Paragraphs, separated by blank lines."""

    year: int = 0
    """Year of release; 0: not known."""

    runtime_s: int = 0
    """Running time in seconds; 0: as measured."""

    genres: list[str] = []

    director: str = ""
    """Who directed it."""

    cast: list[str] = []

    country: str = ""
    """Country of production."""

    language: str = ""
    """Language that is spoken, in words."""

    content_rating: str = ""
    """Age rating."""

    color: str = "#1b1a20"
    """Dominant colour."""

    featured: int = 0
    """Place in the hero, 1 first; 0: not there."""

    available_from: datetime | None = None
    """Start of the window; null: at once."""

    available_until: datetime | None = None
    """Its end; null: none."""

    title: str
    """Unique, whatever its case or Unicode form."""


class MovieList(Received):
    """One page of movies."""

    movies: list[MovieSummary]

    total: int
    """On all pages."""

    next_cursor: str | None
    """For `cursor`; null on the last page."""


class MoviePatch(Sent):
    """Fields of a movie to be changed."""

    slug: str | None = None
    """Part of the address; empty: made from the title."""

    tagline: str | None = None
    """One line under the title."""

    synopsis: str | None = None
    """Paragraphs, separated by blank lines."""

    year: int | None = None
    """Year of release; 0: not known."""

    runtime_s: int | None = None
    """Running time in seconds; 0: as measured."""

    genres: list[str] | None = None

    director: str | None = None
    """Who directed it."""

    cast: list[str] | None = None

    country: str | None = None
    """Country of production."""

    language: str | None = None
    """Language that is spoken, in words."""

    content_rating: str | None = None
    """Age rating."""

    color: str | None = None
    """Dominant colour."""

    featured: int | None = None
    """Place in the hero, 1 first; 0: not there."""

    available_from: datetime | None = None
    """Start of the window; null: at once."""

    available_until: datetime | None = None
    """Its end; null: none."""

    title: str | None = None
    """Unique, whatever its case or Unicode form."""


class MovieSummary(Received):
    """A movie as one of many."""

    movie_id: str

    slug: str

    title: str

    tagline: str

    year: int
    """0: not known."""

    runtime_s: int
    """Running time in seconds; 0: not known."""

    genres: list[str]

    content_rating: str

    state: Literal["draft", "hidden", "scheduled", "live", "expired"]
    """At the instant that was asked about."""

    available_from: datetime | None

    available_until: datetime | None

    art: str
    """Base path of the artwork: `/poster-240.avif` and so on follow."""

    color: str
    """Dominant colour, shown until the artwork is there."""

    captions: list[MovieCaption]

    management: Management | None = None
    """For content managers only."""


class MyTitle(Received):
    """A film of somebody's own."""

    movie_id: str

    slug: str

    title: str

    year: int

    runtime: str
    """Length in words."""

    art: str
    """Base path of the artwork."""

    color: str

    badge: str
    """New, Leaves in 3 days, Coming 4 December, or empty."""

    is_coming: bool
    """It cannot be played yet."""

    percent: int = 0
    """How much was seen, 1 to 100; 0 on the list."""

    position_s: float = 0
    """Where it goes on, in seconds."""

    left: str = ""
    """How much is left, in words."""


class MyTitles(Received):
    """What is the caller's own, the latest first."""

    continue_watching: list[MyTitle]

    my_list: list[MyTitle]

    is_account: bool
    """Whether it follows an account to other devices."""


class Person(Received):
    """Somebody who directed or acts: `/browse?person=` has their films."""

    name: str

    films: int
    """How many of their films can be watched."""


class Picture(Received):
    """One picture of a movie."""

    kind: Literal["poster", "backdrop"]

    focus_x: float
    """Focal point, from 0 (left) to 1."""

    focus_y: float
    """Focal point, from 0 (top) to 1."""

    width: int
    """Of the original in pixels; 0: it is not kept."""

    height: int

    can_crop: bool
    """The original is kept: the focal point can be moved."""

    is_derived: bool
    """It was made from the other picture."""


class PositionReport(Sent):
    """Where a viewer is in a film."""

    position_s: float

    ended: bool = False
    """The player is being closed."""


class PreconditionProblem(Received):
    """A lost update: what was changed since, by whom and when."""

    type: str

    title: str

    status: int

    detail: str

    code: str

    correlation_id: str

    differences: list[DifferenceProblem] | None = None

    current_version: int | None = None

    changed_by: str | None = None

    changed_at: str | None = None


class Problem(Received):
    """RFC 9457 problem details."""

    type: str

    title: str

    status: int

    detail: str

    code: str

    correlation_id: str


class Ready(Received):
    """Which of the portal's servers answer."""

    status: Literal["ready", "unready"]

    database: bool

    redis: bool

    catalog: bool


class Refusal(Received):
    """A movie that was left as it was."""

    movie_id: str

    title: str

    reason: str


class ScaleCorrection(Sent):
    """Multiply all times, such as 24/25 for a film that plays faster."""

    operation: Literal["scale"]

    factor: float


class SearchResult(Received):
    """What a search came to, what matches best first."""

    movies: list[MovieSummary]

    people: list[Person]

    total: int
    """How many films match in all."""

    lines: list[SpokenLine]
    """Three of a film at most; empty while the database is away."""


class Shelf(Received):
    """A shelf."""

    id: str

    title: str

    kind: Literal[
        "manual",
        "new",
        "leaving",
        "coming",
        "popular",
        "genre",
        "decade",
        "captions",
        "largest-genres",
    ]

    value: str

    movie_ids: list[str]

    size: int

    is_visible: bool

    starts_at: datetime | None

    ends_at: datetime | None

    version: int
    """For If-Match."""


class ShelfFields(Sent):
    """Fields of a shelf that are set; what is left out stays, or has the default."""

    title: str = ""
    """What stands above it."""

    kind: Literal[
        "manual",
        "new",
        "leaving",
        "coming",
        "popular",
        "genre",
        "decade",
        "captions",
        "largest-genres",
    ] = "manual"

    value: str = ""
    """The genre, the decade's first year, the BCP 47 language; 3-9 for the third to the ninth of
    the largest genres.
    """

    movie_ids: list[str] = []
    """For `manual`: films in their order."""

    size: int = 18
    """How many films it shows at most."""

    is_visible: bool = True

    starts_at: datetime | None = None
    """Not before; null: at once."""

    ends_at: datetime | None = None
    """Not from then on; null: no end."""


class ShelfList(Received):
    """All shelves in the home page's order."""

    shelves: list[Shelf]


class ShelfOrder(Sent):
    """All shelves' ids, as they shall stand."""

    shelf_ids: list[str]


class ShiftCorrection(Sent):
    """Move all cues."""

    operation: Literal["shift"]

    offset_s: float


class SimpleCorrection(Sent):
    """A correction that needs no numbers."""

    operation: Literal["trim-overlaps", "sort", "drop-header", "dismiss-dropped"]


class Source(Received):
    """A stream source. Its address is never given out again."""

    source_id: str

    status: Literal["ok", "warnings", "failed", "unchecked"]

    message: str
    """What the last check came to, in a sentence."""

    host: str
    """As much of the address as may be shown: `•••.example.com`."""

    error_count: int

    must_count: int

    should_count: int

    duration_s: float
    """Measured length of the film; 0: not known."""

    same_as: list[str]
    """Titles of other films that play the same address."""

    key_id: str
    """Which key the address is encrypted with."""

    report: SourceReport

    checked_at: datetime | None

    updated_at: datetime


class SourceChange(Sent):
    """The address of a film's `.m3u8`."""

    url: str
    """https, or demo://<film>/main.m3u8 in a demo."""


class SourceCounts(Received):
    """Findings by level."""

    error: int

    must: int

    should: int


class SourceFinding(Received):
    """One thing that is wrong with a stream source, or could be better."""

    rule: str

    level: Literal["error", "must", "should"]

    line: int | None
    """Line of the playlist, from 1."""

    message: str

    fix: str
    """What to do about it."""

    where: str
    """Which playlist or segment."""

    more: int
    """How many more lines have the same."""


class SourcePreview(Received):
    """What a look at an address showed; nothing was stored."""

    status: Literal["ok", "warnings", "failed", "unchecked"]

    message: str

    duration_s: float

    report: SourceReport


class SourceReport(Received):
    """What the check of a source found."""

    message: str

    counts: SourceCounts

    findings: list[SourceFinding]

    renditions: list[StreamVariant]

    captions: list[ManifestCaptions]


class SpokenLine(Received):
    """A line in which the words are said."""

    movie_id: str

    slug: str

    title: str

    start_s: float
    """When the line begins, in seconds."""

    before: str
    """The line up to the words,"""

    match: str
    """the words as they are written there,"""

    after: str
    """and the rest."""

    language: str
    """BCP 47 language of the caption track."""

    label: str
    """What the track is called."""


class StreamTokenRequest(Sent):
    """Nothing to open a session; the session's id to renew it."""

    session_id: str = ""
    """The viewing session to renew; empty opens a new one."""


class StreamTokenResponse(Received):
    """A viewing session opened or renewed."""

    session_id: str

    token: str
    """Signed stream token, at most 300 s long."""

    url: str
    """Path of the multivariant playlist below the token."""

    expires_at: datetime

    expires_in: int
    """Life of the token in seconds."""

    renew_after: float
    """Seconds after which to renew."""

    captions: list[CaptionInfo]

    resume_at: float
    """Where this viewer left the film, in seconds."""

    storyboard_url: str
    """WebVTT of thumbnails for the time bar, or empty."""


class StreamVariant(Received):
    """One variant of the multivariant playlist."""

    bandwidth: int | None
    """Peak, in bit/s."""

    average_bandwidth: int | None

    codecs: list[str]

    width: int | None

    height: int | None

    frame_rate: float | None

    video_range: str | None


class Suggestion(Received):
    """A correction of all cues that seems to fit."""

    kind: Literal["shift", "scale"]

    value: float
    """Seconds to add, or the factor."""

    message: str


class Track(Received):
    """A caption track."""

    track_id: str

    movie_id: str

    language: str
    """BCP 47 language tag."""

    language_name: str

    label: str
    """What viewers choose it by."""

    kind: Literal["captions", "subtitles", "sdh", "forced"]

    is_default: bool

    is_valid: bool
    """Without errors; viewers get no other tracks."""

    version: int
    """Goes up with each change of its text."""

    cue_count: int

    error_count: int

    warning_count: int

    original_format: str
    """vtt, srt, ttml, scc or stl."""

    original_name: str

    has_original: bool

    created_at: datetime

    updated_at: datetime


class TrackDetail(Received):
    """A caption track with its quality report and its history."""

    track_id: str

    movie_id: str

    language: str
    """BCP 47 language tag."""

    language_name: str

    label: str
    """What viewers choose it by."""

    kind: Literal["captions", "subtitles", "sdh", "forced"]

    is_default: bool

    is_valid: bool
    """Without errors; viewers get no other tracks."""

    version: int
    """Goes up with each change of its text."""

    cue_count: int

    error_count: int

    warning_count: int

    original_format: str
    """vtt, srt, ttml, scc or stl."""

    original_name: str

    has_original: bool

    created_at: datetime

    updated_at: datetime

    report: CaptionReport

    versions: list[TrackVersion]
    """The newest first."""


class TrackList(Received):
    """All caption tracks of a movie."""

    tracks: list[Track]


class TrackPatch(Sent):
    """Details of a track to be changed; an empty label is the language's name."""

    language: str | None = None
    """BCP 47 language tag."""

    label: str | None = None
    """What viewers choose it by."""

    kind: Literal["captions", "subtitles", "sdh", "forced"] | None = None

    is_default: bool | None = None


class TrackVersion(Received):
    """What a track was before."""

    version: int

    note: str
    """What was done to it then."""

    replaced_by: str

    replaced_at: datetime

    is_upload: bool
    """It came as a file."""

    is_valid: bool

    cue_count: int

    original_name: str


class ValidationProblem(Received):
    """Input that cannot be used; each field with its fix."""

    type: str

    title: str

    status: int

    detail: str

    code: str

    correlation_id: str

    errors: list[FieldProblem] | None = None

    findings: list[SourceFinding] | None = None


class VisibilityChange(Sent):
    """Who may see a movie, apart from its availability window."""

    visibility: Literal["draft", "visible", "hidden"]
