"""What a page's address says, read on the server from the socket's router data."""

from __future__ import annotations

from urllib.parse import unquote


def last_segment(path: str) -> str:
    """The slug of `/movie/<slug>` or `/watch/<slug>/`."""
    return unquote(path.rstrip("/").rsplit("/", 1)[-1])
