"""An inverted index of words: which numbers (movies) have a word that begins so, typos forgiven."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import OSA

from portal.services.bits import bits_of

_DENSE = 512
"""From so many numbers on a word keeps them as bits."""
_SHORT = 2
"""Beginnings of up to so many letters are kept: they would unite thousands of words."""
_LAST = chr(0x10FFFF)
_NEAR_WORDS = 12

Postings = NDArray[np.int32] | int


def is_near(word: str, meant: str) -> bool:
    """Whether a word is another one with as many slips as `WordIndex.near` forgives."""
    slips = 0 if len(word) <= 3 else 1 if len(word) <= 6 else 2
    return OSA.distance(word, meant, score_cutoff=slips) <= slips


class WordIndex:
    """Never changed: `changed` gives another one, which shares what stayed the same."""

    __slots__ = ("_postings", "_short", "_vocabulary")

    def __init__(
        self, postings: dict[str, Postings], vocabulary: list[str], short: dict[str, int]
    ) -> None:
        self._postings = postings
        self._vocabulary = vocabulary
        self._short = short

    @classmethod
    def of(cls, words_of: Mapping[int, Iterable[str]]) -> WordIndex:
        """Index the words of each number."""
        postings: dict[str, set[int]] = {}
        for number, words in words_of.items():
            for word in words:
                postings.setdefault(word, set()).add(number)
        short: dict[str, set[int]] = {}
        for word, numbers in postings.items():
            for begin in _beginnings(word):
                short.setdefault(begin, set()).update(numbers)
        return cls(
            {word: _packed(numbers) for word, numbers in postings.items()},
            sorted(postings),
            {begin: bits_of(_array(numbers)) for begin, numbers in short.items()},
        )

    def changed(
        self, gone: Mapping[int, Iterable[str]], new: Mapping[int, Iterable[str]]
    ) -> WordIndex:
        """The index without all words of some numbers, and then with the words of others."""
        postings, vocabulary = dict(self._postings), list(self._vocabulary)
        short = dict(self._short)
        for number, words in gone.items():
            for word in set(words):
                left = _without(postings[word], number)
                if left is None:
                    del postings[word]
                    del vocabulary[bisect_left(vocabulary, word)]
                else:
                    postings[word] = left
                for begin in _beginnings(word):
                    short[begin] &= ~(1 << number)
        for number, words in new.items():
            for word in set(words):
                if word not in postings:
                    insort(vocabulary, word)
                    postings[word] = np.array((number,), np.int32)
                else:
                    postings[word] = _with(postings[word], number)
                for begin in _beginnings(word):
                    short[begin] = short.get(begin, 0) | 1 << number
        return WordIndex(postings, vocabulary, short)

    def beginning(self, text: str) -> int:
        """Numbers with a word that begins so, as bits."""
        if len(text) <= _SHORT:
            return self._short.get(text, 0)
        start = bisect_left(self._vocabulary, text)
        end = bisect_left(self._vocabulary, text + _LAST)
        return self._united(self._vocabulary[start:end])

    def near(self, text: str) -> int:
        """Numbers with a word that somebody may have meant, as bits.

        One slip (a letter more, less, wrong, or two swapped) in words of four to six letters, two
        in longer ones; none in shorter ones, where everything is near.
        """
        if len(text) <= 3 or not text.isalpha():
            return 0
        # Hardly anybody misses the first letter: the others are looked at where that finds nothing.
        start = bisect_left(self._vocabulary, text[0])
        end = bisect_left(self._vocabulary, text[0] + _LAST)
        bits = self._nearest(text, self._vocabulary[start:end])
        return bits or self._nearest(text, [*self._vocabulary[:start], *self._vocabulary[end:]])

    def _nearest(self, text: str, words: list[str]) -> int:
        slips = 1 if len(text) <= 6 else 2
        found = process.extract(
            text,
            [word for word in words if abs(len(word) - len(text)) <= slips and word.isalpha()],
            scorer=OSA.distance,
            score_cutoff=slips,
            limit=_NEAR_WORDS,
            processor=None,
        )
        best = min((slips for _, slips, _ in found), default=0)
        return self._united(word for word, slips, _ in found if slips == best)

    def _united(self, words: Iterable[str]) -> int:
        bits, few = 0, list[NDArray[np.int32]]()
        for word in words:
            numbers = self._postings[word]
            if isinstance(numbers, int):
                bits |= numbers
            else:
                few.append(numbers)
        return bits | bits_of(np.concatenate(few)) if few else bits


def _beginnings(word: str) -> set[str]:
    return {word[:length] for length in range(1, _SHORT + 1)}


def _array(numbers: set[int]) -> NDArray[np.int32]:
    return np.fromiter(numbers, np.int32, len(numbers))


def _packed(numbers: set[int]) -> Postings:
    found = _array(numbers)
    return bits_of(found) if len(found) >= _DENSE else found


def _with(numbers: Postings, number: int) -> Postings:
    if isinstance(numbers, int):
        return numbers | 1 << number
    return np.append(numbers, np.int32(number))


def _without(numbers: Postings, number: int) -> Postings | None:
    """The others; None where there are none."""
    if isinstance(numbers, int):
        return numbers & ~(1 << number) or None
    left = numbers[numbers != number]
    return left if len(left) else None
