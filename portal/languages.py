"""The languages of the interface, and how an address names one. docs/languages.md adds another.

English has no prefix: `/movie/x`, `/pt/movie/x`, `/ar/movie/x` are one page in three languages.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

COOKIE = "portal_language"
"""What a person chose; it leads from the bare home page and speaks on pages without a prefix."""


@dataclass(frozen=True, slots=True)
class Language:
    """A language of the interface.

    Attributes:
        code: BCP 47, also the prefix of its addresses and the folder of its messages.
        name: In itself.
        locale: What dates and numbers follow, by CLDR's name.
        plurals: How its messages choose a plural form, as gettext writes it.
        is_rtl: Whether it is written from right to left.
    """

    code: str
    name: str
    locale: str
    plurals: str
    is_rtl: bool = False

    @property
    def prefix(self) -> str:
        """What its addresses begin with."""
        return "" if self is ENGLISH else f"/{self.code}"

    @property
    def direction(self) -> str:
        """The value of the attribute `dir`."""
        return "rtl" if self.is_rtl else "ltr"

    def path(self, path: str) -> str:
        """A path of `portal.routes` in this language; `/` becomes `/pt`."""
        return (self.prefix + path).removesuffix("/") if self.prefix else path


ENGLISH = Language("en", "English", "en_GB", "nplurals=2; plural=(n != 1);")
_ARABIC_PLURALS = (
    "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3"
    " : n%100>=11 ? 4 : 5);"
)
LANGUAGES = (
    ENGLISH,
    Language("pt", "Português", "pt", "nplurals=2; plural=(n > 1);"),
    Language("ar", "العربية", "ar", _ARABIC_PLURALS, is_rtl=True),
)
_BY_CODE = {language.code: language for language in LANGUAGES}
_WEIGHTED = re.compile(r"([a-zA-Z]{1,8}|\*)(?:-[\w-]*)?\s*(?:;\s*q=([01](?:\.\d{0,3})?))?\s*")


def by_code(code: str) -> Language | None:
    """The language of a code; None if the interface does not speak it."""
    return _BY_CODE.get(code)


def of_path(path: str) -> tuple[Language, str]:
    """The language that a path is in, and the path without its prefix."""
    first, _, rest = path[1:].partition("/")
    language = _BY_CODE.get(first)
    if language is None or not language.prefix:
        return ENGLISH, path
    return language, f"/{rest}"


def accepted(header: str) -> Language | None:
    """The language that a browser likes best of ours (`Accept-Language`, RFC 9110, 12.5.4).

    Args:
        header: Its value.

    Returns:
        None where it names none of ours; a region does not matter.
    """
    liked = list(_liked(header[:500]))
    best = max(liked, key=lambda entry: entry[1], default=None)
    return best[0] if best else None


def _liked(header: str) -> Iterable[tuple[Language, float]]:
    for entry in header.split(","):
        found = _WEIGHTED.fullmatch(entry.strip())
        language = _BY_CODE.get(found[1].lower()) if found else None
        weight = float(found[2] or 1) if found else 0.0
        if language and weight > 0:
            yield language, weight
