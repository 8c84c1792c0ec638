"""Finds what no log may hold: keys, tokens, passwords, and where films come from.

`live_portal` names each log that a portal writes to `WRITTEN`; at the end of a test process, the
fixture `no_secret_in_any_log` of tests/conftest.py reads them all.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

from tests.support.people import PASSWORD

SHAPES = {
    "a signed token": re.compile(r"eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,}"),
    "a stream token in a path": re.compile(r"/hls/(?!\[token\]|\{)[^/\s\"']{20,}/"),
    "a token of the API": re.compile(r"\bportal_(?!__state_)[\w-]{40,}"),
    "a source URL": re.compile(r"https?://[^\s\"'\\]+\.(?:m3u8|m4s|cmf[vat]|ts|mp4|key)\b", re.I),
    "a URL with a password": re.compile(r"[a-z+]+://[^\s/\"'@:]*:[^\s/\"'@*\[]+@"),
    "a viewer's cookie": re.compile(r"portal_viewer=[\w.-]{20,}"),
}
PRIVATE_KEY = "a key of the key ring"


@dataclass(frozen=True)
class Log:
    """A file that a portal wrote, and the folder with the keys it had."""

    path: Path
    data_dir: Path


WRITTEN: list[Log] = []


def keys_in(data_dir: Path) -> set[str]:
    """All keys of a data folder's key ring."""
    try:
        ring = json.loads((data_dir / "keys.json").read_text())
    except (OSError, ValueError):
        return set()
    return {key for of in ring["purposes"].values() for key in of["keys"].values()}


def leaks(text: str, secrets: set[str]) -> list[str]:
    """What a text holds that it must not: kind and place; the secret itself is not repeated."""
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        found += [f"line {number}: {kind}" for kind, shape in SHAPES.items() if shape.search(line)]
        found += [f"line {number}: {PRIVATE_KEY}" for key in secrets if key in line]
        if PASSWORD in line:
            found.append(f"line {number}: a password")
    return found


def leaks_of(logs: list[Log]) -> list[str]:
    """What is in files, by file."""
    return [
        f"{log.path}: {leak}"
        for log in logs
        if log.path.exists()
        for leak in leaks(log.path.read_text(errors="replace"), keys_in(log.data_dir))
    ]
