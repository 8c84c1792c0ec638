"""Caption tracks: read, convert, check, edit. Pure functions; nothing here does I/O.

    bytes --detect--> text --convert--> Document --check--> Report
                                            |--edit--> Document --serialise--> stored WebVTT

Import the module by its task: `webvtt` (the strict parser), `detect`, `convert`, `check`,
`edit`, `languages`, `dialogue`.
"""

from portal.services.captions.errors import CaptionError

__all__ = ["CaptionError"]
