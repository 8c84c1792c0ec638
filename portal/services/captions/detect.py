"""What an uploaded file is: its format, and its text out of its bytes."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from charset_normalizer import from_bytes

from portal.services.captions.errors import CaptionError
from portal.services.captions.webvtt.issues import quote

DEFAULT_MAX_BYTES: Final = 5 * 1024 * 1024
"""A three-hour film's captions are about 0.3 MB as WebVTT and 2 MB as heavily styled TTML."""

ENCODINGS: Final = {
    "utf-8": "Unicode (UTF-8)",
    "utf-16": "Unicode (UTF-16)",
    "cp1252": "Western European (Windows-1252)",
    "iso8859-15": "Western European (ISO 8859-15)",
    "mac-roman": "Western European (Mac Roman)",
    "cp850": "Western European (DOS 850)",
    "cp437": "English (DOS 437)",
    "cp1250": "Central European (Windows-1250)",
    "iso8859-2": "Central European (ISO 8859-2)",
    "cp852": "Central European (DOS 852)",
    "cp1251": "Cyrillic (Windows-1251)",
    "koi8-r": "Cyrillic (KOI8-R)",
    "koi8-u": "Cyrillic (KOI8-U)",
    "iso8859-5": "Cyrillic (ISO 8859-5)",
    "cp866": "Cyrillic (DOS 866)",
    "cp1253": "Greek (Windows-1253)",
    "iso8859-7": "Greek (ISO 8859-7)",
    "cp1254": "Turkish (Windows-1254)",
    "iso8859-9": "Turkish (ISO 8859-9)",
    "cp1255": "Hebrew (Windows-1255)",
    "iso8859-8": "Hebrew (ISO 8859-8)",
    "cp1256": "Arabic (Windows-1256)",
    "iso8859-6": "Arabic (ISO 8859-6)",
    "cp1257": "Baltic (Windows-1257)",
    "iso8859-13": "Baltic (ISO 8859-13)",
    "cp1258": "Vietnamese (Windows-1258)",
    "cp874": "Thai (Windows-874)",
    "cp932": "Japanese (Shift JIS)",
    "euc-jp": "Japanese (EUC)",
    "gb18030": "Chinese, simplified (GB 18030)",
    "big5hkscs": "Chinese, traditional (Big5)",
    "cp949": "Korean (Windows-949)",
}
"""Encodings that a person may choose from, by Python's name, with a label."""

_BY_LANGUAGE: Final = {
    **dict.fromkeys(("bg", "mk", "ru", "sr", "be", "uk", "mn", "kk"), "cp1251"),
    **dict.fromkeys(("cs", "hr", "hu", "pl", "ro", "sk", "sl", "sq", "bs"), "cp1250"),
    **dict.fromkeys(("et", "lt", "lv"), "cp1257"),
    **dict.fromkeys(("ar", "fa", "ur"), "cp1256"),
    **dict.fromkeys(("tr", "az"), "cp1254"),
    **dict.fromkeys(("zh", "zh-hans", "zh-cn"), "gb18030"),
    **dict.fromkeys(("zh-hant", "zh-tw", "zh-hk", "yue"), "big5hkscs"),
    "el": "cp1253",
    "he": "cp1255",
    "ja": "cp932",
    "ko": "cp949",
    "th": "cp874",
    "vi": "cp1258",
}

_WESTERN = frozenset(
    "àáâãäåæçèéêëìíîïñòóôõöøœùúûüÿßÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØŒÙÚÛÜŸ¿¡«»“”„‘’‚…–—°€£ªº·\u00a0"
)

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: its mark starts with UTF-16's
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

_FOREIGN: Final = (
    (b"PK\x03\x04", "a ZIP archive or an Office document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!", "a RAR archive"),
    (b"%PDF", "a PDF document"),
    (b"{\\rtf", "a rich text (RTF) document"),
    (b"\xd0\xcf\x11\xe0", "an Office document"),
    (b"\x89PNG", "a picture (PNG)"),
    (b"\xff\xd8\xff", "a picture (JPEG)"),
    (b"GIF8", "a picture (GIF)"),
    (b"RIFF", "a media file"),
    (b"\x1aE\xdf\xa3", "a video (Matroska or WebM)"),
    (b"OggS", "a media file (Ogg)"),
    (b"ID3", "a sound file"),
    (b"\x00\x00\x01\xba", "VobSub subtitles (pictures)"),
    (b"\x7fELF", "a program"),
)


class SourceFormat(StrEnum):
    """The caption formats that can be read."""

    WEBVTT = "WebVTT"
    SUBRIP = "SubRip (SRT)"
    TTML = "TTML/IMSC"
    SCC = "Scenarist SCC"
    EBU_STL = "EBU STL"


_EXTENSIONS: Final = {
    "vtt": SourceFormat.WEBVTT,
    "webvtt": SourceFormat.WEBVTT,
    "srt": SourceFormat.SUBRIP,
    "ttml": SourceFormat.TTML,
    "dfxp": SourceFormat.TTML,
    "imsc": SourceFormat.TTML,
    "xml": SourceFormat.TTML,
    "scc": SourceFormat.SCC,
    "stl": SourceFormat.EBU_STL,
}
ACCEPTED: Final = "WebVTT (.vtt), SubRip (.srt), TTML/IMSC (.ttml, .dfxp), SCC or EBU STL"

