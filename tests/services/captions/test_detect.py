"""Bytes to text, and which format it is."""

from __future__ import annotations

import codecs

import pytest

from portal.services.captions import CaptionError
from portal.services.captions.detect import (
    ENCODINGS,
    SourceFormat,
    decode,
    identify,
    looks_like_ebu_stl,
)
from tests.services.captions import caption_files

FRENCH = "1\n00:00:01,000 --> 00:00:03,000\nLe garçon a été très gêné à l’école, où il rêvait.\n"
POLISH = "1\n00:00:01,000 --> 00:00:03,000\nZażółć gęślą jaźń, proszę pani, śnieg i łąka.\n"
RUSSIAN = "1\n00:00:01,000 --> 00:00:03,000\nСъешь же ещё этих мягких французских булок.\n"
GREEK = "1\n00:00:01,000 --> 00:00:03,000\nΞεσκεπάζω την ψυχοφθόρα βδελυγμία, κυρία μου.\n"
JAPANESE = "1\n00:00:01,000 --> 00:00:03,000\nいろはにほへと ちりぬるを 海が見えるよ\n"
HEBREW = "1\n00:00:01,000 --> 00:00:03,000\nדג סקרן שט בים מאוכזב ולפתע מצא חברה\n"


def test_utf8_is_certain_and_its_mark_is_not_text() -> None:
    for data in (RUSSIAN.encode(), codecs.BOM_UTF8 + RUSSIAN.encode()):
        decoded = decode(data)
        assert decoded.text == RUSSIAN
        assert decoded.encoding == "utf-8"
        assert decoded.certain
        assert not decoded.warnings


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_a_byte_order_mark_tells_the_encoding(encoding: str) -> None:
    decoded = decode(("\ufeff" + RUSSIAN).encode(encoding))
    assert decoded.text == RUSSIAN
    assert decoded.certain


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_without_a_mark_is_recognised(encoding: str) -> None:
    decoded = decode(FRENCH.encode(encoding))
    assert decoded.text == FRENCH
    assert "UTF-16" in decoded.warnings[0]


@pytest.mark.parametrize(
    ("text", "encoding", "language"),
    [
        (FRENCH, "cp1252", None),
        (FRENCH, "cp1252", "fr"),
        (POLISH, "cp1250", "pl"),
        (RUSSIAN, "cp1251", "ru"),
        (RUSSIAN, "cp1251", None),
        (GREEK, "cp1253", "el-GR"),
        (HEBREW, "cp1255", "he"),
        (JAPANESE, "cp932", "ja"),
        (JAPANESE, "cp932", None),
    ],
)
def test_old_encodings_are_guessed_with_a_line_to_check(
    text: str, encoding: str, language: str | None
) -> None:
    decoded = decode(text.encode(encoding), language=language)
    assert decoded.text == text
    assert not decoded.certain
    assert "line 3" in decoded.warnings[0]
    assert text.split("\n")[2][:20] in decoded.warnings[0]


def test_a_person_may_say_the_encoding() -> None:
    decoded = decode(POLISH.encode("iso8859-2"), encoding="iso8859-2")
    assert decoded.text == POLISH
    assert decoded.certain


def test_a_wrong_encoding_is_refused_with_its_line() -> None:
    with pytest.raises(CaptionError, match=r"Line 3.*not in Unicode") as caught:
        decode(FRENCH.encode("cp1252"), encoding="utf-8")
    assert caught.value.line_number == 3
    assert "encoding" in caught.value.fields
    with pytest.raises(CaptionError, match="not an encoding"):
        decode(FRENCH.encode(), encoding="unicode_escape")


def test_every_listed_encoding_can_be_used() -> None:
    for encoding in ENCODINGS:
        assert decode("plain".encode(encoding), encoding=encoding).text == "plain"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"PK\x03\x04zipped", "ZIP"),
        (b"\x89PNG\r\n\x1a\n", "PNG"),
        (b"\x00\x00\x00\x20ftypisom", "MP4"),
        (b"%PDF-1.7", "PDF"),
        (b"{\\rtf1\\ansi", "RTF"),
        (b"\x01\x02\x03\x04\x05\x06\x07\x08 text", "not a text file"),
        (b"some\0text", "not a text file"),
        (bytes(range(256)) * 8, "not a text file"),
    ],
)
def test_what_is_no_text_is_refused_by_name(data: bytes, words: str) -> None:
    with pytest.raises(CaptionError, match=words):
        decode(data)


def test_the_size_is_capped() -> None:
    with pytest.raises(CaptionError, match=r"2\.0 MiB.*1\.0 MiB"):
        decode(b"a" * 2 * 1024 * 1024, max_bytes=1024 * 1024)


@pytest.mark.parametrize(
    ("text", "filename", "expected"),
    [
        ("WEBVTT\n", "", SourceFormat.WEBVTT),
        (FRENCH, "", SourceFormat.SUBRIP),
        (FRENCH, "named.vtt", SourceFormat.SUBRIP),
        ("Scenarist_SCC V1.0\n", "", SourceFormat.SCC),
        (caption_files.ttml("").decode(), "", SourceFormat.TTML),
        ("<!-- a comment --><tt:tt xmlns:tt='http://www.w3.org/ns/ttml'/>", "", SourceFormat.TTML),
        ("webvtt\n\nlower case", "film.VTT", SourceFormat.WEBVTT),
        ("0:01 --> 0:02\nhello", "film.srt", SourceFormat.SUBRIP),
    ],
)
def test_the_content_tells_the_format_before_the_name(
    text: str, filename: str, expected: SourceFormat
) -> None:
    assert identify(text, filename) is expected


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("[Script Info]\nTitle: x", "Advanced SubStation"),
        ("<SAMI><BODY>", "SAMI"),
        ("{1}{20}Hello", "MicroDVD"),
        ("0:00:01.000,0:00:03.000\nHello", "SBV"),
        ("<!DOCTYPE html><html>", "web page"),
        ("Dear all,", "not a caption format"),
    ],
)
def test_other_formats_are_refused_by_name(text: str, name: str) -> None:
    with pytest.raises(CaptionError, match=name):
        identify(text, "captions.txt")


def test_ebu_stl_is_known_by_its_header() -> None:
    assert looks_like_ebu_stl(caption_files.stl())
    assert not looks_like_ebu_stl(caption_files.stl()[:1000])
    assert not looks_like_ebu_stl(b"x" * 2000)
