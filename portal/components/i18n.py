"""Words of the interface in components: Vars that the browser reads in the document's language.

A component is compiled once for all languages, so what it says is chosen where it is shown:
`assets/site/i18n.js` looks the English text up in the document's table of messages. The English
text is the key and what is shown where a translation is missing.

    t("Watch now")
    t("Scroll on in {shelf}", shelf=row.title)
    tn("{n} film", "{n} films", genre.count)
    tc("verb", "Play")

Give literals, so that `make messages` finds them. What changes is named in braces: never put a
sentence together of parts, other languages have another order. States and services have functions
of the same names in `portal/services/translation.py`.
"""

from __future__ import annotations

from typing import Any

import reflex as rx
from reflex_base.vars import VarData
from reflex_base.vars.function import FunctionStringVar

_MODULE = "$/public/site/i18n.js"


def _call(name: str, *arguments: Any, values: dict[str, Any]) -> rx.Var[str]:
    function: FunctionStringVar[Any] = FunctionStringVar.create(
        name, _var_data=VarData(imports={_MODULE: [rx.ImportVar(tag=name)]})
    )
    given = [*arguments, values] if values else arguments
    return function.call(*given).to(str)


def t(text: Any, /, **values: Any) -> rx.Var[str]:
    """A text in the document's language.

    Args:
        text: In English; a Var for words that come with the data and may be known (a genre).
        **values: What stands in braces.
    """
    return _call("t", text, values=values)


def tc(context: str, text: str, /, **values: Any) -> rx.Var[str]:
    """A text that means several things, told apart by a word for translators."""
    return _call("tc", context, text, values=values)


def tn(one: str, other: str, n: Any, /, **values: Any) -> rx.Var[str]:
    """A text with a number.

    Args:
        one: In English, for 1; `{n}` is the number, written as the language does.
        other: In English, for all others.
        n: The number.
        **values: What else stands in braces.
    """
    return _call("tn", one, other, n, values=values)


def known(text: str) -> str:
    """Marks an English text that is data here and goes through `t` where it is shown."""
    return text


def known_as(context: str, text: str) -> str:
    """The same for words that mean several things."""
    del context
    return text


def number(value: Any) -> rx.Var[str]:
    """A number as the language writes it; not for years."""
    return _call("number", value, values={})
