"""`make messages`: read the interface's messages from the sources into locales/*/LC_MESSAGES/*.po.

What was translated stays; what is new has an empty translation, and the tests name it. A message
whose English text changes is a new message. docs/languages.md.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_keywords, parse_mapping_cfg
from babel.messages.pofile import read_po, write_po

from portal.languages import LANGUAGES, Language
from portal.services.translation import DOMAIN, LOCALES

ROOT = Path(__file__).resolve().parents[1]
# Components, services and the browser's code have functions of the same names.
KEYWORDS = parse_keywords(
    ["t", "tc:1c,2", "tn:1,2", "later", "later_n:1,2", "known", "known_as:1c,2"]
)
_PACKAGES = ("portal", "assets")
HEADER = "# Messages of the portal's interface: docs/languages.md."


def template() -> Catalog:
    """All messages of the sources, in the order of their files."""
    with (ROOT / "babel.cfg").open() as file:
        method_map, options_map = parse_mapping_cfg(file)
    catalog = Catalog(domain=DOMAIN, fuzzy=False)
    for path, _line, message, comments, context in _extracted(method_map, options_map):
        catalog.add(message, None, [(path, 0)], auto_comments=comments, context=context)
    return catalog


def _extracted(
    method_map: list[tuple[str, str]], options_map: dict[str, dict[str, str]]
) -> Iterator[tuple[str, int, str | tuple[str, ...], list[str], str | None]]:
    for package in _PACKAGES:
        top = f"{package}/"
        methods = [
            (pattern.removeprefix(top), kind) for pattern, kind in method_map if top in pattern
        ]
        options = {pattern.removeprefix(top): given for pattern, given in options_map.items()}
        found = extract_from_dir(
            ROOT / package, methods, options, keywords=KEYWORDS, comment_tags=("Translators:",)
        )
        for path, line, message, comments, context in sorted(found, key=lambda one: one[:2]):
            yield top + path, line, message, comments, context


def path_of(language: Language) -> Path:
    """The file of a language's messages."""
    return LOCALES / language.code / "LC_MESSAGES" / f"{DOMAIN}.po"


def read(language: Language) -> Catalog:
    """A language's messages as they are stored; none yet for a new language."""
    path = path_of(language)
    if not path.is_file():
        return Catalog(locale=language.locale, domain=DOMAIN, fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=language.locale, domain=DOMAIN)


def updated(language: Language, sources: Catalog) -> str:
    """The file as it should be: the messages of the sources with what is translated already."""
    catalog = read(language)
    catalog.update(sources, no_fuzzy_matching=True)
    catalog.obsolete.clear()
    catalog.header_comment, catalog.fuzzy = HEADER, False
    out = io.BytesIO()
    # Files without lines: a change elsewhere in a file changes nothing here.
    write_po(out, catalog, width=100, omit_header=False, include_lineno=False)
    lines = out.getvalue().decode().splitlines()
    volatile = ("POT-Creation-Date", "PO-Revision-Date", "Last-Translator", "Generated-By",
                "Project-Id-Version", "Report-Msgid-Bugs-To", "Language-Team")  # fmt: skip
    kept = [line for line in lines if not line.lstrip('"').startswith(volatile)]
    start = next(n for n, line in enumerate(kept) if line.startswith('"Plural-Forms'))
    end = next(n for n in range(start, len(kept)) if kept[n].endswith('\\n"'))
    # Babel's own rules are older than CLDR's.
    kept[start : end + 1] = [f'"Plural-Forms: {language.plurals}\\n"']
    return "\n".join(kept).rstrip() + "\n"


def main() -> int:
    """Write the files and say what has no translation yet."""
    sources = template()
    for language in LANGUAGES:
        if not language.prefix:
            continue
        path = path_of(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(updated(language, sources), encoding="utf-8")
        empty = [m for m in read(language) if m.id and not is_translated(m.string)]
        print(f"{path.relative_to(ROOT)}: {len(sources)} messages, {len(empty)} to translate")
    return 0


def is_translated(said: object) -> bool:
    """Whether a message, or each plural form of it, is translated."""
    return all(said) if isinstance(said, tuple | list) else bool(said)


if __name__ == "__main__":
    sys.exit(main())
