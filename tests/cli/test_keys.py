"""`portal keys` from the command line."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.support.live_portal import ROOT, environment, portal_command


def keys(tmp_path: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        portal_command("keys", *arguments),
        env=environment(tmp_path / "data", 3999),
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_key_s_life_from_the_command_line(tmp_path: Path) -> None:
    assert keys(tmp_path, "init").returncode == 0
    assert "k2 of source-url" in keys(tmp_path, "add").stderr
    first = keys(tmp_path, "status")
    assert "source-url: k1 active, 0 stored values" in first.stdout
    assert "source-url: k2 pending, 0 stored values" in first.stdout
    assert "stream-token: k1 active\n" in first.stdout
    rotated = keys(tmp_path, "rotate")
    assert (rotated.returncode, "key k2 is active" in rotated.stderr) == (0, True), rotated.stderr
    assert keys(tmp_path, "rotate", "--again").returncode == 0
    assert "is gone" in keys(tmp_path, "retire", "source-url", "k1").stderr
    refused = keys(tmp_path, "retire", "source-url", "k2")
    assert refused.returncode == 1
    assert "is active; it cannot be retired" in refused.stderr
    unknown = keys(tmp_path, "rotate", "nonsense")
    assert unknown.returncode == 1
    assert "Traceback" not in unknown.stderr
    ring = (tmp_path / "data" / "keys.json").read_text()
    for line in ring.split('"'):
        if len(line) == 44:  # a key, in base64
            assert line not in first.stdout + rotated.stderr
