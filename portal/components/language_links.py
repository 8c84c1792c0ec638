"""The page in other languages: the client half is `assets/site/languages.js`."""

from __future__ import annotations

from typing import Any

from reflex_base.components.component import field
from reflex_base.vars import Var
from reflex_components_core.el.elements.base import BaseHTML

from portal.languages import LANGUAGES

_CHOICES = [
    {"code": language.code, "name": language.name, "prefix": language.prefix}
    for language in LANGUAGES
]


class LanguageLinks(BaseHTML):
    """A list of links, each in its own language."""

    library = "$/public/site/languages.js"
    tag = "LanguageLinks"

    choices: Var[list[dict[str, str]]] = field(doc="Code, name and prefix of each language.")


def language_links(**props: Any) -> LanguageLinks:
    """See `LanguageLinks`."""
    made: LanguageLinks = LanguageLinks.create(choices=_CHOICES, **props)
    return made
