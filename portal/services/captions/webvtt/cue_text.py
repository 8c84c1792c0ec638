"""Cue text: tokenizer, tree and plain text (W3C WebVTT, section 6.4).

The specification's tokenizer is a state machine over single characters. All its tag states end at
the first ">" and its data state at the first "<" (a character reference contains neither), so the
same tokens are found here by searching for those two, which is many times faster in Python.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.entities import html5
from typing import Final, Literal, NamedTuple

from portal.services.captions.webvtt.model import Cue
from portal.services.captions.webvtt.timestamps import parse_timestamp

Tag = Literal["c", "i", "b", "u", "ruby", "rt", "v", "lang"]
TAGS: Final = frozenset({"c", "i", "b", "u", "ruby", "rt", "v", "lang"})

_REFERENCE = re.compile(r"&(?:#([0-9]+);?|#[xX]([0-9a-fA-F]+);?|([0-9a-zA-Z]{1,40});?)")
_TAG_NAME = re.compile(r"[^\t\n\f .]*")
_CLASSES = re.compile(r"[^\t\n\f ]*")
_SPACES = re.compile(r"[\t\n\f\r ]+")

# HTML, "numeric character reference end state": the C1 range is read as windows-1252.
_C1: Final = dict(
    zip(
        (n for n in range(0x80, 0xA0) if n not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)),
        bytes(n for n in range(0x80, 0xA0) if n not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)).decode(
            "cp1252"
        ),
        strict=True,
    )
)


class Token(NamedTuple):
    """One token of cue text.

    Attributes:
        kind: "text", "start", "end" or "timestamp".
        value: The text with references decoded, the tag name, or the timestamp tag's value.
        classes: Of a start tag; empty ones are left out.
        annotation: Of a start tag, or None if it has none.
        start: Position of the token in the cue text.
        end: Position behind it.
        closed: False for a tag that is not closed by ">" before the text ends.
    """

    kind: Literal["text", "start", "end", "timestamp"]
    value: str
    classes: tuple[str, ...]
    annotation: str | None
    start: int
    end: int
    closed: bool = True


@dataclass(frozen=True, slots=True)
class TextNode:
    """A run of text, references decoded."""

    text: str


@dataclass(frozen=True, slots=True)
class TimestampNode:
    """The text after it appears at `time_s` seconds (karaoke, paint-on)."""

    time_s: float


@dataclass(frozen=True, slots=True)
class Element:
    """A span of a cue.

    Attributes:
        tag: Which tag opened it.
        classes: Its class names, in order.
        annotation: The voice's name of "v", the language of "lang", else "".
        language: The language that applies within it ("lang"), "" if none.
        children: What it contains.
    """

    tag: Tag
    classes: tuple[str, ...]
    annotation: str
    language: str
    children: tuple[Node, ...]


Node = TextNode | TimestampNode | Element


def decode_references(text: str) -> str:
    """`text` with its HTML character references decoded, as HTML does outside attributes."""
    return _REFERENCE.sub(_decode_reference, text) if "&" in text else text


def _decode_reference(match: re.Match[str]) -> str:
    decimal, hexadecimal, name = match.groups()
    if name is not None:
        whole = match[0][1:]
        if whole in html5:
            return html5[whole]
        # "&notit;" is "¬it;": the longest known name that may do without a semicolon.
        for length in range(min(len(name), 8), 1, -1):
            if name[:length] in html5:
                return html5[name[:length]] + whole[length:]
        return match[0]
    digits = (decimal or hexadecimal).lstrip("0")
    code = int(digits or "0", 10 if decimal else 16) if len(digits) <= 10 else 0x110000
    if code in _C1:
        return _C1[code]
    if code == 0 or code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:
        return "\N{REPLACEMENT CHARACTER}"
    return chr(code)


def escape_text(text: str) -> str:
    """Plain `text` as cue text: no tag, no reference and no arrow is read out of it."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def tokenize(text: str) -> Iterator[Token]:
    """Run the "WebVTT cue text tokenizer" until the text ends."""
    position, length = 0, len(text)
    while position < length:
        if text[position] != "<":
            end = text.find("<", position)
            end = length if end < 0 else end
            decoded = decode_references(text[position:end])
            yield Token("text", decoded, (), None, position, end)
            position = end
            continue
        close = text.find(">", position)
        closed = close >= 0
        inner = text[position + 1 : close if closed else length]
        end = close + 1 if closed else length
        kind, value, classes, annotation = _read_tag(inner)
        yield Token(kind, value, classes, annotation, position, end, closed)
        position = end


