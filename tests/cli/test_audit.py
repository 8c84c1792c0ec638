"""`portal audit`: verification and export from the command line."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from portal.cli import app


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PORTAL_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("PORTAL_DATABASE_URL", raising=False)
    return tmp_path


def portal(*arguments: str, typed: str = "") -> Result:
    return CliRunner().invoke(app, [*arguments], input=typed)


def test_an_audit_that_was_tampered_with_is_found(data: Path) -> None:
    early = portal("audit", "verify")
    assert (early.exit_code, "no catalog yet" in early.stderr) == (1, True)
    for name in ("ann", "bob"):
        assert portal("account", "create", f"{name}@films.example", "--generate").exit_code == 0
    whole = portal("audit", "verify")
    assert (whole.exit_code, "whole: 2 events" in whole.stdout) == (0, True), whole.output
    with sqlite3.connect(data / "portal.sqlite3") as store:
        store.execute("UPDATE audit_event SET actor_label = 'somebody else' WHERE seq = 1")
    broken = portal("audit", "verify")
    assert (broken.exit_code, "broken at event 1" in broken.stderr) == (1, True), broken.output


def test_the_audit_as_a_file(data: Path) -> None:
    for name in ("ann", "bob"):
        portal("account", "create", f"{name}@films.example", "--generate")
    table = portal("audit", "export", "--action", "account.")
    rows = list(csv.DictReader(io.StringIO(table.stdout.lstrip("\ufeff"))))
    assert [row["action"] for row in rows] == ["account.create", "account.create"]
    events = json.loads(portal("audit", "export", "--format", "json").stdout)
    assert [event["seq"] for event in events] == [2, 1]
    assert json.loads(portal("audit", "export", "--format", "json", "--actor", "x").stdout) == []
