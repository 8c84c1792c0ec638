"""The one exception that the captions package raises."""

from __future__ import annotations

from portal.services.errors import InvalidInput


class CaptionError(InvalidInput):
    """A caption file, or an edit of one, that cannot be used.

    Attributes:
        reason: Stable kebab-case name of what is wrong, for tests and metrics.
        line_number: 1-based line of the source file it was found on, or None.
        source_format: The format's name ("WebVTT", "SubRip", ...), or None if that is unknown.
    """

    code = "caption-invalid"
    title = "This caption file cannot be used"

    def __init__(
        self,
        detail: str,
        *,
        reason: str,
        line_number: int | None = None,
        source_format: str | None = None,
        field: str = "file",
    ) -> None:
        self.reason = reason
        self.line_number = line_number
        self.source_format = source_format
        super().__init__({field: detail}, detail)
