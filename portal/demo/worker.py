"""A worker process of the build: reads jobs, writes answers, one JSON object a line.

Jobs come on standard input, so the end of input says that the builder is gone (however it
ended): the worker then ends at once, and takes its ffmpeg along.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import queue
import signal
import sys
import threading
import traceback
from pathlib import Path
from typing import Any, TextIO

from portal.demo import units
from portal.demo.errors import DemoError
from portal.demo.titles import TITLES_BY_SLUG


def main() -> None:
    """Serve jobs until the builder closes our input."""
    # The pipe to the builder is ours alone: whatever else prints must not end up in it.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
    os.dup2(2, 1)
    jobs: queue.Queue[dict[str, Any]] = queue.Queue()
    threading.Thread(target=_listen, args=(jobs,), daemon=True).start()
    while True:
        job = jobs.get()
        try:
            _answer(answers, done=_work(job, answers))
        except DemoError as error:
            _answer(answers, error=type(error).__name__, message=str(error))
        except OSError as error:
            full = error.errno in (errno.ENOSPC, errno.EDQUOT)
            message = f"The disk is full while making {job['name']}." if full else str(error)
            _answer(answers, error="OutOfSpace" if full else "DemoError", message=message)
        except Exception as error:
            words = f"{job['kind']} {job['name']}: {type(error).__name__}: {error}"
            _answer(answers, error="DemoError", message=words, detail=traceback.format_exc())


def _listen(jobs: queue.Queue[dict[str, Any]]) -> None:
    for line in sys.stdin:
        jobs.put(json.loads(line))
    if hasattr(os, "killpg") and os.getpgrp() == os.getpid():
        with contextlib.suppress(OSError):
            os.killpg(os.getpid(), signal.SIGKILL)
    os._exit(0)


def _answer(answers: TextIO, **fields: Any) -> None:
    answers.write(json.dumps(fields) + "\n")


def _work(job: dict[str, Any], answers: TextIO) -> dict[str, Any]:
    out, name, wanted = Path(job["out"]), str(job["name"]), job["wanted"]
    if job["kind"] == "film":

        def make(folder: Path) -> dict[str, Any]:
            return units.make_film(
                folder,
                name,
                int(wanted["duration_s"]),
                lambda frames: _answer(answers, frames=frames),
            )

        return units.make_unit(units.film_folder(out, name), wanted, make)
    title = TITLES_BY_SLUG[name]
    return units.make_unit(
        units.artwork_folder(out, name),
        wanted,
        lambda folder: units.make_artwork(folder, out, title, str(wanted["film"])),
    )


if __name__ == "__main__":
    main()
