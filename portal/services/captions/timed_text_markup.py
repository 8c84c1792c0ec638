"""Cue text from runs of styled text: white space as TTML has it, tags as WebVTT has them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final

from ttconv import model

from portal.services.captions.timed_text_context import Context
from portal.services.captions.webvtt import Style, escape_text

_NAMED_COLOURS: Final = {
    (255, 255, 255): "",  # the default
    (0, 255, 0): "lime",
    (0, 255, 255): "cyan",
    (255, 0, 0): "red",
    (255, 255, 0): "yellow",
    (255, 0, 255): "magenta",
    (0, 0, 255): "blue",
    (0, 0, 0): "black",
}
"""WebVTT's default classes (section 5.1)."""

SPACES: Final = re.compile(r"[\t\r\n ]+")


def _texts(element: Any) -> str:
    if isinstance(element, model.Text):
        return escape_text(SPACES.sub(" ", element.get_text()))
    return "".join(_texts(child) for child in element).strip()


def ruby_text(element: Any) -> str:
    """A ruby container: bases and their annotations in pairs; delimiters (rp) are left out."""
    bases: list[str] = []
    annotations: list[str] = []
    for child in element:
        members = list(child) if isinstance(child, model.Rbc | model.Rtc) else [child]
        for member in members:
            if isinstance(member, model.Rb):
                bases.append(_texts(member))
            elif isinstance(member, model.Rt):
                annotations.append(_texts(member))
    annotations += [""] * (len(bases) - len(annotations))
    pairs = zip(bases, annotations, strict=False)
    return "<ruby>" + "".join(f"{base}<rt>{note}</rt>" for base, note in pairs) + "</ruby>"


class Markup:
    """Joins runs of text, and remembers the colours that WebVTT has no class for."""

    def __init__(self) -> None:
        self._colours: dict[str, str] = {}

    def styles(self) -> tuple[Style, ...]:
        """A style sheet for the colours met so far, if it is needed."""
        rules = [f"::cue(.{name}) {{\n  color: {css};\n}}" for css, name in self._colours.items()]
        return (Style("\n".join(rules)),) if rules else ()

    def join(self, runs: Iterable[tuple[str, Context]]) -> str:
        """Cue text from runs, where a line feed is a line break.

        White space is collapsed across runs, and each line is tagged by itself.
        """
        lines: list[list[tuple[str, Context]]] = [[]]
        for text, context in runs:
            for index, part in enumerate(text.split("\n")):
                if index:
                    lines.append([])
                if part:
                    lines[-1].append((part, context))
        return "\n".join(filter(None, map(self._join_line, lines)))

    def _join_line(self, parts: list[tuple[str, Context]]) -> str:
        ends_in_space = True
        merged: list[tuple[str, Context]] = []
        for part, context in parts:
            text = part.lstrip(" ") if ends_in_space and not context.preserve else part
            if not text:
                continue
            ends_in_space = text.endswith(" ")
            if merged and self._tags(merged[-1][1]) == self._tags(context):
                merged[-1] = (merged[-1][0] + text, context)
            else:
                merged.append((text, context))
        while merged and not merged[-1][0].strip():
            merged.pop()
        tagged = ""
        for text, context in merged:
            words = text.strip()
            opening, closing = self._tags(context) if words else ("", "")
            before = text[: len(text) - len(text.lstrip())]
            after = text[len(text.rstrip()) :] if words else ""
            tagged += f"{before}{opening}{words}{closing}{after}"
        return tagged.rstrip()

    def _tags(self, context: Context) -> tuple[str, str]:
        names = [
            name
            for name, applies in (
                (self._colour_class(context.colour), context.colour != (255, 255, 255)),
                ("b", context.bold),
                ("i", context.italic),
                ("u", context.underline),
            )
            if applies
        ]
        opening = "".join(f"<{name}>" for name in names)
        closing = "".join(f"</{name.partition('.')[0]}>" for name in reversed(names))
        return opening, closing

    def _colour_class(self, colour: tuple[int, int, int]) -> str:
        name = _NAMED_COLOURS.get(colour)
        if name is None:
            css = "#{:02x}{:02x}{:02x}".format(*colour)
            name = self._colours.setdefault(css, f"colour_{css[1:]}")
        return f"c.{name}" if name else "c"
