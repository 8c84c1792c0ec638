"""Hand-picked colours for posters, by mood."""

from __future__ import annotations

from dataclasses import dataclass

Colour = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Palette:
    """Five colours that go together.

    Attributes:
        deep: The darkest.
        base: A strong middle colour, for grounds.
        warm: The accent.
        soft: A lighter companion.
        pale: Nearly white: paper.
    """

    deep: Colour
    base: Colour
    warm: Colour
    soft: Colour
    pale: Colour


def parse(code: str) -> Colour:
    """Return ``"#rrggbb"`` as three numbers."""
    return int(code[1:3], 16), int(code[3:5], 16), int(code[5:7], 16)


def mix(a: Colour, b: Colour, share: float) -> Colour:
    """Return a colour between ``a`` (0) and ``b`` (1)."""
    red, green, blue = (round(x + (y - x) * share) for x, y in zip(a, b, strict=True))
    return red, green, blue


def _palettes(*rows: str) -> list[Palette]:
    return [Palette(*(parse(f"#{code}") for code in row.split())) for row in rows]


MOODS: dict[str, list[Palette]] = {
    "warm": _palettes(
        "2a1a2e b23a48 fcb97d f2d0a4 fff4e0",
        "1f2a44 c8553d f2b134 f6d8ae fdf3e1",
        "3b1f2b d1495b edae49 f3d9b1 fff6e5",
        "22333b 9c5c41 e8a33d e6ccb2 f8efe0",
        "1d2d3a a4503a f08a4b f4d3a8 fbf1df",
    ),
    "cool": _palettes(
        "0f2238 1f6f8b f2a154 a6d6d6 f1f7ee",
        "14213d 2a6f97 fca311 a9cfe0 f7f5ef",
        "102a33 2c7a7b f6ad55 b5d8cc f4f7ec",
        "1b1f3b 3f4e8c ff8a5b b8c0e8 f6f1ea",
        "0d2b2e 33716e e9724c c3ddcf f6f3e4",
    ),
    "night": _palettes(
        "0a0f24 1b2a5a ffb454 6f8fd0 f3efe2",
        "120c22 3a1d5c ff6f91 a48ad4 f7ecf2",
        "07161c 0f3d4a 5fe0b7 7fb7c4 eefaf3",
        "0d0d16 2b2346 f2d16b 8d86c9 f5f1e6",
        "130a14 4a1530 ff9f68 c77d8e fbeee6",
    ),
    "dark": _palettes(
        "0b0b0d 2a2d34 d7263d 8d99ae edf2f4",
        "0c0a09 33241c e2a03f a68a6d f4ead9",
        "080d10 1d3339 e4572e 7f9ea3 eef2ee",
        "100808 3d1414 f2c14e b08968 f6ecdc",
        "0a0c12 23293b b4e33d 8a94ad f0f3ea",
    ),
    "play": _palettes(
        "23234f e4572e ffc914 76b5a0 fff8e7",
        "2d1e4f ef476f ffd166 5cc8b4 fff7ea",
        "1f3b57 f25f5c ffe066 70c1b3 fffaf0",
        "3a2449 f76f8e f9c846 96d0c6 fff6e9",
        "17324d 3a86b7 ff9f1c cbe3d8 fffaf1",
        "2b2d42 4c956c fefee3 f7b267 fff9ec",
    ),
    "earth": _palettes(
        "26302b 5b7553 e0a458 c7cfa5 f5f1e1",
        "2c2a25 7d6b4f d9804c d3c6a6 f6f0df",
        "1d2f2b 3d6b5c e7b75f b9cfb0 f4f3e4",
        "302420 8a5a44 e3b23c d8c3a5 f7f1e3",
        "1e2d24 6a994e f2b544 c9d8b6 f8f6e8",
    ),
    "blush": _palettes(
        "3a1d3f c75b7a ffc6a5 f3b9c4 fff3ee",
        "33244a b56576 eaac8b e8c2ca fdf0ea",
        "2a2440 e56b6f ffd6a5 e9b7b7 fff4ea",
        "40212e d96c75 f7b267 f4c6bd fff3e8",
    ),
}
