"""What is said and when, for the search over the dialogue of all films."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from portal.services.captions.webvtt import Document, text_by_voice

_SPACES = re.compile(r"\s+")
_LEADING_DASH = re.compile(r"^[ \t]*[-\u2010-\u2015]+[ \t]*(?=\S)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class DialogueLine:
    """Words with the time they are on screen.

    Attributes:
        start_s: Start of the cue in seconds.
        end_s: End of the cue in seconds.
        text: One line of plain text in Unicode normalisation form C, white space collapsed.
        voice: The speaker's name where the cue has one (`<v Anna>`), else "".
    """

    start_s: float
    end_s: float
    text: str
    voice: str = ""


def dialogue_lines(document: Document) -> list[DialogueLine]:
    """The track's text in the order of the film, cut where the voice changes.

    Tags, ruby annotations and the dashes before speakers are left out; cues that repeat the words
    of the cue before (roll-up, paint-on, cues cut in pieces) are joined with it.
    """
    lines: list[DialogueLine] = []
    for cue in sorted(document.cues, key=lambda cue: cue.start_s):
        for raw, voice in text_by_voice(cue):
            text = _SPACES.sub(" ", _LEADING_DASH.sub("", raw)).strip()
            text = unicodedata.normalize("NFC", text)
            if not text:
                continue
            last = lines[-1] if lines else None
            if last and last.text == text and last.voice == voice and cue.start_s <= last.end_s:
                end_s = max(last.end_s, cue.end_s)
                lines[-1] = DialogueLine(last.start_s, end_s, text, voice)
            else:
                lines.append(DialogueLine(cue.start_s, cue.end_s, text, voice))
    return lines
