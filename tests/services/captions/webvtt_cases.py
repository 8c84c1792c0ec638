"""The WebVTT file-parsing cases in tests/fixtures/webvtt: NAME.vtt beside NAME.json."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from portal.services.captions import webvtt

FOLDER = Path(__file__).parents[2] / "fixtures" / "webvtt"
NAMES = sorted(path.stem for path in FOLDER.glob("*.vtt"))


def load(name: str) -> tuple[bytes, dict[str, Any]]:
    """A case's input and what is expected of it."""
    expected = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return (FOLDER / f"{name}.vtt").read_bytes(), expected


def expected_cues(expected: dict[str, Any]) -> tuple[webvtt.Cue, ...]:
    return tuple(
        webvtt.Cue(
            id=cue.get("id", ""),
            start_s=cue["start_s"],
            end_s=cue["end_s"],
            text=cue["text"],
            settings=webvtt.CueSettings(**cue.get("settings", {})),
        )
        for cue in expected["cues"]
    )


def expected_regions(expected: dict[str, Any]) -> tuple[webvtt.Region, ...]:
    return tuple(
        webvtt.Region(**{k: tuple(v) if isinstance(v, list) else v for k, v in region.items()})
        for region in expected["regions"]
    )
