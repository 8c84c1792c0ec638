"""What the page of a movie shows of it, in words. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from portal.services import words
from portal.services.admin_views import (
    BlockerLine,
    CorrectionLine,
    CueLine,
    DifferenceLine,
    FindingLine,
    MovieHead,
    PictureLine,
    RenditionLine,
    SourceLine,
    TrackLine,
    VersionLine,
)
from portal.services.availability import State
from portal.services.editing.artwork import ArtworkView
from portal.services.editing.caption_views import CueView, VersionView
from portal.services.editing.views import MovieView, SourceView, TrackView
from portal.services.errors import Blocker, Difference
from portal.services.movie_form import LABELS, MORE_LABELS, shown
from portal.services.movie_record import MovieRecord
from portal.services.movie_rows import ago, state_words

MAX_FINDINGS: Final = 100
SHOWN_PLACES: Final = 3
_STATUS: Final = {
    "ok": "Plays, nothing to mend",
    "warnings": "Plays, could be better",
    "failed": "Does not play",
    "unchecked": "Not checked yet",
}
_STAMP = re.compile(r"(?:(?:(\d{1,3}):)?(\d{1,3}):)?(\d{1,5}(?:\.\d{1,6})?)")
_LEVELS: Final = {
    "error": "Error",
    "must": "Must",
    "should": "Should",
    "warning": "Warning",
}


def head(
    movie: MovieView, record: MovieRecord | None, served_at: datetime | None, now: datetime
) -> MovieHead:
    """The top of the page."""
    if record is not None:
        about = state_words(record, State(movie.state), now)
    else:
        about = "Not in the catalog yet"
    return MovieHead(
        movie_id=movie.movie_id,
        title=movie.title,
        slug=movie.slug,
        version=movie.version,
        visibility=movie.visibility,
        state=movie.state,
        state_words=about,
        updated=ago(movie.updated_at, now) if movie.updated_at else "",
        start=movie.available_from.isoformat() if movie.available_from else "",
        end=movie.available_until.isoformat() if movie.available_until else "",
        served=served_words(served_at, now),
        art=movie.art,
        color=movie.color,
    )


def served_words(at: datetime | None, now: datetime) -> str:
    """When the last segment went to a viewer."""
    if at is None:
        return "No segment of it was served yet."
    seconds = max(0, round((now - at).total_seconds()))
    since = f"{seconds} s ago" if seconds < 120 else ago(at, now)
    return f"Last segment served {since}, at {at:%H:%M:%S} UTC."


def blocker_lines(found: Iterable[Blocker]) -> list[BlockerLine]:
    """What is missing, each with the section where it is mended."""
    return [BlockerLine(each.words, each.href.rpartition("#")[2]) for each in found]


def difference_lines(found: Iterable[Difference], now: datetime) -> list[DifferenceLine]:
    """A conflict, field by field."""
    return [
        DifferenceLine(
            each.field,
            LABELS.get(each.field) or MORE_LABELS.get(each.field, each.field),
            _difference(each.field, each.yours, now),
            _difference(each.field, each.theirs, now),
            each.both_changed,
        )
        for each in found
    ]


def _difference(name: str, value: Any, now: datetime) -> str:
    return shown(name, value, now) or "(empty)"


def source_line(source: SourceView | None, now: datetime) -> SourceLine:
    """The stream source."""
    if source is None:
        return SourceLine()
    names = [
        str(each.get("name") or each.get("language") or each.get("type"))
        for each in source.report.get("captions", ())
    ]
    return SourceLine(
        exists=True,
        status=source.status,
        status_words=_STATUS.get(source.status, source.status),
        message=source.message,
        host=source.host or "•••",
        checked=ago(source.checked_at, now) if source.checked_at else "never",
        duration=words.runtime(source.duration_s) if source.duration_s else "unknown",
        same_as=", ".join(f"“{title}”" for title in source.same_as[:5]),
        captions=", ".join(names[:10]),
    )


def source_findings(found: Sequence[Mapping[str, Any]]) -> list[FindingLine]:
    """Findings of a check of a source, worst first; the same one in many places is one line."""
    places: dict[tuple[str, ...], list[str]] = {}
    for each in found:
        parts = (each.get("where"), f"line {each['line']}" if each.get("line") else "")
        same = tuple(str(each.get(name, "")) for name in ("rule", "level", "message", "fix"))
        places.setdefault(same, []).append(", ".join(str(part) for part in parts if part))
    lines = []
    for (rule, level, words_, fix), where in list(places.items())[:MAX_FINDINGS]:
        more = len(where) - SHOWN_PLACES
        named = "; ".join(filter(None, where[:SHOWN_PLACES]))
        lines.append(
            FindingLine(
                rule=rule,
                level=level,
                level_words=_LEVELS.get(level, level),
                place=f"{named} and {_plural(more, 'more place')}" if more > 0 else named,
                words=words_,
                fix=fix,
            )
        )
    return lines


def renditions(found: Sequence[Mapping[str, Any]]) -> list[RenditionLine]:
    """The renditions of a source, best first."""
    ordered = sorted(found, key=lambda each: -(each.get("bandwidth") or 0))
    return [
        RenditionLine(
            size=f"{each['width']} × {each['height']}" if each.get("height") else "audio",
            rate=f"{(each.get('bandwidth') or 0) / 1_000_000:.1f} Mbit/s",
            codecs=", ".join(each.get("codecs") or ()),
        )
        for each in ordered[:20]
    ]


def track_line(track: TrackView, now: datetime) -> TrackLine:
    """A caption track."""
    problems = []
    if track.error_count:
        problems.append(_plural(track.error_count, "error"))
    if track.warning_count:
        problems.append(_plural(track.warning_count, "warning"))
    found = ", ".join(problems)
    if not track.is_valid:
        verdict = f"Not shown to viewers: {found or 'errors'}"
    else:
        verdict = f"Valid, {found}" if found else "Valid"
    return TrackLine(
        track_id=track.track_id,
        language=track.language,
        language_name=track.language_name,
        label=track.label,
        kind=track.kind,
        is_default=track.is_default,
        is_valid=track.is_valid,
        version=track.version,
        cues=_plural(track.cue_count, "cue"),
        verdict=verdict,
        original=track.original_name,
        changed=ago(track.updated_at, now) if track.updated_at else "",
        href=f"/admin/movies/{track.movie_id}/captions/{track.track_id}",
    )


def caption_findings(report: Mapping[str, Any]) -> list[FindingLine]:
    """Findings of a check of captions: cue, time, rule and fix."""
    found = []
    for each in list(report.get("findings", ()))[:MAX_FINDINGS]:
        at_s = each.get("timeS")
        place = [
            f"cue {each['cue']}" if each.get("cue") else "",
            f"at {clock(at_s)}" if at_s is not None else "",
            f"line {each['line']}" if each.get("line") else "",
        ]
        level = str(each.get("level", ""))
        found.append(
            FindingLine(
                rule=str(each.get("rule", "")),
                level=level,
                level_words=_LEVELS.get(level, level),
                place=" ".join(filter(None, place)) or "the file",
                words=str(each.get("message", "")),
                fix=str(each.get("fix", "")),
                cue=int(each.get("cue") or 0),
                at_s=float(at_s or 0.0),
            )
        )
    return found


def cue_lines(cues: Sequence[CueView], report: Mapping[str, Any]) -> list[CueLine]:
    """Cues, each with the worst that the check found in it."""
    found: dict[int, FindingLine] = {}
    for each in caption_findings(report):  # errors come first
        if each.cue:
            found.setdefault(each.cue, each)
    nothing = FindingLine()
    return [
        CueLine(
            number=cue.number,
            start_s=cue.start_s,
            end_s=cue.end_s,
            start=stamp(cue.start_s),
            end=stamp(cue.end_s),
            text=cue.text,
            finding=found.get(cue.number, nothing).words,
            level=found.get(cue.number, nothing).level,
        )
        for cue in cues
    ]


def corrections(report: Mapping[str, Any]) -> list[CorrectionLine]:
    """Corrections of the whole track that its report suggests."""
    return [
        CorrectionLine(str(each["kind"]), float(each["value"]), str(each["message"]))
        for each in report.get("suggestions", ())
    ]


def version_lines(versions: Iterable[VersionView], now: datetime) -> list[VersionLine]:
    """What a track was before, the newest first."""
    lines = []
    for old in versions:
        when = ago(old.replaced_at, now) if old.replaced_at else ""
        lines.append(
            VersionLine(
                old.version,
                f"{_plural(old.cue_count, 'cue')}, until {when} ({old.note}, {old.replaced_by})",
                old.is_valid,
            )
        )
    return sorted(lines, key=lambda each: -each.version)


def picture_lines(art: ArtworkView) -> list[PictureLine]:
    """Poster and backdrop; both are there, with an empty `src` where there is no picture."""
    known = {each.kind: each for each in art.pictures}
    lines = []
    for kind, file in (("poster", "poster-360.avif"), ("backdrop", "backdrop-1280.avif")):
        each = known.get(kind)
        if each is None:
            lines.append(PictureLine(kind, words=f"There is no {kind} yet."))
            continue
        size = f"{each.width} × {each.height} pixels" if each.width else "made by the demo"
        made = "Made from the other picture." if each.is_derived else f"Uploaded: {size}."
        lines.append(
            PictureLine(
                kind,
                f"{art.art}/{file}",
                f"{art.art}/original-{kind}.bin" if each.can_crop else "",
                each.focus_x,
                each.focus_y,
                made,
            )
        )
    return lines


def clock(seconds: float) -> str:
    """`0:01:04.500`; whole seconds without a fraction."""
    whole, millis = divmod(round(seconds * 1000), 1000)
    text = f"{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}"
    return f"{text}.{millis:03}" if millis else text


def stamp(seconds: float) -> str:
    """`00:01:04.500`, as the fields of a cue have it."""
    whole, millis = divmod(round(seconds * 1000), 1000)
    return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}.{millis:03}"


def seconds_of(text: str) -> float | None:
    """`00:01:04.500`, `1:04.5` or `64.5` in seconds; None if it is no time."""
    found = _STAMP.fullmatch(text.strip().replace(",", "."))
    if found is None:
        return None
    hours, minutes, seconds = (float(part or 0) for part in found.groups())
    return hours * 3600 + minutes * 60 + seconds


def _plural(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
