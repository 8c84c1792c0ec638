"""Motifs that grow, and small animals."""

from __future__ import annotations

from portal.demo.artwork.shapes import (
    Layer,
    Motif,
    accent,
    arc,
    blob,
    both,
    box,
    curve,
    leaf,
    line,
    main,
    oval,
    paper,
    place,
    poly,
    radial,
    second,
    stroke,
)


def _tree() -> list[Layer]:
    crown = [
        oval(0, -0.38, 0.56),
        oval(-0.42, -0.10, 0.38),
        oval(0.42, -0.12, 0.40),
        oval(0.05, 0.05, 0.42),
    ]
    trunk = poly(
        (-0.07, 0.0), (0.07, 0.0), (0.09, 0.55), (0.24, 0.82), (-0.24, 0.82), (-0.09, 0.55)
    )
    return [
        main(trunk, *crown),
        second(oval(-0.16, -0.48, 0.26), oval(0.34, -0.22, 0.20), oval(-0.40, -0.08, 0.18)),
        accent(
            *(
                oval(x, y, 0.062)
                for x, y in (
                    (0.10, -0.66),
                    (-0.42, -0.28),
                    (0.52, 0.02),
                    (0.02, -0.12),
                    (0.30, -0.50),
                )
            )
        ),
        second(line(-0.95, 0.82, 0.95, 0.82, 0.03)),
    ]


def _forest() -> list[Layer]:
    def fir(x: float, foot: float, tall: float) -> list[tuple[float, float]]:
        w = tall * 0.30
        return poly(
            (x, foot - tall),
            (x + w * 0.5, foot - tall * 0.62),
            (x + w * 0.3, foot - tall * 0.62),
            (x + w * 0.8, foot - tall * 0.32),
            (x + w * 0.5, foot - tall * 0.32),
            (x + w, foot),
            (x - w, foot),
            (x - w * 0.5, foot - tall * 0.32),
            (x - w * 0.8, foot - tall * 0.32),
            (x - w * 0.3, foot - tall * 0.62),
            (x - w * 0.5, foot - tall * 0.62),
        )

    return [
        accent(oval(0.0, -0.45, 0.36)),
        second(fir(-0.62, 0.72, 1.0), fir(0.05, 0.70, 1.15), fir(0.70, 0.72, 0.95)),
        main(fir(-0.30, 0.86, 1.25), fir(0.42, 0.86, 1.4), fir(-0.88, 0.86, 0.9)),
    ]


def _leaf() -> list[Layer]:
    veins = [line(0.0, y, s * 0.34, y - 0.26, 0.03) for y in (-0.30, 0.02, 0.34) for s in (-1, 1)]
    body = blob((0, -0.98), (0.46, -0.42), (0.50, 0.20), (0.0, 0.72), (-0.50, 0.20), (-0.46, -0.42))
    half = blob((0, -0.98), (0.46, -0.42), (0.50, 0.20), (0.0, 0.72), (0.0, 0.0))
    turned = [
        main(body),
        second(half),
        paper(line(0, -0.72, 0, 0.72, 0.045), *veins),
        main(line(0, 0.66, 0, 1.0, 0.07)),
    ]
    return [Layer(item.tone, [place(p, 0, 0, 1, 18) for p in item.polygons]) for item in turned]


def _flower() -> list[Layer]:
    petals = radial(
        place(
            blob((0, 0), (0.20, -0.26), (0.16, -0.56), (0, -0.66), (-0.16, -0.56), (-0.20, -0.26)),
            0,
            0,
        ),
        8,
    )
    return [
        second(
            stroke(curve((0.0, -0.2), (0.06, 0.4), (-0.02, 1.0)), 0.065),
            leaf(0.03, 0.62, 0.55, 0.42, -38),
            leaf(0.02, 0.80, 0.5, 0.40, -145),
        ),
        main(*(place(p, 0, -0.30) for p in petals)),
        accent(oval(0, -0.30, 0.19)),
    ]


def _mushroom() -> list[Layer]:
    return [
        second(blob((-0.16, -0.1), (0.16, -0.1), (0.22, 0.8), (-0.22, 0.8))),
        main(poly(*arc(0, 0, 0, 0.85, 180, 360))),
        paper(oval(-0.36, -0.32, 0.13), oval(0.12, -0.52, 0.15), oval(0.46, -0.20, 0.11)),
    ]


