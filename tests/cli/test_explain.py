"""`portal explain` beside a portal's data."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.support.live_portal import ROOT, environment, portal_command


def run(data_dir: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        portal_command("explain", *arguments),
        env=environment(data_dir, 1),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["no-such-film"], 1, "NO  There is such a film"),
        (["a-film", "--at", "yesterday"], 2, "--at must be like 2026-11-23T20:15"),
        (["a-film", "--session", "x"], 2, "56 digits"),
    ],
)
def test_what_it_says(tmp_path: Path, arguments: list[str], code: int, words: str) -> None:
    subprocess.run(portal_command("migrate"), env=environment(tmp_path, 1), cwd=ROOT, check=True)
    done = run(tmp_path, *arguments)
    assert (done.returncode, words in done.stdout + done.stderr) == (code, True), done
