"""Settings: all that is wrong is said at once, and no secret is ever printed."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from portal.settings import Settings
from tests.support.live_portal import ROOT, environment, portal_command


def run(tmp_path: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        portal_command(*arguments),
        env=environment(tmp_path / "data", 3999, **settings),
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_all_errors_are_listed_at_once_without_values(tmp_path: Path) -> None:
    answer = run(
        tmp_path,
        "doctor",
        PORTAL_PORT="99999",
        PORTAL_STREAM_TOKEN_TTL_S="301",
        PORTAL_DATABASE_URL="postgresql://user:hunter2@db/x",
        PORTAL_REDIS_URL="http://:hunter2@redis",
        PORTAL_PUBLIC_URL="films.example",
    )
    assert answer.returncode == 1
    for name in ("PORT", "STREAM_TOKEN_TTL_S", "DATABASE_URL", "REDIS_URL", "PUBLIC_URL"):
        assert f"PORTAL_{name}:" in answer.stderr
    assert "hunter2" not in answer.stdout + answer.stderr
    assert "Traceback" not in answer.stderr


def test_production_wants_everything_explicit(tmp_path: Path) -> None:
    answer = run(tmp_path, "serve", PORTAL_ENVIRONMENT="production")
    assert answer.returncode == 1
    for name in ("DATABASE_URL", "REDIS_URL", "KEYS_FILE", "PUBLIC_URL"):
        assert f"PORTAL_{name}" in answer.stderr


def test_settings_never_show_a_secret() -> None:
    settings = Settings(
        database_url="mysql+pymysql://portal:hunter2@db/x", redis_url="redis://:hunter2@redis"
    )
    assert "hunter2" not in repr(settings) + str(settings.model_dump())


def test_doctor_says_what_is_there(tmp_path: Path) -> None:
    answer = run(tmp_path, "doctor")
    assert answer.returncode == 0, answer.stdout + answer.stderr
    for subject in ("settings", "data folder", "database", "redis", "key ring", "node", "port"):
        assert f"  {subject}: " in answer.stdout


def test_doctor_finds_what_does_not_answer_and_hides_the_password(tmp_path: Path) -> None:
    answer = run(
        tmp_path,
        "doctor",
        PORTAL_DATABASE_URL="mysql+pymysql://portal:hunter2@127.0.0.1:1/x",
        PORTAL_REDIS_URL="redis://:hunter2@127.0.0.1:1",
    )
    assert answer.returncode == 1
    assert answer.stdout.count("MISSING") == 2
    assert "hunter2" not in answer.stdout + answer.stderr


@pytest.mark.parametrize("value", ["5", "300"])
def test_the_bounds_of_a_token_s_life_are_allowed(
    value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PORTAL_STREAM_TOKEN_TTL_S", value)
    assert Settings().stream_token_ttl_s == int(value)


def test_passwords_may_come_from_files(tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text("p@ss/word\n")
    settings = Settings(
        database_url="mysql+pymysql://portal@db:3307/films",
        database_replica_url="mysql+pymysql://portal:own@replica/films",
        database_password_file=file,
        redis_url="rediss://redis:6380/1",
        redis_password_file=file,
    )
    assert settings.sqlalchemy_url() == "mysql+pymysql://portal:p%40ss%2Fword@db:3307/films"
    assert settings.replica_url() == "mysql+pymysql://portal:own@replica/films"
    assert settings.effective_redis_url() == "rediss://:p%40ss%2Fword@redis:6380/1"


def test_a_password_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    answer = run(tmp_path, "doctor", PORTAL_REDIS_PASSWORD_FILE=str(tmp_path / "none"))
    assert answer.returncode == 1
    assert "PORTAL_REDIS_PASSWORD_FILE: is not a file" in answer.stderr
