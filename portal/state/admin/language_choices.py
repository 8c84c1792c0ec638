"""Languages and kinds that the caption forms offer."""

from __future__ import annotations

from typing import Final

from portal.services.captions.languages import CaptionKind, display_name

_COMMON = (
    "ar", "bg", "ca", "cs", "da", "de", "el", "en", "en-GB", "en-US", "es", "es-419", "et", "fa",
    "fi", "fr", "fr-CA", "he", "hi", "hr", "hu", "id", "it", "ja", "ko", "lt", "lv", "nb", "nl",
    "pl", "pt", "pt-BR", "ro", "ru", "sk", "sl", "sr", "sv", "th", "tr", "uk", "vi", "zh-Hans",
    "zh-Hant",
)  # fmt: skip

LANGUAGES: Final = {tag: display_name(tag) for tag in _COMMON}
"""Those that a list offers; any other BCP 47 tag can be written."""
KINDS: Final = {
    CaptionKind.SUBTITLES.value: "Subtitles: dialogue",
    CaptionKind.CAPTIONS.value: "Captions: dialogue and sounds",
    CaptionKind.SDH.value: "SDH: for the deaf and hard of hearing",
    CaptionKind.FORCED.value: "Forced: signs and other languages only",
}
