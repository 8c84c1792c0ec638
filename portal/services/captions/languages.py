"""Languages and kinds of caption tracks: BCP 47 tags, names, direction, labels."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Literal

import langcodes

from portal.services.captions.errors import CaptionError
from portal.services.captions.language_names import LANGUAGES, REGIONS, SCRIPTS
from portal.services.captions.webvtt.issues import quote

MAX_TAG_LENGTH: Final = 35
"""BCP 47, section 4.4.1: 35 characters hold every tag of language, script, region and variants."""

_RTL_SCRIPTS: Final = frozenset(
    {"Adlm", "Arab", "Aran", "Hebr", "Mand", "Mend", "Nkoo", "Rohg", "Samr", "Syrc", "Thaa", "Yezi"}
)


class CaptionKind(StrEnum):
    """What a caption track is for.

    Captions and SDH also describe sounds and name speakers; SDH (subtitles for the deaf and
    hard of hearing) is what captions of another form are called in film. Forced subtitles only
    translate what viewers of the original would be told (signs, a foreign language).
    """

    CAPTIONS = "captions"
    SUBTITLES = "subtitles"
    SDH = "sdh"
    FORCED = "forced"

    @property
    def label(self) -> str:
        """Its name for people."""
        return {"sdh": "SDH"}.get(self.value, self.value.capitalize())

    @property
    def html_kind(self) -> Literal["captions", "subtitles"]:
        """The `kind` of an HTML `track` element (HTML Standard, 4.8.11.11)."""
        return "captions" if self.is_for_the_deaf else "subtitles"

    @property
    def is_for_the_deaf(self) -> bool:
        """Whether sounds are described, as WCAG 1.2.2 asks of captions."""
        return self in (CaptionKind.CAPTIONS, CaptionKind.SDH)

    @property
    def is_full(self) -> bool:
        """Whether all dialogue is in it, so that a film may be published with it."""
        return self is not CaptionKind.FORCED

    @property
    def hls_characteristics(self) -> tuple[str, ...]:
        """Values for CHARACTERISTICS of an HLS rendition (RFC 8216, 4.3.4.1)."""
        if not self.is_for_the_deaf:
            return ()
        return (
            "public.accessibility.transcribes-spoken-dialog",
            "public.accessibility.describes-music-and-sound",
        )


@dataclass(frozen=True, slots=True)
class LanguageChoice:
    """A language for a list to choose from.

    Attributes:
        tag: BCP 47 tag.
        name: English name.
        own_name: Name in the language itself.
    """

    tag: str
    name: str
    own_name: str


def normalise_language(tag: str) -> str:
    """A BCP 47 tag in its canonical form: "pt_br" is "pt-BR", "iw" is "he".

    Raises:
        CaptionError: It is not a language tag, or has a part that is not registered.
    """
    text = tag.strip()
    try:
        if not text or len(text) > MAX_TAG_LENGTH or not text.isascii():
            raise ValueError("length")
        language = langcodes.Language.get(text)
        if not language.is_valid():
            raise ValueError("unregistered")
        return language.to_tag()
    except ValueError:  # also langcodes' own LanguageTagError
        raise CaptionError(
            f"{quote(tag)} is not a language tag. Use one such as “en”, “pt-BR” or “zh-Hant”.",
            reason="bad-language",
            field="language",
        ) from None


def display_name(tag: str, *, own: bool = False) -> str:
    """The language's name, e.g. "Portuguese (Brazil)" or, with `own`, "Português (Brasil)".

    A language without a name in our table is shown by its tag.
    """
    try:
        language = langcodes.Language.get(normalise_language(tag))
    except CaptionError:
        return tag
    which = 1 if own else 0
    names = LANGUAGES.get(language.language or "und")
    if names is None:
        return language.to_tag()
    parts = [
        SCRIPTS.get(language.script, (language.script,) * 2)[which] if language.script else "",
        REGIONS.get(language.territory, (language.territory,) * 2)[which]
        if language.territory
        else "",
    ]
    details = ", ".join(filter(None, parts))
    return f"{names[which]} ({details})" if details else names[which]


def text_direction(tag: str) -> Literal["ltr", "rtl"]:
    """The direction that the language is written in, by its (likely) script."""
    try:
        script = langcodes.Language.get(normalise_language(tag)).maximize().script
    except CaptionError:
        return "ltr"
    return "rtl" if script in _RTL_SCRIPTS else "ltr"


def suggest_label(tag: str, kind: CaptionKind) -> str:
    """The label of a track in the player's menu: "English", "English (SDH)", "German (forced)"."""
    name = display_name(tag)
    if kind is CaptionKind.SUBTITLES:
        return name
    what = "SDH" if kind is CaptionKind.SDH else kind.value
    return f"{name[:-1]}, {what})" if name.endswith(")") else f"{name} ({what})"


def language_choices() -> tuple[LanguageChoice, ...]:
    """The languages of our table by English name, with the usual regional ones, for a list."""
    tags = [tag for tag in LANGUAGES if tag not in ("und", "zxx", "mul")]
    tags += ["en-GB", "en-US", "es-419", "es-ES", "fr-CA", "pt-BR", "pt-PT", "sr-Latn"]
    tags += ["zh-Hans", "zh-Hant"]
    choices = [LanguageChoice(tag, display_name(tag), display_name(tag, own=True)) for tag in tags]
    return tuple(sorted(choices, key=lambda choice: choice.name))
