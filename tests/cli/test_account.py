"""`portal account` from a shell."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.support.live_portal import ROOT, environment, portal_command


def portal(tmp_path: Path, *arguments: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        portal_command("account", *arguments),
        env=environment(tmp_path / "data", 3999),
        cwd=ROOT,
        input=typed,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_an_account_from_its_making_to_its_end(tmp_path: Path) -> None:
    made = portal(tmp_path, "create", "Ana@films.example", "--role", "owner", "--generate")
    assert made.returncode == 0, made.stderr
    assert len(made.stdout.strip()) > 20
    assert made.stdout.strip() not in made.stderr
    second = portal(
        tmp_path, "create", "eva@films.example", "--role", "editor", typed="three plain words\n"
    )
    assert second.returncode == 0, second.stderr
    assert portal(tmp_path, "role", "eva@films.example", "manager").returncode == 0
    token = portal(tmp_path, "token", "eva@films.example", "--days", "3")
    assert token.stdout.startswith("portal_")
    assert portal(tmp_path, "disable", "eva@films.example").returncode == 0
    listed = portal(tmp_path, "list").stdout
    assert "ana@films.example\towner" in listed
    assert "eva@films.example\tmanager  (disabled)" in listed
    assert portal(tmp_path, "disable", "--undo", "eva@films.example").returncode == 0


def test_what_is_wrong_is_said_in_a_sentence(tmp_path: Path) -> None:
    weak = portal(tmp_path, "create", "ana@films.example", typed="password\n")
    nobody = portal(tmp_path, "token", "nobody@films.example")
    broken = portal(tmp_path, "create", "no address", typed="three plain words\n")
    portal(tmp_path, "create", "ana@films.example", "--role", "owner", "--generate")
    last = portal(tmp_path, "role", "ana@films.example", "editor")
    for answer, words in (
        (weak, "at least 12 characters"),
        (nobody, "no account with this e-mail address"),
        (broken, "name@example.org"),
        (last, "last owner"),
    ):
        assert answer.returncode == 1
        assert words in answer.stderr
        assert "Traceback" not in answer.stderr
