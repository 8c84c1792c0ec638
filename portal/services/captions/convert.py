"""Any caption file to a WebVTT `Document`.

WebVTT and SubRip are read by this package; TTML/IMSC, SCC and EBU STL by ttconv. Nothing is
lost in silence: what could not be read is in the document's issues (which block publishing where
words are missing), what was changed is in the warnings.
"""

from __future__ import annotations

import io
import logging
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, Final
from xml.etree import ElementTree as ET

import ttconv.imsc.reader
import ttconv.scc.reader
import ttconv.stl.reader
from ttconv.model import Text
from ttconv.stl.config import STLReaderConfiguration

from portal.services.captions import timed_text
from portal.services.captions.detect import (
    DEFAULT_MAX_BYTES,
    ENCODINGS,
    SourceFormat,
    decode,
    first_foreign_line,
    identify,
    looks_like_ebu_stl,
    looks_like_webvtt,
    require_size,
)
from portal.services.captions.errors import CaptionError
from portal.services.captions.scc import clean_scc
from portal.services.captions.srt import parse_srt
from portal.services.captions.webvtt import Document, IssueCode, parse
from portal.services.captions.webvtt.issues import IssueLog, count_of, quote
from portal.services.captions.webvtt.timestamps import MAX_TIME_S
from portal.services.captions.xml_guard import require_safe_xml

MAX_CUES: Final = 20_000
"""A day of dense dialogue; more is not a film's captions, and the checks take time for each."""

_STL_SPACE = re.compile(rb"(?<=[\x00-\x07\x80-\x85]) | (?=[\x00-\x07\x80-\x85])")
_LOSS: Final = re.compile(
    r"Bad (begin|end|dur) attribute|Invalid TTI timecode|.*omitting subtitle|Bad TTI block"
)
"""What ttconv logs where it drops a caption, or shows it at a wrong time."""
_UNREMARKABLE: Final = ("xml:lang not specified on tt",)


@dataclass(frozen=True, slots=True)
class Converted:
    """A caption file, read.

    Attributes:
        vtt_document: The captions; their issues name lines of the source file.
        source_format: What the file was.
        warnings: What was guessed, mended or left out, in plain words.
        encoding: Python's name of the encoding the text was read with; None for a binary format.
        suggested_encoding: Where letters were lost because the file is not in UTF-8, the encoding
            (a key of `detect.ENCODINGS`) that it seems to be in; to be offered, not used.
    """

    vtt_document: Document
    source_format: SourceFormat
    warnings: tuple[str, ...] = ()
    encoding: str | None = None
    suggested_encoding: str | None = None


def convert(
    data: bytes,
    filename: str = "",
    *,
    encoding: str | None = None,
    language: str | None = None,
    max_bytes: int = DEFAULT_MAX_BYTES,
) -> Converted:
    """Read a caption file of any accepted format.

    Args:
        data: The file.
        filename: Its name; only its extension is used, and only where the content does not tell.
        encoding: What a person says the text's encoding is (a key of `detect.ENCODINGS`).
        language: BCP 47 tag of the track, a hint for old encodings.
        max_bytes: Larger files are refused.

    Raises:
        CaptionError: The file cannot be used; the message names the format and, where there is
            one, the line.
    """
    require_size(data, max_bytes)
    if looks_like_ebu_stl(data):
        return _limited(_convert_stl(data))
    if encoding is None and looks_like_webvtt(data):
        # Read from bytes, so that letters which are not UTF-8 are reported with their lines.
        return _limited(_convert_webvtt_bytes(data, language))
    decoded = decode(data, encoding=encoding, language=language, max_bytes=max_bytes)
    source_format = identify(decoded.text, filename)
    converted = _READERS[source_format](decoded.text)
    return _limited(
        replace(
            converted,
            warnings=decoded.warnings + converted.warnings,
            encoding=decoded.encoding,
        )
    )


def _limited(converted: Converted) -> Converted:
    count = len(converted.vtt_document.cues)
    if count > MAX_CUES:
        raise CaptionError(
            f"The file has {count:,} captions; up to {MAX_CUES:,} are accepted.",
            reason="too-many-cues",
            source_format=converted.source_format,
        )
    for cue in converted.vtt_document.cues:
        if max(cue.start_s, cue.end_s) >= MAX_TIME_S:
            raise CaptionError(
                f"A caption has a time of {cue.end_s / 3600:.0f} hours. Export the file again.",
                reason="bad-time",
                source_format=converted.source_format,
            )
    return converted


def _convert_webvtt_bytes(data: bytes, language: str | None) -> Converted:
    """WebVTT is UTF-8 by definition: anything else is an error, but one that can be mended."""
    document = parse(data)
    converted = Converted(document, SourceFormat.WEBVTT, (), "utf-8")
    if not any(issue.code is IssueCode.REPLACED_CHARACTER for issue in document.issues):
        return converted
    try:
        guess = decode(data, language=language)
    except CaptionError:
        return converted
    label = ENCODINGS[guess.encoding]
    sample = first_foreign_line(guess.text)
    then = f": then line {sample[0]} reads {quote(sample[1], 60)}" if sample else ""
    warning = (
        f"WebVTT has to be in UTF-8. This file seems to be in {label}{then}. If that is right,"
        " choose this encoding."
    )
    return replace(converted, warnings=(warning,), suggested_encoding=guess.encoding)


def _convert_webvtt(text: str) -> Converted:
    return Converted(parse(text), SourceFormat.WEBVTT)


def _convert_srt(text: str) -> Converted:
    result = parse_srt(text)
    return Converted(result.document, SourceFormat.SUBRIP, result.warnings)


