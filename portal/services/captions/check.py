"""The quality report of a caption track: what blocks publishing, and what should be better."""

from __future__ import annotations

import math
import re
from typing import Final

from portal.services.captions import rules
from portal.services.captions.corrections import suggest
from portal.services.captions.report import Finding, Report, Stats
from portal.services.captions.rules import Level, Rule
from portal.services.captions.text_measures import TextMeasure, measure
from portal.services.captions.webvtt import (
    Cue,
    CueSettings,
    Document,
    IssueCode,
    format_timestamp,
    plain_text,
)
from portal.services.captions.webvtt.issues import quote

__all__ = ["Finding", "Level", "Report", "Stats", "check"]

_GARBLED = re.compile(
    "Ã[\u0080-\u00bf\u20ac‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|Â[\u00a0-\u00bf]|â€[\u0080-\u00bf™œžš“”¦¢˜\u009d]"
)
_LOADS = re.compile(r"@import|url\s*\(", re.IGNORECASE)
_MS: Final = 0.0005
"""Times are whole milliseconds; comparisons allow for half of one."""


def check(
    document: Document,
    *,
    duration_s: float | None,
    frame_rate: float | None = None,
    children: bool = False,
    max_hole_s: float = rules.DEFAULT_MAX_HOLE_S,
) -> Report:
    """Check a caption track; never raises.

    Args:
        document: The track.
        duration_s: The film's length in seconds; None if it is not known, then the rules about
            the end of the film do not apply.
        frame_rate: The film's frames a second; None counts as 24.
        children: Whether the film is for children, who read more slowly.
        max_hole_s: Longest stretch without captions that needs no warning.
    """
    known = duration_s is not None and math.isfinite(duration_s) and duration_s > 0
    rate_is_known = frame_rate is not None and math.isfinite(frame_rate) and frame_rate > 0
    return _Check(
        document,
        duration_s=duration_s if known else None,
        frame_rate=frame_rate if rate_is_known and frame_rate else rules.DEFAULT_FRAME_RATE,
        children=children,
        max_hole_s=max_hole_s,
    ).run()


