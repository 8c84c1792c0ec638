"""Refuses XML that is not safe or sensible to read, before any other parser sees it.

A document type declaration is where entity expansion ("billion laughs"), external entities and
remote DTDs come from (OWASP XXE); no caption format needs one, so any is refused. Depth and the
number of elements are bounded, as the readers that follow are recursive.
"""

from __future__ import annotations

from typing import Final
from xml.parsers import expat

from portal.services.captions.errors import CaptionError

MAX_DEPTH: Final = 64
MAX_ELEMENTS: Final = 200_000


def require_safe_xml(text: str, *, source_format: str) -> None:
    """Check that `text` is well-formed XML without a document type declaration.

    Args:
        text: The decoded document; an encoding in its XML declaration is ignored.
        source_format: Its name, for the message.

    Raises:
        CaptionError: Naming the line and what is wrong.
    """
    parser = expat.ParserCreate("utf-8")
    depth = elements = 0

    def refuse(detail: str, reason: str) -> CaptionError:
        line = parser.CurrentLineNumber
        return CaptionError(
            f"Line {line}: {detail}", reason=reason, line_number=line, source_format=source_format
        )

    def on_doctype(*_: object) -> None:
        raise refuse(
            "the file has a document type declaration (DOCTYPE), which is refused for safety."
            " Remove it.",
            "doctype",
        )

    def on_start(_name: str, _attributes: dict[str, str]) -> None:
        nonlocal depth, elements
        depth += 1
        elements += 1
        if depth > MAX_DEPTH or elements > MAX_ELEMENTS:
            raise refuse("the file is nested too deeply or has too many elements.", "too-complex")

    def on_end(_name: str) -> None:
        nonlocal depth
        depth -= 1

    parser.StartDoctypeDeclHandler = on_doctype
    parser.StartElementHandler = on_start
    parser.EndElementHandler = on_end
    try:
        parser.Parse(text.encode("utf-8", errors="replace"), True)
    except expat.ExpatError as error:
        raise CaptionError(
            f"Line {error.lineno}: this is not well-formed XML"
            f" ({expat.errors.messages[error.code]}). Export the file again.",
            reason="bad-xml",
            line_number=error.lineno,
            source_format=source_format,
        ) from None
