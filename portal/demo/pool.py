"""Worker processes for the build: start, feed, listen, and end them promptly."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import portal
from portal.demo import errors

_POLL_S = 0.2


@dataclass(slots=True)
class Job:
    """One unit to make. ``after`` names a film that must be finished before it can start."""

    kind: str
    name: str
    wanted: dict[str, Any]
    after: str | None = None


@dataclass(slots=True)
class _Worker:
    process: subprocess.Popen[str]
    job: Job | None = None
    complaints: list[str] = field(default_factory=list)


class WorkerPool:
    """A fixed number of worker processes; leaving the ``with`` block ends them at once."""

    def __init__(self, out: Path, jobs: int) -> None:
        self._out = out
        self._jobs = jobs
        self._workers: list[_Worker] = []
        self._answers: queue.Queue[tuple[_Worker, dict[str, Any] | None]] = queue.Queue()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for worker in self._workers:
            _kill(worker.process)
        for worker in self._workers:
            worker.process.wait()

    def run(
        self,
        jobs: Iterable[Job],
        *,
        on_frames: Callable[[Job, int], None],
        on_done: Callable[[Job, dict[str, Any]], None],
    ) -> None:
        """Make all units; returns when the last one is done.

        Raises:
            DemoError: The first failure of any worker; the others are stopped by the caller
                leaving the ``with`` block.
        """
        waiting = list(jobs)
        finished: set[str] = set()
        unfinished_films = {job.name for job in waiting if job.kind == "film"}
        while waiting or any(worker.job for worker in self._workers):
            self._hand_out(waiting, unfinished_films - finished)
            try:
                worker, answer = self._answers.get(timeout=_POLL_S)
            except queue.Empty:
                continue
            job = worker.job
            if answer is None:
                if job is not None:
                    raise self._death(worker, job)
            elif job is not None and "frames" in answer:
                on_frames(job, int(answer["frames"]))
            elif job is not None and "done" in answer:
                worker.job = None
                finished.add(job.name if job.kind == "film" else "")
                on_done(job, answer["done"])
            elif "error" in answer:
                raise _failure(answer)

    def _hand_out(self, waiting: list[Job], pending_films: set[str]) -> None:
        idle = [worker for worker in self._workers if worker.job is None]
        ready = [job for job in waiting if job.after not in pending_films]
        while ready and (idle or len(self._workers) < self._jobs):
            worker = idle.pop() if idle else self._start()
            job = ready.pop(0)
            waiting.remove(job)
            worker.job = job
            message = {
                "kind": job.kind,
                "name": job.name,
                "wanted": job.wanted,
                "out": str(self._out),
            }
            assert worker.process.stdin is not None
            with contextlib.suppress(BrokenPipeError):  # its end is reported by the reader
                worker.process.stdin.write(json.dumps(message) + "\n")
                worker.process.stdin.flush()

    def _start(self) -> _Worker:
        process = subprocess.Popen(
            [sys.executable, "-m", "portal.demo.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            env=_environment(),
            start_new_session=True,  # Ctrl-C is for the builder; it ends the group itself
        )
        worker = _Worker(process)
        self._workers.append(worker)
        threading.Thread(target=self._listen, args=(worker,), daemon=True).start()
        threading.Thread(target=_collect, args=(worker,), daemon=True).start()
        return worker

    def _listen(self, worker: _Worker) -> None:
        assert worker.process.stdout is not None
        for line in worker.process.stdout:
            self._answers.put((worker, json.loads(line)))
        self._answers.put((worker, None))

    def _death(self, worker: _Worker, job: Job) -> errors.WorkerDied:
        code = worker.process.wait()
        words = " / ".join(worker.complaints[-3:])
        return errors.WorkerDied(
            f"The worker making the {job.kind} {job.name} ended with code {code}"
            + (f": {words}" if words else ". Out of memory? Try fewer jobs.")
        )


def _collect(worker: _Worker) -> None:
    assert worker.process.stderr is not None
    for line in worker.process.stderr:
        worker.complaints.append(line.strip())
        del worker.complaints[:-20]


def _failure(answer: dict[str, Any]) -> errors.DemoError:
    kind = getattr(errors, str(answer["error"]), errors.DemoError)
    failure: errors.DemoError = kind(str(answer["message"]))
    if "detail" in answer:
        failure.add_note(str(answer["detail"]))
    return failure


def _environment() -> dict[str, str]:
    root = str(Path(portal.__file__).resolve().parent.parent)
    paths = [root, *filter(None, [os.environ.get("PYTHONPATH")])]
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(paths),
        # glibc gives each large array back to the system and faults its pages in anew: keeping
        # them makes painting a third faster. NumPy's BLAS threads would only be in the way.
        "MALLOC_MMAP_THRESHOLD_": str(1 << 30),
        "MALLOC_TRIM_THRESHOLD_": str(1 << 32),
        "MALLOC_TOP_PAD_": str(1 << 27),
        "OPENBLAS_NUM_THREADS": "1",
    }


def _kill(process: subprocess.Popen[str]) -> None:
    """End a worker together with its ffmpeg."""
    if process.poll() is not None:
        return
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except (AttributeError, OSError):  # no process groups here
        process.kill()
