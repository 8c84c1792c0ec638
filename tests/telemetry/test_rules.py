"""Rules and dashboards as code: promtool's own tests, and that each name leads somewhere."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from portal.services.telemetry import metrics

ROOT = Path(__file__).resolve().parents[2]
PROMETHEUS = ROOT / "deploy/prometheus"
DASHBOARDS = sorted((ROOT / "deploy/grafana/dashboards").glob("*.json"))
_NAME = re.compile(r"\b(?:portal|slo)[_:][a-zA-Z0-9_:]+")


def promtool(*arguments: str) -> None:
    done = subprocess.run(
        ["promtool", *arguments], cwd=PROMETHEUS, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def rules() -> list[dict[str, Any]]:
    return [
        rule
        for path in sorted((PROMETHEUS / "rules").glob("*.yml"))
        for group in yaml.safe_load(path.read_text())["groups"]
        for rule in group["rules"]
    ]


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """Names that the portal shows, and those that rules record."""
    shown = subprocess.run(
        [
            sys.executable, "-c",
            "from portal.services.telemetry import metrics; metrics.start();"
            "from prometheus_client import REGISTRY;"
            "print([s.name for m in REGISTRY.collect() for s in m.samples],"
            " [m.name for m in REGISTRY.collect()])",
        ],
        cwd=ROOT,
        env={**os.environ, metrics.FOLDER: str(tmp_path_factory.mktemp("metrics"))},
        capture_output=True,
        text=True,
        check=True,
    ).stdout  # fmt: skip
    names = set(_NAME.findall(shown))
    names |= {f"{name}{end}" for name in names for end in ("_bucket", "_count", "_total")}
    return names | {rule["record"] for rule in rules() if "record" in rule}


def test_promtool_finds_the_rules_right_and_their_tests_pass() -> None:
    promtool("check", "config", "prometheus.yml")
    promtool("test", "rules", *map(str, sorted((PROMETHEUS / "tests").glob("*.yml"))))


def test_rules_and_dashboards_ask_for_what_there_is(known: set[str]) -> None:
    asked = {name for rule in rules() for name in _NAME.findall(rule["expr"])}
    assert DASHBOARDS
    for path in DASHBOARDS:
        for panel in json.loads(path.read_text())["panels"]:
            for target in panel.get("targets", []):
                asked |= set(_NAME.findall(target["expr"]))
    assert asked - known == set()


def test_each_alert_leads_to_a_section_of_the_runbooks() -> None:
    headings = re.findall(r"^## (\w+)", (ROOT / "docs/runbooks.md").read_text(), flags=re.MULTILINE)
    sections = {heading.lower() for heading in headings}
    for rule in rules():
        if "alert" in rule:
            path, _, anchor = rule["annotations"]["runbook"].partition("#")
            assert path == "docs/runbooks.md"
            assert anchor in sections, rule["alert"]
