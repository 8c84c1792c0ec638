"""Text as it is compared in searches. Pure."""

from __future__ import annotations

import re
import unicodedata

_WORD = re.compile(r"\w+")
MAX_TEXT = 100
"""What somebody types is cut here, in characters."""


def search_key(text: str) -> str:
    """Text without case and accents."""
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def search_words(text: str) -> list[str]:
    """The words of a text, each as `search_key` has it, in their order."""
    return _WORD.findall(search_key(text))
