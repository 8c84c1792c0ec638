"""Text as it is compared in searches. Pure."""

from __future__ import annotations

import re
import unicodedata

_WORD = re.compile(r"\w+")
# Scripts that put no spaces between words: Thai, Lao, Burmese, Khmer, kana, Han.
UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uf900-\ufaff\U00020000-\U0003ffff]+"
)
# Letters that Unicode does not take apart, and the line that only makes Arabic words longer.
_LETTERS = str.maketrans(
    {"ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "ı": "i", "ð": "d", "ـ": ""}
)
MAX_TEXT = 100
"""What somebody types is cut here, in characters."""


def search_key(text: str) -> str:
    """Text without case and accents."""
    if text.isascii():
        return text.casefold()
    decomposed = unicodedata.normalize("NFKD", text).casefold().translate(_LETTERS)
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def search_words(text: str) -> list[str]:
    """The words of a text, each as `search_key` has it, in their order."""
    return _WORD.findall(search_key(text))


def index_words(text: str) -> list[str]:
    """The words that a text is found by.

    Where a script has no spaces, each character with the next one is a word, and the last one
    alone: so a part of a text has words that begin words of the whole.
    """
    key = search_key(text)
    words = _WORD.findall(key)
    if key.isascii() or not UNSPACED.search(key):
        return words
    return [part for word in words for part in _parts(word)]


def _parts(word: str) -> list[str]:
    parts, end = [], 0
    for run in UNSPACED.finditer(word):
        if run.start() > end:
            parts.append(word[end : run.start()])
        parts += [run[0][i : i + 2] for i in range(len(run[0]))]
        end = run.end()
    return [*parts, word[end:]] if end < len(word) else parts
