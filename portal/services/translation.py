"""Words of the interface in Python, in the language of the person who is being answered.

    t("Film not found")
    t("Coming {day}", day=...)
    tn("{n} film", "{n} films", total)
    tc("verb", "Play")
    later("Sign in to do this.")      a text that is shown later, in a language not yet known

The English text is the key and what is shown where a translation is missing. Who is answered is
known from the page's address (`speaking`); outside of that, English is spoken: the API, logs, the
command line. Components have functions of the same names in `portal/components/i18n.py`.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from portal.languages import ENGLISH, Language

LOCALES = Path(__file__).resolve().parents[2] / "locales"
DOMAIN = "portal"
_PLACE = re.compile(r"\{(\w+)\}")
_spoken: ContextVar[Language] = ContextVar("language", default=ENGLISH)


def language() -> Language:
    """The language that is spoken here."""
    return _spoken.get()


def speak(chosen: Language) -> None:
    """Speak a language for the rest of this task."""
    _spoken.set(chosen)


@contextlib.contextmanager
def speaking(chosen: Language) -> Iterator[None]:
    """Speak a language while the block runs."""
    before = _spoken.set(chosen)
    try:
        yield
    finally:
        _spoken.reset(before)


class Later(str):
    """An English text that knows how to be said in another language."""

    __slots__ = ("n", "one", "other", "values")

    one: str
    other: str
    n: int | None
    values: Mapping[str, Any]


def later(text: str, /, **values: Any) -> str:
    """A text that is translated when it is shown (`told`); until then it is English."""
    return _later(text, "", None, values)


def later_n(one: str, other: str, n: int, /, **values: Any) -> str:
    """The same with a number."""
    return _later(one, other, n, values)


def _later(one: str, other: str, n: int | None, values: Mapping[str, Any]) -> Later:
    with speaking(ENGLISH):
        text = Later(t(one, **values) if n is None else tn(one, other, n, **values))
    text.one, text.other, text.n, text.values = one, other, n, values
    return text


def told(text: str) -> str:
    """A text that was made with `later`, or is itself a message, in the language spoken here."""
    if not isinstance(text, Later):
        return t(text)
    if text.n is None:
        return t(text.one, **text.values)
    return tn(text.one, text.other, text.n, **text.values)


def t(text: str, /, **values: Any) -> str:
    """A text in the language spoken here.

    Args:
        text: In English, with names in braces for what changes.
        **values: What stands in braces; texts made with `later` are translated.
    """
    spoken = _spoken.get()
    return _filled(catalog(spoken).texts.get(text, text), values, spoken)


def tc(context: str, text: str, /, **values: Any) -> str:
    """A text that means several things, told apart by a word for translators."""
    spoken = _spoken.get()
    found = catalog(spoken).texts.get(f"{context}\x04{text}", text)
    return _filled(found, values, spoken)


def tn(one: str, other: str, n: int, /, **values: Any) -> str:
    """A text with a number.

    Args:
        one: In English, for 1; `{n}` is the number, written as the language does.
        other: In English, for all others.
        n: The number.
        **values: What else stands in braces.
    """
    spoken = _spoken.get()
    messages = catalog(spoken)
    forms = messages.plurals.get(one)
    text = forms[messages.form_of(n)] if forms else (one if n == 1 else other)
    return _filled(text, {**values, "n": n}, spoken)


def number(value: float) -> str:
    """A number as the language writes it, in European digits as the whole interface has them."""
    spoken = _spoken.get()
    if spoken is ENGLISH and isinstance(value, int):
        return f"{value:,}"
    return str(format_decimal(value, locale=spoken.locale, numbering_system="latn"))


def _filled(text: str, values: Mapping[str, Any], spoken: Language) -> str:
    if not values:
        return text

    def value_of(place: re.Match[str]) -> str:
        value = values.get(place[1], place[0])
        if isinstance(value, int):
            return number(value)
        shown = told(value) if isinstance(value, Later) else str(value)
        # A title in another script keeps its own direction (U+2068, U+2069).
        return f"\u2068{shown}\u2069" if spoken.is_rtl else shown

    return _PLACE.sub(value_of, text)


@dataclass(frozen=True)
class Messages:
    """A language's messages.

    Attributes:
        texts: By English text, or by context, U+0004 and text.
        plurals: Forms by the English text for 1.
        plural_rule: Of the catalog's header: an expression of C, in `n`.
        catalog: As it was read.
    """

    texts: Mapping[str, str]
    plurals: Mapping[str, tuple[str, ...]]
    plural_rule: str
    catalog: Catalog

    def form_of(self, n: int) -> int:
        """Which form stands with a number."""
        return int(self._rule(n))

    @property
    def _rule(self) -> Any:
        return _compiled(self.plural_rule)


@lru_cache(maxsize=8)
def _compiled(rule: str) -> Any:
    from gettext import c2py  # what gettext itself uses

    return c2py(rule)


@lru_cache(maxsize=16)
def catalog(spoken: Language) -> Messages:
    """The messages of a language; none for English."""
    path = LOCALES / spoken.code / "LC_MESSAGES" / f"{DOMAIN}.po"
    if not spoken.prefix or not path.is_file():
        return Messages({}, {}, "(n != 1)", Catalog())
    with path.open("rb") as file:
        return messages_of(read_po(file, locale=spoken.locale, domain=DOMAIN))


def messages_of(read: Catalog) -> Messages:
    """What a catalog says; what is empty or doubtful (fuzzy) is said in English."""
    texts: dict[str, str] = {}
    plurals: dict[str, tuple[str, ...]] = {}
    for message in read:
        if not message.id or message.fuzzy:
            continue
        if isinstance(message.id, tuple | list):
            forms = tuple(message.string or ())
            if all(forms):
                plurals[message.id[0]] = forms
        elif message.string:
            key = f"{message.context}\x04{message.id}" if message.context else message.id
            texts[key] = str(message.string)
    return Messages(texts, plurals, str(read.plural_expr), read)
