"""The stylesheet: every token that is used is defined, and every file that is named is there."""

from __future__ import annotations

import re

from portal import theme
from portal.embedded.frontend_build import ROOT

CSS = (ROOT / "assets" / theme.STYLESHEET.lstrip("/")).read_text()
TOKENS = dict(re.findall(r"(--[\w-]+):\s*([^;{}]+);", CSS))
# Set by components or scripts, not by the stylesheet.
FROM_ELSEWHERE = {"--art-color", "--arriving-poster", "--gap", "--hue"}


def test_every_token_that_is_used_is_defined() -> None:
    used = set(re.findall(r"var\((--[\w-]+)", CSS))
    assert used - set(TOKENS) - FROM_ELSEWHERE == set()


def test_what_the_head_names_is_there() -> None:
    for path in (theme.STYLESHEET, theme.SCRIPT, theme.FAVICON):
        assert (ROOT / "assets" / path.lstrip("/")).is_file(), path


def test_every_font_has_its_licence_beside_it() -> None:
    fonts = ROOT / "assets" / "fonts"
    families = {path.stem.removesuffix("-ext") for path in fonts.glob("*.woff2")}
    assert families
    assert families == {path.stem.removeprefix("LICENSE-") for path in fonts.glob("LICENSE-*.txt")}
