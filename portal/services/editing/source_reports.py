"""What a look at a source showed, in data and in words. Pure; nothing of it is an address."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from portal.services import words
from portal.services.editing import source_findings
from portal.services.hls_gateway import DEMO_SCHEME
from portal.services.hls_playlists import (
    Finding,
    Level,
    MultivariantPlaylist,
    Playlist,
    Rendition,
    Variant,
)


@dataclass(frozen=True, slots=True)
class SourceCheck:
    """What a look at a source showed.

    Attributes:
        status: `ok`, `warnings` or `failed`.
        message: The result in a sentence.
        duration_s: Length of the film in seconds; 0 if it could not be measured.
        report: Counts, findings, renditions and captions, as they are stored and shown.
    """

    status: str
    message: str
    duration_s: float
    report: dict[str, Any]

    @property
    def findings(self) -> list[dict[str, Any]]:
        """Findings, worst first."""
        return list(self.report["findings"])


def where(source: Playlist, url: str) -> str:
    """Which playlist of a multivariant one, in words."""
    if isinstance(source, MultivariantPlaylist):
        for number, variant in enumerate(source.variants, 1):
            if variant.url == url:
                size = variant.resolution
                return f"variant {number}{f' ({size[0]}x{size[1]})' if size else ''}"
        for rendition in source.renditions:
            if rendition.url == url:
                return f'{rendition.type.lower()} "{(rendition.name or "")[:60]}"'
        for number, variant in enumerate(source.i_frame_variants, 1):
            if variant.url == url:
                return f"I-frame playlist {number}"
    return ""


def renditions(source: Playlist | None) -> list[dict[str, Any]]:
    """The variants of a multivariant playlist, measured by what it says."""
    if not isinstance(source, MultivariantPlaylist):
        return []
    return [_rendition(variant) for variant in source.variants]


def _rendition(variant: Variant) -> dict[str, Any]:
    width, height = variant.resolution or (None, None)
    return {
        "bandwidth": variant.bandwidth_bps,
        "averageBandwidth": variant.average_bandwidth_bps,
        "codecs": list(variant.codecs),
        "width": width,
        "height": height,
        "frameRate": variant.frame_rate,
        "videoRange": variant.video_range,
    }


def captions(source: Playlist | None) -> list[dict[str, Any]]:
    """Captions that the source itself brings; viewers get the portal's instead."""
    if not isinstance(source, MultivariantPlaylist):
        return []
    return [_caption(r) for r in source.renditions if r.type in {"SUBTITLES", "CLOSED-CAPTIONS"}]


def _caption(rendition: Rendition) -> dict[str, Any]:
    return {
        "type": rendition.type.lower(),
        "language": rendition.language or "",
        "name": (rendition.name or "")[:80],
        "forced": rendition.forced,
    }


def result(
    findings: list[Finding],
    duration_s: float = 0.0,
    source: Playlist | None = None,
) -> SourceCheck:
    """Findings, worst first, and what the source has, as they are stored and shown."""
    variants = renditions(source)
    counts = Counter(str(finding.level) for finding in findings)
    status = "failed" if counts["error"] else "warnings" if findings else "ok"
    message = _message(findings, counts, duration_s, variants)
    return SourceCheck(
        status,
        message,
        duration_s,
        {
            "message": message,
            "counts": {str(level): counts[str(level)] for level in Level},
            "findings": [
                source_findings.as_json(each) for each in findings[: source_findings.MAX_FINDINGS]
            ],
            "renditions": variants,
            "captions": captions(source),
        },
    )


def _message(
    findings: list[Finding],
    counts: Mapping[str, int],
    duration_s: float,
    variants: list[dict[str, Any]],
) -> str:
    if counts["error"]:
        first = findings[0]
        at = ", ".join(filter(None, (first.where, f"line {first.line}" if first.line else "")))
        more = counts["error"] - 1
        rest = f" {more} more error{'s'[: more != 1]} below." if more else ""
        return f"{at[:1].upper()}{at[1:]}: {first.message}{rest}" if at else first.message + rest
    heights = [each["height"] for each in variants if each["height"]]
    best = f" up to {max(heights)}p" if heights else ""
    count = len(variants) or 1
    lacks = counts["must"] + counts["should"]
    advice = f" {lacks} thing{'s'[: lacks != 1]} could be better." if lacks else ""
    return (
        f"{count} rendition{'s'[: count != 1]}{best}, {words.runtime(duration_s)}. Every segment"
        f" that was tried answers.{advice}"
    )


def host_hint(url: str) -> str:
    """As much of an address as may be shown: `•••.example.com`, never more than two labels."""
    if url.startswith(DEMO_SCHEME):
        return "demo films"
    host = url.partition("//")[2].partition("/")[0].rpartition("@")[2].partition(":")[0]
    labels = [label for label in host.split(".") if label]
    if len(labels) < 2 or not labels[-1].removeprefix("xn--").isalnum() or labels[-1].isdigit():
        return "•••"
    if len(labels) == 2:
        return f"{labels[0][:1]}•••.{labels[1]}"
    return f"•••.{'.'.join(labels[-2:])}"
