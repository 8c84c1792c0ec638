"""Cue timings, cue settings and region settings (W3C WebVTT, sections 6.2 and 6.3)."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Container
from typing import Any, Final, NamedTuple

from portal.services.captions.webvtt.issues import IssueCode, IssueLog, quote
from portal.services.captions.webvtt.model import DEFAULT_SETTINGS, CueSettings, Region
from portal.services.captions.webvtt.timestamps import collect_timestamp, explain_bad_timestamp

ASCII_WHITESPACE: Final = "\t\n\f\r "

# Split on ASCII white space only: a no-break space or a vertical tab is part of a value.
_ASCII_SPACES = re.compile(r"[\t\n\f\r ]+")
_PERCENTAGE = re.compile(r"([0-9]+(?:\.[0-9]+)?)%")
_LINE_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_REGION_DEFAULTS = Region()
_FORM_FIX = "Write the times as “00:00:01.000 --> 00:00:02.000”."

_CUE_VALUES: Final = {
    "region": "the id of a REGION block above the cues",
    "vertical": "“rl” or “lr”",
    "line": "a line number or a percentage, optionally with “,start”, “,center” or “,end”",
    "position": "a percentage, optionally with “,line-left”, “,center” or “,line-right”",
    "size": "a percentage from 0% to 100%",
    "align": "“start”, “center”, “end”, “left” or “right”",
}
_REGION_VALUES: Final = {
    "id": "a name without spaces",
    "width": "a percentage from 0% to 100%",
    "lines": "a whole number",
    "regionanchor": "two percentages, as in “0%,100%”",
    "viewportanchor": "two percentages, as in “10%,90%”",
    "scroll": "“up”",
}


class Timing(NamedTuple):
    """The timing line of a cue, read."""

    start_s: float
    end_s: float
    settings: CueSettings


def parse_percentage(text: str) -> float | None:
    """The rules to "parse a percentage string": 0..100, or None where they fail."""
    match = _PERCENTAGE.fullmatch(text)
    if match is None:
        return None
    value = float(match[1])
    return value if value <= 100 else None


def _skip_whitespace(text: str, position: int) -> int:
    while position < len(text) and text[position] in ASCII_WHITESPACE:
        position += 1
    return position


def parse_timing_line(
    line: str, line_number: int, region_ids: Container[str], log: IssueLog
) -> Timing | None:
    """Run "collect WebVTT cue timings and settings" on a line that contains `-->`.

    Args:
        line: The line, without its line break.
        line_number: Its 1-based number, for the findings.
        region_ids: Identifiers of the regions defined so far.
        log: Receives what is tolerated or dropped.

    Returns:
        The timings and settings, or None if the cue is to be dropped; that is then logged too.
    """
    position = _skip_whitespace(line, 0)
    start = collect_timestamp(line, position)
    if start is not None:
        after_start = start[1]
        arrow = _skip_whitespace(line, after_start)
        if line.startswith("-->", arrow):
            end_position = _skip_whitespace(line, arrow + 3)
            end = collect_timestamp(line, end_position)
            if end is not None:
                rest = line[end[1] :]
                spaced = after_start < arrow and arrow + 3 < end_position
                if position or not spaced or (rest and rest[0] not in ASCII_WHITESPACE):
                    log.add(
                        IssueCode.TIMING_FORM,
                        line_number,
                        f"The spaces in the timing line {quote(line)} are not as they should be.",
                        _FORM_FIX,
                    )
                _check_hours(line[position:after_start], line_number, log)
                _check_hours(line[end_position : end[1]], line_number, log)
                settings = parse_cue_settings(rest, line_number, region_ids, log)
                return Timing(start[0], end[0], settings)
    _log_unreadable(line, line_number, log)
    return None


def _check_hours(timestamp: str, line_number: int, log: IssueLog) -> None:
    if timestamp.count(":") == 2 and timestamp.index(":") < 2:
        log.add(
            IssueCode.TIMING_FORM,
            line_number,
            f"The time {quote(timestamp)} has one digit for the hours.",
            f"Write it as “0{timestamp}”.",
        )


def _log_unreadable(line: str, line_number: int, log: IssueLog) -> None:
    before, _, after = line.partition("-->")
    first = before.strip(ASCII_WHITESPACE)
    words = after.strip(ASCII_WHITESPACE).split()
    second = words[0] if words else ""
    why_first, why_second = explain_bad_timestamp(first), explain_bad_timestamp(second)
    if why_first:
        reason = f"its start {quote(first)} cannot be read: {why_first}"
    elif why_second:
        reason = f"its end {quote(second)} cannot be read: {why_second}"
    else:
        reason = "there is something between the times and the arrow"
    log.add(
        IssueCode.UNREADABLE_TIMING,
        line_number,
        f"The timing line {quote(line)} is skipped with the text below it, as {reason}.",
        _FORM_FIX,
    )


def _split_setting(setting: str) -> tuple[str, str] | None:
    name, colon, value = setting.partition(":")
    return (name, value) if name and colon and value else None


def _apply_settings(
    text: str,
    apply: Callable[[str, str], dict[str, Any] | None],
    *,
    values: dict[str, str],
    code: IssueCode,
    line_number: int,
    log: IssueLog,
) -> None:
    """Split `text` on spaces and apply each setting, logging those that have no effect."""
    kind = "cue" if code is IssueCode.CUE_SETTING else "region"
    seen: set[str] = set()
    for setting in _ASCII_SPACES.sub(" ", text).strip(" ").split(" "):
        parts = _split_setting(setting)
        name = parts[0] if parts else setting.strip(":")
        if parts is None or name not in values:
            log.add(
                code,
                line_number,
                f"The {kind} setting {quote(setting)} is ignored: there is no such setting."
                if parts
                else f"The {kind} setting {quote(setting)} is ignored: it is not “name:value”.",
                f"Remove it, or use one of: {', '.join(values)}.",
            )
            continue
        if name in seen:
            log.add(
                code,
                line_number,
                f"The {kind} setting “{name}” is given twice; the last readable one counts.",
                "Keep one of them.",
            )
        seen.add(name)
        if apply(name, parts[1]) is None:
            log.add(
                code,
                line_number,
                f"The {kind} setting {quote(setting)} is ignored: its value cannot be read.",
                f"“{name}” takes {values[name]}.",
            )


def parse_cue_settings(
    text: str, line_number: int, region_ids: Container[str], log: IssueLog
) -> CueSettings:
    """Run "parse the WebVTT cue settings" on what follows the end time."""
    if not text.strip(ASCII_WHITESPACE):
        return DEFAULT_SETTINGS
    fields: dict[str, Any] = {}

    def apply(name: str, value: str) -> dict[str, Any] | None:
        found = _read_cue_setting(name, value, region_ids)
        fields.update(found or {})
        # 6.3: no vertical regions (checked even when this value is unreadable); a cue with a line
        # or a size of its own drops out of its region. A region named later puts it back.
        if (name == "vertical" and fields.get("vertical")) or (
            found and (name == "line" or (name == "size" and fields["size"] != 100))
        ):
            fields["region"] = ""
        if found is None:
            return None
        if name == "region" and not found["region"]:
            log.add(
                IssueCode.UNKNOWN_REGION,
                line_number,
                f"The cue is to go into the region {quote(value)}, which is not defined above it.",
                "Define the region in a REGION block before the first cue, or remove the setting.",
            )
        return found

    code = IssueCode.CUE_SETTING
    _apply_settings(text, apply, values=_CUE_VALUES, code=code, line_number=line_number, log=log)
    return CueSettings(**fields)


def _read_cue_setting(name: str, value: str, region_ids: Container[str]) -> dict[str, Any] | None:
    match name:
        case "region":
            return {"region": value if value in region_ids else ""}
        case "vertical":
            return {"vertical": value} if value in ("rl", "lr") else None
        case "size":
            size = parse_percentage(value)
            return None if size is None else {"size": size}
        case "align":
            known = value in ("start", "center", "end", "left", "right")
            return {"align": value} if known else None
        case "position":
            return _read_position(value)
        case _:
            return _read_line(value)


def _read_position(value: str) -> dict[str, Any] | None:
    number, comma, align = value.partition(",")
    position = parse_percentage(number)
    if position is None or (comma and align not in ("line-left", "center", "line-right")):
        return None
    return {"position": position, **({"position_align": align} if comma else {})}


def _read_line(value: str) -> dict[str, Any] | None:
    number, comma, align = value.partition(",")
    if comma and align not in ("start", "center", "end"):
        return None
    if number.endswith("%"):
        line = parse_percentage(number)
    elif _LINE_NUMBER.fullmatch(number):
        # HTML's rules for parsing floating-point numbers give an error where the value would
        # round to 2^1024; "+ 0.0" turns the -0 of "line:-0" into 0.
        line = float(number) + 0.0
        if not math.isfinite(line):
            line = None
    else:
        line = None
    if line is None:
        return None
    fields: dict[str, Any] = {"line": line, "snap_to_lines": not number.endswith("%")}
    if comma:
        fields["line_align"] = align
    return fields


def parse_region_settings(text: str, line_number: int, log: IssueLog) -> Region:
    """Run "collect WebVTT region settings" on the lines below REGION."""
    fields: dict[str, Any] = {}

    def apply(name: str, value: str) -> dict[str, Any] | None:
        found = _read_region_setting(name, value)
        if found is not None:
            fields.update(found)
        return found

    code = IssueCode.REGION_SETTING
    _apply_settings(text, apply, values=_REGION_VALUES, code=code, line_number=line_number, log=log)
    if not fields.get("id"):
        log.add(
            IssueCode.REGION_WITHOUT_ID,
            line_number,
            "This REGION block has no id, so no cue can use it.",
            "Add a line such as “id:top”, or remove the block.",
        )
    return Region(**fields, line_number=line_number)


def _read_region_setting(name: str, value: str) -> dict[str, Any] | None:
    match name:
        case "id":
            return {"id": value}
        case "width":
            width = parse_percentage(value)
            return None if width is None else {"width": width}
        case "lines":
            # Any number of digits is allowed; Python refuses to read more than 4,300 of them.
            return {"lines": int(value)} if re.fullmatch(r"[0-9]{1,1000}", value) else None
        case "scroll":
            return {"scroll_up": True} if value == "up" else None
        case _:
            return _read_anchor(name, value)


def _read_anchor(name: str, value: str) -> dict[str, Any] | None:
    x_text, _, y_text = value.partition(",")
    x, y = parse_percentage(x_text), parse_percentage(y_text)
    if x is None or y is None:
        return None
    return {"region_anchor" if name == "regionanchor" else "viewport_anchor": (x, y)}


def format_number(value: float) -> str:
    """`value` in digits, without exponent, as short as reads back to the same float."""
    if value == int(value):
        return str(int(value))
    text = repr(value)
    return f"{value:.1100f}".rstrip("0") if "e" in text else text


def format_cue_settings(settings: CueSettings) -> str:
    """The settings as they stand behind the timings, "" for the defaults."""
    parts: list[str] = []
    if settings.vertical:
        parts.append(f"vertical:{settings.vertical}")
    if settings.line is not None:
        unit = "" if settings.snap_to_lines else "%"
        align = f",{settings.line_align}" if settings.line_align != "start" else ""
        parts.append(f"line:{format_number(settings.line)}{unit}{align}")
    if settings.position is not None:
        align = f",{settings.position_align}" if settings.position_align != "auto" else ""
        parts.append(f"position:{format_number(settings.position)}%{align}")
    if settings.size != 100:
        parts.append(f"size:{format_number(settings.size)}%")
    if settings.align != "center":
        parts.append(f"align:{settings.align}")
    if settings.region:
        parts.append(f"region:{settings.region}")
    return " ".join(parts)


def format_region(region: Region) -> str:
    """The REGION block, without its closing blank line; defaults are left out."""
    lines = ["REGION"]
    if region.id:
        lines.append(f"id:{region.id}")
    if region.width != _REGION_DEFAULTS.width:
        lines.append(f"width:{format_number(region.width)}%")
    if region.lines != _REGION_DEFAULTS.lines:
        lines.append(f"lines:{region.lines}")
    for name, anchor, default in (
        ("regionanchor", region.region_anchor, _REGION_DEFAULTS.region_anchor),
        ("viewportanchor", region.viewport_anchor, _REGION_DEFAULTS.viewport_anchor),
    ):
        if anchor != default:
            lines.append(f"{name}:{format_number(anchor[0])}%,{format_number(anchor[1])}%")
    if region.scroll_up:
        lines.append("scroll:up")
    # A lone "REGION" line is not a block of settings, so an all-default region names its width.
    return "\n".join(lines if len(lines) > 1 else [*lines, "width:100%"])