def _moth() -> list[Layer]:
    upper = blob(
        (0.04, -0.18), (0.40, -0.62), (0.95, -0.66), (0.86, -0.18), (0.42, 0.08), (0.06, 0.06)
    )
    lower = blob((0.05, 0.02), (0.44, 0.06), (0.70, 0.36), (0.46, 0.74), (0.14, 0.44))
    return [
        second(*both(lower)),
        main(*both(upper)),
        accent(*both(oval(0.60, -0.36, 0.13)), *both(oval(0.40, 0.40, 0.09))),
        paper(*both(oval(0.60, -0.36, 0.055))),
        main(
            blob((0, -0.34), (0.09, -0.10), (0.07, 0.40), (0, 0.62), (-0.07, 0.40), (-0.09, -0.10)),
            *both(stroke(curve((0.03, -0.30), (0.12, -0.56), (0.30, -0.72)), 0.03)),
        ),
    ]


def _bee() -> list[Layer]:
    return [
        second(oval(-0.12, -0.46, 0.22, 0.42, 24), oval(0.30, -0.44, 0.20, 0.40, 40)),
        accent(oval(0, 0.12, 0.72, 0.44)),
        main(
            *(
                poly((x - 0.09, y0), (x + 0.09, y0), (x + 0.09, y1), (x - 0.09, y1))
                for x, y0, y1 in ((-0.20, -0.28, 0.53), (0.12, -0.31, 0.56), (0.44, -0.20, 0.45))
            ),
            oval(-0.64, 0.06, 0.24),
            poly((0.70, 0.08), (0.92, 0.16), (0.70, 0.22)),
        ),
        paper(oval(-0.70, 0.0, 0.055)),
        main(
            *(
                stroke(curve((-0.72, -0.10), (-0.86, -0.34), (-0.98 + d, -0.40)), 0.035)
                for d in (0.0, 0.22)
            )
        ),
    ]


def _snail() -> list[Layer]:
    shell = [
        arc(-0.08, -0.06, r, r + 0.055, a, a + 300)
        for r, a in ((0.42, 20), (0.26, 200), (0.11, 60))
    ]
    return [
        second(
            blob(
                (-0.95, 0.62),
                (-0.55, 0.36),
                (0.30, 0.40),
                (0.62, 0.10),
                (0.66, -0.24),
                (0.92, -0.26),
                (0.98, 0.16),
                (0.78, 0.58),
                (0.2, 0.68),
            ),
            line(0.72, -0.20, 0.64, -0.56, 0.04),
            line(0.88, -0.22, 0.94, -0.56, 0.04),
            oval(0.64, -0.58, 0.05),
            oval(0.94, -0.58, 0.05),
        ),
        main(oval(-0.08, -0.06, 0.58)),
        paper(*shell),
        accent(oval(-0.08, -0.06, 0.10)),
    ]


def _shell() -> list[Layer]:
    ribs = [
        line(0, 0.72, 0.84 * x, -0.62 + 0.42 * abs(x) ** 1.8, 0.035)
        for x in (-0.75, -0.5, -0.25, 0, 0.25, 0.5, 0.75)
    ]
    fan = blob(
        (0, 0.80),
        (-0.52, 0.30),
        (-0.95, -0.20),
        (-0.66, -0.52),
        (-0.34, -0.66),
        (0, -0.74),
        (0.34, -0.66),
        (0.66, -0.52),
        (0.95, -0.20),
        (0.52, 0.30),
    )
    return [
        main(fan),
        second(poly((-0.24, 0.66), (0.24, 0.66), (0.36, 0.90), (-0.36, 0.90))),
        paper(*ribs),
        accent(oval(0, 0.74, 0.09)),
    ]


def _fish() -> list[Layer]:
    body = blob(
        (-0.92, 0.02),
        (-0.50, -0.36),
        (0.06, -0.42),
        (0.58, -0.08),
        (0.58, 0.10),
        (0.06, 0.44),
        (-0.50, 0.38),
    )
    return [
        second(
            poly((0.46, 0.0), (0.98, -0.42), (0.86, 0.0), (0.98, 0.44)),
            blob((-0.22, -0.34), (0.04, -0.66), (0.30, -0.30)),
        ),
        main(body),
        second(blob((-0.06, 0.06), (0.20, -0.06), (0.14, 0.26))),
        paper(
            oval(-0.60, -0.06, 0.085),
            *(arc(0.10 - 0.0, 0, 0.30 + 0.16 * k, 0.33 + 0.16 * k, 150, 210) for k in range(2)),
        ),
        accent(oval(-0.60, -0.06, 0.045)),
    ]


