"""The stylesheet's tokens: all that is used is defined, and text can be read on its ground."""

from __future__ import annotations

import re

import pytest

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
    assert TOKENS["--color-bg"] == theme.BACKGROUND


def test_every_font_has_its_licence_beside_it() -> None:
    fonts = ROOT / "assets" / "fonts"
    families = {path.stem.removesuffix("-ext") for path in fonts.glob("*.woff2")}
    assert families
    assert families == {path.stem.removeprefix("LICENSE-") for path in fonts.glob("LICENSE-*.txt")}


@pytest.mark.parametrize(
    ("text", "ground", "ratio"),
    [
        ("--color-fg", "--color-bg", 7),
        ("--color-muted", "--color-bg", 4.5),
        ("--color-muted", "--color-surface", 4.5),
        ("--color-muted", "--color-raised", 4.5),
        ("--color-accent", "--color-bg", 4.5),
        ("--color-on-accent", "--color-accent", 4.5),
        ("--color-danger", "--color-bg", 4.5),
        ("--color-control", "--color-bg", 3),  # WCAG 1.4.11: borders of controls
        ("--color-control", "--color-surface", 3),
    ],
)
def test_contrast_is_aa(text: str, ground: str, ratio: float) -> None:
    assert contrast(TOKENS[text], TOKENS[ground]) >= ratio


def contrast(one: str, other: str) -> float:
    """WCAG 2.2 contrast ratio of two hex colours."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(color: str) -> float:
    parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
