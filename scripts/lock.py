"""Write requirements.lock and requirements-dev.lock: every version and hash, for any platform."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
COMMON = [
    sys.executable, "-m", "uv", "pip", "compile", "pyproject.toml", "--universal",
    "--python-version", "3.11", "--generate-hashes", "--no-emit-index-url", "--no-header",
    "--no-annotate", "--quiet",
]  # fmt: skip


def main() -> None:
    """Resolve the run-time and the development dependencies."""
    for name, more in (("requirements.lock", []), ("requirements-dev.lock", ["--group", "dev"])):
        subprocess.run([*COMMON, *more, "-o", name, *sys.argv[1:]], cwd=ROOT, check=True)  # noqa: S603


if __name__ == "__main__":
    main()
