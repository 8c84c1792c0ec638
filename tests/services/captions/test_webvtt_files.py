"""The WebVTT parser on the cases of the W3C's file-parsing test suite (inputs are our own)."""

from __future__ import annotations

import pytest

from portal.services.captions import CaptionError, webvtt
from tests.services.captions import webvtt_cases


@pytest.mark.parametrize("name", webvtt_cases.NAMES)
def test_file_parses_as_the_algorithm_says(name: str) -> None:
    data, expected = webvtt_cases.load(name)
    if "error" in expected:
        with pytest.raises(CaptionError) as caught:
            webvtt.parse(data)
        assert caught.value.reason == expected["error"]["reason"]
        assert caught.value.line_number == expected["error"]["line_number"]
        return
    document = webvtt.parse(data)
    assert document.cues == webvtt_cases.expected_cues(expected)
    assert document.regions == webvtt_cases.expected_regions(expected)
    assert [style.css for style in document.styles] == expected["styles"]
    assert [note.text for note in document.notes] == expected["notes"]
    assert document.header == expected["header"]
    found = [f"{issue.code}@{issue.line_number}" for issue in document.issues]
    assert found == expected["issues"]


READABLE = [name for name in webvtt_cases.NAMES if "error" not in webvtt_cases.load(name)[1]]


@pytest.mark.parametrize("name", READABLE)
def test_normalised_form_reads_back_to_the_same_document(name: str) -> None:
    document = webvtt.parse(webvtt_cases.load(name)[0])
    text = webvtt.serialise(document)
    assert webvtt.parse(text) == document
    assert webvtt.serialise(webvtt.parse(text)) == text


def test_there_are_at_least_the_36_cases_of_the_suite() -> None:
    assert len(webvtt_cases.NAMES) >= 36