def _read_tag(
    inner: str,
) -> tuple[Literal["start", "end", "timestamp"], str, tuple[str, ...], str | None]:
    """What stands between "<" and ">", as kind, value, classes and annotation."""
    if inner.startswith("/"):
        return "end", inner[1:], (), None
    if inner[:1] and inner[0] in "0123456789":
        return "timestamp", inner, (), None
    name = _TAG_NAME.match(inner)[0]  # type: ignore[index]  # it matches the empty string
    rest = inner[len(name) :]
    classes: tuple[str, ...] = ()
    if rest.startswith("."):
        dotted = _CLASSES.match(rest)[0]  # type: ignore[index]
        classes = tuple(filter(None, dotted.split(".")))
        rest = rest[len(dotted) :]
    annotation = _SPACES.sub(" ", decode_references(rest)).strip(" ") if rest else None
    return "start", name, classes, annotation


class _Builder:
    """An element under construction."""

    __slots__ = ("annotation", "children", "classes", "language", "tag")

    def __init__(self, tag: str, classes: tuple[str, ...], annotation: str, language: str) -> None:
        self.tag = tag
        self.classes = classes
        self.annotation = annotation
        self.language = language
        self.children: list[Node] = []

    def freeze(self) -> Element:
        return Element(
            self.tag,  # type: ignore[arg-type]  # only names in TAGS are pushed
            self.classes,
            self.annotation,
            self.language,
            tuple(self.children),
        )


def parse_cue_text(text: str, language: str = "") -> tuple[Node, ...]:
    """Run the "WebVTT cue text parsing rules".

    Args:
        text: Cue text.
        language: Fallback language (BCP 47), e.g. the track's.

    Returns:
        The root's children.
    """
    root = _Builder("", (), "", language)
    stack = [root]
    languages = [language] if language else []

    def close() -> None:
        element = stack.pop().freeze()
        stack[-1].children.append(element)

    for token in tokenize(text):
        current = stack[-1]
        if token.kind == "text":
            current.children.append(TextNode(token.value))
        elif token.kind == "timestamp":
            if (time_s := parse_timestamp(token.value)) is not None:
                current.children.append(TimestampNode(time_s))
        elif token.kind == "start":
            if token.value not in TAGS or (token.value == "rt" and current.tag != "ruby"):
                continue
            if token.value == "lang":
                languages.append(token.annotation or "")
            annotation = (token.annotation or "") if token.value in ("v", "lang") else ""
            applicable = languages[-1] if languages else ""
            stack.append(_Builder(token.value, token.classes, annotation, applicable))
        elif token.value == current.tag and len(stack) > 1:
            if token.value == "lang":
                languages.pop()
            close()
        elif token.value == "ruby" and current.tag == "rt":
            close()
            close()
    while len(stack) > 1:
        close()
    return tuple(root.children)


def _spoken(text: str) -> Iterator[tuple[str, str]]:
    """The text runs with the voice each is in, without ruby text (as in section 6.6)."""
    # Open tags, each with the voice that applies in it and whether it is within ruby text.
    stack: list[tuple[str, str, bool]] = [("", "", False)]
    for token in tokenize(text):
        tag, voice, in_rt = stack[-1]
        if token.kind == "text":
            if not in_rt:
                yield token.value, voice
        elif token.kind == "start":
            if token.value in TAGS and (token.value != "rt" or tag == "ruby"):
                inner = (token.annotation or "") if token.value == "v" else voice
                stack.append((token.value, inner, in_rt or token.value == "rt"))
        elif token.kind == "end":
            if token.value == tag and len(stack) > 1:
                stack.pop()
            elif token.value == "ruby" and tag == "rt":
                del stack[-2:]


def plain_text(cue: Cue) -> str:
    """What a viewer reads: the cue's text without tags and ruby annotations, references decoded.

    Lines stay separated by LF.
    """
    if "<" not in cue.text:
        return decode_references(cue.text)
    return "".join(text for text, _ in _spoken(cue.text))


def text_by_voice(cue: Cue) -> tuple[tuple[str, str], ...]:
    """The plain text cut where the voice changes: pairs of text and voice ("" where none)."""
    if "<" not in cue.text:
        return ((decode_references(cue.text), ""),)
    runs: list[tuple[str, str]] = []
    for text, voice in _spoken(cue.text):
        if runs and runs[-1][1] == voice:
            runs[-1] = (runs[-1][0] + text, voice)
        else:
            runs.append((text, voice))
    return tuple(runs)


def voices(cue: Cue) -> tuple[str, ...]:
    """The names of the cue's voices, in order of appearance."""
    if "<v" not in cue.text:
        return ()
    names = (token.annotation or "" for token in tokenize(cue.text) if token.value == "v")
    return tuple(dict.fromkeys(filter(None, names)))
