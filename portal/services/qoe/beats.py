"""What a player tells of itself: CMCD v2 events (CTA-5004-B), a structured field a line.

Each line carries counters that only grow, from the begin of its session. So a line that is lost, or
comes twice, or late, changes no figure: the newest one says it all, and what it says more than the
line before is what has happened since.

| key | meaning |
|---|---|
| `v`, `sid`, `cid` | 2; the viewing session; the movie's id |
| `sn`, `ts` | number of the line, from 1; the client's clock in ms |
| `e` | `ps` play state changed, `t` heartbeat, `bc` rendition changed, `e` error, `ce` captions |
| `sta` | `s` wanted, `p` plays, `r` rebuffers, `k` seeks, `a` paused, `e` ended, `f` failed, |
| | `q` left |
| `msd` | play intent to first frame moving, ms, on the line of the first frame |
| `portal-tp` | on the same line: the `traceparent` that its requests had until then |
| `ec` | error codes, the last one first |
| `portal-h` | height of the rendition that played up to this line, 0 unknown |
| `portal-at`, `-ok` | attempts, starts |
| `portal-sf`, `-xf`, `-ex` | failures before and after the first frame, exits before it |
| `portal-pl`, `-st`, `-dg` | ms played, stalled, played below what bandwidth and size allow |
| `portal-ns`, `-sw`, `-er` | stalls, rendition switches, errors |
| `portal-rc` | bits of the tenths of the film in which it played, the first tenth is 1 |
| `portal-cc`, `-cr`, `-cl` | captions were on; a cue was rendered; their language |
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from typing import Final

from portal.services.qoe.structured_fields import (
    InnerList,
    Item,
    MalformedField,
    Member,
    Token,
    parse_dictionary,
)

MAX_LINES: Final = 64
TENTHS: Final = 10
STATES: Final = frozenset("sprkaefq")
EVENTS: Final = frozenset({"ps", "t", "bc", "e", "ce"})
MAX_MS: Final = 48 * 3_600_000
MAX_COUNT: Final = 100_000
_SESSION = re.compile(r"[0-9a-f]{56}")
_MOVIE = re.compile(r"[0-9a-f]{32}")
_TRACEPARENT = re.compile(r"00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")
_CODE = re.compile(r"[a-z0-9][a-z0-9.-]{0,39}")
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,3}")


class BadBeat(ValueError):
    """A line that no player of ours sends; says which key, never its value."""


@dataclass(frozen=True, slots=True)
class Counters:
    """What a session has come to; each number only grows. Times in ms."""

    attempts: int = 0
    starts: int = 0
    start_failures: int = 0
    later_failures: int = 0
    early_exits: int = 0
    play_ms: int = 0
    stall_ms: int = 0
    degraded_ms: int = 0
    stalls: int = 0
    switches: int = 0
    errors: int = 0

    def since(self, before: Counters) -> Counters:
        """What happened since an earlier state; a number that went back counts as nothing."""
        return Counters(
            *(max(0, getattr(self, f.name) - getattr(before, f.name)) for f in fields(self))
        )


_KEYS: Final = {
    "attempts": "portal-at",
    "starts": "portal-ok",
    "start_failures": "portal-sf",
    "later_failures": "portal-xf",
    "early_exits": "portal-ex",
    "play_ms": "portal-pl",
    "stall_ms": "portal-st",
    "degraded_ms": "portal-dg",
    "stalls": "portal-ns",
    "switches": "portal-sw",
    "errors": "portal-er",
}


@dataclass(frozen=True, slots=True)
class Beat:
    """One line."""

    session_id: str
    movie_id: str
    number: int
    client_ms: int
    event: str
    state: str
    counters: Counters
    start_ms: int | None
    traceparent: str
    codes: tuple[str, ...]
    height: int
    tenths: int
    captions_on: bool
    caption_rendered: bool
    caption_language: str


def parse_beats(body: str) -> list[Beat]:
    """All lines of a request, in their order, which is that of their numbers.

    Raises:
        BadBeat: One of them is not understood, or they are of several sessions: none is used.
    """
    lines = [line for line in body.split("\n") if line]
    if not 1 <= len(lines) <= MAX_LINES:
        raise BadBeat(f"not 1 to {MAX_LINES} lines")
    beats = [_beat(line) for line in lines]
    if len({(beat.session_id, beat.movie_id) for beat in beats}) != 1:
        raise BadBeat("lines of several sessions")
    numbers = [beat.number for beat in beats]
    if numbers != sorted(set(numbers)):
        raise BadBeat("sn: not in order")
    return beats


def _beat(line: str) -> Beat:
    try:
        found = parse_dictionary(line)
    except MalformedField as error:
        raise BadBeat(str(error)) from None
    if _int(found, "v", 1, 9) != 2:
        raise BadBeat("v: not 2")
    captions = (_bool(found, "portal-cc"), _bool(found, "portal-cr"))
    return Beat(
        session_id=_text(found, "sid", _SESSION),
        movie_id=_text(found, "cid", _MOVIE),
        number=_int(found, "sn", 1, MAX_COUNT),
        client_ms=_int(found, "ts", 0, 10**14),
        event=_token(found, "e", EVENTS),
        state=_token(found, "sta", STATES),
        counters=Counters(
            **{
                name: _int(found, key, 0, MAX_MS if name.endswith("_ms") else MAX_COUNT, 0)
                for name, key in _KEYS.items()
            }
        ),
        start_ms=_int(found, "msd", 0, MAX_MS) if "msd" in found else None,
        traceparent=_text(found, "portal-tp", _TRACEPARENT, ""),
        codes=_codes(found),
        height=_int(found, "portal-h", 0, 8640, 0),
        tenths=_int(found, "portal-rc", 0, 2**TENTHS - 1, 0),
        captions_on=captions[0],
        caption_rendered=captions[0] and captions[1],
        caption_language=_text(found, "portal-cl", _LANGUAGE, "").lower() if captions[0] else "",
    )


def _value(found: dict[str, Member], key: str) -> object:
    member = found.get(key)
    return member.value if isinstance(member, Item) else None


def _int(
    found: dict[str, Member], key: str, least: int, most: int, absent: int | None = None
) -> int:
    if absent is not None and key not in found:
        return absent
    value = _value(found, key)
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise BadBeat(f"{key}: not a number from {least} to {most}")
    return value


def _bool(found: dict[str, Member], key: str) -> bool:
    value = _value(found, key) if key in found else False
    if not isinstance(value, bool):
        raise BadBeat(f"{key}: not a boolean")
    return value


def _text(
    found: dict[str, Member], key: str, shape: re.Pattern[str], absent: str | None = None
) -> str:
    if absent is not None and key not in found:
        return absent
    value = _value(found, key)
    if isinstance(value, Token) or not isinstance(value, str) or not shape.fullmatch(value):
        raise BadBeat(f"{key}: not a string of the expected shape")
    return value


def _token(found: dict[str, Member], key: str, known: frozenset[str]) -> str:
    value = _value(found, key)
    if not isinstance(value, Token) or value not in known:
        raise BadBeat(f"{key}: unknown")
    return str(value)


def _codes(found: dict[str, Member]) -> tuple[str, ...]:
    member = found.get("ec")
    if member is None:
        return ()
    values = [item.value for item in member.items] if isinstance(member, InnerList) else []
    codes = tuple(str(value) for value in values if type(value) is str and _CODE.fullmatch(value))
    if not codes or len(codes) != len(values):
        raise BadBeat("ec: not a list of codes")
    return codes
