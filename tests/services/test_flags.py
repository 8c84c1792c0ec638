"""Feature flags: the environment before the file before the default."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from portal.services.errors import NotFound
from portal.services.flags import ADMIN_UI, FLAGS, STYLEGUIDE, Flags, FlagsUnreadable, variable


def test_without_a_word_each_flag_has_its_default() -> None:
    flags = Flags(None)
    assert {name: flags.is_on(name) for name in FLAGS} == {
        name: flag.default for name, flag in FLAGS.items()
    }


def test_the_environment_comes_before_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "flags.json"
    file.write_text(json.dumps({ADMIN_UI: False, STYLEGUIDE: True}))
    assert not Flags(file).is_on(ADMIN_UI)
    monkeypatch.setenv(variable(ADMIN_UI), "On")
    flags = Flags(file)
    assert flags.is_on(ADMIN_UI)
    assert flags.is_on(STYLEGUIDE)


def test_a_file_that_changes_is_read_anew_and_a_broken_one_changes_nothing(tmp_path: Path) -> None:
    file = tmp_path / "flags.json"
    file.write_text(json.dumps({STYLEGUIDE: True}))
    flags = Flags(file)
    assert flags.is_on(STYLEGUIDE)
    for text, expected in (('{"styleguide": false}', False), ("{", False), ("{}", False)):
        file.write_text(text)
        os.utime(file, ns=(0, len(text)))
        assert flags.is_on(STYLEGUIDE) is expected
    flags.require(ADMIN_UI)
    with pytest.raises(NotFound):
        flags.require(STYLEGUIDE)


@pytest.mark.parametrize("text", ["[]", '{"admin-ui": 1}', '{"admin": true}', "no"])
def test_what_is_no_flag_is_said_at_the_start(tmp_path: Path, text: str) -> None:
    file = tmp_path / "flags.json"
    file.write_text(text)
    with pytest.raises(FlagsUnreadable):
        Flags(file)


def test_a_word_that_is_neither_on_nor_off_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(variable(ADMIN_UI), "perhaps")
    with pytest.raises(FlagsUnreadable, match="PORTAL_FLAG_ADMIN_UI must be on or off"):
        Flags(None)


def test_the_documentation_has_them_all() -> None:
    text = (Path(__file__).parents[2] / "docs" / "settings.md").read_text()
    for name, flag in FLAGS.items():
        assert f"| `{name}` | {'on' if flag.default else 'off'} | {flag.meaning} |" in text
