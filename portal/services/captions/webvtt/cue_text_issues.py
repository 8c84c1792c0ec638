"""What the cue text parsing rules drop or tolerate (W3C WebVTT, sections 4.2.2 and 6.4)."""

from __future__ import annotations

import re
from html.entities import html5
from typing import Final

from portal.services.captions.webvtt.cue_text import TAGS, Token, tokenize
from portal.services.captions.webvtt.issues import IssueCode, IssueLog, quote
from portal.services.captions.webvtt.timestamps import format_timestamp, parse_timestamp

_HTML_TAGS: Final = frozenset(
    {"a", "abbr", "big", "br", "center", "code", "div", "em", "font", "h1", "h2", "h3", "h4", "h5"}
    | {"h6", "hr", "kbd", "mark", "nobr", "p", "pre", "q", "rb", "rp", "rtc", "s", "samp", "small"}
    | {"span", "strike", "strong", "sub", "sup", "time", "tt", "var", "wbr"}
)
"""Tags from web pages and SubRip files: dropping one of these loses no words."""

_REFERENCE = re.compile(r"&(?:#[0-9]+;|#[xX][0-9a-fA-F]+;|([0-9a-zA-Z]+;))?")
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*")
_ESCAPE_FIX = "Write “&lt;” for a less-than sign that is text."


def check_cue_text(
    text: str, line_number: int, start_s: float, end_s: float, log: IssueLog
) -> None:
    """Log what is wrong with one cue's text.

    Args:
        text: The cue text.
        line_number: 1-based line of its first line.
        start_s: The cue's start; timestamps within the text must lie after it.
        end_s: The cue's end; timestamps within the text must lie before it.
        log: Receives the findings.
    """
    if "<" in text or "&" in text:
        _Checker(text, line_number, start_s, end_s, log).run()


class _Checker:
    """Walks the tokens with the same stack of open tags as the tree builder."""

    def __init__(
        self, text: str, line_number: int, start_s: float, end_s: float, log: IssueLog
    ) -> None:
        self._text = text
        self._has_ampersand = "&" in text
        self._first_line = line_number
        self._last_time_s = start_s
        self._end_s = end_s
        self._log = log
        self._open: list[Token] = []
        self._ignored: set[str] = set()

    def run(self) -> None:
        for token in tokenize(self._text):
            if token.kind == "text":
                self._check_text(token)
            elif token.kind == "start":
                self._check_start(token)
            elif token.kind == "end":
                self._check_end(token)
            else:
                self._check_timestamp(token)
        self._check_unclosed()

    def _add(self, code: IssueCode, token: Token, message: str, fix: str) -> None:
        line = self._first_line + self._text.count("\n", 0, token.start)
        self._log.add(code, line, message, fix)

    def _source(self, token: Token) -> str:
        return quote(self._text[token.start : token.end])

    def _check_text(self, token: Token) -> None:
        if not self._has_ampersand:
            return
        raw = self._text[token.start : token.end]
        for match in _REFERENCE.finditer(raw):
            if match[0] == "&" or (match[1] and match[1] not in html5):
                self._add(
                    IssueCode.RAW_AMPERSAND,
                    token,
                    "There is an ampersand (&) that is not written as a character reference.",
                    "Write “&amp;”.",
                )
                return

    def _unreadable(self, token: Token) -> None:
        self._add(
            IssueCode.UNREADABLE_TAG,
            token,
            f"{self._source(token)} is read as a tag, so viewers will not see these words.",
            _ESCAPE_FIX,
        )

    def _check_start(self, token: Token) -> None:
        name, inner = token.value, self._text[token.start + 1 : token.end]
        if name not in TAGS:
            self._ignored.add(name)
            if name.lower() in _HTML_TAGS | TAGS and token.closed:
                self._add(
                    IssueCode.UNKNOWN_TAG,
                    token,
                    f"The tag {self._source(token)} is not a WebVTT tag and is ignored.",
                    "Remove it, or use <b>, <i>, <u>, <c>, <v>, <lang> or <ruby>.",
                )
            elif any(c.isalnum() for c in inner) or not token.closed:
                self._unreadable(token)
            else:
                self._add(IssueCode.UNKNOWN_TAG, token, "There is an empty tag (<>).", _ESCAPE_FIX)
            return
        if not token.closed and token.annotation:
            self._unreadable(token)
        if name == "rt" and not (self._open and self._open[-1].value == "ruby"):
            self._add(
                IssueCode.UNKNOWN_TAG,
                token,
                "The tag <rt> is ignored, as it is not directly within <ruby>.",
                "Put it into <ruby>…</ruby>, or remove it.",
            )
            self._ignored.add(name)
            return
        self._check_annotation(token)
        self._open.append(token)

    def _check_annotation(self, token: Token) -> None:
        name, annotation = token.value, token.annotation
        if name in ("v", "lang") and not annotation:
            what = "the speaker's name" if name == "v" else "a language"
            self._add(
                IssueCode.TAG_ANNOTATION,
                token,
                f"The tag <{name}> lacks {what}.",
                f"Write {'<v Anna>' if name == 'v' else '<lang fr>'}, or remove the tag.",
            )
        elif name not in ("v", "lang") and annotation:
            self._add(
                IssueCode.TAG_ANNOTATION,
                token,
                f"In {self._source(token)} everything behind “{name}” is ignored.",
                f"Write <{name}>; if the words are meant to be read, put them outside the tag.",
            )
        elif name == "lang" and annotation and not _LANGUAGE.fullmatch(annotation):
            self._add(
                IssueCode.LANGUAGE_TAG,
                token,
                f"{quote(annotation)} is not a language tag.",
                "Use a BCP 47 tag such as “fr” or “pt-BR”.",
            )

    def _check_end(self, token: Token) -> None:
        name = token.value
        if not token.closed and name not in TAGS and any(c.isalnum() for c in name):
            self._unreadable(token)
        elif self._open and self._open[-1].value == name:
            self._open.pop()
        elif name == "ruby" and self._open and self._open[-1].value == "rt":
            del self._open[-2:]
        elif name not in self._ignored:
            self._add(
                IssueCode.STRAY_END_TAG,
                token,
                f"The end tag {self._source(token)} closes nothing and is ignored.",
                "Remove it, or put it directly where its tag is to end.",
            )

    def _check_timestamp(self, token: Token) -> None:
        time_s = parse_timestamp(token.value)
        if time_s is None:
            self._unreadable(token)
            return
        if not self._last_time_s < time_s < self._end_s:
            self._add(
                IssueCode.CUE_TIMESTAMP,
                token,
                f"The time {format_timestamp(time_s)} within the text is not between the time"
                f" before it ({format_timestamp(self._last_time_s)}) and the end of the cue"
                f" ({format_timestamp(self._end_s)}).",
                "Correct the time, or remove it.",
            )
        self._last_time_s = max(self._last_time_s, time_s)

    def _check_unclosed(self) -> None:
        # 4.2.2: a voice that is the cue's only component needs no end tag.
        open_tags = self._open[1:] if self._is_lone_voice() else self._open
        if open_tags:
            names = ", ".join(f"<{token.value}>" for token in open_tags[:5])
            self._add(
                IssueCode.UNCLOSED_TAG,
                open_tags[0],
                f"{names} {'is' if len(open_tags) == 1 else 'are'} not closed.",
                f"Add </{open_tags[-1].value}> where it is to end.",
            )

    def _is_lone_voice(self) -> bool:
        return bool(self._open) and self._open[0].value == "v" and self._open[0].start == 0