def _convert_ttml(text: str) -> Converted:
    name = SourceFormat.TTML
    require_safe_xml(text, source_format=name)

    def read() -> Any:
        # No DOCTYPE and no entity gets past require_safe_xml.
        root = ET.fromstring(text)  # noqa: S314  # nosec B314
        return ttconv.imsc.reader.to_model(ET.ElementTree(root))

    return _from_model(name, read)


def _convert_scc(text: str) -> Converted:
    cleaned = clean_scc(text)
    converted = _from_model(
        SourceFormat.SCC,
        lambda: ttconv.scc.reader.to_model(cleaned.text),
        boxes_follow_text=True,
    )
    issues = cleaned.issues + converted.vtt_document.issues
    document = replace(converted.vtt_document, issues=issues)
    return replace(converted, vtt_document=document)


def _convert_stl(data: bytes) -> Converted:
    """EBU STL: a general block of 1,024 bytes, then one of 128 for each piece of text."""
    blocks = [data[start : start + 128] for start in range(1024, len(data), 128)]
    if blocks and len(blocks[-1]) != 128:
        raise CaptionError(
            "The file looks like EBU STL but is cut off in its last block. Export it again.",
            reason="truncated",
            source_format=SourceFormat.EBU_STL,
        )
    if len(blocks) > MAX_CUES:
        raise CaptionError(
            f"The file has {len(blocks):,} blocks of text; up to {MAX_CUES:,} are accepted.",
            reason="too-many-cues",
            source_format=SourceFormat.EBU_STL,
        )
    mended = data[:1024] + b"".join(block[:16] + _keep_spaces(block[16:]) for block in blocks)

    config = STLReaderConfiguration(
        program_start_tc="TCP" if _starts_at_tcp(data[256:264], blocks) else None
    )

    def read() -> Any:
        model = ttconv.stl.reader.to_model(io.BytesIO(mended), config)
        for element in model.get_body().dfs_iterator():
            if isinstance(element, Text):
                element.set_text(element.get_text().replace("\u00a0", " "))
        return model

    return _from_model(SourceFormat.EBU_STL, read)


def _starts_at_tcp(programme_start: bytes, blocks: list[bytes]) -> bool:
    """Whether all captions lie after the programme start that the header names.

    Time codes of broadcasters often start at 10:00:00:00, and the header says so (GSI: TCP). Where
    captions come before that, the header is wrong, and ttconv would leave them out.
    """
    if not re.fullmatch(rb"[0-9]{8}", programme_start):
        return False
    start = tuple(int(programme_start[i : i + 2]) for i in range(0, 8, 2))
    return all(tuple(block[5:9]) >= start for block in blocks)


def _keep_spaces(text_field: bytes) -> bytes:
    """ttconv drops a space beside a control code; as a no-break space it keeps it."""
    return _STL_SPACE.sub(b"\xa0", text_field)


def _from_model(
    source_format: SourceFormat, read: Callable[[], Any], *, boxes_follow_text: bool = False
) -> Converted:
    """Run a ttconv reader and extract its cues; whatever it raises becomes a `CaptionError`."""
    with _captured_log() as messages:
        try:
            model = read()
            if model is None:
                raise ValueError("no captions were found in it")
            found = timed_text.extract(model, boxes_follow_text=boxes_follow_text)
        except CaptionError:
            raise
        # ttconv's readers let through KeyError, AttributeError, struct.error and others.
        except Exception as error:
            raise CaptionError(
                f"The file looks like {source_format} but cannot be read"
                f" ({type(error).__name__}: {str(error)[:200] or 'no details'})."
                " Export it again, or convert it to WebVTT.",
                reason="unreadable",
                source_format=source_format,
            ) from error
    warnings: list[str] = []
    if found.endless:
        warnings.append(
            f"{count_of(found.endless, 'caption')} had no end; shown for up to"
            f" {timed_text.DEFAULT_DURATION_S} seconds."
        )
    if found.before_zero:
        warnings.append(
            f"{count_of(found.before_zero, 'caption')} before the film's start left out."
        )
    log = IssueLog()
    for message in filter(_LOSS.match, messages):
        log.add(
            IssueCode.UNREADABLE_TIMING,
            0,
            f"A caption is missing or at a wrong time. The {source_format} reader says: {message}.",
            "Correct its times in the program that made the file, and export it again.",
        )
    remarks = list(dict.fromkeys(m for m in messages if not _LOSS.match(m)))
    remarks = [remark for remark in remarks if remark not in _UNREMARKABLE]
    warnings.extend(f"While reading {source_format}: {remark}." for remark in remarks[:5])
    if len(remarks) > 5:
        warnings.append(f"{len(remarks) - 5} more remarks of the reader are not listed.")
    document = Document(cues=found.cues, styles=found.styles, issues=log.freeze())
    return Converted(document, source_format, tuple(warnings))


class _Capture(logging.Handler):
    """Keeps the messages that ttconv logs in this thread."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []
        self._thread = threading.get_ident()

    def emit(self, record: logging.LogRecord) -> None:
        if record.thread == self._thread and len(self.messages) < 10_000:
            self.messages.append(record.getMessage().rstrip("."))


@contextmanager
def _captured_log() -> Iterator[list[str]]:
    logger = logging.getLogger("ttconv")
    handler = _Capture()
    logger.addHandler(handler)
    try:
        yield handler.messages
    finally:
        logger.removeHandler(handler)


_READERS: Final[dict[SourceFormat, Callable[[str], Converted]]] = {
    SourceFormat.WEBVTT: _convert_webvtt,
    SourceFormat.SUBRIP: _convert_srt,
    SourceFormat.TTML: _convert_ttml,
    SourceFormat.SCC: _convert_scc,
}
