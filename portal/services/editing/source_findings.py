"""What the portal itself finds wrong with a source, beside the rule table of `hls_playlists`.

Findings are shown to content managers: none contains an address.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from portal.services.hls_playlists import Finding, Level
from portal.services.origin_fetcher import ProbeResult

MAX_FINDINGS: Final = 300
_KEY_BYTES: Final = 16
SLOW_S: Final = 3.0
_ANSWERS = "See that the file is there, and that the origin lets the portal have it."
_TEXT_STARTS = (b"<", b"{", b"[")


def playlist_unreachable(where: str, detail: str) -> Finding:
    """A playlist that is listed does not answer."""
    return _error("SRC-E-001", f"The playlist does not answer: {detail}", _ANSWERS, where)


def playlist_refused(where: str) -> Finding:
    """A playlist leads to where the portal may not fetch."""
    return _error(
        "SRC-E-002",
        "It leads to a server that the portal may not fetch from.",
        "Keep all files of the film on public https servers, or have the host allowed.",
        where,
    )


def too_many_playlists(count: int, most: int) -> Finding:
    """More playlists than are looked at."""
    return _error(
        "SRC-E-003",
        f"The source lists {count} playlists; up to {most} are possible.",
        "Leave out variants that nobody needs.",
        "",
    )


def segment_unreachable(where: str, which: str, line: int, detail: str) -> Finding:
    """A segment does not answer."""
    return _error("SRC-E-004", f"The {which} does not answer: {detail}", _ANSWERS, where, line)


def out_of_time(seconds: float) -> Finding:
    """The check was given up."""
    return _error(
        "SRC-E-005",
        f"The origin is so slow that the check was given up after {seconds:g} seconds.",
        "Check again; if it stays so, viewers would wait too. Look after the origin.",
        "",
    )


def of_probe(
    probe: ProbeResult,
    *,
    where: str,
    which: str,
    line: int,
    is_encrypted: bool,
    end_byte: int | None,
) -> Iterable[Finding]:
    """What the first bytes of a segment tell.

    Args:
        probe: What the origin answered.
        where: Which playlist, in words.
        which: "first segment", "last segment" or "initialization section".
        line: Its line in the playlist.
        is_encrypted: Its bytes mean nothing without the key.
        end_byte: Where the byte range ends that the playlist names; None without one.
    """
    if probe.size_bytes == 0 or not probe.head:
        yield _error("SRC-E-006", f"The {which} is empty.", "Package the film again.", where, line)
    elif _is_text(probe, is_encrypted=is_encrypted):
        yield _error(
            "SRC-E-007",
            f"The {which} is text, such as an error page, and not a film.",
            _ANSWERS,
            where,
            line,
        )
    if end_byte is not None:
        if probe.size_bytes is not None and end_byte > probe.size_bytes:
            yield _error(
                "SRC-E-008",
                f"The {which} ends at byte {end_byte:,}, but its file has"
                f" {probe.size_bytes:,} bytes.",
                "Upload the whole file, or package the film again.",
                where,
                line,
            )
        if not probe.accepts_ranges:
            yield _error(
                "SRC-E-009",
                "The playlist names byte ranges, but the origin does not serve them.",
                "Serve the files from where Range requests work.",
                where,
                line,
            )
    if probe.elapsed_s > SLOW_S:
        yield Finding(
            "SRC-S-001",
            Level.SHOULD,
            line,
            f"The {which} began to come after {probe.elapsed_s:.1f} s; viewers wait as long.",
            "Put a CDN in front of the origin, or a faster one behind it.",
            where,
        )


def of_key(probe: ProbeResult, *, where: str, line: int) -> Iterable[Finding]:
    """What the answer for a decryption key tells: it has 16 bytes (RFC 8216, 4.3.2.4)."""
    size = probe.size_bytes if probe.size_bytes is not None else len(probe.head)
    if size != _KEY_BYTES:
        yield _error(
            "SRC-E-010",
            f"The decryption key has {size:,} bytes; an AES-128 key has {_KEY_BYTES}.",
            "Correct the address of the key, or what is served there.",
            where,
            line,
        )


def as_json(finding: Finding) -> dict[str, Any]:
    """A finding as it is stored and shown."""
    return {
        "rule": finding.id,
        "level": str(finding.level),
        "line": finding.line,
        "message": finding.message,
        "fix": finding.fix,
        "where": finding.where,
        "more": finding.more,
    }


def _error(rule: str, message: str, fix: str, where: str, line: int | None = None) -> Finding:
    return Finding(rule, Level.ERROR, line, message, fix, where)


def _is_text(probe: ProbeResult, *, is_encrypted: bool) -> bool:
    if probe.content_type.partition(";")[0].strip().lower() in {"text/html", "application/json"}:
        return not probe.head.startswith(b"WEBVTT")
    head = probe.head.removeprefix(b"\xef\xbb\xbf").lstrip()
    # Encrypted bytes may begin with anything, an opening bracket too.
    return not is_encrypted and head.startswith(_TEXT_STARTS) and probe.head.isascii()