class _Check:
    def __init__(
        self,
        document: Document,
        *,
        duration_s: float | None,
        frame_rate: float,
        children: bool,
        max_hole_s: float,
    ) -> None:
        self._document = document
        self._duration_s = duration_s
        self._min_gap_s = rules.MIN_GAP_FRAMES / frame_rate
        self._max_speed = (
            rules.MAX_CHARACTERS_PER_S_CHILDREN if children else rules.MAX_CHARACTERS_PER_S
        )
        self._max_hole_s = max_hole_s
        self._findings: list[Finding] = []

    def run(self) -> Report:
        self._check_file()
        self._check_issues()
        measures = [measure(plain_text(cue)) for cue in self._document.cues]
        sane: list[int] = []
        for index, cue in enumerate(self._document.cues):
            self._check_text(index, cue, measures[index])
            if _has_sane_times(cue):
                sane.append(index)
                self._check_timing(index, cue, measures[index])
            else:
                self._bad_times(index, cue)
        sane.sort(key=lambda index: (self._document.cues[index].start_s, index))
        self._check_sequence(sane)
        stats = self._stats(sane, measures)
        self._check_coverage(sane, stats)
        self._findings.sort(
            key=lambda f: (f.level is not Level.ERROR, -1.0 if f.time_s is None else f.time_s)
        )
        suggestions = suggest(self._document, self._duration_s)
        return Report(tuple(self._findings), stats, suggestions)

    def _add(self, rule: Rule, message: str, fix: str, *, line_number: int | None = None) -> None:
        self._findings.append(
            Finding(rule.id, rule.level, message, fix, line_number=line_number or None)
        )

    def _add_cue(self, rule: Rule, index: int, what: str, fix: str) -> None:
        cue = self._document.cues[index]
        self._findings.append(
            Finding(
                rule=rule.id,
                level=rule.level,
                message=f"Cue {index + 1} at {format_timestamp(cue.start_s)} {what}",
                fix=fix,
                cue_index=index,
                time_s=cue.start_s if math.isfinite(cue.start_s) else None,
                line_number=cue.line_number or None,
            )
        )

    def _check_file(self) -> None:
        if not self._document.cues:
            self._add(
                rules.NOTHING_PARSED,
                "No caption could be read from this file.",
                "Check that it is the right file and not empty, and upload it again.",
            )
        if "X-TIMESTAMP-MAP" in self._document.header:
            self._add(
                rules.TIMESTAMP_MAP,
                "The header has an X-TIMESTAMP-MAP: the file was cut out of a stream, and its times"
                " may not count from the start of the film.",
                "Compare the first caption with the film, shift the times if need be, and remove"
                " the line.",
            )
        for style in self._document.styles:
            if _LOADS.search(style.css):
                self._add(
                    rules.STYLE_LOADS,
                    "A STYLE block loads something from elsewhere, which players refuse.",
                    "Remove url() and @import from it.",
                    line_number=style.line_number,
                )

    def _check_issues(self) -> None:
        for issue in self._document.issues:
            if issue.code is IssueCode.REPLACED_CHARACTER:
                rule = rules.BAD_ENCODING
            else:
                rule = rules.TEXT_LOST if issue.loses_text else rules.NOT_CONFORMING
            where = f"Line {issue.line_number}: " if issue.line_number else ""
            self._add(rule, f"{where}{issue.message}", issue.fix, line_number=issue.line_number)

    def _check_text(self, index: int, cue: Cue, size: TextMeasure) -> None:
        text = cue.text
        if "\N{REPLACEMENT CHARACTER}" in text:
            self._add_cue(
                rules.BAD_ENCODING,
                index,
                f"has letters that could not be read: {quote(text)}.",
                "Type the missing letters, or upload the file in UTF-8.",
            )
        elif not text.isascii() and (garbled := _GARBLED.search(text)):
            self._add_cue(
                rules.GARBLED,
                index,
                f"seems garbled: {quote(text[max(0, garbled.start() - 10) :])}.",
                "The file was once saved in a wrong encoding. Upload the original.",
            )
        if not size.line_widths:
            self._add_cue(
                rules.EMPTY_CUE, index, "has no words.", "Write its words, or delete the cue."
            )
        if len(size.line_widths) > rules.MAX_LINES:
            self._add_cue(
                rules.LINE_COUNT,
                index,
                f"has {len(size.line_widths)} lines; at most {rules.MAX_LINES} are easy to read.",
                "Join lines, or split the cue in two.",
            )
        longest = max(size.line_widths, default=0)
        if longest > rules.MAX_LINE_WIDTH:
            self._add_cue(
                rules.LINE_LENGTH,
                index,
                f"has a line of {longest} characters; at most {rules.MAX_LINE_WIDTH} fit well.",
                "Break the line where the sentence pauses, or shorten it.",
            )

    def _bad_times(self, index: int, cue: Cue) -> None:
        self._add_cue(
            rules.BAD_TIMES,
            index,
            f"ends at {format_timestamp(cue.end_s)}; a cue has to end after it starts, and not to"
            " start before the film.",
            "Correct its start or its end.",
        )

    def _check_timing(self, index: int, cue: Cue, size: TextMeasure) -> None:
        shown_s = cue.duration_s
        speed = size.width / shown_s
        if speed > self._max_speed:
            fitting = math.floor(shown_s * self._max_speed)
            end_s = cue.start_s + size.width / self._max_speed
            self._add_cue(
                rules.READING_SPEED,
                index,
                f"is to be read at {speed:.0f} characters a second; {self._max_speed:g} is the"
                " limit.",
                f"Shorten it to {fitting} characters, or show it until {format_timestamp(end_s)}.",
            )
        if shown_s < rules.MIN_DURATION_S - _MS:
            end_s = cue.start_s + rules.MIN_DURATION_S
            self._add_cue(
                rules.TOO_SHORT,
                index,
                f"is shown for {shown_s:.2f} s only; 5/6 s (0.83 s) is the least.",
                f"Show it until {format_timestamp(end_s)}, or join it with the next cue.",
            )
        elif shown_s > rules.MAX_DURATION_S + _MS:
            self._add_cue(
                rules.TOO_LONG,
                index,
                f"is shown for {shown_s:.1f} s; {rules.MAX_DURATION_S:g} s is the most.",
                "End it earlier, or split it in two.",
            )
        if self._duration_s is not None:
            self._check_end_of_film(index, cue, self._duration_s)

    def _check_end_of_film(self, index: int, cue: Cue, duration_s: float) -> None:
        length = format_timestamp(duration_s)
        if cue.start_s >= duration_s:
            self._add_cue(
                rules.STARTS_AFTER_FILM,
                index,
                f"starts after the film has ended ({length}).",
                "Check that the captions belong to this film, shift them, or delete the cue.",
            )
        elif cue.end_s > duration_s + rules.MAX_END_OVERRUN_S:
            self._add_cue(
                rules.ENDS_AFTER_FILM,
                index,
                f"ends at {format_timestamp(cue.end_s)}, after the film ({length}).",
                f"End it at {length}.",
            )

    def _check_sequence(self, in_order: list[int]) -> None:
        """Overlaps and gaps; `in_order` are the cues with sane times by their start."""
        cues = self._document.cues
        latest: dict[tuple[object, ...], int] = {}  # the cue that ends last, in each place
        anywhere: int | None = None
        for index in in_order:
            cue, place = cues[index], _place(cues[index].settings)
            before = latest.get(place)
            if before is not None and cue.start_s < cues[before].end_s - _MS:
                end = format_timestamp(cues[before].end_s)
                self._add_cue(
                    rules.OVERLAP,
                    index,
                    f"starts before cue {before + 1} in the same place ends ({end}).",
                    f"End cue {before + 1} at {format_timestamp(cue.start_s)} or earlier, or start"
                    f" this one at {end}.",
                )
            elif before is not None:
                self._check_gap(index, cues[before], cue)
            if (
                anywhere is not None
                and anywhere != before
                and cue.start_s < cues[anywhere].end_s - _MS
                and _place(cues[anywhere].settings) != place
            ):
                self._add_cue(
                    rules.TOGETHER,
                    index,
                    f"is shown together with cue {anywhere + 1}, in another place.",
                    "If the two are not meant to be read together, end the first one earlier.",
                )
            if before is None or cue.end_s >= cues[before].end_s:
                latest[place] = index
            if anywhere is None or cue.end_s >= cues[anywhere].end_s:
                anywhere = index

    def _check_gap(self, index: int, before: Cue, cue: Cue) -> None:
        gap_s = cue.start_s - before.end_s
        # A gap of two frames may be cut to whole milliseconds at both ends.
        if gap_s < self._min_gap_s - 2 * _MS:
            end_s = max(before.start_s, cue.start_s - self._min_gap_s)
            self._add_cue(
                rules.SMALL_GAP,
                index,
                f"follows the cue before it after {gap_s * 1000:.0f} ms; two frames"
                f" ({self._min_gap_s * 1000:.0f} ms) are the least.",
                f"End the cue before it at {format_timestamp(end_s)}.",
            )

    def _stats(self, in_order: list[int], measures: list[TextMeasure]) -> Stats:
        cues = self._document.cues
        characters = sum(size.width for size in measures)
        words = sum(size.words for size in measures)
        if not in_order:
            return Stats(len(cues), characters, words)
        shown_s = hole_s = hole_at_s = reached_s = 0.0
        for index in in_order:
            cue = cues[index]
            if cue.start_s - reached_s > hole_s:
                hole_s, hole_at_s = cue.start_s - reached_s, reached_s
            shown_s += max(0.0, cue.end_s - max(cue.start_s, reached_s))
            reached_s = max(reached_s, cue.end_s)
        return Stats(
            cue_count=len(cues),
            character_count=characters,
            word_count=words,
            words_per_minute=words * 60 / shown_s,
            shown_s=shown_s,
            coverage=min(1.0, shown_s / (self._duration_s or reached_s)),
            longest_hole_s=hole_s,
            longest_hole_at_s=hole_at_s,
            first_start_s=cues[in_order[0]].start_s,
            last_end_s=reached_s,
        )

    def _check_coverage(self, in_order: list[int], stats: Stats) -> None:
        reached_s = 0.0
        for index in in_order:
            cue = self._document.cues[index]
            hole_s = cue.start_s - reached_s
            if hole_s > self._max_hole_s:
                self._add_cue(
                    rules.HOLE,
                    index,
                    f"is the first after {hole_s / 60:.1f} minutes without captions, from"
                    f" {format_timestamp(reached_s)} on.",
                    "Check that nothing is spoken there; describe music and sounds that matter.",
                )
            reached_s = max(reached_s, cue.end_s)
        if self._duration_s is None or stats.last_end_s is None:
            return
        tail_s = self._duration_s - stats.last_end_s
        if tail_s > max(rules.MIN_TAIL_S, self._duration_s * rules.MAX_TAIL_SHARE):
            self._add(
                rules.STOPS_EARLY,
                f"The last caption ends at {format_timestamp(stats.last_end_s)}, {tail_s / 60:.0f}"
                f" minutes before the film does ({format_timestamp(self._duration_s)}).",
                "Check that the file is complete and belongs to this film.",
            )


def _has_sane_times(cue: Cue) -> bool:
    return 0 <= cue.start_s < cue.end_s < math.inf


def _place(settings: CueSettings) -> tuple[object, ...]:
    """Cues with the same value are shown in the same place of the screen."""
    return (
        settings.region,
        settings.vertical,
        settings.line,
        settings.snap_to_lines,
        settings.position,
    )