def _whale() -> list[Layer]:
    body = blob(
        (-0.95, 0.04),
        (-0.80, -0.36),
        (-0.25, -0.50),
        (0.35, -0.22),
        (0.70, -0.10),
        (0.62, 0.12),
        (0.20, 0.36),
        (-0.40, 0.46),
        (-0.84, 0.34),
    )
    return [
        main(
            body,
            blob(
                (0.58, -0.02),
                (0.66, -0.40),
                (0.98, -0.56),
                (0.86, -0.24),
                (1.02, -0.04),
                (0.74, 0.06),
            ),
        ),
        second(blob((-0.92, 0.16), (-0.40, 0.22), (0.16, 0.34), (-0.40, 0.46), (-0.84, 0.34))),
        paper(
            *(
                stroke(
                    curve(
                        (-0.88 + 0.06 * k, 0.22 + 0.05 * k),
                        (-0.4, 0.27 + 0.05 * k),
                        (0.0, 0.32 + 0.03 * k),
                    ),
                    0.02,
                )
                for k in range(3)
            ),
            oval(-0.66, 0.02, 0.04),
        ),
        accent(
            stroke(curve((-0.36, -0.52), (-0.40, -0.80), (-0.62, -0.86)), 0.05, 0.03),
            stroke(curve((-0.34, -0.52), (-0.30, -0.82), (-0.08, -0.88)), 0.05, 0.03),
        ),
        second(blob((-0.36, 0.34), (-0.22, 0.70), (-0.02, 0.80), (-0.06, 0.36))),
    ]


def _octopus() -> list[Layer]:
    legs = []
    for k, (x, side) in enumerate(((-0.40, -1), (-0.14, -1), (0.14, 1), (0.40, 1))):
        reach = 0.55 if k in (0, 3) else 0.16
        legs.append(
            stroke(
                curve(
                    (x, 0.0),
                    (x + side * reach * 0.5, 0.42),
                    (x + side * reach * 1.05, 0.62),
                    (x + side * reach * 0.9, 0.90),
                ),
                0.22,
                0.05,
            )
        )
    inner = [
        stroke(curve((x, 0.1), (x * 1.3, 0.5), (x * 0.7, 0.95)), 0.18, 0.05) for x in (-0.25, 0.25)
    ]
    return [
        second(*inner),
        main(
            blob(
                (0, -0.92),
                (0.46, -0.66),
                (0.50, -0.2),
                (0.42, 0.16),
                (-0.42, 0.16),
                (-0.50, -0.2),
                (-0.46, -0.66),
            ),
            *legs,
        ),
        paper(*both(oval(0.20, -0.12, 0.10))),
        accent(*both(oval(0.20, -0.12, 0.055))),
        second(*both(oval(0.22, -0.58, 0.07)), oval(0, -0.42, 0.06)),
    ]


def _turtle() -> list[Layer]:
    return [
        second(
            blob((0.52, 0.10), (0.80, -0.22), (1.0, -0.20), (0.98, 0.02), (0.72, 0.30)),
            oval(-0.46, 0.44, 0.17, 0.22),
            oval(0.38, 0.44, 0.17, 0.22),
            poly((-0.74, 0.20), (-1.0, 0.34), (-0.70, 0.34)),
        ),
        main(poly(*arc(-0.08, 0.30, 0, 0.74, 180, 360))),
        paper(
            *(
                line(-0.08 + 0.74 * x, 0.30, -0.08 + 0.34 * x, -0.28, 0.03)
                for x in (-0.5, 0.0, 0.5)
            ),
            stroke(curve((-0.68, 0.02), (-0.08, -0.10), (0.52, 0.02)), 0.03),
        ),
        accent(oval(0.88, -0.10, 0.035), box(-0.82, 0.28, 0.66, 0.36)),
    ]


def _mouse() -> list[Layer]:
    return [
        second(
            stroke(curve((0.60, 0.42), (0.98, 0.40), (0.96, -0.10), (0.72, -0.22)), 0.05, 0.02),
            oval(-0.30, -0.36, 0.26),
            oval(0.06, -0.40, 0.24),
        ),
        main(
            blob(
                (-0.95, 0.24),
                (-0.62, -0.14),
                (-0.10, -0.24),
                (0.44, -0.08),
                (0.70, 0.36),
                (0.52, 0.58),
                (-0.50, 0.58),
                (-0.84, 0.42),
            )
        ),
        accent(oval(-0.30, -0.36, 0.14), oval(-0.97, 0.24, 0.06)),
        paper(oval(-0.58, 0.10, 0.06)),
        second(*(line(-0.86, 0.30, -1.1, y, 0.016) for y in (0.16, 0.34, 0.50))),
    ]


PLANTS: dict[str, Motif] = {
    "tree": _tree,
    "forest": _forest,
    "leaf": _leaf,
    "flower": _flower,
    "mushroom": _mushroom,
    "moth": _moth,
    "bee": _bee,
    "snail": _snail,
    "shell": _shell,
    "fish": _fish,
    "whale": _whale,
    "octopus": _octopus,
    "turtle": _turtle,
    "mouse": _mouse,
}
