"""The narrations keep the rules that the portal checks captions for."""

from __future__ import annotations

from pathlib import Path

import pytest
import webvtt

from portal.demo.captions import LANGUAGES, read_narration, write_captions
from portal.demo.films import FILMS

CASES = [(film, language) for film in FILMS for language in read_narration(film)]


@pytest.mark.parametrize("film", FILMS)
def test_every_film_speaks_english_and_portuguese(film: str):
    assert {"en", "pt"} <= set(read_narration(film))


def test_at_least_two_films_speak_arabic():
    assert sum("ar" in read_narration(film) for film in FILMS) >= 2


@pytest.mark.parametrize("film", FILMS)
def test_sounds_are_described(film: str):
    for cues in read_narration(film).values():
        assert any(cue.text.startswith("[") and cue.text.endswith("]") for cue in cues)


@pytest.mark.parametrize(("film", "language"), CASES)
def test_cues_can_be_read(film: str, language: str):
    end_before = 0.0
    cues = read_narration(film)[language]
    assert len(cues) >= 7
    for cue in cues:
        lines = cue.text.split("\n")
        seconds = cue.end_s - cue.start_s
        assert len(lines) <= 2
        assert max(len(line) for line in lines) <= 42
        assert 5 / 6 <= seconds <= 7
        assert len(cue.text) / seconds <= 20
        assert cue.start_s >= end_before + 2 / 24
        end_before = cue.end_s
    assert end_before <= FILMS[film].duration_s
    assert end_before >= FILMS[film].duration_s * 0.85
    assert cues[0].start_s <= 3


@pytest.mark.parametrize("film", FILMS)
def test_languages_agree_on_times(film: str):
    times = {
        tuple((cue.start_s, cue.end_s) for cue in cues) for cues in read_narration(film).values()
    }
    assert len(times) == 1


def test_the_files_are_webvtt(tmp_path: Path):
    assert write_captions(tmp_path, "snow", 32) == ["en", "pt", "ar"]
    for language in LANGUAGES:
        cues = webvtt.read(str(tmp_path / f"{language}.vtt"))
        assert [cue.text for cue in cues] == [cue.text for cue in read_narration("snow")[language]]
        assert cues[0].start == "00:00:01.500"


def test_a_shortened_film_has_no_cue_beyond_its_end(tmp_path: Path):
    write_captions(tmp_path, "snow", 12)
    cues = webvtt.read(str(tmp_path / "en.vtt"))
    assert cues
    assert all(cue.end_in_seconds <= 12 for cue in cues)