_SRT_TIMING = re.compile(
    r"^[ \t]*\d{1,3}:\d{1,2}:\d{1,2}(?:[.,:]\d{1,3})?[ \t]*-{1,2}>[ \t]*\d", re.MULTILINE
)
_ROOT_ELEMENT = re.compile(r"<(?![?!])(?:[\w.-]+:)?([\w.-]+)")
_OTHER_TEXT_FORMATS: Final = (
    (re.compile(r"\[Script Info\]", re.IGNORECASE), "Advanced SubStation (ASS/SSA)"),
    (re.compile(r"<SAMI\b", re.IGNORECASE), "SAMI"),
    (re.compile(r"^\{\d+\}\{\d+\}", re.MULTILINE), "MicroDVD"),
    (re.compile(r"^# VobSub index", re.MULTILINE), "VobSub"),
    (re.compile(r"^\d+:\d\d:\d\d\.\d{3},\d+:\d\d:\d\d\.\d{3}[ \t]*$", re.MULTILINE), "SBV"),
    (re.compile(r"^\[\d\d:\d\d\.\d\d\]", re.MULTILINE), "LRC"),
    (re.compile(r"<!DOCTYPE html|<html\b", re.IGNORECASE), "a web page"),
)


@dataclass(frozen=True, slots=True)
class Decoded:
    """A file's text.

    Attributes:
        text: Without byte order mark.
        encoding: Python's name of the encoding it was read with.
        certain: False where the encoding was guessed.
        warnings: What a person should look at, in plain words.
    """

    text: str
    encoding: str
    certain: bool = True
    warnings: tuple[str, ...] = ()


def require_size(data: bytes, max_bytes: int = DEFAULT_MAX_BYTES) -> None:
    """Refuse an empty or too large file.

    Raises:
        CaptionError: Naming both sizes.
    """
    if not data:
        raise CaptionError("The file is empty.", reason="empty-file")
    if len(data) > max_bytes:
        raise CaptionError(
            f"The file has {len(data) / 1_048_576:,.1f} MiB; caption files may have up to"
            f" {max_bytes / 1_048_576:,.1f} MiB. Check that it is a caption file.",
            reason="too-large",
        )


def decode(
    data: bytes,
    *,
    encoding: str | None = None,
    language: str | None = None,
    max_bytes: int = DEFAULT_MAX_BYTES,
) -> Decoded:
    """The text of a caption file.

    UTF-8 and anything with a byte order mark is certain; everything else is guessed, from the
    track's language if that is known, with a warning that shows a line to check.

    Args:
        data: The file.
        encoding: What a person says it is (a key of `ENCODINGS`); then nothing is guessed.
        language: BCP 47 tag of the track, a hint.
        max_bytes: Larger files are refused.

    Raises:
        CaptionError: Too large, empty, not text, or not in the given encoding.
    """
    require_size(data, max_bytes)
    if encoding is not None:
        return _decode_as(data, encoding)
    for bom, name in _BOMS:
        if data.startswith(bom):
            return _decode_marked(data[len(bom) :], name)
    _refuse_foreign(data)
    if (wide := _unmarked_utf16(data)) is not None:
        text = data.decode(wide, errors="replace")
        return Decoded(text, wide, True, ("The file is in UTF-16 without a byte order mark.",))
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return _guess(data, language)
    _refuse_binary(text)
    return Decoded(text, "utf-8")


def _decode_as(data: bytes, encoding: str) -> Decoded:
    if encoding not in ENCODINGS:
        raise CaptionError(
            f"{quote(encoding)} is not an encoding that can be chosen.",
            reason="unknown-encoding",
            field="encoding",
        )
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise CaptionError(
            f"Line {line}: the file is not in {ENCODINGS[encoding]}. Choose another encoding.",
            reason="wrong-encoding",
            line_number=line,
            field="encoding",
        ) from None
    text = text.removeprefix("\ufeff")
    _refuse_binary(text)
    return Decoded(text, encoding)


def _decode_marked(data: bytes, encoding: str) -> Decoded:
    text = data.decode(encoding, errors="replace")
    _refuse_binary(text)
    warnings = () if encoding == "utf-8" else (f"The file is in {encoding[:6].upper()}.",)
    return Decoded(text, encoding, True, warnings)


def _refuse_foreign(data: bytes) -> None:
    name = next((name for magic, name in _FOREIGN if data.startswith(magic)), None)
    if data[4:8] == b"ftyp":
        name = "a video (MP4)"
    if name is not None:
        raise CaptionError(
            f"This is {name}, not a caption file. Upload {ACCEPTED}.", reason="not-captions"
        )


def _unmarked_utf16(data: bytes) -> str | None:
    """UTF-16 without a mark shows as zeros in every other byte of text in Western letters."""
    sample = data[:4096]
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if len(sample) >= 8 and len(data) % 2 == 0:
        if odd > len(sample) * 0.35 and even < odd / 20:
            return "utf-16-le"
        if even > len(sample) * 0.35 and odd < even / 20:
            return "utf-16-be"
    return None


