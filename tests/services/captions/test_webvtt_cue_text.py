"""Cue text: the tree that the W3C's rules build, what a viewer reads, and what is lost."""

from __future__ import annotations

import json
from typing import Any

import pytest

from portal.services.captions import webvtt
from tests.services.captions import webvtt_cases

CASES = json.loads((webvtt_cases.FOLDER / "cue-text.json").read_text(encoding="utf-8"))


def compact(node: webvtt.Node) -> Any:
    """A node in the notation of the data file."""
    if isinstance(node, webvtt.TextNode):
        return node.text
    if isinstance(node, webvtt.TimestampNode):
        return node.time_s
    name = ".".join([node.tag, *node.classes])
    if node.tag in ("v", "lang"):
        name += f" {node.annotation}"
    return [name, *map(compact, node.children)]


@pytest.mark.parametrize("case", CASES, ids=[case["about"] for case in CASES])
def test_cue_text(case: dict[str, Any]) -> None:
    assert [compact(node) for node in webvtt.parse_cue_text(case["text"])] == case["tree"]
    document = webvtt.parse(f"WEBVTT\n\n00:01.000 --> 00:02.000\n{case['text']}\n")
    assert webvtt.plain_text(document.cues[0]) == case["plain"]
    assert [issue.code for issue in document.issues] == case["issues"]


def test_voices_and_their_words() -> None:
    cue = webvtt.Cue("", 1, 2, "<v Ann>Hi <i>you</i></v>\n<v Bo &amp; Co>Who?</v> Bang!")
    assert webvtt.voices(cue) == ("Ann", "Bo & Co")
    assert webvtt.text_by_voice(cue) == (
        ("Hi you", "Ann"),
        ("\n", ""),
        ("Who?", "Bo & Co"),
        (" Bang!", ""),
    )


def test_language_applies_to_what_is_within_it() -> None:
    tree = webvtt.parse_cue_text("<b>a</b><lang fr><b>b</b></lang><b>c</b>", language="en")
    languages = [node.language for node in tree if isinstance(node, webvtt.Element)]
    assert languages == ["en", "fr", "en"]
    french = tree[1]
    assert isinstance(french, webvtt.Element)
    assert [child.language for child in french.children if isinstance(child, webvtt.Element)] == [
        "fr"
    ]


def test_a_hundred_thousand_nested_tags_are_read_without_recursion() -> None:
    text = "<b>" * 100_000 + "x"
    document = webvtt.parse(f"WEBVTT\n\n00:01.000 --> 00:02.000\n{text}\n")
    assert webvtt.plain_text(document.cues[0]) == "x"
    assert len(webvtt.parse_cue_text(text)) == 1


def test_escaped_text_is_read_back_as_it_was() -> None:
    words = "a < b && c --> <i>d</i> &amp;"
    assert "-->" not in webvtt.escape_text(words)
    assert webvtt.plain_text(webvtt.Cue("", 1, 2, webvtt.escape_text(words))) == words
