"""schemathesis against the running API: it answers as its contract says, whatever it is sent."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from portal.services.actors import Role
from portal.services.container import Services
from portal.settings import Settings
from tests.support.api_people import bearer, put_people
from tests.support.api_server import api_server
from tests.support.catalog import add_movie

CONFIG = Path(__file__).with_name("schemathesis.toml")
SEED = 20_261_123
CASES_AN_OPERATION = 15
UNFIT = "ensure_resource_availability"
"""Takes a new film's source and captions for made, too; tests/api ask for what is made."""


@pytest.fixture
def settings(sqlite_url: str, redis_url: str, tmp_path: Path) -> Settings:
    """Limits that do not come between the tool and the routes."""
    return Settings(
        data_dir=tmp_path / "data",
        database_url=sqlite_url,
        redis_url=redis_url,
        port=1,
        viewer_requests_per_min=1_000_000,
        admin_requests_per_min=1_000_000,
    )


async def schemathesis(tmp_path: Path, more_config: str, *options: str) -> dict[str, Any]:
    """Run it against a server of its own; gives its report, with what it printed."""
    config, report = tmp_path / "schemathesis.toml", tmp_path / "report.json"
    config.write_text(CONFIG.read_text() + more_config)
    async with api_server() as client:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "schemathesis.cli", f"--config-file={config}", "run",
            f"{client.base_url}/api/openapi.json", *options,
            "--checks=all", f"--exclude-checks={UNFIT}", f"--seed={SEED}",
            f"--max-examples={CASES_AN_OPERATION}",
            f"--header=Authorization:{bearer(Role.OWNER)['Authorization']}",
            "--report=json", f"--report-json-path={report}", "--no-color",
            cwd=tmp_path, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip
        output, _ = await process.communicate()
    assert report.exists(), output.decode()
    found: dict[str, Any] = json.loads(report.read_text())
    return found | {"output": output.decode()}


def check(report: dict[str, Any], what: str, capsys: pytest.CaptureFixture[str]) -> None:
    operations, cases = report["operations"], report["test_cases"]
    with capsys.disabled():
        print(
            f"\nschemathesis, {what}: {operations['tested']} operations,"
            f" {cases['generated']} cases, {cases['with_failures']} failures,"
            f" {report['running_time']:.0f} s"
        )
    assert report["exit_code"] == 0, report["output"][-20_000:]
    assert operations["tested"] == operations["selected"]
    assert (operations["errored"], cases["with_failures"], report["complete"]) == (0, 0, True)
    assert cases["generated"] > CASES_AN_OPERATION * operations["tested"]


def accepted(report: dict[str, Any], operations: Sequence[str]) -> dict[str, int]:
    """How many requests of each operation were answered with a success."""
    rates = report["valid_rates"]
    return {
        name: sum(phase["accepted"] for phase in rates.get(name, {}).values())
        for name in operations
    }


@pytest.mark.slow
async def test_every_operation_answers_as_the_contract_says(
    running_services: Services, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    await put_people(running_services)
    report = await schemathesis(tmp_path, "")
    check(report, "all operations on an empty catalog", capsys)
    assert report["operations"]["selected"] == report["operations"]["total"] > 30


_CAPTIONS = """
[[operations]]
include-operation-id-regex = "."
[operations.parameters]
"path.movieId" = "the-film"
"path.trackId" = "{track}"
"path.number" = 1
"path.version" = 1
"header.If-Match" = "*"
"""
_LEFT_ALONE = "deleteMovie|deleteCaptions|replaceCaptions|removeSource|setSource|deleteCue"


@pytest.mark.slow
async def test_operations_on_a_film_that_is_there(
    running_services: Services, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The same on a film with captions and a source: the answers are those of success, too."""
    await put_people(running_services)
    await running_services.db.run(lambda s: add_movie(s, running_services.box))
    await running_services.catalog.announce_change()
    track = (await running_services.catalog.record("the-film")).playable_tracks[0]
    report = await schemathesis(
        tmp_path, _CAPTIONS.format(track=track.id), "--phases=coverage,fuzzing",
        "--include-path-regex=/api/movies/", f"--exclude-operation-id-regex={_LEFT_ALONE}",
    )  # fmt: skip
    check(report, "on a film that is there", capsys)
    captions = "/api/movies/{movieId}/captions/{trackId}"
    for name, count in accepted(
        report,
        [
            "GET /api/movies/{movieId}", "PATCH /api/movies/{movieId}",
            "GET /api/movies/{movieId}/source", f"GET {captions}", f"PATCH {captions}",
            f"GET {captions}/cues", f"POST {captions}/cues", f"PATCH {captions}/cues/{{number}}",
            f"POST {captions}/corrections",
        ],
    ).items():  # fmt: skip
        assert count > 0, name
