"""Lines as a player writes them."""

from __future__ import annotations

from typing import Any


def line(session_id: str, movie_id: str, number: int, **more: Any) -> str:
    """A CMCD v2 event; keywords are keys, with `_` for `-`, and `portal_` may be left out."""
    short = {"at", "ok", "sf", "xf", "ex", "pl", "st", "dg", "ns", "sw", "er", "rc", "cc", "cr"}
    keys: dict[str, Any] = {
        "v": 2, "sid": f'"{session_id}"', "cid": f'"{movie_id}"', "sn": number, "ts": 1_000,
        "e": "ps", "sta": "p", "portal-at": 1,
    }  # fmt: skip
    for name, value in more.items():
        key = f"portal-{name}" if name in short | {"h", "cl"} else name.replace("_", "-")
        keys[key] = f"?{int(value)}" if isinstance(value, bool) else value
    return ",".join(f"{key}={value}" for key, value in keys.items())
