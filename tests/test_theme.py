"""The tokens of the stylesheet: both themes can be read, and there is one place of colours."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from portal import theme

ASSETS = Path(__file__).resolve().parents[1] / "assets"
CSS = (ASSETS / "portal.css").read_text()


def tokens_of(selector_start: str) -> dict[str, str]:
    block = CSS.split(selector_start, 1)[1].split("{", 1)[1].split("}", 1)[0]
    return dict(re.findall(r"--color-([\w-]+): (#[0-9a-f]{6});", block))


DARK = tokens_of("\n:root, .hero")
LIGHT = tokens_of("\n:root.light")
THEMES = {"dark": DARK, "light": DARK | LIGHT}


def luminance(color: str) -> float:
    """As WCAG 2.2 defines it."""
    channels = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_the_measure_itself() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("name", THEMES)
def test_every_pair_of_tokens_can_be_read(name: str) -> None:
    tokens = THEMES[name]
    wanted = [(theme.TEXT_ON, 4.5), (theme.MARKS_ON, 3.0)]
    weak = [
        f"{over} on {under}: {contrast(tokens[over], tokens[under]):.2f}"
        for pairs, least in wanted
        for over, unders in pairs.items()
        for under in unders
        if contrast(tokens[over], tokens[under]) < least
    ]
    assert not weak


def test_the_light_theme_has_every_colour_of_a_page() -> None:
    amber = {"fill", "fill-strong", "on-accent"}  # a button is the same in both
    assert set(LIGHT) == set(DARK) - amber


def test_the_background_that_browsers_are_told_is_the_token() -> None:
    assert DARK["bg"] == theme.BACKGROUND


def test_colours_of_pages_come_from_tokens() -> None:
    """One spelled in a rule stays when the theme changes; black and white on pictures may."""
    rules = re.sub(
        r"/\*.*?\*/|url\([^)]*\)", "", CSS.split("/* Header and footer */")[1], flags=re.S
    )
    assert not re.findall(r"#(?!000\b|fff\b)[0-9a-f]{3,8}\b", rules)
