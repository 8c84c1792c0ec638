"""The API's contract and what is made from it: `contract.py write | check | compare REVISION`.

`write` refuses a contract that breaks programs written for the committed one, unless the API's
major version went up. `compare` tells what breaks since a revision of this repository.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml

from portal.api.application import create_api
from scripts import client_code
from scripts.contract_changes import breaking_changes

ROOT = Path(__file__).resolve().parents[1]
CONTRACT = ROOT / "contracts" / "openapi" / "movies.yaml"
HEAD = "# Generated from the routes by `make contract`. Edit those, not this.\n"


class _Plain(yaml.SafeDumper):
    """YAML without anchors; a text of several lines as a block."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def derived() -> dict[str, Any]:
    """The contract of the code as it is now."""
    return create_api().openapi()


def as_yaml(document: dict[str, Any]) -> str:
    """A contract as it is committed."""
    return HEAD + yaml.dump(document, Dumper=_Plain, sort_keys=False, allow_unicode=True, width=100)


def committed() -> dict[str, Any]:
    """The contract that was committed last."""
    return dict(yaml.safe_load(CONTRACT.read_text()))


def generated() -> dict[Path, str]:
    """Every file that is made from the routes, with its text."""
    document = derived()
    return {CONTRACT: as_yaml(document), **client_code.files(document)}


def drift() -> list[str]:
    """Names of generated files that are not what the code makes now."""
    return [
        str(path.relative_to(ROOT))
        for path, text in generated().items()
        if not path.exists() or path.read_text() != text
    ]


def broken_since(old: dict[str, Any]) -> list[str]:
    """What breaks since an older edition; nothing does when the major version went up."""
    new = derived()
    major = [document["info"]["version"].split(".")[0] for document in (old, new)]
    return breaking_changes(old, new) if major[0] == major[1] else []


def main() -> None:
    """Run the command line."""
    command, *rest = sys.argv[1:] or ["check"]
    if command == "compare":
        shown = subprocess.run(  # noqa: S603
            ["git", "show", f"{rest[0]}:{CONTRACT.relative_to(ROOT)}"],  # noqa: S607
            cwd=ROOT, check=True, capture_output=True, text=True,
        )  # fmt: skip
        _fail_on(broken_since(yaml.safe_load(shown.stdout)), "This breaks the contract:")
    elif command == "write":
        if CONTRACT.exists():
            _fail_on(broken_since(committed()), "This breaks the contract; raise API_VERSION:")
        for path, text in generated().items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
    else:
        _fail_on(drift(), "Run `make contract`; these are not what the code makes:")


def _fail_on(problems: list[str], words: str) -> None:
    if problems:
        sys.exit("\n  ".join([words, *problems]))


if __name__ == "__main__":
    main()
