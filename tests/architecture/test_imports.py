"""The import rule of docs/architecture.md, enforced on the source itself."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
WEB_FRAMEWORKS = {"reflex", "reflex_base", "fastapi", "starlette"}

# What each package of the portal may import of the portal; longest prefix wins.
# `portal.languages`, `routes` and `settings` are leaves: everybody may import them.
LEAVES = {"portal.languages", "portal.routes", "portal.settings"}
ALLOWED: dict[str, set[str]] = {
    "portal.services": {"portal.services"},
    "portal.api": {"portal.api", "portal.services"},
    "portal.state": {"portal.state", "portal.services"},
    "portal.components": {
        "portal.components",
        "portal.services.views",
        "portal.services.admin_views",
        "portal.services.insight_views",
        "portal.theme",
        "portal.state",
    },
    "portal.components.player": {
        "portal.components.i18n",
        "portal.components.player",
        "portal.services.views",
        "portal.theme",
    },
    "portal.pages": {
        "portal.pages",
        "portal.components",
        "portal.state",
        "portal.theme",
        "portal.services.views",
        "portal.services.admin_views",
        "portal.services.insight_views",
    },
    # Runs the pages' own load events and renders what they give.
    "portal.first_paint": {
        "portal.first_paint",
        "portal.api.documents",
        "portal.api.wording",
        "portal.components.pictures",
        "portal.components.seed",
        "portal.services",
        "portal.state",
        "portal.theme",
    },
    "portal.demo": {"portal.demo"},
    "portal.theme": set(),
    "portal.languages": set(),
    "portal.routes": set(),
    "portal.settings": set(),
    "portal.client": {"portal.client"},
}


def imports(path: Path) -> Iterator[tuple[str, int]]:
    """All modules that a file imports, with lines; also inside functions."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            for name in node.names:
                yield name.name, node.lineno
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            for name in node.names:
                yield f"{node.module}.{name.name}", node.lineno


def module_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def below(module: str, prefix: str) -> bool:
    return module == prefix or module.startswith(prefix + ".")


def rule_for(module: str) -> set[str] | None:
    matching = [prefix for prefix in ALLOWED if below(module, prefix)]
    return ALLOWED[max(matching, key=len)] if matching else None


def violations(path: Path, module: str) -> list[str]:
    found = []
    rule = rule_for(module)
    for imported, line in imports(path):
        top = imported.split(".")[0]
        if (below(module, "portal.services") or below(module, "portal.demo")) and (
            top in WEB_FRAMEWORKS
        ):
            found.append(f"{path}:{line}: {module} imports {imported}")
        if top == "portal" and rule is not None:
            allowed = rule | LEAVES
            if not any(below(imported, prefix) for prefix in allowed) and imported != "portal":
                found.append(f"{path}:{line}: {module} imports {imported}")
            if imported.startswith("portal.") and imported.count(".") == 1:
                # `from portal import routes`
                continue
    return found


SOURCES = sorted((ROOT / "portal").rglob("*.py"))


@pytest.mark.parametrize("path", SOURCES, ids=[str(p.relative_to(ROOT)) for p in SOURCES])
def test_a_module_imports_only_what_it_may(path: Path) -> None:
    assert violations(path, module_of(path)) == []


def test_only_repositories_build_queries() -> None:
    """`select(` and friends stand in repositories (and where a service owns its own table)."""
    owners = {"audit.py", "viewing_sessions.py", "db.py", "models.py", "column_types.py"}
    owners |= {"account_models.py", "viewer_models.py", "shelf_models.py"}
    owners |= {"db_engine.py", "db_query.py", "statement_spans.py"}
    offenders = []
    for path in (ROOT / "portal/services").rglob("*.py"):
        if "repositories" in path.parts or path.name in owners:
            continue
        if any(name.startswith("sqlalchemy") for name, _ in imports(path)):
            offenders.append(str(path.relative_to(ROOT)))
    assert offenders == []


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("portal.services.x", "import reflex as rx"),
        ("portal.services.x", "from fastapi import FastAPI"),
        ("portal.services.x", "from portal.state.home import HomeState"),
        ("portal.pages.x", "from portal.services.catalog import Catalog"),
        ("portal.components.player.x", "from portal.state.watch_state import WatchState"),
        ("portal.api.x", "from portal.pages import PAGES"),
        ("portal.api.x", "from portal.first_paint.renderer import Renderer"),
    ],
)
def test_the_rule_catches_what_it_forbids(tmp_path: Path, module: str, source: str) -> None:
    path = tmp_path / "x.py"
    path.write_text(source + "\n")
    assert violations(path, module)
