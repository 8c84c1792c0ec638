"""Run ffmpeg: find it, feed it raw frames, say plainly what it did not like."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterable
from pathlib import Path

from portal.demo.errors import EncoderMissing, EncodingFailed, OutOfSpace

_FIX = (
    "Install the package imageio-ffmpeg (it carries a binary), put ffmpeg on PATH, "
    "or name one with IMAGEIO_FFMPEG_EXE."
)


def find_ffmpeg() -> str:
    """Return the path of a runnable ffmpeg: the bundled one, else the one on ``PATH``.

    Raises:
        EncoderMissing: There is none, with the ways to get one.
    """
    try:
        import imageio_ffmpeg

        return str(imageio_ffmpeg.get_ffmpeg_exe())
    except (ImportError, RuntimeError):
        found = shutil.which("ffmpeg")
    if found is None:
        raise EncoderMissing(f"The demo films need ffmpeg and none was found. {_FIX}")
    return found


def run_ffmpeg(arguments: list[str], chunks: Iterable[bytes | memoryview]) -> None:
    """Run ffmpeg with ``chunks`` on its standard input and wait for its end.

    Args:
        arguments: Everything after the program's name and the common options.
        chunks: What to write, for example one raw frame each.

    Raises:
        EncoderMissing: The binary cannot be started.
        EncodingFailed: ffmpeg ended with an error; the message carries its last lines.
        OutOfSpace: It ended because the disk is full.
    """
    command = [find_ffmpeg(), "-y", "-nostdin", "-v", "error", *arguments]
    # Errors go to a file: a pipe that nobody reads while frames are written could fill up.
    with tempfile.TemporaryFile() as complaints:
        try:
            process = subprocess.Popen(command, stdin=subprocess.PIPE, stderr=complaints)
        except OSError as error:
            raise EncoderMissing(f"{command[0]} cannot be started ({error}). {_FIX}") from error
        try:
            _feed(process, chunks)
            code = process.wait()
        except BaseException:
            process.kill()
            process.wait()
            raise
        if code != 0:
            complaints.seek(0)
            raise _refusal(code, complaints.read().decode("utf-8", "replace"))


def _feed(process: subprocess.Popen[bytes], chunks: Iterable[bytes | memoryview]) -> None:
    assert process.stdin is not None
    try:
        for chunk in chunks:
            process.stdin.write(chunk)
        process.stdin.close()
    except (BrokenPipeError, ConnectionResetError):
        pass  # ffmpeg ended early; its exit code and its words say why


def _refusal(code: int, words: str) -> EncodingFailed | OutOfSpace:
    last = " / ".join(line.strip() for line in words.strip().splitlines()[-4:]) or "no message"
    if os.strerror(errno.ENOSPC) in words or os.strerror(errno.EDQUOT) in words:
        return OutOfSpace(f"The disk is full: ffmpeg could not write a film ({last}).")
    return EncodingFailed(f"ffmpeg ended with code {code}: {last}")


def require_output(path: Path) -> bytes:
    """Read a file that ffmpeg should have written.

    Raises:
        EncodingFailed: It is missing or empty.
    """
    data = path.read_bytes() if path.exists() else b""
    if not data:
        raise EncodingFailed(f"ffmpeg reported success but wrote no {path.name}.")
    return data
