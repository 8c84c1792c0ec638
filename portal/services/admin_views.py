"""What content managers' pages show: small, frozen, in words, without secrets.

As in `views`, all fields have defaults because a Reflex state needs an empty value before the first
load.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MovieLine:
    """One line.

    Attributes:
        facts: "2021 · 1 h 32 min · Drama".
        state: A value of `State`.
        state_words: "Goes live Fri 27 Nov 18:00 UTC · in 4 days".
        source: ok, warnings, failed, unchecked or missing.
        source_words: The same for people.
    """

    movie_id: str = ""
    slug: str = ""
    title: str = ""
    facts: str = ""
    art: str = ""
    color: str = "#1b1a20"
    state: str = "draft"
    state_words: str = ""
    captions: str = ""
    source: str = ""
    source_words: str = ""
    updated: str = ""
    href: str = ""
