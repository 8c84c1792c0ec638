"""From a caption file, or a stored track, to what is stored: pure, and costly for large files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from portal.services.captions.check import Report, check
from portal.services.captions.convert import Converted, convert
from portal.services.captions.detect import SourceFormat
from portal.services.captions.webvtt import Document, Issue, IssueCode, parse, serialise

MAX_FINDINGS: Final = 500
"""Findings kept of one report: who mends these finds the others in the next one."""

FORMATS: Final = {
    SourceFormat.WEBVTT: "vtt",
    SourceFormat.SUBRIP: "srt",
    SourceFormat.TTML: "ttml",
    SourceFormat.SCC: "scc",
    SourceFormat.EBU_STL: "stl",
}
MEDIA_TYPES: Final = {
    "vtt": "text/vtt",
    "srt": "application/x-subrip",
    "ttml": "application/ttml+xml",
    "scc": "text/x-scc",
    "stl": "application/octet-stream",
}


@dataclass(frozen=True, slots=True)
class CaptionDraft:
    """The text of a track with its report, ready to be stored.

    Attributes:
        vtt: Normalised WebVTT.
        document: The same, parsed.
        is_valid: Whether it may be published.
        report: As it is stored and shown, JSON.
        source_format: A value of `FORMATS`; None where it comes from an edit.
    """

    vtt: str
    document: Document
    is_valid: bool
    report: dict[str, Any]
    source_format: str | None = None


def from_file(
    data: bytes,
    filename: str,
    *,
    language: str,
    duration_s: float | None,
    encoding: str | None = None,
) -> CaptionDraft:
    """Read and check an uploaded file.

    Args:
        data: The file.
        filename: Its name.
        language: BCP 47 tag of the track.
        duration_s: Length of the film in seconds, None if it is not known.
        encoding: What a person says the encoding is; None to detect it.

    Raises:
        CaptionError: The file cannot be used at all.
    """
    converted = convert(data, filename, encoding=encoding, language=language)
    document = converted.vtt_document
    draft = _draft(document, duration_s, _origin(converted))
    return replace(draft, source_format=FORMATS[converted.source_format])


def from_document(
    document: Document, report: Mapping[str, Any], duration_s: float | None
) -> CaptionDraft:
    """Check a track that was edited.

    Args:
        document: The track, with issues about text that its file lost.
        report: The report before the edit; what it says of the file stays.
        duration_s: Length of the film in seconds, None if it is not known.
    """
    origin = {name: report[name] for name in ("format", "encoding", "warnings") if name in report}
    return _draft(document, duration_s, origin)


def stored_document(vtt: str, report: Mapping[str, Any]) -> Document:
    """A stored track, with issues about text that its file lost when it was read."""
    document = parse(vtt)
    lost = tuple(
        Issue(IssueCode(each["code"]), int(each["line"]), each["message"], each["fix"])
        for each in report.get("dropped", ())
    )
    return replace(document, issues=lost + document.issues)


def _draft(document: Document, duration_s: float | None, origin: Mapping[str, Any]) -> CaptionDraft:
    report = check(document, duration_s=duration_s or None)
    return CaptionDraft(
        vtt=serialise(document),
        document=document,
        is_valid=report.ok,
        report={**origin, **_report(report, document, duration_s)},
    )


def _origin(converted: Converted) -> dict[str, Any]:
    return {
        "format": str(converted.source_format),
        "encoding": converted.encoding,
        "warnings": list(converted.warnings),
    }


def _report(report: Report, document: Document, duration_s: float | None) -> dict[str, Any]:
    stats = report.stats
    return {
        "ok": report.ok,
        "errorCount": len(report.errors),
        "warningCount": len(report.warnings),
        "durationS": duration_s,
        "findings": [
            {
                "rule": each.rule,
                "level": str(each.level),
                "message": each.message,
                "fix": each.fix,
                "cue": each.cue_number,
                "timeS": each.time_s,
                "line": each.line_number,
            }
            for each in report.findings[:MAX_FINDINGS]
        ],
        "stats": {
            "cueCount": stats.cue_count,
            "characterCount": stats.character_count,
            "wordCount": stats.word_count,
            "wordsPerMinute": round(stats.words_per_minute, 1),
            "shownS": round(stats.shown_s, 3),
            "coverage": round(stats.coverage, 4),
            "longestHoleS": round(stats.longest_hole_s, 3),
            "longestHoleAtS": round(stats.longest_hole_at_s, 3),
            "firstStartS": stats.first_start_s,
            "lastEndS": stats.last_end_s,
        },
        "suggestions": [
            {"kind": each.kind, "value": each.value, "message": each.message}
            for each in report.suggestions
        ],
        "dropped": [
            {
                "code": str(issue.code),
                "line": issue.line_number,
                "message": issue.message,
                "fix": issue.fix,
            }
            for issue in document.issues
            if issue.dropped
        ],
    }
