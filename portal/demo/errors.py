"""What can go wrong while the demo is built, in words for the person at the terminal.

``DemoError``
 ├─ ``EncoderMissing``   no ffmpeg can be run
 ├─ ``EncodingFailed``   ffmpeg ran and refused
 ├─ ``OutOfSpace``       the disk (or a quota) is full
 ├─ ``WorkerDied``       a worker process ended without an answer
 └─ ``MalformedMedia``   an encoded file is not the fragmented MP4 that was asked for
"""

from __future__ import annotations


class DemoError(Exception):
    """Any failure of the demo build; ``str(error)`` is a sentence that names the fix."""


class EncoderMissing(DemoError):
    """No ffmpeg can be run."""


class EncodingFailed(DemoError):
    """The encoder ran and ended with an error."""


class OutOfSpace(DemoError):
    """The disk is full."""


class WorkerDied(DemoError):
    """A worker process ended without an answer."""


class MalformedMedia(DemoError):
    """An encoded file is not the fragmented MP4 that was asked for."""
