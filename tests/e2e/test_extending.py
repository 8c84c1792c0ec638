"""The examples of docs/extending.md, put into a copy of the project, built and used."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import DEMO_CACHE
from tests.support.live_portal import ROOT, environment

_BLOCK = re.compile(
    r'^```(?:python|js|text) (?P<how>file|into)=(?P<path>\S+)(?: after="(?P<after>[^"\n]*)")?\n'
    r"(?P<code>.*?)^```$",
    re.DOTALL | re.MULTILINE,
)
_PARTS = ("portal", "assets", "alembic", "alembic.ini", "rxconfig.py", "reflex.lock", "tests")
_PARTS += ("pyproject.toml",)
_TEST = "tests/e2e/pages/test_tonight.py"  # one of the examples


def put(block: re.Match[str], project: Path) -> None:
    """Write one block where it belongs."""
    path = project / block["path"]
    if block["how"] == "file":
        assert not path.exists(), f"{block['path']} exists: the example must be new"
        path.write_text(block["code"])
        return
    text = path.read_text()
    lines = [line for line in text.splitlines(keepends=True) if line.startswith(block["after"])]
    assert len(lines) == 1, f"{block['path']} has no one line {block['after']!r}"
    path.write_text(text.replace(lines[0], lines[0] + block["code"], 1))


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The project with all examples in it."""
    found = tmp_path / "project"
    found.mkdir()
    for part in _PARTS:
        source = ROOT / part
        if source.is_dir():
            shutil.copytree(source, found / part, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, found / part)
    # The packages of npm are there already; a file system link costs nothing.
    if (ROOT / ".web" / "node_modules").is_dir():
        subprocess.run(
            ["cp", "-al", ROOT / ".web" / "node_modules", found / "node_modules"], check=True
        )
        (found / ".web").mkdir()
        (found / "node_modules").rename(found / ".web" / "node_modules")
    blocks = list(_BLOCK.finditer((ROOT / "docs" / "extending.md").read_text()))
    assert len(blocks) >= 8
    for block in blocks:
        put(block, found)
    return found


def test_the_examples_work(project: Path) -> None:
    given = environment(project / "unused", 1, PYTHONPATH=str(project))
    given = {name: value for name, value in given.items() if name != "PORTAL_DATA_DIR"}
    given["PORTAL_TEST_DEMO"] = str(DEMO_CACHE)
    for command in (
        ["pytest", "-q", "-p", "no:cacheprovider", _TEST],
        ["ruff", "check", "portal", _TEST],
    ):
        done = subprocess.run(
            [sys.executable, "-m", *command],
            cwd=project,
            env=given,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
