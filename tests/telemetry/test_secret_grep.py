"""The grep over all logs of a run finds what it looks for: each kind of secret, once planted."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from portal.services.keyring import Keyring
from tests.support.people import PASSWORD
from tests.support.secret_grep import SHAPES, Log, keys_in, leaks, leaks_of

ROOT = Path(__file__).resolve().parents[2]
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ2aWV3ZXIifQ.c2lnbmF0dXJlLXNpZ25hdHVyZQ"
PLANTED = {
    "a signed token": JWT,
    "a stream token in a path": f"GET /hls/{'t' * 40}/0123/main.m3u8",
    "a token of the API": f"portal_{'x' * 43}",
    "a source URL": "https://origin.example/film/main.m3u8?sig=1",
    "a URL with a password": "mysql+pymysql://portal:quiet@db/portal",
    "a viewer's cookie": "portal_viewer=abcdefghijklmnopqrstuvwxyz",
}


@pytest.mark.parametrize("kind", SHAPES)
def test_each_kind_is_found(kind: str) -> None:
    assert f"line 2: {kind}" in leaks(f"quiet\n{PLANTED[kind]}\n", set())


def test_keys_and_passwords_are_found_and_a_usual_log_is_quiet(tmp_path: Path) -> None:
    Keyring.load_or_create(tmp_path / "keys.json")
    keys = keys_in(tmp_path)
    assert len(keys) > 5
    log = tmp_path / "portal.log"
    log.write_text('{"event": "origin.failed", "movie_id": "0123", "error": "OriginTimeout"}\n')
    assert leaks_of([Log(log, tmp_path)]) == []
    log.write_text(f"{min(keys)}\n{PASSWORD}\n")
    assert leaks_of([Log(log, tmp_path)]) == [
        f"{log}: line 1: a key of the key ring",
        f"{log}: line 2: a password",
    ]


@pytest.mark.parametrize("redacting", [True, False])
def test_without_the_redaction_of_the_logs_the_grep_fails(*, redacting: bool) -> None:
    """The same lines through the portal's logging as it is, and with its processor taken out."""
    script = textwrap.dedent(f"""
        import logging, structlog
        from portal import logs
        if not {redacting}:
            logs._redact = lambda _logger, _method, event: event
            logs.redact = lambda value: value
        logs.configure_logging()
        for text in {[JWT, PLANTED["a source URL"], PLANTED["a stream token in a path"]]!r}:
            structlog.get_logger("x").warning("odd", what=text, nested={{"in": [text]}})
            logging.getLogger("library").warning("odd %s", text)
            try:
                raise ValueError(text)
            except ValueError:
                structlog.get_logger("x").exception("failed")
    """)
    written = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env={"PORTAL_LOG_FORMAT": "json"},
        capture_output=True,
        text=True,
        check=True,
    ).stderr
    assert written.count("\n") >= 9
    found = {leak.partition(": ")[2] for leak in leaks(written, set())}
    expected = {"a signed token", "a source URL", "a stream token in a path"}
    assert found == (set() if redacting else expected)


def test_variables_of_a_traceback_are_not_written() -> None:
    script = textwrap.dedent(f"""
        import structlog
        from portal import logs
        logs.configure_logging()
        def answer(cookie, password):
            raise ValueError("nothing")
        try:
            answer({PLANTED["a viewer's cookie"]!r}, {PASSWORD!r})
        except ValueError:
            structlog.get_logger("x").exception("failed")
    """)
    written = subprocess.run(
        [sys.executable, "-"],
        cwd=ROOT,
        env={"PORTAL_LOG_FORMAT": "json"},
        input=script,
        capture_output=True,
        text=True,
        check=True,
    ).stderr
    assert '"name": "answer"' in written
    assert leaks(written, set()) == []
