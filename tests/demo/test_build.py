"""Building: once, again, after being killed, and when it cannot be done."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from portal.demo import build as build_module
from portal.demo import units
from portal.demo.build import build_demo
from portal.demo.errors import DemoError, EncoderMissing, EncodingFailed, OutOfSpace, WorkerDied
from portal.demo.manifest import DemoManifest, read_manifest
from portal.demo.packaging import ffmpeg
from portal.demo.pool import Job, WorkerPool
from tests.demo.conftest import FILM, SECONDS, TITLES

ROOT = Path(__file__).resolve().parents[2]
OPTIONS = {"film_keys": [FILM], "titles_limit": TITLES, "max_film_s": SECONDS}


def files_of(folder: Path) -> dict[str, int]:
    return {
        str(path.relative_to(folder)): path.stat().st_mtime_ns
        for path in folder.rglob("*")
        if path.is_file() and path.name != ".lock"
    }


def start_build(folder: Path) -> subprocess.Popen[str]:
    code = (
        "import sys; from pathlib import Path; from portal.demo.build import build_demo\n"
        "say = lambda stage, done, total: print(stage, done, total, flush=True)\n"
        f"build_demo(Path(sys.argv[1]), jobs=2, progress=say, **{OPTIONS!r})"
    )
    return subprocess.Popen(
        [sys.executable, "-c", code, str(folder)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def wait_until_rendering(process: subprocess.Popen[str]) -> list[psutil.Process]:
    """Wait for the first second of film; return all processes below the builder."""
    assert process.stdout is not None
    for line in process.stdout:
        stage, done, _ = line.split()
        if stage == "films" and int(done) > 0:
            break
    return psutil.Process(process.pid).children(recursive=True)


def test_a_finished_build_is_reused(demo: DemoManifest, demo_folder: Path):
    before = files_of(demo_folder)
    progress: list[str] = []
    again = build_demo(
        demo_folder, jobs=1, progress=lambda stage, *_: progress.append(stage), **OPTIONS
    )
    assert again == demo
    assert files_of(demo_folder) == before
    assert progress == []


def test_the_manifest_on_disk_is_the_one_returned(demo: DemoManifest, demo_folder: Path):
    assert read_manifest(demo_folder) == demo


def test_a_title_of_a_film_that_is_not_built_plays_one_that_is(demo: DemoManifest):
    assert {entry.film for entry in demo.titles.values()} == {FILM}


def test_what_is_missing_is_made_and_the_rest_is_kept(
    demo: DemoManifest, demo_folder: Path, tmp_path: Path
):
    folder = tmp_path / "demo"
    shutil.copytree(demo_folder, folder)
    lost, kept = list(demo.titles)[:2]
    shutil.rmtree(folder / "artwork" / lost)
    before = files_of(folder)
    seen: list[tuple[str, int, int]] = []
    again = build_demo(folder, jobs=1, progress=lambda *step: seen.append(step), **OPTIONS)
    assert again == demo, "what is drawn again is the same to the byte"
    after = files_of(folder)
    assert after[f"artwork/{kept}/poster-480.avif"] == before[f"artwork/{kept}/poster-480.avif"]
    assert after[f"films/{FILM}/main.m3u8"] == before[f"films/{FILM}/main.m3u8"]
    assert ("artwork", TITLES - 1, TITLES) in seen
    assert seen[-1] == ("artwork", TITLES, TITLES)


def test_output_of_another_version_is_made_anew(
    demo: DemoManifest, demo_folder: Path, tmp_path: Path
):
    folder = tmp_path / "demo"
    shutil.copytree(demo_folder, folder)
    for record in folder.rglob(units.RECORD):
        data = json.loads(record.read_text())
        data["version"] -= 1
        record.write_text(json.dumps(data))
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["version"] -= 1
    (folder / "manifest.json").write_text(json.dumps(manifest))
    before = files_of(folder)
    build_demo(folder, jobs=2, **OPTIONS)
    after = files_of(folder)
    assert after.keys() == before.keys()
    assert all(after[name] != before[name] for name in after)


def test_a_killed_build_leaves_no_process_and_is_resumed(
    demo: DemoManifest, demo_folder: Path, tmp_path: Path
):
    folder = tmp_path / "demo"
    process = start_build(folder)
    below = wait_until_rendering(process)
    assert any("ffmpeg" in child.name() for child in below)
    process.send_signal(signal.SIGKILL)
    process.wait()
    _, alive = psutil.wait_procs(below, timeout=10)
    assert alive == []
    assert not (folder / "films" / FILM).exists()
    assert list(folder.rglob(f"{units.TEMPORARY}*")), "the half-made film is there under its name"

    again = build_demo(folder, jobs=2, **OPTIONS)
    assert not list(folder.rglob(f"{units.TEMPORARY}*"))
    assert files_of(folder).keys() == files_of(demo_folder).keys()
    assert again.titles == demo.titles


def test_ctrl_c_ends_workers_and_encoder(tmp_path: Path):
    process = start_build(tmp_path)
    below = wait_until_rendering(process)
    began = time.monotonic()
    process.send_signal(signal.SIGINT)
    process.wait(timeout=10)
    _, alive = psutil.wait_procs(below, timeout=10)
    assert alive == []
    assert process.returncode != 0
    assert "KeyboardInterrupt" in process.stderr.read()
    assert time.monotonic() - began < 5, "promptly, not after the film is done"


def test_two_builders_do_not_meet(tmp_path: Path):
    first, second = start_build(tmp_path), start_build(tmp_path)
    assert first.wait() == 0, first.stderr.read()
    assert second.wait() == 0, second.stderr.read()
    for process in (first, second):
        process.stdout.close()
        process.stderr.close()
    assert set(read_manifest(tmp_path).films) == {FILM}


def test_a_folder_of_another_kind_is_no_manifest(tmp_path: Path):
    with pytest.raises(DemoError, match="build it first"):
        read_manifest(tmp_path)
    (tmp_path / "manifest.json").write_text('{"version": 1}')
    with pytest.raises(DemoError, match="build the demo again"):
        read_manifest(tmp_path)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"jobs": 0}, "jobs must be at least 1"),
        ({"jobs": 1, "film_keys": ["nonsense"]}, "nonsense"),
        ({"jobs": 1, "film_keys": []}, "film_keys must name films"),
    ],
)
def test_arguments_that_make_no_sense_are_named(tmp_path: Path, options: dict, words: str):
    with pytest.raises(ValueError, match=words):
        build_demo(tmp_path, **options)


def test_without_ffmpeg_the_error_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(sys.modules, "imageio_ffmpeg", None)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(EncoderMissing, match="imageio-ffmpeg"):
        build_demo(tmp_path / "demo", jobs=1, **OPTIONS)
    assert not (tmp_path / "demo").exists()


def test_a_full_disk_is_said_before_any_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(
        build_module.shutil, "disk_usage", lambda path: usage._replace(free=3 * 1024 * 1024)
    )
    with pytest.raises(OutOfSpace, match="3 MB are free"):
        build_demo(tmp_path, jobs=1, **OPTIONS)


def test_an_encoder_that_fills_the_disk_is_understood(tmp_path: Path):
    fake = tmp_path / "ffmpeg"
    fake.write_text(
        "#!/bin/sh\ncat >/dev/null\necho 'x.mp4: No space left on device' >&2\nexit 1\n"
    )
    fake.chmod(0o755)
    os.environ["IMAGEIO_FFMPEG_EXE"] = str(fake)
    try:
        with pytest.raises(OutOfSpace, match="disk is full"):
            ffmpeg.run_ffmpeg([], [b"frame"])
    finally:
        del os.environ["IMAGEIO_FFMPEG_EXE"]


def test_an_encoder_that_refuses_is_quoted():
    with pytest.raises(EncodingFailed, match="nonsense"):
        ffmpeg.run_ffmpeg(["-f", "nonsense", "-i", "-"], [b"x" * 10_000_000])


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path):
    (tmp_path / "file").write_text("")
    with pytest.raises(DemoError, match="cannot be written"):
        build_demo(tmp_path / "file", jobs=1, **OPTIONS)


def test_a_dead_worker_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    # The same process may already have started servers for other tests.
    others = set(psutil.Process().children())

    def kill_first(job: Job, frames: int) -> None:
        for child in set(psutil.Process().children()) - others:
            child.send_signal(signal.SIGKILL)

    with pytest.raises(WorkerDied, match=f"film {FILM}"), WorkerPool(tmp_path, 1) as pool:
        pool.run(
            [Job("film", FILM, {"duration_s": 4})],
            on_frames=kill_first,
            on_done=lambda job, content: None,
        )
    assert set(psutil.Process().children()) <= others
