"""The walk-through of docs/api.md, as it stands there, against a whole portal."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.services.editing.films import put_film
from tests.support.live_portal import ROOT, environment, live_portal
from tests.support.origin import http_origin

pytestmark = pytest.mark.slow
FILM = "/api/movies/northern-lights"


def commands() -> list[str]:
    """The blocks of the walk-through, in order."""
    part = (ROOT / "docs" / "api.md").read_text().split("## Walk-through")[1].split("\n## ")[0]
    return re.findall(r"```sh\n(.*?)```", part, re.DOTALL)


def put_demo_film(folder: Path) -> None:
    """A film where the demo would have drawn one."""
    with http_origin() as origin:
        put_film(origin, "/aurora")
        for path, answer in origin.files.items():
            target = folder / path.lstrip("/")
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(answer[2])  # type: ignore[index]


def run(blocks: list[str], folder: Path, data: Path, port: int) -> list[str]:
    """Run the blocks in one shell; what each of them printed."""
    (folder / "docs").symlink_to(ROOT / "docs")
    tools = folder / ".venv" / "bin"
    tools.mkdir(parents=True)
    portal = tools / "portal"
    portal.write_text(f'#!/bin/sh\nexec {sys.executable} -m portal "$@"\n')
    portal.chmod(0o755)
    end = "---- end of a block ----"
    script = f"\nprintf '\\n{end}\\n'\n".join(["set -eu", *blocks])
    done = subprocess.run(
        ["bash", "-c", script],
        cwd=folder,
        env=environment(data, port, PYTHONPATH=f"{ROOT}{os.pathsep}"),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return [part.strip() for part in done.stdout.split(end)][1:]


def test_the_walk_through_does_what_it_says(tmp_path: Path) -> None:
    data, folder = tmp_path / "data", tmp_path / "repository"
    data.mkdir()
    folder.mkdir()
    put_demo_film(data / "demo" / "films")
    with live_portal(data, PORTAL_LOG_LEVEL="warning") as portal:
        printed = run(commands(), folder, data, portal.port)
        assert len(printed) == 8
        account, draft, change, source, captions, art, published, hidden = printed

        assert re.fullmatch(r"[\w-]{23}", account), "the password, and nothing of the token"
        assert json.loads(draft)["management"]["visibility"] == "draft"
        status, changed = change.split("\n", 1)
        assert (status, json.loads(changed)["year"]) == ("404", 2026)
        stored = json.loads(source)
        assert (stored["status"], stored["durationS"]) in (("ok", 12), ("warnings", 12))
        assert "aurora" not in source
        track = json.loads(captions)
        assert (track["isValid"], track["cueCount"], track["errorCount"]) == (True, 2, 0)
        pictures = json.loads(art).get("pictures")
        assert pictures is not None, art
        assert {each["kind"] for each in pictures} == {"poster", "backdrop"}

        shown, listed, stream = (json.loads(line) for line in published.splitlines())
        assert shown["state"] == "live"
        assert [movie["slug"] for movie in listed["movies"]] == ["northern-lights"]
        playlist = httpx.get(f"{portal.url}{stream['url']}")
        assert playlist.status_code == 404, "the film was hidden: its tokens end with it"

        lines = hidden.splitlines()
        assert json.loads(lines[0])["state"] == "hidden"
        assert lines[1] == "404"
        rows = list(csv.DictReader(io.StringIO("\n".join(lines[2:]).lstrip("\ufeff"))))
        assert [row["action"] for row in rows][-1] == "movie.create"
        assert {row["actor_label"] for row in rows} == {"ann@films.example"}
        assert httpx.get(f"{portal.url}{FILM}").status_code == 404
        for kind, size in (("application/json", 2), ("multipart/form-data; boundary=x", 40)):
            large = httpx.post(
                f"{portal.url}/api/movies",
                content=bytes(size * 2**20),
                headers={"Content-Type": kind},
            )
            assert (large.status_code, large.json()["code"]) == (413, "too-large")
        assert portal.log().count("Traceback") == 0
