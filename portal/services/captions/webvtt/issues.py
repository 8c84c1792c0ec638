"""What the WebVTT parsing algorithm drops or tolerates, by name.

The algorithm (W3C WebVTT, section 6) never fails after the signature: it skips what it cannot
read. A viewer then misses a line and nobody is told. Here each such place is an `Issue`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from portal.services.captions.errors import CaptionError

MAX_ISSUES: Final = 1_000
"""Issues kept for one document; a file of junk must not become a report of a million rows."""
MAX_PROBLEMS: Final = 20_000
"""With more problems than this a file is refused: it is junk, or of another format."""


class IssueCode(StrEnum):
    """Stable names of conformance issues, with the section of W3C WebVTT that each is about."""

    # Text that viewers would not see.
    TEXT_OUTSIDE_CUE = "text-outside-cue"  # 6.1 collect a WebVTT block, returns null
    UNREADABLE_TIMING = "unreadable-timing"  # 6.3 collect WebVTT cue timings and settings
    UNREADABLE_TAG = "unreadable-tag"  # 6.4 tokenizer: "<" swallows what follows
    REPLACED_CHARACTER = "replaced-character"  # 6.1 UTF-8 decode
    TOO_MANY_ISSUES = "too-many-issues"

    # Tolerated: all text is shown.
    HEADER_TEXT = "header-text"  # 4.1 file body: a blank line follows the signature line
    HEADER_NOT_CLOSED = "header-not-closed"  # 4.1
    NUL_CHARACTER = "nul-character"  # 6.1 step 1
    MISSING_BLANK_LINE = "missing-blank-line"  # 6.1 collect a WebVTT block, "-->" ends a block
    COMMENT_WITH_ARROW = "comment-with-arrow"  # 4.1 comment block
    COMMENT_IS_CUE = "comment-is-cue"  # 6.1: NOTE directly above timings is an identifier
    LATE_STYLE = "late-style"  # 6.1: STYLE only before the first cue
    LATE_REGION = "late-region"  # 6.1: REGION only before the first cue
    EMPTY_STYLE = "empty-style"  # 6.1
    STYLE_CUT = "style-cut"  # 6.1: a blank line ends a STYLE block
    ATTRIBUTES_BLOCK = "attributes-block"  # 4.1, newer drafts
    REGION_SETTING = "region-setting"  # 6.2
    REGION_WITHOUT_ID = "region-without-id"  # 4.3
    DUPLICATE_REGION = "duplicate-region"  # 4.3
    TIMING_FORM = "timing-form"  # 4.1 cue timings
    TIMING_ORDER = "timing-order"  # 4.1 cue timings
    CUE_SETTING = "cue-setting"  # 6.3 parse the WebVTT cue settings
    UNKNOWN_REGION = "unknown-region"  # 6.3
    DUPLICATE_ID = "duplicate-id"  # 4.1 cue identifier
    UNKNOWN_TAG = "unknown-tag"  # 6.4
    UNCLOSED_TAG = "unclosed-tag"  # 4.2.2
    STRAY_END_TAG = "stray-end-tag"  # 6.4
    TAG_ANNOTATION = "tag-annotation"  # 4.2.2
    RAW_AMPERSAND = "raw-ampersand"  # 4.2.2 cue text span
    CUE_TIMESTAMP = "cue-timestamp"  # 4.2.2 cue timestamp
    LANGUAGE_TAG = "language-tag"  # 4.2.2 language span


LOSES_TEXT: Final = frozenset(
    {
        IssueCode.TEXT_OUTSIDE_CUE,
        IssueCode.UNREADABLE_TIMING,
        IssueCode.UNREADABLE_TAG,
        IssueCode.REPLACED_CHARACTER,
        IssueCode.TOO_MANY_ISSUES,
    }
)
"""Codes after which a viewer misses words: the caller treats them as errors."""

DROPPED: Final = frozenset(
    {IssueCode.TEXT_OUTSIDE_CUE, IssueCode.UNREADABLE_TIMING, IssueCode.TOO_MANY_ISSUES}
)
"""Codes about text that is in the source file but not in the `Document` any more."""


@dataclass(frozen=True, slots=True)
class Issue:
    """One place where a file does not conform to its format.

    Attributes:
        code: Which kind of issue.
        line_number: 1-based line in the source file; 0 where no line applies.
        message: One sentence in plain words: what was found.
        fix: One sentence: what to do about it.
    """

    code: IssueCode
    line_number: int
    message: str
    fix: str

    @property
    def loses_text(self) -> bool:
        """Whether a viewer would miss words because of it."""
        return self.code in LOSES_TEXT

    @property
    def dropped(self) -> bool:
        """Whether it is about text that the document does not contain any more."""
        return self.code in DROPPED


class IssueLog:
    """Collects issues in source order, up to `MAX_ISSUES`."""

    __slots__ = ("_issues", "_omitted")

    def __init__(self) -> None:
        self._issues: list[Issue] = []
        self._omitted = 0

    def add(self, code: IssueCode, line_number: int, message: str, fix: str) -> None:
        """Record one issue.

        Raises:
            CaptionError: There are more than `MAX_PROBLEMS`.
        """
        if len(self._issues) >= MAX_ISSUES:
            self._omitted += 1
            if self._omitted > MAX_PROBLEMS - MAX_ISSUES:
                raise CaptionError(
                    f"The file has more than {MAX_PROBLEMS:,} problems, the last one on line"
                    f" {line_number:,}: {message} Check that it is the right file.",
                    reason="too-many-problems",
                    line_number=line_number,
                )
            return
        self._issues.append(Issue(code, line_number, message, fix))

    def freeze(self) -> tuple[Issue, ...]:
        """The issues, ordered by line; the last one says how many were left out, if any."""
        issues = sorted(self._issues, key=lambda issue: issue.line_number)
        if self._omitted:
            issues.append(
                Issue(
                    IssueCode.TOO_MANY_ISSUES,
                    0,
                    f"{self._omitted:,} further problems are not listed.",
                    "Check that this is the right file and the right format, and upload it again.",
                )
            )
        return tuple(issues)


def quote(text: str, limit: int = 40) -> str:
    """`text` in quotation marks for a message, shortened and with odd characters made visible."""
    shown = text if len(text) <= limit else text[: limit - 1] + "…"
    return "“" + "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in shown) + "”"


def count_of(number: int, singular: str) -> str:
    """ "1 caption", "2,000 captions": a number with its noun."""
    return f"{number:,} {singular}{'' if number == 1 else 's'}"
