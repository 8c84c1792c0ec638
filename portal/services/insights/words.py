"""Figures as people read them."""

from __future__ import annotations

from portal.services.captions.languages import display_name
from portal.services.qoe.rollups import instant_of

NOTHING = "–"
CAUSES = {
    "network": "Network lost",
    "media": "Device could not decode",
    "source": "Broken source",
    "offline": "Viewer offline",
    "timeout": "Took too long",
    "unsupported": "Browser too old",
    "refused": "Refused",
    "session-revoked": "Session ended by us",
    "movie-not-found": "Film hidden meanwhile",
    "not-available": "Film left the catalog",
    "forbidden": "Not allowed",
    "caption-missing": "No captions",
    "token-invalid": "Token not accepted",
    "token-expired": "Token ended",
    "origin-failed": "Source did not answer",
    "unavailable": "Portal had trouble",
    "rate-limited": "Too many requests",
    "too-many-streams": "Too many films at once",
    "other": "Something else",
}
LIMITS = {
    "viewer": "Viewers' requests",
    "admin": "Content managers' changes",
    "renewal": "Renewals of a film that plays",
    "streams": "Films at once",
    "qoe": "Players' reports",
}


def number(value: float) -> str:
    """Whole, with thin groups: 1 234 567."""
    return f"{round(value):,}".replace(",", "\u202f")


def hours(play_ms: int) -> str:
    """Hours, finer where there are few."""
    value = play_ms / 3_600_000
    if 0 < value < 10:
        return f"{value * 60:.0f} min" if value < 1 else f"{value:.1f} h"
    return f"{number(value)} h"


def percent(share: float | None) -> str:
    """Finer where it is small, as failures are."""
    if share is None:
        return NOTHING
    value = share * 100
    if 0 < value < 0.01:
        return "< 0.01 %"
    if value >= 10 or value == 0:
        return f"{value:.0f} %"
    return f"{value:.1f} %" if value >= 1 else f"{value:.2f} %"


def duration(ms: float | None) -> str:
    """Milliseconds up to a second, then seconds."""
    if ms is None:
        return NOTHING
    return (
        f"{ms:.0f} ms"
        if ms < 999.5
        else f"{ms / 1000:.2f} s"
        if ms < 9995
        else f"{ms / 1000:.0f} s"
    )


def cause(code: str) -> str:
    """A failure."""
    return CAUSES.get(code, code)


def limit(name: str) -> str:
    """A rate limit."""
    return LIMITS.get(name, name)


def language(tag: str) -> str:
    """A caption language."""
    return "Unknown language" if tag == "und" else display_name(tag)


def height(part: str) -> str:
    """A rendition."""
    return f"{part}p" if part not in {"", "0"} else "Before the first frame"


def step(hour: int, grain: str) -> str:
    """A step of a chart, for its table."""
    at = instant_of(hour)
    return f"{at.day} {at:%b} {at:%H:%M}" if grain == "h" else f"{at.day} {at:%b %Y}"
