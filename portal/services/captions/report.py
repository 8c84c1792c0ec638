"""What a check of a caption track results in."""

from __future__ import annotations

from dataclasses import dataclass

from portal.services.captions.corrections import Suggestion
from portal.services.captions.rules import Level


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong.

    Attributes:
        rule: Stable id of the rule, e.g. "CAP-E-005".
        level: Errors block publishing.
        message: One or two sentences naming the cue, the time and the rule.
        fix: What to do about it.
        cue_index: 0-based index into the document's cues, None where it is about the file.
        time_s: Where in the film, in seconds; None where it is about the file.
        line_number: 1-based line of the source file, None if there is none.
    """

    rule: str
    level: Level
    message: str
    fix: str
    cue_index: int | None = None
    time_s: float | None = None
    line_number: int | None = None

    @property
    def cue_number(self) -> int | None:
        """The cue's number as people count, from 1."""
        return None if self.cue_index is None else self.cue_index + 1


@dataclass(frozen=True, slots=True)
class Stats:
    """Figures of a track.

    Attributes:
        cue_count: Cues.
        character_count: Columns of all text (a wide character counts 2).
        word_count: Words.
        words_per_minute: Words by the time that captions are on screen.
        shown_s: Seconds with at least one cue on screen.
        coverage: Share (0..1) of the film, or of the time to the last cue, with a cue on screen.
        longest_hole_s: Longest time without a cue, from the start of the film to the last cue.
        longest_hole_at_s: Where that begins.
        first_start_s: Start of the first cue, None without cues.
        last_end_s: End of the last cue, None without cues.
    """

    cue_count: int = 0
    character_count: int = 0
    word_count: int = 0
    words_per_minute: float = 0.0
    shown_s: float = 0.0
    coverage: float = 0.0
    longest_hole_s: float = 0.0
    longest_hole_at_s: float = 0.0
    first_start_s: float | None = None
    last_end_s: float | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """The result of a check.

    Attributes:
        findings: Errors first, each level in the order of the film.
        stats: Figures.
        suggestions: Corrections of the whole track that would mend errors, to be offered.
    """

    findings: tuple[Finding, ...]
    stats: Stats
    suggestions: tuple[Suggestion, ...] = ()

    @property
    def errors(self) -> tuple[Finding, ...]:
        """What blocks publishing."""
        return tuple(f for f in self.findings if f.level is Level.ERROR)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """What should be better but does not block."""
        return tuple(f for f in self.findings if f.level is Level.WARNING)

    @property
    def ok(self) -> bool:
        """Whether the track may be published."""
        return not self.errors
