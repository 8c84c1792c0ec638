"""What is committed of the contract is what the code makes, and breaks nobody."""

from __future__ import annotations

from pathlib import Path

import pytest

from portal.api.contract import operations
from scripts import contract


def test_the_committed_contract_and_client_are_what_the_code_makes() -> None:
    assert contract.drift() == [], "run `make contract` and commit what it writes"


def test_the_code_keeps_the_committed_contract() -> None:
    assert contract.broken_since(contract.committed()) == []


def test_a_renamed_field_is_drift_and_a_break(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same two checks on a code that renamed a field without saying so."""
    document = contract.derived()
    fields = document["components"]["schemas"]["MovieSummary"]["properties"]
    fields["playingTimeS"] = fields.pop("runtimeS")
    monkeypatch.setattr(contract, "derived", lambda: document)
    assert "contracts/openapi/movies.yaml" in contract.drift()
    assert "portal/client/models.py" in contract.drift()
    broken = contract.broken_since(contract.committed())
    assert "GET /api/movies 200 field movies[] field runtimeS: it was removed" in broken


def test_a_contract_that_breaks_is_not_written(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    document = contract.derived()
    del document["paths"]["/api/audit"]
    written = tmp_path / "movies.yaml"
    written.write_text(contract.CONTRACT.read_text())
    monkeypatch.setattr(contract, "derived", lambda: document)
    monkeypatch.setattr(contract, "CONTRACT", written)
    monkeypatch.setattr(contract, "generated", lambda: {written: "new"})
    monkeypatch.setattr("sys.argv", ["contract.py", "write"])
    with pytest.raises(SystemExit, match="GET /api/audit: the operation was removed"):
        contract.main()
    document["info"]["version"] = "2.0.0"
    contract.main()
    assert written.read_text() == "new"


def test_every_operation_can_be_named_and_says_who_may_call_it() -> None:
    found = operations(contract.committed())
    names = [operation["operationId"] for operation in found.values()]
    assert len(names) == len(set(names)) > 30
    for (path, method), operation in found.items():
        of_viewers = any(each in path for each in ("stream-token", "viewing-sessions", "/my/"))
        if method != "get" and not of_viewers:
            assert operation["security"] == [{"token": []}], (method, path)
        for status, response in operation["responses"].items():
            if int(status) >= 400 and "health" not in path:
                assert list(response["content"]) == ["application/problem+json"], (method, path)
