"""The token source without a browser: `node --test` runs the tests beside this file."""

from __future__ import annotations

import subprocess
from pathlib import Path

from portal.embedded.frontend_build import node_environment

TESTS = Path(__file__).with_name("token_source.test.mjs")


def test_the_token_source_passes_its_own_tests() -> None:
    finished = subprocess.run(
        ["node", "--test", "--test-reporter=spec", str(TESTS)],
        env=node_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 0, finished.stdout + finished.stderr