def _refuse_binary(text: str) -> None:
    """Refuse text with more control characters than any caption file has.

    A file that starts as WebVTT passes: the specification says what NULs in it are.
    """
    if text.startswith("WEBVTT"):
        return
    controls = sum(text.count(chr(code)) for code in range(32) if code not in (9, 10, 11, 12, 13))
    if "\0" in text or controls > max(3, len(text) // 100):
        raise CaptionError(f"This is not a text file. Upload {ACCEPTED}.", reason="not-captions")


def _guess(data: bytes, language: str | None) -> Decoded:
    if b"\0" in data:
        raise CaptionError(f"This is not a text file. Upload {ACCEPTED}.", reason="not-captions")
    for encoding in _candidates(data, language):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        _refuse_binary(text)
        return Decoded(text, encoding, False, (_guess_warning(text, encoding),))
    raise CaptionError(
        "The file is not in UTF-8, and its encoding cannot be told. Save it as UTF-8, or choose"
        " its encoding.",
        reason="unknown-encoding",
        field="encoding",
    )


def _candidates(data: bytes, language: str | None) -> list[str]:
    candidates: list[str] = []
    tag = (language or "").lower()
    for key in (tag, "-".join(tag.split("-")[:2]), tag.split("-")[0]):
        if key in _BY_LANGUAGE:
            candidates.append(_BY_LANGUAGE[key])
            break
    if tag and not candidates:
        candidates.append("cp1252")
    if _looks_western(data):
        candidates.append("cp1252")
    # The guess needs a sample only; its own list is cut to encodings that people meet in captions.
    best = from_bytes(data[:65_536], cp_isolation=list(ENCODINGS), steps=8).best()
    if best is not None and (name := best.encoding.replace("_", "-")) in ENCODINGS:
        candidates.append(name)
    return [*candidates, "cp1252"]


def _looks_western(data: bytes) -> bool:
    """Fewer letters above ASCII than in it, and those the usual ones of Western Europe.

    Without the letters that would be common if the file were Central European or Turkish.
    """
    high = [byte for byte in data[:262_144] if byte >= 0x80]
    letters = sum(65 <= (byte & 0xDF) <= 90 for byte in data[:262_144])
    if len(high) > max(letters, 1) * 0.8:
        return False
    decoded = bytes(high).decode("cp1252", errors="replace")
    return sum(char in _WESTERN for char in decoded) >= len(high) * 0.97


def _guess_warning(text: str, encoding: str) -> str:
    found = first_foreign_line(text)
    sample = f"line {found[0]}: {quote(found[1], 60)}" if found else "the letters with accents"
    return (
        f"The file is not in UTF-8. It was read as {ENCODINGS[encoding]}. Check {sample}."
        " If letters are wrong, choose another encoding."
    )


def first_foreign_line(text: str) -> tuple[int, str] | None:
    """The first line with letters beyond ASCII, and its 1-based number; None if there is none."""
    for number, line in enumerate(re.split(r"\r\n|\r|\n", text), 1):
        if not line.isascii():
            return number, line.strip()
    return None


def looks_like_webvtt(data: bytes) -> bool:
    """Whether the bytes start with the WebVTT signature, after a UTF-8 mark if any."""
    return data.removeprefix(codecs.BOM_UTF8).startswith(b"WEBVTT")


def looks_like_ebu_stl(data: bytes) -> bool:
    """Whether the bytes start with an EBU STL general block (EBU Tech 3264, GSI: CPN, DFC)."""
    return len(data) >= 1024 and re.match(rb"[0-9]{3}STL[0-9]{2}\.[0-9]{2}", data) is not None


def identify(text: str, filename: str = "") -> SourceFormat:
    """The format of a decoded file, by what it contains, then by its name.

    Raises:
        CaptionError: It is none that can be read; the message names the format where known.
    """
    start = text.lstrip("\ufeff \t\r\n")
    if text.startswith("WEBVTT"):
        return SourceFormat.WEBVTT
    if start.startswith("Scenarist_SCC"):
        return SourceFormat.SCC
    head = start[:65_536]
    if start.startswith("<") and (root := _ROOT_ELEMENT.search(head)) and root[1] == "tt":
        return SourceFormat.TTML
    if _SRT_TIMING.search(head):
        return SourceFormat.SUBRIP
    for pattern, name in _OTHER_TEXT_FORMATS:
        if pattern.search(head):
            raise CaptionError(
                f"This is {name}, which cannot be read. Convert it to WebVTT or SubRip first."
                f" Accepted are {ACCEPTED}.",
                reason="unsupported-format",
            )
    extension = filename.rpartition(".")[2].lower() if "." in filename else ""
    by_name = _EXTENSIONS.get(extension)
    if by_name is not None and by_name is not SourceFormat.EBU_STL:
        return by_name
    raise CaptionError(
        f"This is not a caption format that can be read. Upload {ACCEPTED}.",
        reason="unsupported-format",
    )
