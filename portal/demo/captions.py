"""Narrations of the films as WebVTT caption files.

A narration is a text file, one block a cue: the times in seconds, then a line per language,
``/`` between the two lines of a cue::

    07.0 11.6
    en| My grandmother counted seven ridges / between her door and the sea.
    pt| A minha avó contava sete serras / entre a sua porta e o mar.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path

from portal.demo.packaging.storyboard import format_timestamp

LANGUAGES = {"en": "English", "pt": "Português", "ar": "العربية"}
"""BCP 47 tag and own name of every language that a narration may use."""


@dataclass(frozen=True, slots=True)
class Cue:
    """One cue: times in seconds, text with at most one line break."""

    start_s: float
    end_s: float
    text: str


@cache
def read_narration(film: str) -> dict[str, tuple[Cue, ...]]:
    """Return the cues of a film by language, in the order of ``LANGUAGES``."""
    source = resources.files("portal.demo") / "narration" / f"{film}.txt"
    cues: dict[str, list[Cue]] = {language: [] for language in LANGUAGES}
    for block in source.read_text("utf-8").strip().split("\n\n"):
        times, *lines = block.splitlines()
        start, end = (float(value) for value in times.split())
        for line in lines:
            language, text = line.split("|", 1)
            words = "\n".join(part.strip() for part in text.split(" / "))
            cues[language].append(Cue(start, end, words))
    return {language: tuple(found) for language, found in cues.items() if found}


def write_captions(folder: Path, film: str, duration_s: float) -> list[str]:
    """Write ``<language>.vtt`` for each language of a film; returns the languages.

    Args:
        folder: Where to write; it is made.
        film: Key of the film.
        duration_s: Length of the film as built; later cues are left out.
    """
    folder.mkdir(parents=True, exist_ok=True)
    narration = read_narration(film)
    for language, cues in narration.items():
        text = ["WEBVTT", ""]
        for number, cue in enumerate((cue for cue in cues if cue.end_s <= duration_s), 1):
            times = f"{format_timestamp(cue.start_s)} --> {format_timestamp(cue.end_s)}"
            text += [str(number), times, cue.text, ""]
        (folder / f"{language}.vtt").write_text("\n".join(text), encoding="utf-8")
    return list(narration)
