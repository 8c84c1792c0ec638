"""WebVTT after the W3C's parsing algorithm (https://www.w3.org/TR/webvtt1/).

`parse` reads what browsers read, no more and no less, and says what they would drop;
`serialise` writes the normalised form. Section numbers in this package are those of the
Candidate Recommendation of 4 April 2019.
"""

from portal.services.captions.webvtt.cue_text import (
    Element,
    Node,
    TextNode,
    TimestampNode,
    decode_references,
    escape_text,
    parse_cue_text,
    plain_text,
    text_by_voice,
    voices,
)
from portal.services.captions.webvtt.issues import DROPPED, LOSES_TEXT, Issue, IssueCode
from portal.services.captions.webvtt.model import (
    DEFAULT_SETTINGS,
    Cue,
    CueSettings,
    Document,
    Note,
    Region,
    Style,
)
from portal.services.captions.webvtt.parser import parse
from portal.services.captions.webvtt.timestamps import (
    format_timestamp,
    parse_timestamp,
    round_to_ms,
)
from portal.services.captions.webvtt.writer import serialise

__all__ = [
    "DEFAULT_SETTINGS",
    "DROPPED",
    "LOSES_TEXT",
    "Cue",
    "CueSettings",
    "Document",
    "Element",
    "Issue",
    "IssueCode",
    "Node",
    "Note",
    "Region",
    "Style",
    "TextNode",
    "TimestampNode",
    "decode_references",
    "escape_text",
    "format_timestamp",
    "parse",
    "parse_cue_text",
    "parse_timestamp",
    "plain_text",
    "round_to_ms",
    "serialise",
    "text_by_voice",
    "voices",
]
